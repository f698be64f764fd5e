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
    ENDING = "ending"
    ENDED = "ended"


class Event(StrEnum):
    """What can happen to an introduction."""

    WROTE = "wrote"
    PAUSED = "paused"
    RESUMED = "resumed"
    GOODBYE_BEGUN = "goodbye begun"
    ENDED = "ended"


TRANSITIONS = {
    State.INTRODUCED: {
        Event.WROTE: State.IN_CONTACT,
        Event.PAUSED: State.PAUSED,
        Event.GOODBYE_BEGUN: State.ENDING,
        Event.ENDED: State.ENDED,
    },
    State.IN_CONTACT: {
        Event.WROTE: State.IN_CONTACT,
        Event.PAUSED: State.PAUSED,
        Event.GOODBYE_BEGUN: State.ENDING,
        Event.ENDED: State.ENDED,
    },
    State.PAUSED: {Event.RESUMED: State.IN_CONTACT, Event.GOODBYE_BEGUN: State.ENDING, Event.ENDED: State.ENDED},
    State.ENDING: {Event.WROTE: State.ENDING, Event.ENDED: State.ENDED},
    State.ENDED: {},
}

LIVE = frozenset({State.INTRODUCED, State.IN_CONTACT, State.PAUSED, State.ENDING})
"""A request has at most one of these, and each uses a place of its supporter."""

OPEN_FOR_WRITING = frozenset({State.INTRODUCED, State.IN_CONTACT, State.ENDING})


def step(state: State, event: Event) -> State:
    """Return the state that follows. Raises WrongStep."""
    return step_through(TRANSITIONS, state, event)
