"""Check-ins: short scheduled forms for either side, and when somebody must look at an answer."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.crypto.fields import Encrypted
from webapp.domain import checkins
from webapp.models.introductions import Introduction
from webapp.models.rows import Row, moment, one_of, sealed

_PLANNED = f"kind = '{checkins.Kind.PLANNED}'"


class CheckIn(Row):
    """One check-in of one person about one introduction. Where somebody must look, a task says so, sealed."""

    __tablename__ = "checkins"
    __table_args__ = (
        CheckConstraint(one_of("state", checkins.State), name="state_is_known"),
        CheckConstraint(one_of("kind", checkins.Kind), name="kind_is_known"),
        Index(
            "one_checkin_a_day",
            "introduction_id",
            "user_id",
            "due_on",
            unique=True,
            sqlite_where=text(_PLANNED),
            postgresql_where=text(_PLANNED),
        ),
        Index("checkins_by_their_day", "state", "kind", "due_on", "id"),
        Index("checkins_of_a_person", "user_id", "state", "due_on"),
    )

    introduction_id: Mapped[UUID] = mapped_column(ForeignKey("introductions.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    due_on: Mapped[date] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(20), default=checkins.Kind.PLANNED, server_default=checkins.Kind.PLANNED)
    state: Mapped[str] = mapped_column(String(20), default=checkins.State.DUE, index=True)
    answered_at: Mapped[datetime | None] = moment()
    said_sealed: Mapped[bytes | None] = sealed()
    said = Encrypted[dict[str, str] | None](parent=("introduction_id", "user_id"), least=1024)
    urgency_sealed: Mapped[bytes | None] = sealed()
    urgency = Encrypted[str | None](parent=("introduction_id", "user_id"))
    introduction: Mapped[Introduction] = relationship(lazy="joined")
