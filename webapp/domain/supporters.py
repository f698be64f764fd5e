"""A supporter's life with the programme, and what her state allows."""

from collections.abc import Iterable
from datetime import date, timedelta
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


MAY_BE_AWAY = frozenset({State.ACTIVE, State.ON_A_BREAK})
LONGEST_BREAK = timedelta(days=183)
"""The furthest last day of a break that can be named; without one it lasts until she says so."""
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


PAPERS = ("trained_until", "cleared_until", "agreed_until", "supervised_until")
"""Every date that must be known and not over, its last day included, before she takes anyone on."""


def may_take_on(state: State, taken: int, capacity: int, papers: Iterable[date | None], on: date) -> bool:
    """Say whether a supporter can take anyone on: active, a free place, every paper in date.

    >>> today = date(2026, 11, 23)
    >>> may_take_on(State.ACTIVE, 0, 1, [today], today), may_take_on(State.ACTIVE, 0, 1, [None], today)
    (True, False)
    """
    in_date = all(paper is not None and paper >= on for paper in papers)
    return state is State.ACTIVE and taken < capacity and in_date


def step(state: State, event: Event) -> State:
    """Return the state that follows. Raises WrongStep."""
    return step_through(TRANSITIONS, state, event)
