"""The audit record of an act or a reading: who, what, on which thing, about whom. Ids and codes, never content."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import event, select, text
from sqlalchemy.orm import Session, SessionTransaction

from webapp.crypto import chain
from webapp.domain.access import Actor
from webapp.models import AuditRecord

ONE_WRITER = 7_140_023
"""The advisory lock on PostgreSQL under which the chain grows; SQLite has one writer anyway."""


PENDING, MARKS = "audit records of this transaction", "how many there were before each savepoint"


def record(
    session: Session, actor: Actor, action: str, thing: Any, *, at: datetime, about: UUID | None = None,
    code: str | None = None,
) -> None:  # fmt: skip
    """Append one record to the chain, at the very end of the transaction; none if it is taken back.

    Until then nobody can read it. The act itself is written to the database here, so that it can still be refused.
    """
    session.flush()
    row = AuditRecord(
        at=at,
        actor_id=actor.id,
        action=action,
        thing=type(thing).__tablename__,
        thing_id=thing.id,
        about_id=about,
        code=code,
    )
    session.info.setdefault(PENDING, []).append(row)


@event.listens_for(Session, "before_commit")
def _chain_what_was_recorded(session: Session) -> None:
    """Take the chain's lock last, when all rows of the act are locked already, and hold it for no longer than a commit.

    Whoever holds it waits for nobody, so that no two acts wait for each other because of the audit.
    """
    if session.in_nested_transaction() or not session.info.get(PENDING):
        return
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ONE_WRITER})
    last = session.scalars(select(AuditRecord).order_by(AuditRecord.number.desc()).limit(1)).first()
    number, hash_ = (last.number, last.hash) if last else (0, chain.START)
    for row in session.info.pop(PENDING):
        number += 1
        row.number = number
        row.hash = hash_ = chain.link(hash_, said(row))
        session.add(row)
    session.flush()


@event.listens_for(Session, "after_transaction_create")
def _remember_where_a_savepoint_began(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault(MARKS, {})[transaction] = len(session.info.get(PENDING, ()))


@event.listens_for(Session, "after_soft_rollback")
def _forget_what_was_taken_back(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        del session.info.get(PENDING, [])[session.info[MARKS][transaction] :]
    elif transaction.parent is None:
        session.info.pop(PENDING, None)


@event.listens_for(Session, "after_transaction_end")
def _forget_the_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        for key in (PENDING, MARKS):
            session.info.pop(key, None)


def said(row: AuditRecord) -> dict[str, str]:
    """Return what the hash of a record covers."""
    fields = ("number", "actor_id", "action", "thing", "thing_id", "about_id", "code")
    return {"at": row.at.isoformat(), **{field: str(getattr(row, field)) for field in fields}}


def find_break(session: Session) -> int | None:
    """Return the number of the first record that was touched; None where the chain is whole."""
    rows = session.scalars(select(AuditRecord).order_by(AuditRecord.number)).all()
    position = chain.first_break((said(row), row.hash) for row in rows)
    return None if position is None else rows[position].number
