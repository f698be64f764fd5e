"""What the days bring to the check-ins of a pair: the next one planned, one that is ready, one that went by."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from webapp.domain import checkins, introductions
from webapp.domain.access import Actor
from webapp.domain.audited import Act
from webapp.domain.introductions import State
from webapp.domain.notices import Notice
from webapp.domain.tasks import Kind, Soon
from webapp.models import CheckIn, Introduction, OutboxRow, Supporter
from webapp.services import audit, outbox, tasks
from webapp.services.acting import load_locked

ASKED_IN = sorted({State.INTRODUCED, State.IN_CONTACT, State.ENDING})
"""While a pair takes a pause or is on hold, nobody is asked, and nothing goes by."""
PLANNED = CheckIn.kind == checkins.Kind.PLANNED


class Planned(NamedTuple):
    """Whose next check-in is to be planned, and when her last one was due."""

    introduction_id: UUID
    user_id: UUID

    def __str__(self) -> str:
        return f"{self.introduction_id}:{self.user_id}"


def _is_there() -> ColumnElement[bool]:
    """Ask for check-ins of those who are on no break: while one is, nothing is expected of her."""
    return CheckIn.user_id.not_in(select(Supporter.user_id).where(Supporter.away_since.is_not(None)))


def list_to_plan(session: Session, *, now: datetime) -> list[Planned]:
    """Return who has no planned check-in before her, in a pair that goes on."""
    last = func.max(CheckIn.due_on)
    found = select(CheckIn.introduction_id, CheckIn.user_id).join(CheckIn.introduction)
    going_on = found.where(PLANNED, Introduction.state.in_(ASKED_IN)).group_by(CheckIn.introduction_id, CheckIn.user_id)
    return [Planned(*row) for row in session.execute(going_on.having(last <= now.date()))]


def plan_next(session: Session, actor: Actor, whose: Planned, *, now: datetime) -> None:
    """Plan the next check-in of one of the two, a month after her last."""
    introduction = load_locked(session, Introduction, whose.introduction_id)
    hers = (CheckIn.introduction_id == whose.introduction_id, CheckIn.user_id == whose.user_id, PLANNED)
    last = session.scalar(select(func.max(CheckIn.due_on)).where(*hers))
    if last is None or last > now.date() or introduction.state not in ASKED_IN:
        return
    due = max(last + checkins.EVERY, now.date())
    planned = CheckIn(introduction_id=introduction.id, user_id=whose.user_id, due_on=due, state=checkins.State.DUE)
    session.add(planned)
    audit.record(session, actor, Act.CHECK_IN_PLANNED, planned, at=now, about=whose.user_id)


def list_ready(session: Session, *, now: datetime) -> list[UUID]:
    """Return the check-ins whose day has come and of which nobody was told yet."""
    found = select(CheckIn.id).join(CheckIn.introduction).where(CheckIn.state == checkins.State.DUE)
    days = (CheckIn.due_on <= now.date(), CheckIn.due_on > now.date() - checkins.MISSED_AFTER, _is_there())
    keys = {_key(one): one for one in session.scalars(found.where(*days, Introduction.state != State.ON_HOLD))}
    told = set(session.scalars(select(OutboxRow.dedupe).where(OutboxRow.dedupe.in_(keys))))
    return [one for key, one in keys.items() if key not in told]


def _key(checkin_id: UUID) -> str:
    return f"{Notice.A_CHECK_IN_IS_READY}:{checkin_id}"


def tell(session: Session, _actor: Actor, checkin_id: UUID, *, now: datetime) -> None:
    """Tell somebody that a check-in is ready for her."""
    checkin = load_locked(session, CheckIn, checkin_id)
    if checkin.state == checkins.State.DUE:
        outbox.put(
            session,
            Notice.A_CHECK_IN_IS_READY,
            dedupe=str(checkin.id),
            due_at=now,
            to=checkin.user_id,
            checkin=str(checkin.id),
        )


def list_to_miss(session: Session, *, now: datetime) -> list[UUID]:
    """Return the planned check-ins that went by unanswered."""
    old = (CheckIn.state == checkins.State.DUE, PLANNED, CheckIn.due_on <= now.date() - checkins.MISSED_AFTER)
    found = select(CheckIn.id).join(CheckIn.introduction).where(*old, Introduction.state.in_(ASKED_IN))
    return list(session.scalars(found.order_by(CheckIn.due_on, CheckIn.id)))


def miss(session: Session, actor: Actor, checkin_id: UUID, *, now: datetime) -> None:
    """Count a check-in as missed; where the one before was missed too, a person looks after her."""
    checkin = load_locked(session, CheckIn, checkin_id)
    if checkin.state != checkins.State.DUE:
        return
    if session.scalar(select(CheckIn.id).where(CheckIn.id == checkin.id, _is_there())) is None:
        checkin.state = checkins.step(checkins.State(checkin.state), checkins.Event.SKIPPED)
        audit.record(session, actor, Act.CHECK_IN_SKIPPED, checkin, at=now, about=checkin.user_id)
        return
    checkin.state = checkins.step(checkins.State(checkin.state), checkins.Event.MISSED)
    audit.record(session, actor, Act.CHECK_IN_MISSED, checkin, at=now, about=checkin.user_id)
    hers = (CheckIn.introduction_id == checkin.introduction_id, CheckIn.user_id == checkin.user_id, PLANNED)
    before = select(CheckIn.state).where(*hers, CheckIn.due_on <= checkin.due_on).order_by(CheckIn.due_on.desc())
    last = list(session.scalars(before.limit(checkins.MISSED_IN_A_ROW)))
    if last == [checkins.State.MISSED] * checkins.MISSED_IN_A_ROW:
        tasks.open_task(
            session, actor, Kind.CHECK_INS_MISSED, about=checkin.user_id, thing=checkin.id, soon=Soon.NEXT_DAY,
            introduction_id=checkin.introduction_id, now=now,
        )  # fmt: skip


def list_at_half_time(session: Session, *, now: datetime) -> list[UUID]:
    """Return the pairs whose half time has come and was not laid on the desk yet."""
    columns = (Introduction.id, Introduction.introduced_at, Introduction.until)
    is_pair = Introduction.covers_id.is_(None)
    rows = session.execute(select(*columns).where(Introduction.state.in_(ASKED_IN), is_pair))
    halves = {row.id: row.introduced_at.date() + (row.until - row.introduced_at.date()) / 2 for row in rows}
    by_task = {tasks.id_of(Kind.HALF_TIME, one): one for one, half in halves.items() if half <= now.date()}
    known = tasks.find_opened(session, by_task)
    return [one for task, one in by_task.items() if task not in known]


def review_half_time(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> None:
    """Lay a pair on the desk, half of whose time is over."""
    pair = load_locked(session, Introduction, introduction_id)
    if pair.state in introductions.LIVE:
        tasks.open_task(
            session, actor, Kind.HALF_TIME, about=pair.request.user_id, thing=pair.id, soon=Soon.NEXT_DAY,
            introduction_id=pair.id, now=now,
        )  # fmt: skip
