"""Whether a wish holds: what it looks at on both sides. Musts are gates, nice ones feed a part."""

from collections.abc import Callable, Mapping
from typing import Any

from matcher.people import Need, Offer
from matcher.questionnaire.schema import Option, Question, Questionnaire
from matcher.roster.bitmaps import Bitmap
from matcher.roster.view import RosterView
from matcher.text import comparable


def marked(need: Need, question: Question, strength: str) -> list[Option]:
    """List the wishes that she marked with this strength, in file order."""
    answer = need.answers.get(question.id)
    wishes = answer if isinstance(answer, Mapping) else {}
    return [option for option in question.options if wishes.get(option.id) == strength]


def looks_at(option: Option, questionnaire: Questionnaire) -> Question:
    """Return the question that a wish looks at; the questionnaire's check has made sure that there is one."""
    assert option.of is not None
    return questionnaire.by_id[option.of]


def holds(need: Need, option: Option, columns: RosterView) -> Bitmap:
    """Say for which supporters a wish holds; an answer that is unknown on either side does not."""
    question = looks_at(option, columns.questionnaire)
    if question.kind in ("text", "number"):
        return columns.where(question.id, _near(need, option, question))
    return columns.any_of(question.id, _fulfilling(need, option, question))


def is_known(option: Option, columns: RosterView) -> Bitmap:
    """Say which supporters have answered what a wish looks at."""
    question = looks_at(option, columns.questionnaire)
    if question.kind in ("text", "number"):
        return columns.where(question.id, lambda value: value is not None)
    return columns.any_of(question.id, question.option_ids) if question.is_one_step else columns.answered(question.id)


def holds_between(need: Need, option: Option, offer: Offer, questionnaire: Questionnaire) -> bool | None:
    """Say whether a wish holds between two people; None where the supporter's answer is not known."""
    question = looks_at(option, questionnaire)
    if question.kind in ("text", "number"):
        value = comparable(offer.answers.get(question.id))
        return None if value is None else _near(need, option, question)(value)
    marks = offer.marks(question.id)
    known = bool(marks) if question.is_one_step else question.id in offer.answers
    return bool(marks & _fulfilling(need, option, question)) if known else None


def _fulfilling(need: Need, option: Option, question: Question) -> frozenset[str]:
    """Return the options of the question of which a supporter needs one."""
    hers = need.marks(question.id)
    if option.has is not None:
        return frozenset({option.has})
    if not question.is_ordered:
        return hers & frozenset(question.option_ids)
    mine = [question.option_ids.index(step) for step in hers]
    near = (
        other for place, other in enumerate(question.option_ids) if any(abs(place - m) <= option.within for m in mine)
    )
    return frozenset(near)


def _near(need: Need, option: Option, question: Question) -> Callable[[Any], bool]:
    """Return what must hold of a supporter's text or number."""
    hers = comparable(need.answers.get(question.id))
    if hers is None or isinstance(hers, str):
        return lambda value: hers is not None and value == hers
    return lambda value: value is not None and abs(value - hers) <= option.within
