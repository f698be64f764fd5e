"""What each woman of an absent supporter gets: a line on her page, a notice, and a person at the desk who looks.

It follows the act of the supporter right after its commit, one transaction for each pair; the worker looks every
minute for what was left undone, and for a break that has passed its last day.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.domain import introductions
from webapp.domain.access import Actor
from webapp.domain.notices import Notice
from webapp.domain.tasks import Kind, Soon
from webapp.extensions import transaction
from webapp.models import Introduction, Supporter
from webapp.services import outbox, tasks
from webapp.services.acting import load_locked
from webapp.services.tasks.order import keeper
from webapp.services.tasks.passing import today

SYSTEM = Actor(None)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Turn:
    """One telling of the desk about an absence: as it began, and once more when its last day has passed."""

    introduction_id: UUID
    since: datetime
    is_past: bool

    @property
    def count(self) -> int:
        """Tell the task of this turn from that of any other."""
        return int(self.since.timestamp() * 1_000) * 2 + self.is_past

    @property
    def task_id(self) -> UUID:
        """Name the task of this turn."""
        return tasks.id_of(Kind.AWAY, self.introduction_id, self.count)


@dataclass(frozen=True)
class Absence:
    """Until when the other of a pair is away, where she has said it, and whether that day has passed."""

    until: date | None
    is_past: bool


def absence_of(supporter: Supporter, *, now: datetime) -> Absence | None:
    """Say whether a supporter is on a break: the one place that every page and job asks."""
    if supporter.away_since is None:
        return None
    until = supporter.away_until
    return Absence(until, is_past=until is not None and until < today(now))


def tell_from(supporter_id: UUID, *, now: datetime) -> None:
    """Tell every woman of a supporter who has just gone away or come back, right after the commit of that act.

    Her own act is kept by now: what fails here is logged, and the worker does it within a minute.
    """
    try:
        with transaction() as session:
            gone, back = list_left(session, supporter_id=supporter_id, now=now), list_back(session, now=now)
        for introduction_id in gone:
            with transaction() as session:
                tell(session, introduction_id, now=now)
        for introduction_id in back:
            with transaction() as session:
                go_on(session, introduction_id, now=now)
    except SQLAlchemyError as error:
        log.warning("telling of an absence is left to the worker: %s", type(error).__name__)


def list_left(session: Session, *, supporter_id: UUID | None = None, now: datetime) -> list[UUID]:
    """Return the pairs of absent supporters about whom the desk has to be told, the first gone first."""
    asked = select(Introduction.id, Supporter.away_since, Supporter.away_until).join(Introduction.supporter)
    away = (Supporter.away_since.is_not(None), Introduction.state.in_(sorted(introductions.LIVE)))
    if supporter_id is not None:
        asked = asked.where(Supporter.id == supporter_id)
    rows = session.execute(asked.where(*away).order_by(Supporter.away_since, Introduction.id)).all()
    turns = [one for pair, since, until in rows for one in _turns(pair, since, until, now)]
    opened = tasks.find_opened(session, [one.task_id for one in turns])
    return list(dict.fromkeys(one.introduction_id for one in turns if one.task_id not in opened))


def _turns(introduction_id: UUID, since: datetime, until: date | None, now: datetime) -> Iterator[Turn]:
    yield Turn(introduction_id, since, is_past=False)
    if until is not None and until < today(now):
        yield Turn(introduction_id, since, is_past=True)


def tell(session: Session, introduction_id: UUID, *, now: datetime) -> bool:
    """Lay the absence of a supporter on the desk, once as it begins and once past its day, and tell the woman.

    The second ends the first: one person has one task about it. False where she is back, or the two have parted.
    """
    pair = load_locked(session, Introduction, introduction_id)
    since = pair.supporter.away_since
    if since is None or pair.state not in introductions.LIVE:
        return False
    turn = list(_turns(pair.id, since, pair.supporter.away_until, now))[-1]
    if tasks.was_opened(session, Kind.AWAY, pair.id, turn.count):
        return False
    tasks.close_of_pair(session, SYSTEM, pair.id, {Kind.AWAY}, now=now)
    tasks.open_task(
        session, SYSTEM, Kind.AWAY, about=pair.request.user_id, thing=pair.id, soon=Soon.NEXT_DAY,
        introduction_id=pair.id, count=turn.count, now=now,
    )  # fmt: skip
    dedupe = f"{pair.id}:away:{turn.count}"
    outbox.put(session, Notice.SOMETHING_FOR_YOU, dedupe=dedupe, due_at=now, to=pair.request.user_id)
    return True


def list_back(session: Session, *, now: datetime) -> list[UUID]:
    """Return the pairs that are on the desk for an absence which is over by now."""
    told = {one.introduction_id for one in keeper.order(session) if one.kind == Kind.AWAY}
    over = or_(Supporter.away_since.is_(None), Introduction.state == introductions.State.ENDED)
    asked = select(Introduction.id).join(Introduction.supporter).where(Introduction.id.in_(told), over)
    return list(session.scalars(asked.order_by(Introduction.id))) if told else []


def go_on(session: Session, introduction_id: UUID, *, now: datetime) -> None:
    """End what an absence had begun: the task at the desk. Twice is once."""
    pair = load_locked(session, Introduction, introduction_id)
    if pair.supporter.away_since is None or pair.state not in introductions.LIVE:
        tasks.close_of_pair(session, SYSTEM, pair.id, {Kind.AWAY}, now=now)
