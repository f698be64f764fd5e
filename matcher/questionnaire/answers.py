"""One answer, between the text of a spreadsheet cell and the value that the engine reads.

Marked options of any kind are a frozenset of option ids, empty for "none of these"; a question that was not answered
has no value at all. Which answers a whole person may give, and their columns, live in spreadsheets/files.py.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import cast

from matcher import availability
from matcher.errors import BadAnswer, Phrase
from matcher.hints import did_you_mean, some_of
from matcher.questionnaire.schema import Question, Side

NONE_OF_THESE = "-"
YES_NO = {"yes": "yes", "true": "yes", "no": "no", "false": "no"}
STRENGTHS = ("must", "nice")
LONGEST_TEXT = 10_000
MOST_LISTED = 60
MOST_MONTHS = 1_200
"""A hundred years."""

Marks = frozenset[str]
Months = Mapping[str, int]
Strengths = Mapping[str, str]
Answer = Marks | availability.HalfHours | Months | Strengths | Decimal | str


@dataclass(frozen=True)
class Answered:
    """What a cell says: the answer, and which of its options carry a star."""

    answer: Answer
    stars: Marks = frozenset()


def read_answer(question: Question, cell: str, side: Side) -> Answered | None:
    """Read one cell as an answer to the question; a blank one is None. Raises BadAnswer."""
    cell = cell.strip()
    if not cell and question.must_be:
        raise BadAnswer("answers.missing", must_be=question.must_be)
    if not cell:
        return None
    answered = _READERS[question.kind](question, cell, side)
    if question.must_be and answered.answer != frozenset({question.must_be}):
        raise BadAnswer("answers.not_for_this_person", must_be=question.must_be)
    return answered


def write_answer(question: Question, answered: Answered) -> str:
    """Write an answer as a cell that reads back to the same."""
    answer = answered.answer
    if isinstance(answer, str | Decimal):
        return str(answer)
    if not answer:
        return NONE_OF_THESE
    if isinstance(answer, Mapping):
        return "; ".join(f"{option}={answer[option]}" for option in question.option_ids if option in answer)
    if question.kind == "availability":
        return availability.write_hours(cast(availability.HalfHours, answer))
    marked = (option for option in question.option_ids if option in answer)
    return "; ".join(option + "*" * (option in answered.stars) for option in marked)


def _items(cell: str) -> list[str]:
    if cell == NONE_OF_THESE:
        return []
    items = [item for item in (piece.strip() for piece in cell.split(";")) if item]
    if not items:
        raise BadAnswer("answers.separators_alone")
    return items


def _known_options(question: Question, items: Sequence[str]) -> list[str]:
    """Return the items. Raises BadAnswer with all that are no option of the question."""
    unknown = [item for item in dict.fromkeys(items) if item not in question.option_ids]
    if unknown:
        has_commas = any("," in item for item in unknown)
        hint = Phrase.of("semicolon_between") if has_commas else did_you_mean(unknown, question.option_ids)
        values = {"unknown": some_of(unknown), "question": question.id, "hint": hint, "options": listed(question)}
        raise BadAnswer("answers.not_an_option" if len(unknown) == 1 else "answers.not_options", **values)
    return list(items)


def listed(question: Question) -> list[str]:
    """List the options of a question for a remedy."""
    more = ["..."] if len(question.option_ids) > MOST_LISTED else []
    return [*question.option_ids[:MOST_LISTED], *more]


def _refuse_repeats(options: list[str]) -> None:
    repeated = next((option for option in options if options.count(option) > 1), None)
    if repeated:
        raise BadAnswer("answers.twice", option=repeated)


def _read_marks(question: Question, cell: str, side: Side) -> Answered:
    items = _items(cell)
    options = _known_options(question, [item.removesuffix("*").strip() for item in items])
    _refuse_repeats(options)
    stars = frozenset(option for option, item in zip(options, items, strict=True) if item.endswith("*"))
    if stars and (side == "supporter" or not question.stars):
        raise BadAnswer("answers.no_stars")
    if len(stars) > question.stars:
        raise BadAnswer("answers.too_many_stars", count=len(stars), most=question.stars)
    alone = next((option for option in options if question.option(option).alone), None)
    if alone and len(options) > 1:
        raise BadAnswer("answers.not_alone", option=alone)
    most = 1 if question.kind in ("choice", "scale") else question.most
    if most is not None and len(options) > most:
        raise BadAnswer("answers.too_many_options", count=len(options), most=most)
    return Answered(frozenset(options), stars)


def _read_yes_no(question: Question, cell: str, side: Side) -> Answered:
    if cell == NONE_OF_THESE:
        return Answered(frozenset())
    if cell.lower() not in YES_NO:
        raise BadAnswer("answers.neither_yes_nor_no", cell=cell[:60])
    return Answered(frozenset({YES_NO[cell.lower()]}))


def _read_availability(question: Question, cell: str, side: Side) -> Answered:
    spans = (question.option(item).hours or "" if item in question.option_ids else item for item in _items(cell))
    try:
        return Answered(availability.read_hours("; ".join(spans)))
    except BadAnswer as bad:
        hint = did_you_mean([item for item in _items(cell) if item not in question.option_ids], question.option_ids)
        if not question.options:
            raise BadAnswer("answers.hours", problem=bad, hint=hint) from None
        raise BadAnswer("answers.hours_or_parts", problem=bad, hint=hint, parts=listed(question)) from None


def _pairs(question: Question, cell: str, example: str) -> list[tuple[str, str]]:
    items = _items(cell)
    bare = [item for item in items if "=" not in item]
    if bare:
        key = "answers.no_equals" if len(bare) == 1 else "answers.none_has_equals"
        raise BadAnswer(key, items=some_of(bare), example=example)
    pairs = [(option.strip(), value.strip()) for option, _, value in (item.partition("=") for item in items)]
    _refuse_repeats(_known_options(question, [option for option, _ in pairs]))
    return pairs


def _read_months(question: Question, cell: str, side: Side) -> Answered:
    months = dict(_pairs(question, cell, "alcohol=24; grief=60"))
    wrong = [value for value in months.values() if not re.fullmatch(r"[0-9]{1,4}", value) or int(value) > MOST_MONTHS]
    if wrong:
        key = "answers.not_months" if len(wrong) == 1 else "answers.none_is_months"
        raise BadAnswer(key, values=some_of(wrong), most=MOST_MONTHS)
    return Answered({option: int(value) for option, value in months.items()})


def _read_wishes(question: Question, cell: str, side: Side) -> Answered:
    wishes = dict(_pairs(question, cell, "same_faith=must; close_in_age=nice"))
    wrong = [value for value in wishes.values() if value not in STRENGTHS]
    if wrong:
        key = "answers.not_a_strength" if len(wrong) == 1 else "answers.none_is_a_strength"
        raise BadAnswer(key, values=some_of(wrong))
    return Answered(wishes)


def _read_number(question: Question, cell: str, side: Side) -> Answered:
    try:
        number = Decimal(cell)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 15:
        raise BadAnswer("answers.not_a_number", cell=cell[:60])
    return Answered(number)


def _read_text(question: Question, cell: str, side: Side) -> Answered:
    if len(cell) > LONGEST_TEXT:
        raise BadAnswer("answers.text_too_long")
    return Answered(cell)


_READERS = {
    "choice": _read_marks,
    "choices": _read_marks,
    "scale": _read_marks,
    "yes_no": _read_yes_no,
    "availability": _read_availability,
    "months": _read_months,
    "wishes": _read_wishes,
    "number": _read_number,
    "text": _read_text,
}
