"""The questionnaire and the weights in force, and answers as they are stored and as the engine reads them."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from matcher import (
    Answered,
    Question,
    Questionnaire,
    Side,
    Weights,
    load_questionnaire,
    load_weights,
    read_answer,
    write_answer,
)
from webapp.services.answers import Said


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


def unanswered(answers: Mapping[str, Said], side: Side) -> list[str]:
    """List the questions that are needed and not answered."""
    return [q.id for q in questionnaire().asked_of(side) if q.required and not answers.get(q.id, {}).get("answer")]
