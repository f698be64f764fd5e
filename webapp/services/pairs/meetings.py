"""Times to talk: either proposes one out of their shared hours; the other accepts, lets it pass or proposes another."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain import meetings
from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.domain.meetings import Event, State, quarters_of
from webapp.domain.tasks import ended_by_a_sign
from webapp.models import Introduction, Meeting
from webapp.services import audit, tasks
from webapp.services.acting import Missing, Refused, TooLate, load_locked
from webapp.services.introductions import load_pair
from webapp.services.pairs.calling_off import is_safe
from webapp.services.pairs.holding import check_open, lock_open, lock_pair, note_contact, tell_other
from webapp.services.pairs.safe_ways import hold_hours
from webapp.services.pairs.shared_times import Shared, minutes_of, read_shared, read_taken, way_of, zone_of


class Decision(Protocol):
    """What one of the two can do to a time that is there: accept, let pass, call off."""

    def __call__(
        self, session: Session, actor: Actor, introduction_id: UUID, meeting_id: UUID, *, now: datetime
    ) -> None:
        """Do it. Raises Missing, WrongStep, TooLate; a yes NotShared and Taken."""


class NotShared(Exception):
    """Raised for a time or a way that the two do not share, or do not share any more."""


class Taken(Exception):
    """Raised for a time at which one of the two has something else by now."""


class TooMany(Exception):
    """Raised where enough proposals of the two are open."""


@dataclass(frozen=True)
class ShownMeeting:
    """A time to talk as one of the two sees it; `way` is empty where how they talk cannot be read.

    `is_taken`: it was only proposed, and one of the two has something else at that hour by now.
    """

    id: UUID
    starts_at: datetime
    minutes: int
    way: str
    state: str
    is_mine: bool
    is_taken: bool = False

    @property
    def ends_at(self) -> datetime:
        """Return when it is meant to end."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def is_accepted(self) -> bool:
        """Say whether both said yes to it."""
        return self.state == State.ACCEPTED

    @property
    def is_open(self) -> bool:
        """Say whether it is proposed or accepted still."""
        return self.state in meetings.OPEN

    @property
    def was_called_off(self) -> bool:
        """Say whether both had said yes, and it will not be all the same."""
        return self.state == State.CALLED_OFF


@dataclass(frozen=True)
class Choice:
    """What the two share, as the form to propose a time needs it."""

    shared: Shared
    zone: str
    asks: bool


