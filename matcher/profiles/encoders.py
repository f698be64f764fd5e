"""How the answers to one question become columns and back, kind by kind. Marks go through scikit-learn's encoders."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import MultiLabelBinarizer, OrdinalEncoder

from matcher.availability import A_DAY, A_WEEK, DAYS
from matcher.people import Need, Person
from matcher.questionnaire.answers import NONE_OF_THESE, Answer, Answered
from matcher.questionnaire.schema import Question

Block = NDArray[np.float32]
NONE_STEP = -1
"""How an ordered answer says "none of these"; NaN says that it was not answered."""
STRENGTH = {"nice": 1.0, "must": 2.0}
STARRED = 2.0


class Encoder(Protocol):
    """What every kind of question can do: name its columns, write people into them, read one row back."""

    names: list[str]

    def encode(self, people: Sequence[Person]) -> Block:
        """Write one block of columns, shape (people, names)."""

    def decode(self, row: Block) -> Answered | None:
        """Read one row of the block back; None where it was not answered."""


def encoder_for(question: Question) -> Encoder | None:
    """Choose the encoder of a question's kind; free text has none."""
    match question.kind:
        case "text":
            return None
        case "number":
            return Numbers(question)
        case "months" | "wishes":
            return Amounts(question)
        case "availability":
            return Hours(question)
        case _:
            return Steps(question) if question.is_one_step else Marked(question)


def _answers(question: Question, people: Sequence[Person]) -> list[Answer | None]:
    return [person.answers.get(question.id) for person in people]


def _was_answered(answers: Sequence[Answer | None]) -> Block:
    return np.array([[answer is not None] for answer in answers], dtype=np.float32).reshape(-1, 1)


class Marked:
    """Marked options: a column each (1 marked, 2 with a star), then whether the question was answered."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.names = [*(f"{question.id}={option}" for option in question.option_ids), f"{question.id}?"]
        self._binarizer = MultiLabelBinarizer(classes=list(question.option_ids)).fit([])

    def encode(self, people: Sequence[Person]) -> Block:
        """Write a 1 for what is marked, a 2 for what carries a star."""
        answers = _answers(self.question, people)
        stars = [person.stars.get(self.question.id, ()) if isinstance(person, Need) else () for person in people]
        marked = self._binarizer.transform([answer or () for answer in answers])
        starred = self._binarizer.transform(stars)
        return np.hstack([marked + (STARRED - 1) * starred, _was_answered(answers)]).astype(np.float32)

    def decode(self, row: Block) -> Answered | None:
        """Read the marks and stars of one row."""
        if not row[-1]:
            return None
        options = self.question.option_ids
        marked = frozenset(option for option, value in zip(options, row[:-1], strict=True) if value)
        return Answered(marked, frozenset(o for o, value in zip(options, row[:-1], strict=True) if value == STARRED))


class Steps:
    """One option of an ordered list: its number from 0, -1 for none of these, NaN for not answered."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.names = [question.id]
        self._ordinal = OrdinalEncoder(
            categories=[list(question.option_ids)], handle_unknown="use_encoded_value", unknown_value=NONE_STEP
        ).fit([[question.option_ids[0]]])

    def encode(self, people: Sequence[Person]) -> Block:
        """Write the number of the step."""
        answers = _answers(self.question, people)
        if not answers:
            return np.empty((0, 1), dtype=np.float32)
        written = [[next(iter(answer), NONE_OF_THESE) if answer is not None else NONE_OF_THESE] for answer in answers]  # type: ignore[arg-type]
        steps = self._ordinal.transform(np.array(written, dtype=object)).astype(np.float32)
        steps[_was_answered(answers) == 0] = np.nan
        return np.asarray(steps)

    def decode(self, row: Block) -> Answered | None:
        """Read the step of one row."""
        if np.isnan(row[0]):
            return None
        return Answered(frozenset({self.question.option_ids[int(row[0])]} if row[0] >= 0 else ()))


class Hours:
    """Local half-hours of a week, a column each, then whether the question was answered."""

    def __init__(self, question: Question) -> None:
        self.question = question
        times = (f"{DAYS[slot // A_DAY]} {slot % A_DAY // 2:02d}:{slot % 2 * 30:02d}" for slot in range(A_WEEK))
        self.names = [*(f"{question.id}@{time}" for time in times), f"{question.id}?"]
        self._binarizer = MultiLabelBinarizer(classes=list(range(A_WEEK))).fit([])

    def encode(self, people: Sequence[Person]) -> Block:
        """Write a 1 for each half-hour."""
        answers = _answers(self.question, people)
        hours = self._binarizer.transform([answer or () for answer in answers])
        return np.hstack([hours, _was_answered(answers)]).astype(np.float32)

    def decode(self, row: Block) -> Answered | None:
        """Read the half-hours of one row."""
        return Answered(frozenset(int(slot) for slot in np.flatnonzero(row[:-1]))) if row[-1] else None


class Amounts:
    """Months or wishes by option: the amount (nice 1, must 2), NaN without, then whether the question was answered."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.names = [*(f"{question.id}={option}" for option in question.option_ids), f"{question.id}?"]

    def encode(self, people: Sequence[Person]) -> Block:
        """Write each option's amount."""
        answers = _answers(self.question, people)
        amounts = [[_amount(answer, option) for option in self.question.option_ids] for answer in answers]
        block = np.array(amounts, dtype=np.float32).reshape(len(people), len(self.question.option_ids))
        return np.hstack([block, _was_answered(answers)])

    def decode(self, row: Block) -> Answered | None:
        """Read the amounts of one row."""
        if not row[-1]:
            return None
        said = {o: v for o, v in zip(self.question.option_ids, row[:-1], strict=True) if not np.isnan(v)}
        if self.question.kind == "months":
            return Answered({option: int(value) for option, value in said.items()})
        words = {value: word for word, value in STRENGTH.items()}
        return Answered({option: words[float(value)] for option, value in said.items()})


def _amount(answer: Answer | None, option: str) -> float:
    if not isinstance(answer, Mapping) or option not in answer:
        return float("nan")
    amount = answer[option]
    return STRENGTH[amount] if isinstance(amount, str) else float(amount)


class Numbers:
    """A number, NaN for not answered."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.names = [question.id]

    def encode(self, people: Sequence[Person]) -> Block:
        """Write the number."""
        answers = _answers(self.question, people)
        numbers = [[float(answer) if isinstance(answer, Decimal) else float("nan")] for answer in answers]
        return np.array(numbers, dtype=np.float32).reshape(-1, 1)

    def decode(self, row: Block) -> Answered | None:
        """Read the number of one row, to the six digits that a column keeps."""
        return None if np.isnan(row[0]) else Answered(Decimal(f"{row[0]:.6g}"))
