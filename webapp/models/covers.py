"""Covers: who stands in for the supporter of a pair. At most one open one per pair, held by the database itself."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.crypto.fields import Encrypted
from webapp.domain import covers
from webapp.models.rows import Row, moment, one_of, sealed

_OPEN = one_of("state", sorted(covers.OPEN))


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
