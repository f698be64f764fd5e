"""How the answers to one question become columns of the profile vector and back, kind by kind.

Texts and numbers have no columns: they are compared as they stand.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.availability import A_DAY, A_WEEK, DAYS
from matcher.people import Need, Person
from matcher.questionnaire.answers import Answered
from matcher.questionnaire.schema import Question

Matrix = NDArray[np.int16]
"""Profile vectors: a row a person, a column of small whole numbers for each option and each half-hour of a week."""
STARRED = 2
WISHED = {"nice": 1, "must": 2}
NOT_SAID = -1
"""What stands for the months of an option of which a supporter said nothing."""
NO_OPTION = -1
"""The column behind the last one: what is no option (any more) is written there, and thrown away."""
T = TypeVar("T")


class Cells:
    """What is to be written into a matrix, gathered for many people at once: one assignment writes it all."""

    def __init__(self) -> None:
        self.columns: list[int] = []
        self.lengths: list[int] = []
        self.values: list[int] = []

    def add(self, columns: Iterable[int], answers: Sequence[Any], values: Iterable[int] = ()) -> None:
        """Gather the columns of some answers, one for each thing that stands in an answer."""
        self.columns.extend(columns)
        self.lengths.extend([len(answer) if answer else 0 for answer in answers])
        self.values.extend(values)

    def write(self, columns: Matrix) -> None:
        """Write what was gathered into columns, shape (columns, people); 1 where no values were given."""
        count = columns.shape[1]
        if not self.columns or not count:
            return
        people = np.repeat(np.tile(np.arange(count), len(self.lengths) // count), self.lengths)
        columns[self.columns, people] = self.values or 1


class Encoder(Protocol):
    """What every kind of question can do: name its columns, gather what people said, read one row back."""

    question: Question
    names: list[str]
    first: int
    blank: int

    def gather(self, answers: Sequence[Any], people: Sequence[Person], ones: Cells, valued: Cells) -> None:
        """Gather what stands in the columns of these answers: what is 1, and what has a value of its own."""

    def decode(self, row: Matrix) -> Answered | None:
        """Read one row of the columns back; None where the question was not answered."""


def encoder_for(question: Question, first: int) -> Encoder | None:
    """Choose the encoder of a question's kind, its columns from `first` on; texts and numbers have none."""
    match question.kind:
        case "text" | "number":
            return None
        case "months":
            return Months(question, first)
        case "wishes":
            return Strengths(question, first)
        case "availability":
            return Hours(question, first)
        case _:
            return Marked(question, first)


class _ByOption:
    """A column for each option, in file order, then one that says whether the question was answered."""

    blank = 0

    def __init__(self, question: Question, first: int) -> None:
        self.question, self.first = question, first
        self.names = [*(f"{question.id}={option}" for option in question.option_ids), f"{question.id}?"]
        self.place_of = _PlaceOf((option, place) for place, option in enumerate(question.option_ids, first))

    def _where(self, row: Matrix, holds: NDArray[np.bool_]) -> Iterable[tuple[str, int]]:
        options = self.question.option_ids
        return ((options[place], int(row[place])) for place in np.flatnonzero(holds[:-1]).tolist())


class Marked(_ByOption):
    """Marked options: 1 marked, 2 with a star."""

    def gather(self, answers: Sequence[Any], people: Sequence[Person], ones: Cells, valued: Cells) -> None:
        """Gather a 1 for what is marked, a 2 for what carries a star."""
        ones.add(_places(self.place_of, answers), answers)
        if self.question.stars:
            stars = [one.stars.get(self.question.id) if isinstance(one, Need) else None for one in people]
            starred = list(_places(self.place_of, stars))
            valued.add(starred, stars, [STARRED] * len(starred))

    def decode(self, row: Matrix) -> Answered | None:
        """Read the marks and stars of one row."""
        if not row[-1]:
            return None
        marked = dict(self._where(row, row > 0))
        return Answered(frozenset(marked), frozenset(option for option, value in marked.items() if value == STARRED))


class Months(_ByOption):
    """Months by option, -1 where she said nothing of it."""

    blank = NOT_SAID

    def gather(self, answers: Sequence[Any], people: Sequence[Person], ones: Cells, valued: Cells) -> None:
        """Gather the months of each option."""
        valued.add(_places(self.place_of, answers), answers, _values(answers))

    def decode(self, row: Matrix) -> Answered | None:
        """Read the months of one row."""
        return Answered(dict(self._where(row, row > NOT_SAID))) if row[-1] else None


class Strengths(_ByOption):
    """Wishes by option: 1 nice, 2 must."""

    def gather(self, answers: Sequence[Any], people: Sequence[Person], ones: Cells, valued: Cells) -> None:
        """Gather how strong each wish is."""
        said = _values(answers)
        valued.add(_places(self.place_of, answers), answers, map(WISHED.__getitem__, said))

    def decode(self, row: Matrix) -> Answered | None:
        """Read the wishes of one row."""
        words = {value: word for word, value in WISHED.items()}
        return Answered({option: words[value] for option, value in self._where(row, row > 0)}) if row[-1] else None


class Hours:
    """Local half-hours of a week, a column each, then whether the question was answered."""

    blank = 0

    def __init__(self, question: Question, first: int) -> None:
        self.question, self.first = question, first
        times = (f"{DAYS[slot // A_DAY]} {slot % A_DAY // 2:02d}:{slot % 2 * 30:02d}" for slot in range(A_WEEK))
        self.names = [*(f"{question.id}@{time}" for time in times), f"{question.id}?"]

    def gather(self, answers: Sequence[Any], people: Sequence[Person], ones: Cells, valued: Cells) -> None:
        """Gather a 1 for each half-hour."""
        ones.add(map(self.first.__add__, _flat(answers)), answers)

    def decode(self, row: Matrix) -> Answered | None:
        """Read the half-hours of one row."""
        return Answered(frozenset(np.flatnonzero(row[:-1]).tolist())) if row[-1] else None


class _PlaceOf(dict[str, int]):
    def __missing__(self, option: str) -> int:
        return NO_OPTION


def _flat(answers: Iterable[Iterable[T] | None]) -> Iterator[T]:
    """Go through all that stands in some answers; loops that run a million times are left to itertools."""
    return chain.from_iterable(filter(None, answers))


def _places(place_of: _PlaceOf, answers: Iterable[Iterable[str] | None]) -> Iterator[int]:
    return map(place_of.__getitem__, _flat(answers))


def _values(answers: Iterable[Mapping[str, T] | None]) -> Iterator[T]:
    return chain.from_iterable(answer.values() for answer in answers if answer)
