"""The audit: append-only and chained, ids and codes only, never content."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import Base
from webapp.models.rows import moment


class AuditRecord(Base):
    """One thing that somebody did or read."""

    __tablename__ = "audit_records"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = moment(nullable=False)
    actor_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String(80))
    thing: Mapped[str] = mapped_column(String(40))
    thing_id: Mapped[UUID | None]
    about_id: Mapped[UUID | None] = mapped_column(index=True)
    code: Mapped[str | None] = mapped_column(String(80))
    hash: Mapped[str] = mapped_column(String(64))
