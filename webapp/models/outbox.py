"""The outbox: notices written in the transaction of the act they tell of, and sent later by the jobs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.rows import Row, moment


class OutboxRow(Row):
    """One notice or task: ids only. `dedupe` makes sure that it is written once."""

    __tablename__ = "outbox"

    kind: Mapped[str] = mapped_column(String(60))
    to_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    dedupe: Mapped[str] = mapped_column(String(160), unique=True)
    state: Mapped[str] = mapped_column(String(20), default="ready", index=True)
    due_at: Mapped[datetime] = moment(nullable=False, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = moment()
    lease_by: Mapped[str | None] = mapped_column(String(60))
