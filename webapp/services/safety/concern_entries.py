"""What was said and done about a concern, in its order."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.crypto import keyring
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
    session: Session,
    concern: Concern,
    actor: Actor,
    what: What,
    *,
    code: str = "",
    words: str = "",
    entry_id: UUID | None = None,
    now: datetime,
) -> ConcernEntry:
    """Write down something that was said or done about a concern whose row is locked."""
    concern.entries += 1
    entry = ConcernEntry(id=entry_id or uuid4(), concern_id=concern.id, number=concern.entries, by_id=actor.id, at=now)
    entry.said = {"what": what.value, "code": code, "words": words}
    session.add(entry)
    return entry


def id_of_form(concern_id: UUID, actor: Actor, once: str, *said: str) -> UUID:
    """Name the entry that one form makes: sent twice, it is the same."""
    return keyring.ring().name("concern entries", json.dumps([str(concern_id), str(actor.id), once, *said]))


def added_since_proposed(entries: Sequence[Entry]) -> list[str]:
    """Return what she who raised it wrote after its end was proposed last, and before anybody else did anything."""
    after = takewhile(lambda one: one.what is not What.PROPOSED, reversed(entries))
    found = [one.words for one in after if one.what is What.FROM_HER]
    return found[::-1] if any(one.what is What.PROPOSED for one in entries) else []


def _entry(row: ConcernEntry) -> Entry:
    said = ConcernEntry.said.shown(row)
    if isinstance(said, Unreadable):
        return Entry(row.id, row.at, row.by_id, None, "", said)
    return Entry(row.id, row.at, row.by_id, What(said["what"]), said["code"], said["words"])
