"""Every notice that somebody gets: what it is about, whom it is for, and the life of one in the outbox."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from webapp.domain.lifecycles import step_through


class Notice(StrEnum):
    """What a notice is about; its words are not here."""

    A_CHECK_IN_IS_READY = "a check-in is ready"
    A_PAIR_HAS_ENDED = "a pair has ended"
    A_TIME_TO_TALK = "a time to talk"
    A_PAUSE_IS_OVER = "a pause is over"
    BACK_TO_THE_DESK = "back to the desk"
    CONFIRM_YOUR_ADDRESS = "confirm your address"
    IT_HAS_BEEN_QUIET = "it has been quiet"
    LAST_DAY_COMES_NEAR = "last day comes near"
    OFFER_STILL_OPEN = "offer still open"
    PEOPLE_TO_CHOOSE_FROM = "people to choose from"
    REQUEST_WAITS = "request waits"
    SOMEONE_HOPES_FOR_YOU = "someone hopes for you"
    SOMEONE_HOPES_MEANWHILE = "someone hopes meanwhile"
    SOMETHING_FOR_YOU = "something for you"
    SOMETHING_NEEDS_YOU = "something needs you"
    YOU_ARE_INTRODUCED = "you are introduced"
    YOU_HAVE_A_MESSAGE = "you have a message"


URGENT = frozenset({Notice.CONFIRM_YOUR_ADDRESS})
"""These do not wait for the morning: she has just asked. For a woman nothing is urgent: her hours always hold."""
AT_ONCE = URGENT | {Notice.SOMETHING_NEEDS_YOU}
"""These wait for no others to go with them: a task of the desk may be due within a quarter of an hour, by day."""


class State(StrEnum):
    """How far a notice has come."""

    READY = "ready"
    SENT = "sent"
    SPREAD = "spread"
    REFUSED = "refused"
    STALE = "stale"
    CANCELLED = "cancelled"
    FAILED = "failed"
    GIVEN_UP = "given up"


class Event(StrEnum):
    """What can happen to a notice."""

    SENT = "sent"
    SPREAD = "spread"
    REFUSED = "refused"
    OUTDATED = "outdated"
    CANCELLED = "cancelled"
    FAILED = "failed"
    TRIED_AGAIN = "tried again"
    GIVEN_UP = "given up"


TRANSITIONS: Mapping[State, Mapping[Event, State]] = {
    State.READY: {
        Event.SENT: State.SENT,
        Event.SPREAD: State.SPREAD,
        Event.REFUSED: State.REFUSED,
        Event.OUTDATED: State.STALE,
        Event.CANCELLED: State.CANCELLED,
        Event.FAILED: State.FAILED,
    },
    State.FAILED: {Event.TRIED_AGAIN: State.READY, Event.GIVEN_UP: State.GIVEN_UP, Event.CANCELLED: State.CANCELLED},
    State.SENT: {},
    State.SPREAD: {},
    State.REFUSED: {},
    State.STALE: {},
    State.CANCELLED: {},
    State.GIVEN_UP: {},
}
"""`spread` is one for the desk: each coordinator has one of her own in its place."""

MOST_TRIES = 8
TOO_OLD = timedelta(days=14)
"""A notice that nobody could send for so long says nothing any more."""
TOGETHER = timedelta(minutes=15)
"""At most one mail a person in this time."""
QUIET_FROM, QUIET_UNTIL = time(21), time(8)
"""No notice reaches staff or supporters between these, by their own clock, unless it is urgent."""


def step(state: State, event: Event) -> State:
    """Return the state that follows. Raises WrongStep."""
    return step_through(TRANSITIONS, state, event)


def after_the_night(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment from this one on that lies in no night of hers."""
    local = moment.astimezone(zone)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return moment
    day = local.date() + timedelta(days=1) if local.time() >= QUIET_FROM else local.date()
    return datetime.combine(day, QUIET_UNTIL, tzinfo=zone).astimezone(moment.tzinfo)
