"""A request's life: one woman's ask, from the first answer to the end."""

from enum import StrEnum

from webapp.domain.lifecycles import step_through


class State(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    WAITING = "waiting"
    PROPOSED = "proposed"
    MATCHED = "matched"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class Event(StrEnum):
    """What can happen to a request."""

    SENT = "sent"
    SHOWN_PEOPLE = "shown people"
    NOBODY_CHOSEN = "nobody chosen"
    INTRODUCED = "introduced"
    ENDED = "ended"
    PAUSED = "paused"
    RESUMED = "resumed"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


_LEAVE = {Event.PAUSED: State.PAUSED, Event.WITHDRAWN: State.WITHDRAWN}

TRANSITIONS = {
    State.DRAFT: {Event.SENT: State.WAITING, Event.WITHDRAWN: State.WITHDRAWN},
    State.WAITING: {Event.SHOWN_PEOPLE: State.PROPOSED, Event.CLOSED: State.CLOSED, **_LEAVE},
    State.PROPOSED: {Event.NOBODY_CHOSEN: State.WAITING, Event.INTRODUCED: State.MATCHED, **_LEAVE},
    State.MATCHED: {Event.ENDED: State.WAITING, Event.CLOSED: State.CLOSED, **_LEAVE},
    State.PAUSED: {Event.RESUMED: State.WAITING, Event.WITHDRAWN: State.WITHDRAWN},
    State.WITHDRAWN: {},
    State.CLOSED: {},
}

OPEN = frozenset({State.DRAFT, State.WAITING, State.PROPOSED, State.MATCHED, State.PAUSED})
"""Only one request of a woman is open at a time."""


def step(state: State, event: Event) -> State:
    """Return the state that follows. Raises WrongStep."""
    return step_through(TRANSITIONS, state, event)
