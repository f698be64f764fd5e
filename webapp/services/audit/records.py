"""The audit record of an act or a reading: who, what, on which thing, about whom. Ids and codes, never content.

Checking the chain is in audit_checks, its anchors outside the database in audit_anchors.
"""

import logging
import re
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table, event, func, select, text
from sqlalchemy.orm import Session, SessionTransaction

from webapp.crypto import chain
from webapp.domain.access import Actor
from webapp.domain.audited import Act, Refusal
from webapp.models import AuditHead, AuditRecord, AuditVerification
from webapp.services.audit.checks import HEAD, is_head, said

log = logging.getLogger(__name__)

ONE_WRITER = 7_140_023
"""The advisory lock on PostgreSQL under which the chain grows; SQLite has one writer anyway."""


CODE = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
PENDING, MARKS = "audit records of this transaction", "how many there were before each savepoint"


HEADS, RECORDS = cast(Table, AuditHead.__table__), cast(Table, AuditRecord.__table__)


class Recorded(NamedTuple):
    """A record before it has its place in the chain."""

    at: datetime
    actor_id: UUID | None
    action: str
    thing: str
    thing_id: UUID | None
    about_id: UUID | None
    code: str | None


def record(
    session: Session, actor: Actor, action: Act | Refusal, thing: Any, *, at: datetime, about: UUID | None = None,
    code: str | None = None,
) -> None:  # fmt: skip
    """Append one record to the chain, at the very end of the transaction; none if it is taken back.

    A code is a word of an enumeration, or one that looks like it; anything else could be content. Raises ValueError.
    Until then nobody can read it. The act itself is written to the database here, so that it can still be refused.
    """
    session.flush()
    record_by_name(session, actor, action, type(thing).__tablename__, at=at, thing_id=thing.id, about=about, code=code)


def record_by_name(
    session: Session, actor: Actor, action: Act | Refusal, thing: str, *, at: datetime, thing_id: UUID | None = None,
    about: UUID | None = None, code: str | None = None,
) -> None:  # fmt: skip
    """Append a record of something that is no single row: a list that was read, an act that was refused."""
    if not (code is None or isinstance(code, StrEnum) or (len(code) <= 40 and CODE.fullmatch(code))):
        raise ValueError("the code of an audit record must not hold a text")
    row = Recorded(at, actor.id, action, thing, thing_id, about, code)
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
    head = session.execute(select(HEADS).where(HEADS.c.id == HEAD)).one_or_none()
    number, hash_ = _where_to_go_on(session, head)
    rows = []
    for row in session.info.pop(PENDING):
        number += 1
        hash_ = chain.link(hash_, said(number, row))
        rows.append({**row._asdict(), "number": number, "hash": hash_})
    values = {"number": number, "hash": hash_, "mark": chain.mark("head", number=number, hash=hash_)}
    connection = session.connection()  # tables alone: every page that leaves a record pays for this
    connection.execute(HEADS.insert().values(id=HEAD, **values) if head is None else HEADS.update().values(values))
    connection.execute(RECORDS.insert(), rows)


def _where_to_go_on(session: Session, head: Any) -> tuple[int, str]:
    """Return the number and hash of the last record; where they were tampered with, the break is kept for ever."""
    if head is not None and is_head(head):
        return head.number, head.hash
    last = session.scalar(select(func.max(AuditRecord.number)))
    if head is None and last is None:
        return 0, chain.START
    log.error("the head of the audit was touched; run: flask --app webapp verify-audit")
    return max(last or 0, head.number if head else 0), chain.BROKEN


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


def is_pending(session: Session) -> bool:
    """Say whether this transaction holds acts that are not in the chain yet."""
    return bool(session.info.get(PENDING))


def last_number(session: Session) -> int:
    """Return the number of the last record, 0 where there is none. Numbers are given in the order of commits."""
    return session.scalar(select(AuditHead.number)) or 0


def last_verification(session: Session) -> AuditVerification | None:
    """Return what came of the last check of the chain; None where it was never checked."""
    return session.scalars(select(AuditVerification).order_by(AuditVerification.at.desc()).limit(1)).first()
