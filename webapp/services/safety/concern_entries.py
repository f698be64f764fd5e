"""What was said and done about a concern, in its order."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.crypto.fields import Unreadable
from webapp.domain.access import Actor
from webapp.domain.concerns import What
from webapp.models import Concern, ConcernEntry


@dataclass(frozen=True)
class Entry:
    """One thing that was said or done; `is_hers` says whether she wrote it herself. Unreadable: `what` is None."""

    id: UUID
    at: datetime
    by_id: UUID | None
    what: What | None
    code: str
    words: str


def entries_of(session: Session, concern: Concern) -> list[Entry]:
    """Return everything that was said and done about a concern, in its order."""
    rows = select(ConcernEntry).where(ConcernEntry.concern_id == concern.id)
    return [_entry(row) for row in session.scalars(rows.order_by(ConcernEntry.number))]


def add_entry(
    session: Session, concern: Concern, actor: Actor, what: What, *, code: str = "", words: str = "", now: datetime
) -> ConcernEntry:
    """Write down something that was said or done about a concern whose row is locked."""
    concern.entries += 1
    entry = ConcernEntry(concern_id=concern.id, number=concern.entries, by_id=actor.id, at=now)
    entry.said = {"what": what.value, "code": code, "words": words}
    session.add(entry)
    return entry


def _entry(row: ConcernEntry) -> Entry:
    said = ConcernEntry.said.shown(row)
    if isinstance(said, Unreadable):
        return Entry(row.id, row.at, row.by_id, None, "", said)
    return Entry(row.id, row.at, row.by_id, What(said["what"]), said["code"], said["words"])
