"""The roster of this process, which follows the database: before each use it reads whom it does not know yet."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher import ALWAYS, Learned, Need, Offer, Roster, gaps, reasons
from webapp.models import Programme, RosterFit
from webapp.models.roster import has_changed
from webapp.services.engine.answers import questionnaire, weights
from webapp.services.engine.people import read_changed, read_ids, read_offers
from webapp.services.engine.wording import say, stored


@dataclass(frozen=True)
class Mark:
    """How far a process has read: the number of the last change, that of the last removal, and the fit in force."""

    number: int
    removal: int
    fit: str | None


class RosterKeeper:
    """Keeps one roster in step with the database. Ask it in a transaction that only reads: it may have to build it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._roster: Roster | None = None
        self._mark = Mark(-1, -1, None)
        self._of: Engine | None = None

    def forget(self) -> None:
        """Start afresh at the next use."""
        with self._lock:
            self._roster = None

    @contextmanager
    def roster(self, session: Session, *, now: datetime) -> Iterator[Roster]:
        """Lend the roster as the database has it now; nobody else changes it meanwhile.

        A transaction that has changed somebody itself gets a roster of its own: what is not committed is nobody else's.
        """
        if has_changed(session):
            session.flush()
            yield build(session, now=now)
            return
        with self._lock:
            yield self._follow(session, now)

    def warm(self, session: Session, *, now: datetime) -> None:
        """Build the roster, and rank once for nobody, so that the first who asks does not wait for either."""
        with self.roster(session, now=now) as roster:
            some = next(iter(roster.columns_.offers), None)
            need = Need(id="", answers=some.answers if some else {}, safe_hours=ALWAYS)
            for candidate in roster.rank(need, 1, on=now.date()).candidates:
                for message in stored((*reasons(candidate), *gaps(candidate))):
                    say(message, "en")
            roster.nearest_outside(need, on=now.date())

    def _follow(self, session: Session, now: datetime) -> Roster:
        mark, engine = _read_mark(session), session.get_bind().engine
        is_known = self._roster is not None and self._of is engine and mark is not None
        if mark is None or not is_known or self._roster is None or mark.fit not in (None, self._roster.learned_.hash):
            self._roster = None  # so that two are never held at once
            self._roster = build(session, now=now)
        elif mark.number > self._mark.number:
            _take_in(self._roster, session, self._mark, mark)
        if mark is not None and (not is_known or mark.number > self._mark.number):
            self._mark = mark
        self._of = engine
        return self._roster


def _read_mark(session: Session) -> Mark | None:
    last = select(RosterFit.hash).order_by(RosterFit.fitted_at.desc(), RosterFit.id).limit(1).scalar_subquery()
    row = session.execute(select(Programme.roster_version, Programme.roster_removal, last)).first()
    return Mark(*row) if row is not None else None


def _take_in(roster: Roster, session: Session, read: Mark, mark: Mark) -> None:
    for key, offer in read_changed(session, since=read.number).items():
        is_in = key in roster.columns_.row_of
        if offer is not None:
            (roster.update if is_in else roster.add)(offer)
        elif is_in:
            roster.remove(key)
    if mark.removal > read.removal:
        for gone in set(roster.columns_.row_of) - read_ids(session):
            roster.remove(gone)


def build(session: Session, *, now: datetime, anew: bool = False) -> Roster:
    """Make a roster of everybody with the fit that is stored; where there is none, or anew, learn from them all."""
    return _fit(read_offers(session), None if anew else read_fit(session), now)


def alone(session: Session, offer: Offer, *, now: datetime) -> Roster:
    """Make a roster of one supporter, scored by what was learned of all."""
    learned = read_fit(session)
    if learned is None:
        with keeper.roster(session, now=now) as roster:
            learned = roster.learned_
    return _fit([offer], learned, now)


def _fit(offers: list[Offer], learned: Learned | None, now: datetime) -> Roster:
    return Roster(questionnaire=questionnaire(), weights=weights(), on=now.date()).fit(offers, learned=learned)


_learned: dict[str, Learned] = {}


def read_fit(session: Session) -> Learned | None:
    """Return what was learned last; None where nothing is stored."""
    last = select(RosterFit.id, RosterFit.hash).order_by(RosterFit.fitted_at.desc(), RosterFit.id).limit(1)
    row = session.execute(last).first()
    if row is None:
        return None
    if row.hash not in _learned:
        _learned.clear()
        _learned[row.hash] = Learned.from_json(session.get_one(RosterFit, row.id).learned)
    return _learned[row.hash]


def keep_fit(session: Session, learned: Learned, *, now: datetime) -> None:
    """Store what was learned, so that every process scores alike."""
    session.add(RosterFit(hash=learned.hash, learned=learned.as_json(), fitted_at=now))
    session.flush()


keeper = RosterKeeper()
