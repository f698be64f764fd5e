"""The order in which tasks are looked at: what cannot wait first, whatever else is overdue; then what is due first.

How soon and by when stands sealed, so no database can sort by it. Each process keeps the order in mind: it reads every
open one once, and from then on only those opened or done since, which the audit names in the order of commits.
"""

import threading
from bisect import insort
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, select
from sqlalchemy.orm import Session

from webapp.crypto.fields import Unreadable
from webapp.domain.audited import Act
from webapp.domain.tasks import SOON_OF_BEFORE, Kind, Soon
from webapp.models import AuditRecord, Task
from webapp.services import audit

MOVES = (Act.TASK_OPENED, Act.TASK_DONE, Act.TASK_PASSED_ON)
"""The acts that bring a task to the desk, move it there, and take it away."""
IS_OPEN = Task.done_at.is_(None)
AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""By when one must be done that cannot be read: nobody can say that it may wait."""
UNKNOWN = "unknown"
"""The kind of a task that cannot be read."""
RANK = {soon: rank for rank, soon in enumerate(Soon)}
COLUMNS = ("about_id", "introduction_id", "desk", "owner_id", "opened_at", "passed_on")


class Place(NamedTuple):
    """Where a task stands: how soon and by when, and since when; and whom it is about."""

    due_at: datetime
    opened_at: datetime
    id: UUID
    about_id: UUID
    introduction_id: UUID | None
    desk: str
    owner_id: UUID | None
    passed_on: str
    kind: str
    thing: UUID | None
    soon: Soon


class OrderKeeper:
    """Keeps the order of one database in step with it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._order: list[Place] = []
        self._known: dict[UUID, Place] = {}
        self._number = -1
        self._of: Engine | None = None

    def forget(self) -> None:
        """Start afresh at the next use."""
        with self._lock:
            self._of = None

    def order(self, session: Session) -> list[Place]:
        """Return all open tasks in their order. What this transaction has not committed is in it too."""
        if audit.is_pending(session):
            return sorted(read_places(session, IS_OPEN), key=_sorted_by)
        with self._lock:
            self._follow(session)
            return self._order.copy()

    def _follow(self, session: Session) -> None:
        number, engine = audit.last_number(session), session.get_bind().engine
        if engine is not self._of or number < self._number:
            self._known = {place.id: place for place in read_places(session, IS_OPEN)}
            self._order = sorted(self._known.values(), key=_sorted_by)
        elif number > self._number:
            self._take_in(session, _moved_since(session, self._number))
        self._number, self._of = number, engine

    def _take_in(self, session: Session, moved: set[UUID]) -> None:
        now = {place.id: place for place in read_places(session, Task.id.in_(moved), IS_OPEN)} if moved else {}
        for gone in moved & self._known.keys():
            self._order.remove(self._known.pop(gone))
        for place in now.values():
            insort(self._order, place, key=_sorted_by)
        self._known.update(now)


keeper = OrderKeeper()


def _sorted_by(place: Place) -> tuple[int, datetime, datetime, UUID]:
    return RANK[place.soon], place.due_at, place.opened_at, place.id


def _moved_since(session: Session, number: int) -> set[UUID]:
    moved = (AuditRecord.thing == Task.__tablename__, AuditRecord.action.in_(MOVES))
    found = session.scalars(select(AuditRecord.thing_id).where(AuditRecord.number > number, *moved))
    return {one for one in found if one is not None}


def read_places(session: Session, *which: ColumnElement[bool]) -> Iterable[Place]:
    """Read where some tasks stand."""
    columns = [getattr(Task, column) for column in dict.fromkeys((*Task.said.needs(), *COLUMNS))]
    return map(place_of, session.execute(select(*columns).where(*which)))


def place_of(row: Any) -> Place:
    """Say where a task stands: one that is read already, or a row with what it needs."""
    said = Task.said.shown(row)
    due, kind, thing, soon = (AT_ONCE, UNKNOWN, None, Soon.AT_ONCE) if isinstance(said, Unreadable) else _read(said)
    return Place(
        due, row.opened_at, row.id, row.about_id, row.introduction_id, row.desk, row.owner_id, row.passed_on,
        kind, thing, soon,
    )  # fmt: skip


def _read(said: dict[str, str]) -> tuple[datetime, str, UUID, Soon]:
    kind = said["kind"]
    soon = Soon(said.get("soon") or SOON_OF_BEFORE.get(Kind(kind), Soon.NEXT_DAY))
    return datetime.fromisoformat(said["due_at"]), kind, UUID(said["thing"]), soon
