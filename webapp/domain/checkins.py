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
"""The days after the first yes on which she is asked; from then on every month, to the end."""
SUPPORTERS_DAYS = (3, 30)
EVERY = timedelta(days=30)
MISSED_AFTER = timedelta(days=10)
MISSED_IN_A_ROW = 2
"""So many that went by one after another bring a person to look."""
LONGEST_WORDS = 500
STATEMENTS = ("listened", "respected", "matters", "pushed")
"""Four sentences about the meeting; `pushed` is the one that worries."""
AGREEMENT = ("not_at_all", "a_little", "partly", "mostly", "fully")
NEXT = ("keep_going", "change_something", "different_supporter", "stop")
NEXT_OF_A_COVER = ("keep_going", "change_something", "stop")
SAFE = ("yes", "not_sure", "no")
FEELING = ("fine", "heavy", "need_to_talk")
"""How a supporter is after talking; the last one asks for somebody."""
BURNOUT = ("none", "stressed", "burning_out", "not_going_away", "burnt_out")
"""The single item of the Physician Worklife Study (Dolan 2015, not proprietary), said of the role of a supporter.

From the third answer on it counts as burnout.
"""
WORDS = "line"
"""The one free line, beside what is ticked."""


class Side(StrEnum):
    """Who is asked: the woman who asked for somebody, or her supporter."""

    REQUESTER = "requester"
    SUPPORTER = "supporter"


_MEETING: Mapping[str, tuple[str, ...]] = dict.fromkeys(STATEMENTS, AGREEMENT)
_HERSELF: Mapping[str, tuple[str, ...]] = {"feeling": FEELING, "debrief": SAFE}
ASKED: Mapping[Side, Mapping[str, tuple[str, ...]]] = {
    Side.REQUESTER: {**_MEETING, "next": NEXT, "safe": SAFE},
    Side.SUPPORTER: {"feeling": FEELING, "limits": SAFE, "debrief": SAFE, "burnout": BURNOUT},
}
"""What each side is asked, in order, with the answers that there are."""
ASKED_AT_THE_END: Mapping[Side, Mapping[str, tuple[str, ...]]] = {Side.REQUESTER: _MEETING, Side.SUPPORTER: _HERSELF}


def asked(side: Side, kind: Kind, *, is_cover: bool = False) -> Mapping[str, tuple[str, ...]]:
    """Return what a side is asked in a check-in of this kind. Of who only covers, nobody waits for another instead."""
    found = (ASKED_AT_THE_END if kind is Kind.ENDING else ASKED)[side]
    return {**found, "next": NEXT_OF_A_COVER} if is_cover and "next" in found else found


class BadAnswer(Exception):
    """Raised for an answer that is none of those that were offered."""


class Urgency(StrEnum):
    """When a coordinator must look at an answer."""

    TODAY = "today"
    NEXT_DAY = "next working day"
    NONE = "none"


class Follows(StrEnum):
    """What happens at once because of an answer, beside somebody looking at it."""

    ENDS = "the pair ends, and her request rests"
    CHANGES = "the pair ends, and she waits for another"
    SHE_RESTS = "no new woman is suggested to her"
    HEAVIER = "she counts as having less room"
    LIGHTER = "she counts as having all her room"


def due_dates(side: Side, introduced_on: date) -> list[date]:
    """Return the days on which the first check-ins of a side fall due."""
    days = FIRST_DAYS if side is Side.REQUESTER else SUPPORTERS_DAYS
    return [introduced_on + timedelta(days=day) for day in days]


def urgency(answers: Mapping[str, str], kind: Kind = Kind.PLANNED) -> Urgency:
    """Say when somebody must look.

    Not safe, or not sure: today. What wishes, worries or wears, any words of hers, and whatever she began herself: the
    next working day.
    """
    if is_unsafe(answers):
        return Urgency.TODAY
    needs = (
        answers.get("next") in ("change_something", "different_supporter", "stop"),
        answers.get("pushed") in ("mostly", "fully"),
        "not_at_all" in (answers.get("listened"), answers.get("respected")),
        answers.get("feeling") in ("heavy", "need_to_talk"),
        "no" in (answers.get("limits"), answers.get("debrief")),
        is_burnt_out(answers),
        bool(answers.get(WORDS)),
        kind is Kind.TOLD,
    )
    return Urgency.NEXT_DAY if any(needs) else Urgency.NONE


def is_unsafe(answers: Mapping[str, str]) -> bool:
    """Say whether the way to her is not surely safe."""
    return answers.get("safe") in ("no", "not_sure")


def is_burnt_out(answers: Mapping[str, str]) -> bool:
    """Say whether a supporter's answer counts as burnout: the third of five or a later one."""
    return answers.get("burnout") in BURNOUT[2:]


def follows(answers: Mapping[str, str]) -> Follows | None:
    """Say what happens at once because of what was answered."""
    match answers.get("next"):
        case "stop":
            return Follows.ENDS
        case "different_supporter":
            return Follows.CHANGES
    if answers.get("feeling") == "need_to_talk" or is_burnt_out(answers):
        return Follows.SHE_RESTS
    if answers.get("feeling") == "heavy" or answers.get("limits") == "no":
        return Follows.HEAVIER
    return Follows.LIGHTER if answers.get("feeling") == "fine" else None


def check_answers(side: Side, kind: Kind, answers: Mapping[str, str], *, is_cover: bool = False) -> None:
    """Let only answers pass that this side was offered, and a line of words. Raises BadAnswer."""
    offered = asked(side, kind, is_cover=is_cover)
    ticked = {question: said for question, said in answers.items() if question != WORDS}
    if any(said not in offered.get(question, ()) for question, said in ticked.items()):
        raise BadAnswer
    if len(answers.get(WORDS, "")) > LONGEST_WORDS:
        raise BadAnswer


def step(state: State, event: Event) -> State:
    """Return the state that follows. Raises WrongStep."""
    return step_through(TRANSITIONS, state, event)
