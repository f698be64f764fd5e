"""A cover's life: the second supporter of a pair, named from the first day, asked only when the first one is away."""

from datetime import timedelta
from enum import StrEnum

from webapp.domain.lifecycles import step_through

ANSWERS_WITHIN = timedelta(hours=48)


class State(StrEnum):
    """Where a cover stands."""

    NAMED = "named"
    SHOWN = "shown"
    OFFERED = "offered"
    ACTIVE = "active"
    PASSED_BY = "passed by"
    TAKEN_BACK = "taken back"
    DECLINED = "declined"
    EXPIRED = "expired"
    FELL_AWAY = "fell away"
    WITHDRAWN = "withdrawn"
    PARTED = "parted"
    OVER = "over"


class Event(StrEnum):
    """What can happen to a cover."""

    SHOWN = "shown"
    WANTED = "wanted"
    PASSED_BY = "passed by"
    TAKEN_BACK = "taken back"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    FELL_AWAY = "fell away"
    BACK = "back"
    WITHDRAWN = "withdrawn"
    PARTED = "parted"


class Why(StrEnum):
    """Why a supporter is away: she takes a break, or gives no sign."""

    BREAK = "break"
    SILENCE = "silence"


TRANSITIONS = {
    State.NAMED: {
        Event.SHOWN: State.SHOWN,
        Event.FELL_AWAY: State.FELL_AWAY,
        Event.WITHDRAWN: State.WITHDRAWN,
    },
    State.SHOWN: {
        Event.WANTED: State.OFFERED,
        Event.PASSED_BY: State.PASSED_BY,
        Event.FELL_AWAY: State.FELL_AWAY,
        Event.BACK: State.NAMED,
        Event.WITHDRAWN: State.WITHDRAWN,
    },
    State.OFFERED: {
        Event.ACCEPTED: State.ACTIVE,
        Event.PASSED_BY: State.PASSED_BY,
        Event.TAKEN_BACK: State.TAKEN_BACK,
        Event.DECLINED: State.DECLINED,
        Event.EXPIRED: State.EXPIRED,
        Event.FELL_AWAY: State.FELL_AWAY,
        Event.BACK: State.WITHDRAWN,
        Event.WITHDRAWN: State.WITHDRAWN,
    },
    State.ACTIVE: {Event.PARTED: State.PARTED, Event.BACK: State.OVER, Event.WITHDRAWN: State.OVER},
    State.PASSED_BY: {},
    State.TAKEN_BACK: {},
    State.DECLINED: {},
    State.EXPIRED: {},
    State.FELL_AWAY: {},
    State.WITHDRAWN: {},
    State.PARTED: {},
    State.OVER: {},
}

OPEN = frozenset({State.NAMED, State.SHOWN, State.OFFERED, State.ACTIVE})
"""A pair has at most one of these."""
ASKED = frozenset({State.SHOWN, State.OFFERED, State.ACTIVE})
"""The woman knows of her; the absence that it is for has begun."""
NOT_NOW = frozenset({State.PASSED_BY, State.TAKEN_BACK, State.PARTED})
"""After one of these nobody asks the woman again of herself while the same absence lasts: she says so if she likes."""
NEVER_AGAIN = (State.PASSED_BY, State.DECLINED, State.PARTED)
"""How a cover ended after which the two are not suggested to each other again, in no request and as no cover."""


def step(state: State, event: Event) -> State:
    """Return the state that follows. Raises WrongStep."""
    return step_through(TRANSITIONS, state, event)
