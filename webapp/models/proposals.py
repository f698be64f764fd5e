"""Rankings as they were stored, and the proposals that came of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.crypto.fields import Encrypted
from webapp.domain import proposals
from webapp.models.requests import Request
from webapp.models.rows import Row, moment, one_of, sealed
from webapp.models.supporters import Supporter

_OFFERED = one_of("state", [proposals.State.OFFERED])


class StoredRanking(Row):
    """One ranking as a coordinator saw it, with everything that it depended on."""

    __tablename__ = "rankings"
    __table_args__ = (Index("rankings_of_a_request", "request_id", "made_at"),)

    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"))
    engine: Mapped[str] = mapped_column(String(20))
    weights: Mapped[str] = mapped_column(String(40))
    fit: Mapped[str] = mapped_column(String(16))
    made_at: Mapped[datetime] = moment(nullable=False)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    content_sealed: Mapped[bytes | None] = sealed()
    content = Encrypted[dict[str, Any]](parent=("request_id",), least=4096)


class Proposal(Row):
    """A pairing on its way. `told` is what each voice may say; `her_order` is how she ranked the cards.

    `override` says by a code why the ranking was left, `override_note` in words; `taken_back_for` and its note say why
    a coordinator took the card back.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        CheckConstraint(one_of("state", proposals.State), name="state_is_known"),
        CheckConstraint(one_of("override", proposals.OverrideReason), name="override_is_known"),
        CheckConstraint(one_of("taken_back_for", proposals.TakeBackReason), name="taking_back_is_known"),
        Index(
            "one_offer_at_a_time",
            "request_id",
            unique=True,
            sqlite_where=text(_OFFERED),
            postgresql_where=text(_OFFERED),
        ),
        Index("offers_of_a_supporter", "supporter_id", "state", "expires_at"),
        Index("offers_in_a_queue", "state", "expires_at", "id", "request_id", "supporter_id"),
    )

    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"), index=True)
    supporter_id: Mapped[UUID] = mapped_column(ForeignKey("supporters.id", ondelete="CASCADE"))
    ranking_id: Mapped[UUID] = mapped_column(ForeignKey("rankings.id"))
    state: Mapped[str] = mapped_column(String(20), default=proposals.State.DRAFTED)
    place: Mapped[int]
    grains: Mapped[int]
    override: Mapped[str | None] = mapped_column(String(40))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    her_order: Mapped[int | None]
    shown_at: Mapped[datetime | None] = moment()
    offered_at: Mapped[datetime | None] = moment()
    expires_at: Mapped[datetime | None] = moment(index=True)
    ended_at: Mapped[datetime | None] = moment()
    told_sealed: Mapped[bytes | None] = sealed()
    told = Encrypted[dict[str, list[dict[str, Any]]]](parent=("request_id", "supporter_id"), least=1024)
    override_note_sealed: Mapped[bytes | None] = sealed()
    override_note = Encrypted[str | None](parent=("request_id", "supporter_id"), least=1024)
    taken_back_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    taken_back_for: Mapped[str | None] = mapped_column(String(40))
    taken_back_note_sealed: Mapped[bytes | None] = sealed()
    taken_back_note = Encrypted[str | None](parent=("request_id", "supporter_id"), least=1024)
    version: Mapped[int] = mapped_column(default=1)
    request: Mapped[Request] = relationship(lazy="joined")
    supporter: Mapped[Supporter] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class NoneOfThese(Row):
    """One time that she wanted none of those whom she was shown, and what should differ, if she said it.

    `at` is when the cards of that time ended: by it they are found, where she tapped by mistake.
    """

    __tablename__ = "none_of_these"
    __table_args__ = (Index("none_of_a_request", "request_id", "at"),)

    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"))
    at: Mapped[datetime] = moment(nullable=False)
    differs_sealed: Mapped[bytes | None] = sealed()
    differs = Encrypted[dict[str, Any] | None](parent=("request_id",), least=1024)
