"""Concerns with what was said and done about them, and holds of pairs. What they are about is sealed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.crypto.fields import Encrypted
from webapp.domain import concerns
from webapp.models.rows import Row, moment, one_of, sealed


class Concern(Row):
    """What one person told us. Its id is a keyed hash of what was sent, so that a second tap makes no second one.

    `said` holds the kind, the pair, the message, whom at the desk it is about, her words and until when somebody looks.
    `turn` counts how often it came to the desk, `entries` what was added; at whose desk it is, its task says.
    """

    __tablename__ = "concerns"
    __table_args__ = (
        CheckConstraint(one_of("state", concerns.State), name="state_is_known"),
        Index("concerns_of_a_person", "by_id", "raised_at"),
    )

    by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(20), default=concerns.State.RECEIVED)
    raised_at: Mapped[datetime] = moment(nullable=False)
    turn: Mapped[int] = mapped_column(default=0)
    entries: Mapped[int] = mapped_column(default=0)
    said_sealed: Mapped[bytes | None] = sealed()
    said = Encrypted[dict[str, Any]](parent=("by_id",), least=4096)


class ConcernEntry(Row):
    """One thing that was said or done about a concern; `said` holds what it is, a code and words."""

    __tablename__ = "concern_entries"
    __table_args__ = (UniqueConstraint("concern_id", "number", name="one_entry_a_number"),)

    concern_id: Mapped[UUID] = mapped_column(ForeignKey("concerns.id", ondelete="CASCADE"))
    number: Mapped[int]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = moment(nullable=False)
    said_sealed: Mapped[bytes | None] = sealed()
    said = Encrypted[dict[str, str]](parent=("concern_id",), least=4096)


class Hold(Row):
    """One time for which a pair rests; who asked for it, and why it was lifted, is sealed.

    `again_at` is when somebody is asked about it again, None while that task is open; `asked` counts those tasks.
    """

    __tablename__ = "holds"
    __table_args__ = (
        Index(
            "one_open_hold_per_pair",
            "introduction_id",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
        Index("holds_of_a_pair", "introduction_id", "lifted_at"),
        Index("holds_to_ask_about", "again_at"),
    )

    introduction_id: Mapped[UUID] = mapped_column(ForeignKey("introductions.id", ondelete="CASCADE"))
    held_at: Mapped[datetime] = moment(nullable=False)
    lifted_at: Mapped[datetime | None] = moment()
    again_at: Mapped[datetime | None] = moment()
    asked: Mapped[int] = mapped_column(default=0)
    said_sealed: Mapped[bytes | None] = sealed()
    said = Encrypted[dict[str, str]](parent=("introduction_id",), least=1024)
    lifted_sealed: Mapped[bytes | None] = sealed()
    lifted = Encrypted[dict[str, str] | None](parent=("introduction_id",), least=1024)
