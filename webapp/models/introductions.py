"""Introductions, and who covers: at most one live pair and one live cover per request, held by the database itself."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.crypto.fields import Encrypted
from webapp.domain import introductions
from webapp.domain.absences import covers
from webapp.models.requests import Request
from webapp.models.rows import Row, moment, one_of, sealed
from webapp.models.supporters import Supporter

_OPEN = one_of("state", sorted(covers.OPEN))
_LIVE = one_of("state", sorted(introductions.LIVE))
ONE_OF_EACH = {
    "one_live_introduction_per_request": f"{_LIVE} AND covers_id IS NULL",
    "one_live_cover_per_request": f"{_LIVE} AND covers_id IS NOT NULL",
}


class Introduction(Row):
    """The pair, from the first hello to the goodbye.

    `covers_id` is the pair for whose supporter this one stands in: the two of such a one only talk, until she is back.
    `ending` says who ended it and how; `wishes` what each would like when their last day comes near.
    """

    __tablename__ = "introductions"
    __table_args__ = (
        CheckConstraint(one_of("state", introductions.State), name="state_is_known"),
        *(
            Index(name, "request_id", unique=True, sqlite_where=text(which), postgresql_where=text(which))
            for name, which in ONE_OF_EACH.items()
        ),
        CheckConstraint("(proposal_id IS NULL) = (covers_id IS NOT NULL)", name="a_pair_or_a_cover"),
        Index("pairs_in_a_queue", "state", "first_contact_by", "id", "request_id", "supporter_id"),
        Index("pairs_by_their_last_day", "state", "until", "id"),
        Index("pairs_of_a_request", "request_id", "state"),
        Index("pairs_of_a_supporter", "supporter_id", "state", "introduced_at", "id"),
    )

    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"))
    supporter_id: Mapped[UUID] = mapped_column(ForeignKey("supporters.id", ondelete="CASCADE"))
    proposal_id: Mapped[UUID | None] = mapped_column(ForeignKey("proposals.id"), unique=True)
    covers_id: Mapped[UUID | None] = mapped_column(ForeignKey("introductions.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(20), default=introductions.State.INTRODUCED)
    introduced_at: Mapped[datetime] = moment(nullable=False)
    first_contact_by: Mapped[datetime] = moment(nullable=False)
    until: Mapped[date]
    paused_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    paused_until: Mapped[date | None]
    went_on_at: Mapped[datetime | None] = moment()
    ended_at: Mapped[datetime | None] = moment()
    room_turn: Mapped[int] = mapped_column(default=0)
    ending_sealed: Mapped[bytes | None] = sealed()
    ending = Encrypted[dict[str, Any] | None](parent=("request_id", "supporter_id"), least=1024)
    wishes_sealed: Mapped[bytes | None] = sealed()
    wishes = Encrypted[dict[str, str] | None](parent=("request_id", "supporter_id"), least=256)
    version: Mapped[int] = mapped_column(default=1)
    request: Mapped[Request] = relationship(lazy="joined")
    supporter: Mapped[Supporter] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Cover(Row):
    """One supporter named to stand in for another. `named_by` is None where the ranking chose her.

    `why` and `absent_since` say for which absence the woman was asked; `told` is what each of the two may read. The
    conversation of an active one is an introduction that points to the pair.
    """

    __tablename__ = "covers"
    __table_args__ = (
        CheckConstraint(one_of("state", covers.State), name="state_is_known"),
        CheckConstraint(one_of("why", covers.Why), name="why_is_known"),
        CheckConstraint("state <> 'active' OR conversation_id IS NOT NULL", name="active_ones_talk"),
        Index(
            "one_open_cover_per_pair",
            "introduction_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        Index("covers_of_a_supporter", "supporter_id", "state"),
        Index("covers_by_state", "state", "expires_at"),
    )

    introduction_id: Mapped[UUID] = mapped_column(ForeignKey("introductions.id", ondelete="CASCADE"), index=True)
    supporter_id: Mapped[UUID] = mapped_column(ForeignKey("supporters.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(20), default=covers.State.NAMED)
    named_at: Mapped[datetime] = moment(nullable=False)
    named_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    why: Mapped[str | None] = mapped_column(String(20))
    absent_since: Mapped[datetime | None] = moment()
    offered_at: Mapped[datetime | None] = moment()
    expires_at: Mapped[datetime | None] = moment()
    ended_at: Mapped[datetime | None] = moment()
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("introductions.id", ondelete="SET NULL"), unique=True
    )
    version: Mapped[int] = mapped_column(default=1)
    told_sealed: Mapped[bytes | None] = sealed()
    told = Encrypted[dict[str, list[dict[str, Any]]] | None](parent=("introduction_id", "supporter_id"), least=1024)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
