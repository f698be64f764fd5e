"""What the four state machines share: a transition table as data, and the one step through it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

State = TypeVar("State", bound=StrEnum)
Event = TypeVar("Event", bound=StrEnum)

Table = Mapping[State, Mapping[Event, State]]


class WrongStep(Exception):
    """Raised when an event does not fit the state, usually because somebody else was quicker."""

    def __init__(self, state: StrEnum, event: StrEnum) -> None:
        super().__init__(f"{event} does not follow {state}")
        self.state, self.event = state, event


def step_through(table: Mapping[State, Mapping[Event, State]], state: State, event: Event) -> State:
    """Return the state that follows. Raises WrongStep."""
    try:
        return table[state][event]
    except KeyError:
        raise WrongStep(state, event) from None
