"""Times to talk that lie ahead and cannot be any more: off where both had said yes, taken back where one proposed them.

It follows from another act: a way that is not safe, hours that changed, a break, a pause. The two read that it is off.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from webapp.domain import meetings
from webapp.domain.access import Actor
from webapp.domain.audited import Act
from webapp.domain.meetings import Event, State
from webapp.domain.notices import Notice
from webapp.domain.safe_contact import is_within
from webapp.models import Introduction, Meeting, Request
from webapp.services import audit, outbox
from webapp.services.acting import change
from webapp.services.introductions import WITHOUT_ANSWERS, ids_of, subject_of
from webapp.services.locking import lock_rows
from webapp.services.matching import leaves_the_site
from webapp.services.pairs.shared_times import minutes_of, way_of
from webapp.services.safety import reading

Goes = Callable[[Meeting, Introduction], bool]
ENDS = {
    State.PROPOSED: (Event.TAKEN_BACK, Act.TIME_TAKEN_BACK),
    State.ACCEPTED: (Event.CALLED_OFF, Act.TIME_CALLED_OFF),
}


def call_off_outside(session: Session, actor: Actor, user_id: UUID, *, now: datetime) -> None:
    """Call off every talk of somebody that leaves the site: no way outside is safe for her now."""
    _call_off(session, actor, Meeting.introduction_id.in_(ids_of(user_id)), goes=_is_outside, now=now)


def call_off_unsafe(session: Session, actor: Actor, woman_id: UUID, *, now: datetime) -> None:
    """Call off every talk outside the site that lies outside the hours of a woman as her record counts now."""
    session.flush()
    hours = reading.hours_of(session, woman_id, now=now)
    hers = select(Introduction.id).join(Request).where(Request.user_id == woman_id)

    def is_unsafe(meeting: Meeting, pair: Introduction) -> bool:
        return not is_safe(meeting, hours, pair.request.time_zone)

    _call_off(session, actor, Meeting.introduction_id.in_(hers), goes=is_unsafe, now=now)


def call_off_until(
    session: Session, actor: Actor, pairs: Iterable[UUID], last: date | None, zone: str, *, now: datetime
) -> None:
    """Call off every talk of some pairs up to a last day by somebody's clock; all that lie ahead where there is none.

    Whoever calls this holds the pairs.
    """

    def falls_in(meeting: Meeting, _: Introduction) -> bool:
        return last is None or meeting.starts_at.astimezone(ZoneInfo(zone)).date() <= last

    _call_off(session, actor, Meeting.introduction_id.in_(list(pairs)), goes=falls_in, now=now)


def call_off_with_pair(session: Session, introduction_id: UUID, *, now: datetime) -> int:
    """Call off all that lies ahead of a pair that ends or is held, in silence: its own record and notice say enough.

    Returns how many. Whoever calls this holds the pair.
    """
    ahead = update(Meeting).where(Meeting.introduction_id == introduction_id, Meeting.starts_at > now)
    off = {was: meetings.step(was, event) for was, (event, _) in ENDS.items()}
    return sum(
        change(session, ahead.where(Meeting.state == was).values(state=to, decided_at=now)) for was, to in off.items()
    )


def is_safe(meeting: Meeting, hours: frozenset[int], zone: str) -> bool:
    """Say whether a talk stays in the site, or lies all in hours that are safe for the woman by her clock."""
    if not leaves_the_site(way_of(meeting)):
        return True
    quarters = meetings.quarters_of(meeting.starts_at, minutes_of(meeting))
    return all(is_within(hours, ZoneInfo(zone), one) for one in quarters)


def _is_outside(meeting: Meeting, _: Introduction) -> bool:
    return leaves_the_site(way_of(meeting))


def _call_off(session: Session, actor: Actor, *which: ColumnElement[bool], goes: Goes, now: datetime) -> None:
    """Lock the times alone: whoever says yes to one meanwhile finds it off, or is found by this."""
    open_ = lock_rows(session, Meeting, *which, Meeting.state.in_(sorted(meetings.OPEN)), Meeting.starts_at > now)
    for meeting in open_:
        pair = session.get_one(Introduction, meeting.introduction_id, options=WITHOUT_ANSWERS)
        if goes(meeting, pair):
            _end(session, actor, meeting, pair, now=now)


def _end(session: Session, actor: Actor, meeting: Meeting, pair: Introduction, *, now: datetime) -> None:
    event, act = ENDS[State(meeting.state)]
    meeting.state, meeting.decided_at = meetings.step(State(meeting.state), event), now
    audit.record(session, actor, act, meeting, at=now, about=pair.request.user_id)
    if event is Event.CALLED_OFF:  # of a proposal nobody expects anything
        for person in subject_of(pair).parties - {actor.id}:
            dedupe = f"{meeting.id}:{meeting.state}:{person}"
            outbox.put(session, Notice.A_TIME_TO_TALK, dedupe=dedupe, due_at=now, to=person, pair=str(pair.id))
