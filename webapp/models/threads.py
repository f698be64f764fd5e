"""The conversation of the staff with one woman or one supporter, readable to her and to those at the desk."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.crypto.fields import Encrypted
from webapp.models.rows import Row, moment, sealed


class Thread(Row):
    """One person's thread. Its id is hers, so that there is one at most.

    `answered_at` is when the staff wrote last, `seen_at` when she last looked. `task_id` is the task that her words
    opened last: while it is open, she waits for an answer.
    """

    __tablename__ = "threads"

    id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    opened_at: Mapped[datetime] = moment(nullable=False)
    answered_at: Mapped[datetime | None] = moment()
    seen_at: Mapped[datetime | None] = moment()
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("tasks.id", ondelete="SET NULL"), index=True)


class ThreadWord(Row):
    """What one of them said once. `said` holds the words and, where she asked to be contacted, how."""

    __tablename__ = "thread_words"
    __table_args__ = (Index("words_of_a_thread", "thread_id", "sent_at", "id"),)

    thread_id: Mapped[UUID] = mapped_column(ForeignKey("threads.id", ondelete="CASCADE"))
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    sent_at: Mapped[datetime] = moment(nullable=False)
    said_sealed: Mapped[bytes | None] = sealed()
    said = Encrypted[dict[str, str]](parent=("thread_id", "sender_id"), least=256)
