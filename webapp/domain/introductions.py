"""An introduction's life: both said yes, from the first hello to the goodbye."""

from datetime import timedelta
from enum import StrEnum

from webapp.domain.lifecycles import step_through

FIRST_CONTACT_WITHIN = timedelta(hours=72)
LASTS = timedelta(weeks=12)


class State(StrEnum):
    """Where an introduction stands."""

    INTRODUCED = "introduced"
    IN_CONTACT = "in contact"
    PAUSED = "paused"
    ON_HOLD = "on hold"
    ENDING = "ending"
    ENDED = "ended"


class Event(StrEnum):
    """What can happen to an introduction."""

    WROTE = "wrote"
    PAUSED = "paused"
    RESUMED = "resumed"
    HELD = "held"
    LIFTED = "lifted"
    GOODBYE_BEGUN = "goodbye begun"
    ENDED = "ended"


_LEAVE = {
    Event.PAUSED: State.PAUSED,
    Event.HELD: State.ON_HOLD,
    Event.GOODBYE_BEGUN: State.ENDING,
    Event.ENDED: State.ENDED,
}

TRANSITIONS = {
    State.INTRODUCED: {Event.WROTE: State.IN_CONTACT, **_LEAVE},
    State.IN_CONTACT: {Event.WROTE: State.IN_CONTACT, **_LEAVE},
    State.PAUSED: {
        Event.RESUMED: State.IN_CONTACT,
        Event.HELD: State.ON_HOLD,
        Event.GOODBYE_BEGUN: State.ENDING,
        Event.ENDED: State.ENDED,
    },
    State.ON_HOLD: {Event.HELD: State.ON_HOLD, Event.LIFTED: State.IN_CONTACT, Event.ENDED: State.ENDED},
    State.ENDING: {
        Event.WROTE: State.ENDING,
        Event.RESUMED: State.IN_CONTACT,
        Event.HELD: State.ON_HOLD,
        Event.ENDED: State.ENDED,
    },
    State.ENDED: {},
}

LIVE = frozenset({State.INTRODUCED, State.IN_CONTACT, State.PAUSED, State.ON_HOLD, State.ENDING})
"""A request has at most one of these, and each uses a place of its supporter."""

OPEN_FOR_WRITING = frozenset({State.INTRODUCED, State.IN_CONTACT, State.ENDING})


def step(state: State, event: Event) -> State:
    """Return the state that follows. Raises WrongStep."""
    return step_through(TRANSITIONS, state, event)
