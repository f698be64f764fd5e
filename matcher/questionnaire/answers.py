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
from matcher.errors import BadAnswer
from matcher.questionnaire.schema import Question, Side
from matcher.text import did_you_mean, quoted

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
        raise BadAnswer("an answer is needed here", f"Ask her, and write {question.must_be}.")
    if not cell:
        return None
    answered = _READERS[question.kind](question, cell, side)
    if question.must_be and answered.answer != frozenset({question.must_be}):
        raise BadAnswer(
            f"only {question.must_be!r} can be taken here",
            "This service cannot take this person: show her the help page and take the row out.",
        )
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
        raise BadAnswer(
            "there is nothing between the separators", "Leave the cell blank, or write - for none of these."
        )
    return items


def _known_options(question: Question, items: Sequence[str]) -> list[str]:
    """Return the items. Raises BadAnswer with all that are no option of the question."""
    unknown = [item for item in dict.fromkeys(items) if item not in question.option_ids]
    if unknown:
        hint = did_you_mean(unknown, question.option_ids)
        hint = "Put ';' between two options. " if any("," in item for item in unknown) else hint
        are = "is not an option" if len(unknown) == 1 else "are not options"
        raise BadAnswer(f"{quoted(unknown)} {are} of {question.id!r}", f"{hint}Use one of: {listed(question)}.")
    return list(items)


def listed(question: Question) -> str:
    """List the options of a question for a remedy."""
    more = ", ..." if len(question.option_ids) > MOST_LISTED else ""
    return ", ".join(question.option_ids[:MOST_LISTED]) + more


def _refuse_repeats(options: list[str]) -> None:
    repeated = next((option for option in options if options.count(option) > 1), None)
    if repeated:
        raise BadAnswer(f"{repeated!r} stands there twice", "Write it once.")


def _read_marks(question: Question, cell: str, side: Side) -> Answered:
    items = _items(cell)
    options = _known_options(question, [item.removesuffix("*").strip() for item in items])
    _refuse_repeats(options)
    stars = frozenset(option for option, item in zip(options, items, strict=True) if item.endswith("*"))
    if stars and (side == "supporter" or not question.stars):
        raise BadAnswer("a star has no meaning here", "Take the * away.")
    if len(stars) > question.stars:
        raise BadAnswer(f"{len(stars)} options carry a star", f"At most {question.stars} can. Take some * away.")
    alone = next((option for option in options if question.option(option).alone), None)
    if alone and len(options) > 1:
        raise BadAnswer(f"{alone!r} goes with no other option", "Mark it alone, or take it away.")
    most = 1 if question.kind in ("choice", "scale") else question.most
    if most is not None and len(options) > most:
        raise BadAnswer(f"{len(options)} options are marked", f"At most {most} can be. Take some away.")
    return Answered(frozenset(options), stars)


def _read_yes_no(question: Question, cell: str, side: Side) -> Answered:
    if cell == NONE_OF_THESE:
        return Answered(frozenset())
    if cell.lower() not in YES_NO:
        raise BadAnswer(f"{cell[:60]!r} is neither yes nor no", "Write yes or no, or leave the cell blank.")
    return Answered(frozenset({YES_NO[cell.lower()]}))


def _read_availability(question: Question, cell: str, side: Side) -> Answered:
    spans = (question.option(item).hours or "" if item in question.option_ids else item for item in _items(cell))
    try:
        return Answered(availability.read_hours("; ".join(spans)))
    except ValueError as error:
        parts = f" Or one of: {listed(question)}." if question.options else ""
        hint = did_you_mean([item for item in _items(cell) if item not in question.option_ids], question.option_ids)
        raise BadAnswer(str(error), f"{hint}Write for example 'Mon 18:00-21:00; Sat 09:00-12:00'.{parts}") from None


def _pairs(question: Question, cell: str, example: str) -> list[tuple[str, str]]:
    items = _items(cell)
    bare = [item for item in items if "=" not in item]
    if bare:
        have = "has" if len(bare) == 1 else "have"
        raise BadAnswer(f"{quoted(bare)} {have} no '='", f"Write for example {example!r}.")
    pairs = [(option.strip(), value.strip()) for option, _, value in (item.partition("=") for item in items)]
    _refuse_repeats(_known_options(question, [option for option, _ in pairs]))
    return pairs


def _refuse_values(values: Sequence[str], one: str, several: str, remedy: str) -> None:
    if values:
        raise BadAnswer(f"{quoted(values)} {one if len(values) == 1 else several}", remedy)


def _read_months(question: Question, cell: str, side: Side) -> Answered:
    months = dict(_pairs(question, cell, "alcohol=24; grief=60"))
    wrong = [value for value in months.values() if not re.fullmatch(r"[0-9]{1,4}", value) or int(value) > MOST_MONTHS]
    remedy = "Write whole months, for example 24; a number such as 46347 is a date, as a spreadsheet keeps it."
    several = f"are not numbers of months up to {MOST_MONTHS}"
    _refuse_values(wrong, f"is not a number of months up to {MOST_MONTHS}", several, remedy)
    return Answered({option: int(value) for option, value in months.items()})


def _read_wishes(question: Question, cell: str, side: Side) -> Answered:
    wishes = dict(_pairs(question, cell, "same_faith=must; close_in_age=nice"))
    wrong = [value for value in wishes.values() if value not in STRENGTHS]
    remedy = "Write must or nice, or leave the wish out."
    _refuse_values(wrong, "is neither must nor nice", "are neither must nor nice", remedy)
    return Answered(wishes)


def _read_number(question: Question, cell: str, side: Side) -> Answered:
    try:
        number = Decimal(cell)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 15:
        raise BadAnswer(f"{cell[:60]!r} is not a number", "Write digits, with a point for decimals.")
    return Answered(number)


def _read_text(question: Question, cell: str, side: Side) -> Answered:
    if len(cell) > LONGEST_TEXT:
        raise BadAnswer("the text is longer than 10,000 characters", "Shorten it.")
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
