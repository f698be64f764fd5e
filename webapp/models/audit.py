"""The audit: append-only and chained, ids and codes only, never content. Triggers of the database refuse changes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import Base
from webapp.models.rows import Row, moment


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


class AuditHead(Base):
    """The one row that says which record is the last; its mark cannot be made without the key."""

    __tablename__ = "audit_heads"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    mark: Mapped[str] = mapped_column(String(64))


class AuditCheckpoint(Base):
    """The number and hash of the last record that left by age; only up to it may records be deleted."""

    __tablename__ = "audit_checkpoints"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = moment(nullable=False)
    mark: Mapped[str] = mapped_column(String(64))


class AuditVerification(Row):
    """What came of checking the chain: whole, or the kind of the break and the record where it is."""

    __tablename__ = "audit_verifications"

    at: Mapped[datetime] = moment(nullable=False, index=True)
    last_number: Mapped[int]
    kind: Mapped[str | None] = mapped_column(String(20))
    break_at: Mapped[int | None]
