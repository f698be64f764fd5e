"""The questionnaire and the weights in force, and answers as they are stored and as the engine reads them."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from matcher import (
    Answered,
    Question,
    Questionnaire,
    QuestionRole,
    Side,
    Weights,
    load_questionnaire,
    load_weights,
    read_answer,
    write_answer,
)

__all__ = [
    "Question",
    "QuestionRole",
    "Said",
    "Side",
    "answer_of",
    "asked_now",
    "only_asked",
    "questionnaire",
    "read_cell",
    "said_in_role",
    "said_of",
    "unanswered",
    "weights",
    "write_cell",
]  # fmt: skip
Said = dict[str, Any]
"""An answer as it is stored: {"answer": ..., "stars": [...]}, marks as lists, everything in JSON's own types."""


@cache
def questionnaire() -> Questionnaire:
    """Return the questionnaire of the programme."""
    return load_questionnaire()


@cache
def weights() -> Weights:
    """Return the weights in force."""
    return load_weights(questionnaire())


def said_of(answered: Answered) -> Said:
    """Turn an answer into what is stored."""
    answer = answered.answer
    if isinstance(answer, frozenset):
        stored: Any = sorted(answer)
    elif isinstance(answer, Mapping):
        stored = dict(answer)
    else:
        stored = str(answer)
    return {"answer": stored, "stars": sorted(answered.stars)}


def read_cell(question_id: str, cell: str, side: Side) -> Said | None:
    """Read what was written in a form as an answer to store; None for nothing. Raises BadAnswer."""
    answered = read_answer(questionnaire().by_id[question_id], cell, side)
    return said_of(answered) if answered is not None else None


def write_cell(question_id: str, said: Said) -> str:
    """Write a stored answer as it would be typed, so that it reads back to the same."""
    question = questionnaire().by_id[question_id]
    return write_answer(question, Answered(answer_of(question, said), frozenset(said.get("stars") or ())))


def answer_of(question: Question, said: Said) -> Any:
    """Turn what is stored back into the engine's answer."""
    stored = said["answer"]
    match question.kind:
        case "text":
            return stored
        case "number":
            return Decimal(stored)
        case "months" | "wishes":
            return stored
        case _:
            return frozenset(stored)


def said_in_role(role: QuestionRole, side: Side, answers: Mapping[str, Said]) -> Said | None:
    """Return the answer to the question that has a role; None where it is not asked or not answered."""
    question = questionnaire().of_role(role, side)
    return answers.get(question.id) if question else None


def asked_now(side: Side, answers: Mapping[str, Said]) -> Iterator[Question]:
    """Go through the questions that a side is asked, given what was answered so far."""
    return (question for question in questionnaire().asked_of(side) if _is_asked_now(question, answers))


def only_asked(answers: Mapping[str, Said]) -> dict[str, Said]:
    """Leave out answers to questions that would not be asked, given the others; what the file no longer has stays."""
    closed = {question.id for question in questionnaire().conditional if not _is_asked_now(question, answers)}
    return {question: said for question, said in answers.items() if question not in closed}


def _is_asked_now(question: Question, answers: Mapping[str, Said]) -> bool:
    condition = question.asked_when
    if condition is None:
        return True
    holds = condition.has in answers.get(condition.question, {}).get("answer", ())
    return holds and _is_asked_now(questionnaire().by_id[condition.question], answers)


def unanswered(answers: Mapping[str, Said], side: Side) -> list[str]:
    """List the questions that are needed, asked and not answered."""
    return [q.id for q in asked_now(side, answers) if q.required and not answers.get(q.id, {}).get("answer")]
