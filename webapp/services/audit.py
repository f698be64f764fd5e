"""The audit record of an act or a reading: who, what, on which thing, about whom. Ids and codes, never content."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from webapp.crypto import chain
from webapp.domain.access import Actor
from webapp.models import AuditRecord

ONE_WRITER = 7_140_023
"""The advisory lock on PostgreSQL under which the chain grows; SQLite has one writer anyway."""


def record(
    session: Session, actor: Actor, action: str, thing: Any, *, at: datetime, about: UUID | None = None,
    code: str | None = None,
) -> None:  # fmt: skip
    """Append one record to the chain."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ONE_WRITER})
    session.flush()
    last = session.scalars(select(AuditRecord).order_by(AuditRecord.number.desc()).limit(1)).first()
    row = AuditRecord(
        number=last.number + 1 if last else 1,
        at=at,
        actor_id=actor.id,
        action=action,
        thing=type(thing).__tablename__,
        thing_id=thing.id,
        about_id=about,
        code=code,
    )
    row.hash = chain.link(last.hash if last else chain.START, said(row))
    session.add(row)
    session.flush()


def said(row: AuditRecord) -> dict[str, str]:
    """Return what the hash of a record covers."""
    fields = ("number", "actor_id", "action", "thing", "thing_id", "about_id", "code")
    return {"at": row.at.isoformat(), **{field: str(getattr(row, field)) for field in fields}}


def find_break(session: Session) -> int | None:
    """Return the number of the first record that was touched; None where the chain is whole."""
    rows = session.scalars(select(AuditRecord).order_by(AuditRecord.number)).all()
    position = chain.first_break((said(row), row.hash) for row in rows)
    return None if position is None else rows[position].number
