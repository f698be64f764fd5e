"""The order in which check-ins are looked at. How urgent one is stands sealed, so that no database can sort by it.

Each process therefore keeps the order in mind: it reads every unsettled one once, and from then on only those that were
answered or settled since, which the audit names in the order of commits.
"""

import threading
from bisect import insort
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, select
from sqlalchemy.orm import Session

from webapp.domain import checkins
from webapp.domain.audited import Act
from webapp.models import AuditRecord, CheckIn
from webapp.services import audit

URGENT = (checkins.Urgency.TODAY, checkins.Urgency.NEXT_DAY)
MOVES = (Act.CHECK_IN_ANSWERED, Act.CHECK_IN_SETTLED)
"""The acts that bring a check-in to the desk and take it away."""

IS_UNSETTLED = CheckIn.needs_look.is_(True)


class Place(NamedTuple):
    """Where a check-in stands: the most urgent first, then the one that was answered first."""

    rank: int
    answered_at: datetime
    id: UUID
    introduction_id: UUID

    @property
    def urgency(self) -> checkins.Urgency:
        """Say how urgent it is."""
        return URGENT[self.rank]


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
        """Return all unsettled check-ins in their order. What this transaction has not committed is in it too."""
        if audit.is_pending(session):
            return sorted(_read(session, IS_UNSETTLED))
        with self._lock:
            self._follow(session)
            return self._order.copy()

    def _follow(self, session: Session) -> None:
        number, engine = audit.last_number(session), session.get_bind().engine
        if engine is not self._of or number < self._number:
            self._known = {place.id: place for place in _read(session, IS_UNSETTLED)}
            self._order = sorted(self._known.values())
        elif number > self._number:
            self._take_in(session, _moved_since(session, self._number))
        self._number, self._of = number, engine

    def _take_in(self, session: Session, moved: set[UUID]) -> None:
        now = {place.id: place for place in _read(session, CheckIn.id.in_(moved), IS_UNSETTLED)} if moved else {}
        for gone in moved & self._known.keys():
            self._order.remove(self._known.pop(gone))
        for place in now.values():
            insort(self._order, place)
        self._known.update(now)


keeper = OrderKeeper()


def _moved_since(session: Session, number: int) -> set[UUID]:
    moved = (AuditRecord.thing == CheckIn.__tablename__, AuditRecord.action.in_(MOVES))
    found = session.scalars(select(AuditRecord.thing_id).where(AuditRecord.number > number, *moved))
    return {one for one in found if one is not None}


def _read(session: Session, *which: ColumnElement[bool]) -> Iterable[Place]:
    field = CheckIn.urgency
    columns = [getattr(CheckIn, column) for column in (*field.needs(), "answered_at")]
    return map(place_of, session.execute(select(*columns).where(*which)))


def place_of(row: Any) -> Place:
    """Say where an answered check-in stands: one that is read already, or a row with what its urgency needs."""
    return Place(_rank(CheckIn.urgency.shown(row)), row.answered_at, row.id, row.introduction_id)


def _rank(urgency: Any) -> int:
    """Put what cannot be read first: nobody can say that it may wait."""
    return URGENT.index(urgency) if urgency in URGENT else 0
