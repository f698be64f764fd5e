"""A check-in's life, when it falls due, and which answers somebody must look at."""

from datetime import date, timedelta
from enum import StrEnum

from webapp.domain.lifecycles import step_through


class State(StrEnum):
    """Where a check-in stands."""

    DUE = "due"
    ANSWERED = "answered"
    SKIPPED = "skipped"
    MISSED = "missed"


class Event(StrEnum):
    """What can happen to a check-in."""

    ANSWERED = "answered"
    SKIPPED = "skipped"
    MISSED = "missed"


TRANSITIONS = {
    State.DUE: {Event.ANSWERED: State.ANSWERED, Event.SKIPPED: State.SKIPPED, Event.MISSED: State.MISSED},
    State.ANSWERED: {},
    State.SKIPPED: {},
    State.MISSED: {Event.ANSWERED: State.ANSWERED},
}

FIRST_DAYS = (3, 14, 30)
STATEMENTS = ("listened", "respected", "matters", "pushed")
"""Four sentences about the meeting; `pushed` is the one that worries."""
AGREEMENT = ("not_at_all", "a_little", "partly", "mostly", "fully")
NEXT = ("keep_going", "change_something", "different_supporter", "stop")
SAFE = ("yes", "not_sure", "no")


class Urgency(StrEnum):
    """When a coordinator must look at an answer."""

    TODAY = "today"
    NEXT_DAY = "next working day"
    NONE = "none"


def due_dates(introduced_on: date) -> list[date]:
    """Return the days on which the first check-ins fall due."""
    return [introduced_on + timedelta(days=days) for days in FIRST_DAYS]


def urgency(answers: dict[str, str]) -> Urgency:
    """Say when somebody must look: not safe, or not sure, today; a wish to change or stop, or pushed, the next day."""
    if answers.get("safe") in ("no", "not_sure"):
        return Urgency.TODAY
    if answers.get("next") in ("different_supporter", "stop") or answers.get("pushed") in ("mostly", "fully"):
        return Urgency.NEXT_DAY
    return Urgency.NONE


def step(state: State, event: Event) -> State:
    """Return the state that follows. Raises WrongStep."""
    return step_through(TRANSITIONS, state, event)
