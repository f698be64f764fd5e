"""Introductions: both said yes. At most one live one per request, held by the database itself."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.crypto.fields import Encrypted
from webapp.domain import introductions
from webapp.models.requests import Request
from webapp.models.rows import Row, moment, one_of, sealed
from webapp.models.supporters import Supporter

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
