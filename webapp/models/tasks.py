"""What somebody at the desk must do by a time. What it is and how soon is sealed: nothing tells how urgent she is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.crypto.fields import Encrypted
from webapp.domain import tasks
from webapp.models.rows import Row, moment, one_of, sealed


class Task(Row):
    """One task about one person. Its id is a keyed hash of kind and thing, so that it is opened once.

    `said` holds the kind, the thing, how soon and by when; `done` the act that ended it and a note. `moved_at` is when
    it last went to another person.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint(one_of("desk", tasks.Desk), name="desk_is_known"),
        CheckConstraint(one_of("passed_on", tasks.PassedOn), name="passed_on_is_known"),
        Index("tasks_in_a_queue", "desk", "done_at", "opened_at", "id"),
        Index("tasks_about_somebody", "about_id", "done_at"),
    )

    about_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    introduction_id: Mapped[UUID | None] = mapped_column(ForeignKey("introductions.id", ondelete="CASCADE"), index=True)
    desk: Mapped[str] = mapped_column(String(20), default=tasks.Desk.COORDINATORS)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    passed_on: Mapped[str] = mapped_column(String(20), default=tasks.PassedOn.NOBODY)
    opened_at: Mapped[datetime] = moment(nullable=False)
    moved_at: Mapped[datetime | None] = moment()
    done_at: Mapped[datetime | None] = moment()
    done_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    said_sealed: Mapped[bytes | None] = sealed()
    said = Encrypted[dict[str, str]](parent=("about_id",), least=256)
    done_sealed: Mapped[bytes | None] = sealed()
    done = Encrypted[dict[str, Any] | None](parent=("about_id",), least=1024)
