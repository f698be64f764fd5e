"""One woman's request, with her answers in one sealed document."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.crypto.fields import Encrypted
from webapp.domain import requests
from webapp.models.rows import Row, moment, one_of, sealed

_OPEN = one_of("state", sorted(requests.OPEN))


class Request(Row):
    """A request. Its time zone is hers; `waiting_since` keeps her place.

    `returned_at` is when she last came back to waiting: from then counts what her page promises.
    services/answers reads what she answered.
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
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(20), default=requests.State.DRAFT)
    questionnaire: Mapped[str] = mapped_column(String(80))
    questionnaire_version: Mapped[str] = mapped_column(String(20))
    time_zone: Mapped[str] = mapped_column(String(60), default="America/Toronto")
    started_at: Mapped[datetime] = moment(nullable=False)
    waiting_since: Mapped[datetime | None] = moment()
    returned_at: Mapped[datetime | None] = moment()
    version: Mapped[int] = mapped_column(default=1)
    name_sealed: Mapped[bytes | None] = sealed()
    name = Encrypted[str | None](parent=("user_id",), least=128)
    answers_sealed: Mapped[bytes | None] = sealed()
    answers = Encrypted[dict[str, dict[str, Any]] | None](parent=("user_id",), least=4096)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
