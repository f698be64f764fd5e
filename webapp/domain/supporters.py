"""A supporter's life with the programme, and what her state allows."""

from datetime import timedelta
from enum import StrEnum

from webapp.domain.lifecycles import step_through


class State(StrEnum):
    """Where a supporter stands."""

    APPLIED = "applied"
    IN_TRAINING = "in training"
    CLEARED = "cleared"
    ACTIVE = "active"
    ON_A_BREAK = "on a break"
    LEFT = "left"


class Rest(StrEnum):
    """Why no new woman is suggested to a supporter who is active: a pair has just ended, or it is too much."""

    COOL_DOWN = "cool-down"
    STRAIN = "strain"


COOL_DOWN = timedelta(days=7)
"""How long after an ending no new woman is suggested to her."""


class Event(StrEnum):
    """What can happen to a supporter."""

    TRAINING_BEGUN = "training begun"
    CLEARED = "cleared"
    BEGUN = "begun"
    BREAK = "break"
    BACK = "back"
    LEFT = "left"


TRANSITIONS = {
    State.APPLIED: {Event.TRAINING_BEGUN: State.IN_TRAINING, Event.LEFT: State.LEFT},
    State.IN_TRAINING: {Event.CLEARED: State.CLEARED, Event.LEFT: State.LEFT},
    State.CLEARED: {Event.BEGUN: State.ACTIVE, Event.LEFT: State.LEFT},
    State.ACTIVE: {Event.BREAK: State.ON_A_BREAK, Event.LEFT: State.LEFT},
    State.ON_A_BREAK: {Event.BACK: State.ACTIVE, Event.LEFT: State.LEFT},
    State.LEFT: {},
}


def step(state: State, event: Event) -> State:
    """Return the state that follows. Raises WrongStep."""
    return step_through(TRANSITIONS, state, event)
