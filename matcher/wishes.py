"""Whether a wish holds: what it looks at on both sides. Musts are gates, nice ones feed a part."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Columns, Mask, same_text
from matcher.people import Need
from matcher.questions import Option, Question


def marked(need: Need, question: Question, strength: str) -> list[Option]:
    """List the wishes that she marked with this strength, in file order."""
    answer = need.answers.get(question.id)
    wishes = answer if isinstance(answer, Mapping) else {}
    return [option for option in question.options if wishes.get(option.id) == strength]


def looks_at(option: Option) -> str:
    """Name the question that a wish looks at; the questionnaire's check has made sure that there is one."""
    assert option.of is not None
    return option.of


def holds(need: Need, option: Option, columns: Columns) -> Mask:
    """Say for which supporters a wish holds; an answer that is unknown on either side does not."""
    question = columns.space.questionnaire.by_id[looks_at(option)]
    if option.has is not None:
        return columns.has(question.id, option.has)
    if question.kind in ("text", "number"):
        hers = comparable(need.answers.get(question.id))
        return _near(columns.comparable(question.id), hers, option.within)
    marks = need.marks(question.id)
    if question.is_ordered:
        return _steps_apart(columns, question, marks) <= option.within
    shared = [columns.has(question.id, value) for value in question.option_ids if value in marks]
    return np.logical_or.reduce(shared) if shared else np.zeros(columns.count, dtype=bool)


def is_known(option: Option, columns: Columns) -> Mask:
    """Say which supporters have answered what a wish looks at."""
    question = columns.space.questionnaire.by_id[looks_at(option)]
    if question.kind in ("text", "number"):
        return np.array([value is not None for value in columns.comparable(question.id)], dtype=bool)
    if question.is_one_step:
        return columns.step(question.id) >= 0
    return columns.answered(question.id)


def comparable(answer: Any) -> Any:
    """Return a text or number as it is compared, None if unknown."""
    return same_text(answer) or None if isinstance(answer, str) else answer


def _near(theirs: NDArray[np.object_], hers: Any, within: int) -> Mask:
    if hers is None:
        return np.zeros(len(theirs), dtype=bool)
    if isinstance(hers, str):
        return np.array([value == hers for value in theirs], dtype=bool)
    return np.array([value is not None and abs(value - hers) <= within for value in theirs], dtype=bool)


def _steps_apart(columns: Columns, question: Question, hers: frozenset[Any]) -> NDArray[np.float32]:
    step = columns.step(question.id)
    if not hers:
        return np.full(columns.count, np.inf, dtype=np.float32)
    mine = question.option_ids.index(next(iter(hers)))
    return np.where(step >= 0, np.abs(step - mine), np.float32(np.inf))