def read_meetings(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> list[ShownMeeting]:
    """Return what was to lie ahead of the two, what came to nothing too, and what was accepted not long ago.

    In order of time. A proposal that was taken back is nobody's matter any more.
    """
    introduction = load_pair(session, actor, introduction_id)
    recent = Meeting.starts_at > now - meetings.ASKED_FOR, Meeting.state != State.TAKEN_BACK
    asked = select(Meeting).where(Meeting.introduction_id == introduction.id, *recent)
    found = session.scalars(asked.order_by(Meeting.starts_at, Meeting.id)).all()
    shown = [one for one in found if one.state == State.ACCEPTED or one.starts_at > now]
    waits = any(one.state == State.PROPOSED for one in shown)
    taken = read_taken(session, introduction, now=now) if waits else set()
    return [_shown(one, actor, taken) for one in shown]


def _shown(row: Meeting, actor: Actor, taken: set[datetime]) -> ShownMeeting:
    is_taken = row.state == State.PROPOSED and _crosses(row, taken)
    is_mine = row.proposed_by == actor.id
    return ShownMeeting(row.id, row.starts_at, minutes_of(row), way_of(row), row.state, is_mine, is_taken)


def read_meeting(
    session: Session, actor: Actor, introduction_id: UUID, meeting_id: UUID, *, now: datetime
) -> ShownMeeting:
    """Return one accepted time that is still ahead. Raises Missing."""
    ahead = (one for one in read_meetings(session, actor, introduction_id, now=now) if one.ends_at > now)
    found = next((one for one in ahead if one.id == meeting_id and one.is_accepted), None)
    if found is None:
        raise Missing
    return found


def read_choice(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> Choice:
    """Return the ways and times out of which one of the two may propose. Raises Missing."""
    introduction = load_pair(session, actor, introduction_id, Action.MEET)
    asks = introduction.request.user_id == actor.id
    return Choice(read_shared(session, introduction, now=now), zone_of(introduction, actor.id), asks)


def propose(
    session: Session, actor: Actor, introduction_id: UUID, *, way: str, minutes: int, starts_at: datetime,
    instead_of: UUID | None = None, now: datetime,
) -> Meeting:  # fmt: skip
    """Propose a time, perhaps instead of one of hers, which is let pass; the same twice is once.

    Raises NotShared, TooMany; WrongStep and TooLate.
    """
    introduction = lock_open(session, actor, introduction_id, Action.MEET)
    if instead_of is not None:
        _decide(session, actor, introduction, instead_of, Event.DECLINED, now=now)
    hold_hours(session, introduction, now=now)
    starts = read_shared(session, introduction, now=now).starts(way, minutes, zone_of(introduction, actor.id), now=now)
    if minutes not in meetings.LENGTHS or starts_at not in starts:
        raise NotShared
    how, open_ = {"way": way, "minutes": str(minutes)}, _proposed(session, introduction, now)
    mine = (one for one in open_ if one.proposed_by == actor.id and one.starts_at == starts_at)
    if (same := next((one for one in mine if Meeting.how.shown(one) == how), None)) is not None:
        return same
    if len(open_) >= meetings.MOST_OPEN:
        raise TooMany
    return _add(session, actor, introduction, starts_at, how, now)


def _add(
    session: Session, actor: Actor, introduction: Introduction, starts_at: datetime, how: dict[str, str], now: datetime
) -> Meeting:
    note_contact(introduction)
    meeting = Meeting(introduction_id=introduction.id, proposed_by=actor.id, proposed_at=now, starts_at=starts_at)
    meeting.state, meeting.how = State.PROPOSED, how
    session.add(meeting)
    session.flush()
    audit.record(session, actor, Act.TIME_PROPOSED, meeting, at=now, about=introduction.request.user_id)
    _end_silence(session, actor, introduction, now)
    tell_other(session, introduction, actor, about=f"{meeting.id}:{meeting.state}", now=now)
    return meeting


def _proposed(session: Session, introduction: Introduction, now: datetime) -> list[Meeting]:
    asked = select(Meeting).where(Meeting.introduction_id == introduction.id, Meeting.state == State.PROPOSED)
    return list(session.scalars(asked.where(Meeting.starts_at > now)))


def accept(session: Session, actor: Actor, introduction_id: UUID, meeting_id: UUID, *, now: datetime) -> None:
    """Say yes to a time that the other proposed. Raises WrongStep; TooLate where it has begun; NotShared, Taken."""
    introduction = lock_pair(session, actor, introduction_id, Action.MEET)
    meeting = session.get(Meeting, meeting_id)
    if meeting is not None and meeting.state == State.PROPOSED:
        _check_still_so(session, introduction, meeting, now=now)
    _decide(session, actor, introduction, meeting_id, Event.ACCEPTED, now=now)


def _check_still_so(session: Session, introduction: Introduction, meeting: Meeting, *, now: datetime) -> None:
    """Let on only a time whose way both still mark, that is safe for the woman, and free for both."""
    hours = hold_hours(session, introduction, now=now)
    is_shared = way_of(meeting) in read_shared(session, introduction, now=now).ways
    if not is_shared or not is_safe(meeting, hours, introduction.request.time_zone):
        raise NotShared
    if _crosses(meeting, read_taken(session, introduction, now=now)):
        raise Taken


def _crosses(meeting: Meeting, taken: set[datetime]) -> bool:
    return not taken.isdisjoint(quarters_of(meeting.starts_at, minutes_of(meeting)))


def decline(session: Session, actor: Actor, introduction_id: UUID, meeting_id: UUID, *, now: datetime) -> None:
    """Let a time pass that the other proposed; no reason is needed. Raises WrongStep, TooLate."""
    introduction = lock_pair(session, actor, introduction_id, Action.MEET)
    _decide(session, actor, introduction, meeting_id, Event.DECLINED, now=now)


def call_off(session: Session, actor: Actor, introduction_id: UUID, meeting_id: UUID, *, now: datetime) -> None:
    """Call off a time that both accepted, or take back one's own proposal. Raises WrongStep, TooLate."""
    introduction = lock_pair(session, actor, introduction_id, Action.MEET)
    was_accepted = load_locked(session, Meeting, meeting_id).state in (State.ACCEPTED, State.CALLED_OFF)
    event = Event.CALLED_OFF if was_accepted else Event.TAKEN_BACK
    _decide(session, actor, introduction, meeting_id, event, now=now)


ACTS = {
    Event.ACCEPTED: Act.TIME_ACCEPTED,
    Event.DECLINED: Act.TIME_DECLINED,
    Event.TAKEN_BACK: Act.TIME_TAKEN_BACK,
    Event.CALLED_OFF: Act.TIME_CALLED_OFF,
}
COMES_TO = {event: state for events in meetings.TRANSITIONS.values() for event, state in events.items()}
"""Each event ends in one state, whatever was before."""


def _decide(
    session: Session, actor: Actor, introduction: Introduction, meeting_id: UUID, event: Event, *, now: datetime
) -> None:
    meeting = load_locked(session, Meeting, meeting_id)
    if meeting.introduction_id != introduction.id or not _is_hers_to_say(meeting, actor, event):
        raise Refused(introduction.request.user_id)
    check_open(introduction)
    was = State(meeting.state)
    if was == COMES_TO[event]:
        return  # a second tap
    if meeting.starts_at <= now:
        raise TooLate
    meeting.state, meeting.decided_at = meetings.step(was, event), now
    audit.record(session, actor, ACTS[event], meeting, at=now, about=introduction.request.user_id)
    _end_silence(session, actor, introduction, now)
    tell_other(session, introduction, actor, about=f"{meeting.id}:{meeting.state}", now=now)


def _end_silence(session: Session, actor: Actor, introduction: Introduction, now: datetime) -> None:
    ended = ended_by_a_sign(is_answer=actor.id == introduction.supporter.user_id)
    tasks.close_of_pair(session, actor, introduction.id, ended, now=now)


def _is_hers_to_say(meeting: Meeting, actor: Actor, event: Event) -> bool:
    """Say whose word it is: a proposal is answered by the other, taken back by her; what both accepted is of both."""
    is_mine = meeting.proposed_by == actor.id
    return event is Event.CALLED_OFF or is_mine is (event is Event.TAKEN_BACK)
