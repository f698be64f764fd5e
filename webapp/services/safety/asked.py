"""Which of her questions are about reaching her, and which ways of meeting leave the site: by role, never by id."""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.services.engine.answers import Question, Said, questionnaire, said_in_role
from webapp.services.engine.wording import text


def is_of_contact(question: Question) -> bool:
    """Say whether a question is about reaching her: it stands on the screen of her safe hours, and nothing is scored.

    Once she has a record it is the one truth, and these are not asked in the questions any more.
    """
    hours = questionnaire().of_role("safe_hours", "requester")
    if hours is None or question.match.rule != "none" or not question.is_asked_of("requester"):
        return False
    return question.role in ("safe_hours", "code_word") or question.screen_of("requester") == hours.screen_of(
        "requester"
    )


def without_contact(answers: Mapping[str, Said]) -> dict[str, Said]:
    """Leave out of her answers what her record says."""
    of_contact = {question.id for question in questionnaire().question if is_of_contact(question)}
    return {question: said for question, said in answers.items() if question not in of_contact}


@dataclass(frozen=True)
class ClosedWays:
    """Ways of meeting that leave the site and cannot be used now; `nothing_else` where she marked no other."""

    ways: list[str]
    nothing_else: bool


def asks_ways(question_id: str) -> bool:
    """Say whether a question is the one about ways of meeting."""
    ways = questionnaire().ways
    return ways is not None and ways.id == question_id


def closed_ways(answers: Mapping[str, Said], hours: frozenset[int], language: str) -> ClosedWays | None:
    """Say which of the ways that she marked count for nothing, because she named no safe hours; None where all count.

    Before she has marked any, it names every way that would.
    """
    asks = questionnaire().ways
    if hours or asks is None:
        return None
    marked = answers.get(asks.id, {}).get("answer") or ()
    outside = [one for one in asks.options if one.outside and (one.id in marked or not marked)]
    if not outside:
        return None
    inside = [one for one in asks.options if not one.outside and one.id in marked]
    return ClosedWays([text(one.label, language) for one in outside], nothing_else=bool(marked) and not inside)


def hours_in(answers: Mapping[str, Said]) -> frozenset[int]:
    """Return the safe hours that her answers name, before she has a record."""
    said = said_in_role("safe_hours", "requester", answers)
    return frozenset(said["answer"]) if said else frozenset()
