"""A time to talk: proposed out of the hours that both marked, then accepted, let pass or called off; and the log of it.

Nothing here is closed by a job: what has begun is over for everybody at that moment, because the clock says so.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from webapp.domain.lifecycles import step_through

LENGTHS = (30, 45, 60)
"""How long a talk may be planned, in minutes."""
MOST_OPEN = 3
SOONEST, AHEAD = timedelta(hours=1), timedelta(days=14)
"""A time that is proposed lies so far ahead at least, and at most."""
ASKED_FOR = timedelta(days=14)
"""So long after a talk each of the two is asked whether it took place."""
QUARTER, HALF_HOUR = timedelta(minutes=15), 30


class State(StrEnum):
    """Where a proposed time stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TAKEN_BACK = "taken back"
    CALLED_OFF = "called off"


class Event(StrEnum):
    """What can happen to a proposed time."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TAKEN_BACK = "taken back"
    CALLED_OFF = "called off"


TRANSITIONS: dict[State, dict[Event, State]] = {
    State.PROPOSED: {
        Event.ACCEPTED: State.ACCEPTED,
        Event.DECLINED: State.DECLINED,
        Event.TAKEN_BACK: State.TAKEN_BACK,
    },
    State.ACCEPTED: {Event.CALLED_OFF: State.CALLED_OFF},
    State.DECLINED: {},
    State.TAKEN_BACK: {},
    State.CALLED_OFF: {},
}

OPEN = frozenset({State.PROPOSED, State.ACCEPTED})
"""What is still ahead, as long as it has not begun."""


class Length(StrEnum):
    """About how long the two talked."""

    SHORT = "under 15 minutes"
    HALF_HOUR = "about half an hour"
    HOUR = "about an hour"
    LONGER = "longer"


def step(state: State, event: Event) -> State:
    """Return the state that follows. Raises WrongStep."""
    return step_through(TRANSITIONS, state, event)


def quarters_of(starts_at: datetime, minutes: int) -> set[datetime]:
    """Return the quarter-hours that a talk takes, by their first moments."""
    return {starts_at + QUARTER * step for step in range(minutes // 15)}


def starts_in(quarters: Collection[datetime], minutes: int, zone: str, *, now: datetime) -> list[datetime]:
    """List when a talk of this length can begin: on the hour or half hour of a clock, all of it in shared time.

    `quarters` are the quarter-hours, as moments, that the two share.
    """
    shared = set(quarters)
    ahead = (one for one in shared if now + SOONEST <= one <= now + AHEAD)
    return sorted(
        one
        for one in ahead
        if one.astimezone(ZoneInfo(zone)).minute % HALF_HOUR == 0 and quarters_of(one, minutes) <= shared
    )
