"""How the two of a pair meet: ways to reach each other, times to talk, and what each said came of them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.crypto.fields import Encrypted
from webapp.domain import meetings
from webapp.models.rows import Row, moment, one_of, sealed


class ContactDetail(Row):
    """One way to reach somebody, which she has released to the other of one pair. What kind it is stands sealed too."""

    __tablename__ = "contact_details"
    __table_args__ = (Index("details_of_a_pair", "introduction_id", "user_id"),)

    introduction_id: Mapped[UUID] = mapped_column(ForeignKey("introductions.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    released_at: Mapped[datetime] = moment(nullable=False)
    said_sealed: Mapped[bytes | None] = sealed()
    said = Encrypted[dict[str, str]](parent=("introduction_id", "user_id"), least=256)


class Meeting(Row):
    """One time that was proposed to talk; by what way and how long stands sealed."""

    __tablename__ = "meetings"
    __table_args__ = (
        CheckConstraint(one_of("state", meetings.State), name="state_is_known"),
        Index("meetings_of_a_pair", "introduction_id", "starts_at", "state"),
    )

    introduction_id: Mapped[UUID] = mapped_column(ForeignKey("introductions.id", ondelete="CASCADE"))
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime] = moment(nullable=False)
    starts_at: Mapped[datetime] = moment(nullable=False)
    state: Mapped[str] = mapped_column(String(20), default=meetings.State.PROPOSED)
    decided_at: Mapped[datetime | None] = moment()
    how_sealed: Mapped[bytes | None] = sealed()
    how = Encrypted[dict[str, str]](parent=("introduction_id", "proposed_by"))


class TalkLog(Row):
    """What one of the two said of one talk: that it was, or was not this time. No story."""

    __tablename__ = "talk_logs"
    __table_args__ = (
        UniqueConstraint("meeting_id", "user_id", name="one_word_of_each_on_a_meeting"),
        Index(
            "one_word_of_each_on_a_day",
            "introduction_id",
            "user_id",
            "on_day",
            unique=True,
            sqlite_where=text("meeting_id IS NULL"),
            postgresql_where=text("meeting_id IS NULL"),
        ),
        Index("talks_of_a_pair", "introduction_id", "on_day", "said_at"),
    )

    introduction_id: Mapped[UUID] = mapped_column(ForeignKey("introductions.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    on_day: Mapped[date]
    said_at: Mapped[datetime] = moment(nullable=False)
    said_sealed: Mapped[bytes | None] = sealed()
    said = Encrypted[dict[str, str]](parent=("introduction_id", "user_id"), least=128)
