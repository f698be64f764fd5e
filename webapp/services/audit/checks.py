"""Whether the audit is whole: every record follows the one before, none is missing, and old anchors are still in it.

And the one way in which old records leave: by a checkpoint that carries the hash of the last of them.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webapp.crypto import chain
from webapp.models import AuditCheckpoint, AuditHead, AuditRecord, AuditVerification
from webapp.services.acting import change

HEAD = 1
"""The id of the one head."""
AT_ONCE = 500
UNREADABLE = (ValueError, TypeError, AttributeError)
"""What the columns raise for a value that they can never have written."""
KEPT = timedelta(days=400)

log = logging.getLogger(__name__)


class Kind(StrEnum):
    """How the audit can be broken."""

    CHANGED = "changed"
    MISSING = "missing"
    CUT = "cut"
    HEAD = "head"
    CHECKPOINT = "checkpoint"
    ANCHOR = "anchor"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Break:
    """What is wrong, and the number of the first record that it touches."""

    kind: Kind
    number: int


@dataclass(frozen=True)
class Anchor:
    """A head as it was written outside the database."""

    number: int
    hash: str
    at: str
    mark: str

    def is_ours(self) -> bool:
        """Say whether this site wrote it."""
        return chain.is_marked(self.mark, "anchor", number=self.number, hash=self.hash, at=self.at)


@dataclass(frozen=True)
class Place:
    """A place in the chain: the number and hash of a record."""

    number: int = 0
    hash: str = chain.START


def is_head(head: Any) -> bool:
    """Say whether the head is one that this site wrote."""
    return chain.is_marked(head.mark, "head", number=head.number, hash=head.hash)


def said(number: int, row: Any) -> dict[str, str]:
    """Return what the hash of a record covers: the same text on every database, in whatever zone it speaks."""
    fields = ("actor_id", "action", "thing", "thing_id", "about_id", "code")
    at = row.at.astimezone(UTC).isoformat()
    return {"number": str(number), "at": at, **{field: str(getattr(row, field)) for field in fields}}


def find_break(session: Session, anchors: Iterable[Anchor] = ()) -> Break | None:
    """Return the first break of the audit; None where it is whole.

    The head is read before the records, so that a record that is written meanwhile is no false alarm.
    """
    anchors = list(anchors)
    head = session.get(AuditHead, HEAD, populate_existing=True)
    begin = _begin(session)
    if isinstance(begin, Break):
        return begin
    known = {one.number: one.hash for one in anchors if one.is_ours()}
    followed = _follow(session, begin, known)
    if isinstance(followed, Break):
        return followed
    return _break_of_head(session, head, followed) or _break_of_anchors(anchors, followed)


def _begin(session: Session) -> Place | Break:
    """Return where the chain begins: after the last checkpoint, if it is one of ours."""
    last = session.scalars(select(AuditCheckpoint).order_by(AuditCheckpoint.number.desc()).limit(1)).first()
    if last is None:
        return Place()
    is_ours = chain.is_marked(last.mark, "checkpoint", number=last.number, hash=last.hash)
    return Place(last.number, last.hash) if is_ours else Break(Kind.CHECKPOINT, last.number)


def _follow(session: Session, here: Place, known: dict[int, str]) -> Place | Break:
    """Go along the chain to its end, or to its first break."""
    for number, row in _records(session, after=here.number):
        if number != here.number + 1:
            return Break(Kind.MISSING, here.number + 1)
        if row is None or chain.link(here.hash, said(number, row)) != row.hash:
            return Break(Kind.CHANGED, number)
        here = Place(number, row.hash)
        if known.get(number, row.hash) != row.hash:
            return Break(Kind.REPLACED, number)
    return here


def _records(session: Session, after: int) -> Iterator[tuple[int, Any]]:
    """Read the records a few hundred at a time, as plain rows; None stands for one that cannot even be read."""
    while True:
        numbers = select(AuditRecord.number).where(AuditRecord.number > after).order_by(AuditRecord.number)
        found = list(session.scalars(numbers.limit(AT_ONCE)))
        if not found:
            return
        rows = _read(session, found)
        for number in found:
            yield number, rows[number] if rows else _read(session, [number]).get(number)
        after = found[-1]


def _read(session: Session, numbers: list[int]) -> dict[int, Any]:
    """Read some records; nothing where one of them is no longer what its columns can hold."""
    try:
        rows = session.execute(select(AuditRecord.__table__).where(AuditRecord.number.in_(numbers))).all()
    except UNREADABLE:
        return {}
    return {row.number: row for row in rows}


def _break_of_head(session: Session, head: AuditHead | None, last: Place) -> Break | None:
    if head is None:
        return Break(Kind.HEAD, last.number) if last.number else None
    if not is_head(head):
        return Break(Kind.HEAD, head.number)
    if last.number < head.number:
        return Break(Kind.CUT, last.number + 1)
    at_head = session.scalar(select(AuditRecord.hash).where(AuditRecord.number == head.number))
    return None if at_head in (head.hash, None) else Break(Kind.HEAD, head.number)


def _break_of_anchors(anchors: Iterable[Anchor], last: Place) -> Break | None:
    for one in anchors:
        if not one.is_ours():
            return Break(Kind.ANCHOR, one.number)
        if one.number > last.number:
            return Break(Kind.CUT, last.number + 1)
    return None


def keep_finding(session: Session, found: Break | None, *, now: datetime) -> None:
    """Keep what came of a check, where the desk and the operator can read it; a break is logged loudly."""
    last = session.scalar(select(func.max(AuditRecord.number))) or 0
    kind, number = (found.kind, found.number) if found else (None, None)
    session.add(AuditVerification(at=now, last_number=last, kind=kind, break_at=number))
    session.execute(delete(AuditVerification).where(AuditVerification.at < now - KEPT))
    if found:
        log.error(
            "the audit is broken: %s at record %s; run: flask --app webapp verify-audit", found.kind, found.number
        )


def remove_up_to(session: Session, number: int, *, now: datetime) -> int:
    """Let the records up to a number go, by a checkpoint; the chain goes on from it. Returns how many went.

    Raises LookupError where there is no such record.
    """
    hash_ = session.scalar(select(AuditRecord.hash).where(AuditRecord.number == number))
    if hash_ is None:
        raise LookupError(f"there is no audit record {number}")
    mark = chain.mark("checkpoint", number=number, hash=hash_)
    session.add(AuditCheckpoint(number=number, hash=hash_, at=now, mark=mark))
    session.flush()
    return change(session, delete(AuditRecord).where(AuditRecord.number <= number))
