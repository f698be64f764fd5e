"""The outbox: notices written in the transaction of the act they tell of, and sent later by the jobs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.crypto.fields import Encrypted
from webapp.domain import notices
from webapp.models.rows import Row, moment, one_of, sealed


class OutboxRow(Row):
    """One notice: ids only. `dedupe` makes sure that it is written once; `code` says why it was not sent."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(one_of("state", notices.State), name="state_is_known"),
        Index("outbox_to_send", "state", "to_user_id", "due_at"),
        Index("outbox_of_a_person", "to_user_id", "settled_at"),
    )

    kind: Mapped[str] = mapped_column(String(60))
    to_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    dedupe: Mapped[str] = mapped_column(String(160), unique=True)
    state: Mapped[str] = mapped_column(String(20), default=notices.State.READY, index=True)
    due_at: Mapped[datetime] = moment(nullable=False, index=True)
    not_before: Mapped[datetime | None] = moment()
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = moment()
    lease_by: Mapped[str | None] = mapped_column(String(60))
    settled_at: Mapped[datetime | None] = moment()
    code: Mapped[str | None] = mapped_column(String(40))


class NoticeAddress(Row):
    """Where notices for one of the staff or one supporter go, once she has typed in the code that was sent there."""

    __tablename__ = "notice_addresses"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    said_at: Mapped[datetime] = moment(nullable=False)
    confirmed_at: Mapped[datetime | None] = moment()
    tries: Mapped[int] = mapped_column(default=0)
    said_sealed: Mapped[bytes | None] = sealed()
    said = Encrypted[dict[str, str]](parent=("user_id",), least=512)
