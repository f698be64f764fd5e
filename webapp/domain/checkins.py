"""A check-in's life, when it falls due, and which answers somebody must look at."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from webapp.domain.lifecycles import step_through


class State(StrEnum):
    """Where a check-in stands."""

    DUE = "due"
    ANSWERED = "answered"
    SKIPPED = "skipped"
    MISSED = "missed"


class Kind(StrEnum):
    """Why there is a check-in: its day was planned, somebody had something to tell, or their time together ended."""

    PLANNED = "planned"
    TOLD = "told"
    ENDING = "ending"


class Event(StrEnum):
    """What can happen to a check-in."""

    ANSWERED = "answered"
    SKIPPED = "skipped"
    MISSED = "missed"


TRANSITIONS = {
    State.DUE: {Event.ANSWERED: State.ANSWERED, Event.SKIPPED: State.SKIPPED, Event.MISSED: State.MISSED},
    State.ANSWERED: {},
    State.SKIPPED: {Event.ANSWERED: State.ANSWERED},
    State.MISSED: {Event.ANSWERED: State.ANSWERED},
}

FIRST_DAYS = (3, 14, 30)
STATEMENTS = ("listened", "respected", "matters", "pushed")
"""Four sentences about the meeting; `pushed` is the one that worries."""
AGREEMENT = ("not_at_all", "a_little", "partly", "mostly", "fully")
NEXT = ("keep_going", "change_something", "different_supporter", "stop")
SAFE = ("yes", "not_sure", "no")
FEELING = ("fine", "heavy", "need_to_talk")
"""How a supporter is after talking; the last one asks for somebody."""


class Side(StrEnum):
    """Who is asked: the woman who asked for somebody, or her supporter."""

    REQUESTER = "requester"
    SUPPORTER = "supporter"


ASKED: Mapping[Side, Mapping[str, tuple[str, ...]]] = {
    Side.REQUESTER: {**dict.fromkeys(STATEMENTS, AGREEMENT), "next": NEXT, "safe": SAFE},
    Side.SUPPORTER: {"feeling": FEELING, "limits": SAFE, "debrief": SAFE},
}
"""What each side is asked, in order, with the answers that there are."""


class BadAnswer(Exception):
    """Raised for an answer that is none of those that were offered."""


class Urgency(StrEnum):
    """When a coordinator must look at an answer."""

    TODAY = "today"
    NEXT_DAY = "next working day"
    NONE = "none"


def due_dates(introduced_on: date) -> list[date]:
    """Return the days on which the first check-ins fall due."""
    return [introduced_on + timedelta(days=days) for days in FIRST_DAYS]


def urgency(answers: dict[str, str]) -> Urgency:
    """Say when somebody must look.

    Not safe, or not sure: today. A wish to change or stop, being pushed, a supporter who needs to talk: the next day.
    """
    if answers.get("safe") in ("no", "not_sure"):
        return Urgency.TODAY
    if answers.get("next") in ("different_supporter", "stop") or answers.get("pushed") in ("mostly", "fully"):
        return Urgency.NEXT_DAY
    if answers.get("feeling") == "need_to_talk":
        return Urgency.NEXT_DAY
    return Urgency.NONE


def check_answers(side: Side, answers: Mapping[str, str]) -> None:
    """Let only answers pass that this side was offered. Raises BadAnswer."""
    asked = ASKED[side]
    if any(said not in asked.get(question, ()) for question, said in answers.items()):
        raise BadAnswer


def step(state: State, event: Event) -> State:
    """Return the state that follows. Raises WrongStep."""
    return step_through(TRANSITIONS, state, event)
