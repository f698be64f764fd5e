"""One woman's request, with her answers in one sealed document."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.crypto.fields import Encrypted
from webapp.domain import requests
from webapp.models.rows import Row, moment, one_of, sealed

_OPEN = one_of("state", sorted(requests.OPEN))


class Request(Row):
    """A request. Its time zone is hers; `waiting_since` keeps her place; services/answers reads what she answered.

    `looking_since` is when somebody last began to look for her: from then the working days count until it is late.
    `look_again_on` is the day that her page names once that time is over, `look_again` why, and a word to her.
    """

    __tablename__ = "requests"
    __table_args__ = (
        CheckConstraint(one_of("state", requests.State), name="state_is_known"),
        Index(
            "one_open_request",
            "user_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        Index("requests_in_a_queue", "state", "waiting_since", "id", "user_id"),
        Index("requests_by_their_clock", "state", "looking_since", "id", "user_id"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(20), default=requests.State.DRAFT)
    questionnaire: Mapped[str] = mapped_column(String(80))
    questionnaire_version: Mapped[str] = mapped_column(String(20))
    time_zone: Mapped[str] = mapped_column(String(60), default="America/Toronto")
    started_at: Mapped[datetime] = moment(nullable=False)
    waiting_since: Mapped[datetime | None] = moment()
    looking_since: Mapped[datetime | None] = moment()
    look_again_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    name_sealed: Mapped[bytes | None] = sealed()
    name = Encrypted[str | None](parent=("user_id",), least=128)
    look_again_sealed: Mapped[bytes | None] = sealed()
    look_again = Encrypted[dict[str, str] | None](parent=("user_id",), least=2048)
    answers_sealed: Mapped[bytes | None] = sealed()
    answers = Encrypted[dict[str, dict[str, Any]] | None](parent=("user_id",), least=4096)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    def look_from(self, now: datetime) -> None:
        """Let the working days count from now on: somebody begins to look for her, or looks again."""
        self.looking_since, self.look_again_on, self.look_again = now, None, None
