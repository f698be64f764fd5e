"""What each woman of an absent supporter gets: a line on her page, a notice, and a person at the desk who looks.

It follows the act of the supporter right after its commit, one transaction for each pair (at_once); the worker looks
every minute for what was left undone, and for a break that has passed its last day.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.domain import introductions
from webapp.domain.absences.covers import Why
from webapp.domain.access import Actor
from webapp.domain.notices import Notice
from webapp.domain.tasks import Kind, Soon
from webapp.models import Cover, Introduction, Supporter
from webapp.services import outbox, tasks
from webapp.services.acting import load_locked
from webapp.services.pairs import silences, talks
from webapp.services.tasks.order import keeper
from webapp.services.tasks.passing import today

SYSTEM = Actor(None)
A_MONTH = 30
"""After so many days the desk is asked again: she who is away may never come back to say so."""


@dataclass(frozen=True)
class Turn:
    """One telling of the desk about an absence: as it began, once more past its last day, then once a month.

    `day` is the day of the absence on which this turn falls; `is_new` says that the woman reads another sentence now.
    """

    introduction_id: UUID
    since: datetime
    day: int
    is_new: bool

    @property
    def count(self) -> int:
        """Tell the task of this turn from that of any other."""
        return int(self.since.timestamp() * 1_000) * 10_000 + self.day

    @property
    def task_id(self) -> UUID:
        """Name the task of this turn."""
        return tasks.id_of(Kind.AWAY, self.introduction_id, self.count)


@dataclass(frozen=True)
class Absence:
    """Since when a supporter is away, and why as far as the site knows; until when, and whether that day has passed."""

    since: datetime
    why: Why
    until: date | None = None
    is_past: bool = False


def absence_of(supporter: Supporter, *, now: datetime) -> Absence | None:
    """Say whether a supporter is on a break: the one place that every page and job asks."""
    if supporter.away_since is None:
        return None
    until = supporter.away_until
    return Absence(supporter.away_since, Why.BREAK, until, is_past=until is not None and until < today(now))


def find_absence(session: Session, pair: Introduction, *, now: datetime) -> Absence | None:
    """Say whether the supporter of a pair is away: on a break, or silent for two weeks."""
    on_break = absence_of(pair.supporter, now=now)
    if on_break is not None:
        return on_break
    since = silences.silent_since(session, pair, now=now)
    return Absence(since, Why.SILENCE) if since is not None else None


def is_back(session: Session, pair: Introduction, cover: Cover) -> bool:
    """Say whether the supporter is back from the absence for which a cover was asked: by her word, or by a sign."""
    if pair.supporter.away_since is not None:
        return False
    if cover.why != Why.SILENCE or cover.absent_since is None:
        return True
    signs = talks.last_answer(session, pair), pair.supporter.back_at
    return any(sign is not None and sign > cover.absent_since for sign in signs)


def list_left(session: Session, *, now: datetime) -> list[UUID]:
    """Return the pairs of absent supporters about whom the desk has to be told, the first gone first."""
    asked = select(Introduction.id, Supporter.away_since, Supporter.away_until).join(Introduction.supporter)
    away = (Supporter.away_since.is_not(None), Introduction.state.in_(sorted(introductions.LIVE)))
    rows = session.execute(asked.where(*away).order_by(Supporter.away_since, Introduction.id)).all()
    turns = [_turn(pair, since, until, now) for pair, since, until in rows if since]
    opened = tasks.find_opened(session, [one.task_id for one in turns])
    return list(dict.fromkeys(one.introduction_id for one in turns if one.task_id not in opened))


def _turn(introduction_id: UUID, since: datetime, until: date | None, now: datetime) -> Turn:
    """Return the latest turn of an absence by now."""
    began, away = since.date(), max(0, (today(now) - since.date()).days)
    first = (until - began).days + 1 if until is not None else 0
    if away < first:
        return Turn(introduction_id, since, 0, is_new=True)
    months = (away - first) // A_MONTH
    return Turn(introduction_id, since, first + months * A_MONTH, is_new=months == 0)


def tell(session: Session, introduction_id: UUID, *, now: datetime) -> bool:
    """Lay the absence of a supporter on the desk as it begins, past its day and each month, and tell the woman.

    The next ends the one before: one person has one task about it. False where she is back, or the two have parted.
    """
    pair = load_locked(session, Introduction, introduction_id)
    since = pair.supporter.away_since
    if since is None or pair.state not in introductions.LIVE:
        return False
    turn = _turn(pair.id, since, pair.supporter.away_until, now)
    if tasks.was_opened(session, Kind.AWAY, pair.id, turn.count):
        return False
    tasks.close_of_pair(session, SYSTEM, pair.id, {Kind.AWAY}, now=now)
    tasks.open_task(
        session, SYSTEM, Kind.AWAY, about=pair.request.user_id, thing=pair.id, soon=Soon.NEXT_DAY,
        introduction_id=pair.id, count=turn.count, now=now,
    )  # fmt: skip
    if turn.is_new:
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
