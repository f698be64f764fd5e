"""The heart: what each line of a need earns of a supporter, and so what a pair scores.

100 points are 10,000,000 grains. Weights are shared out to parts, parts to questions, questions to options, each time
by largest remainder; every lesser value of a share is rounded once. From then on all is addition of whole numbers, so
parts add up to the last digit, ties are real ties and every way of computing gives the same bits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from matcher.grains import Grains, round_share
from matcher.people import Need, Offer
from matcher.questionnaire.schema import Option, Question, Questionnaire
from matcher.roster import bitmaps
from matcher.roster.bitmaps import BitSlicedCounter, Rows
from matcher.roster.columns import Columns
from matcher.roster.layout import Layout, PackedOptions
from matcher.rules import wishes
from matcher.rules.shared_hours import Query


def score(need: "WeightedNeed", profiles: Query[Columns], rows: Rows) -> Grains:
    """Score some supporters for one need, whatever the gates say: whole grains by line; their sum is the score.

    `profiles` are the packed profiles of a roster, held against this need on a date; `rows` say whose, shape (people,).
    The result has shape (lines, people), int64, each 0 up to the `maximum` of its line. Raises IndexError for a row
    that the roster does not have. The formula, in full: docs/how-matching-works.md; faster ways come to the same.

    >>> from datetime import date
    >>> from matcher.availability import ALWAYS
    >>> from matcher.grains import FULL_SCORE
    >>> from matcher.questionnaire.loading import load
    >>> profiles = Columns(load(), [Offer(id="free", capacity=2), Offer(id="half", capacity=2, load=1)])
    >>> weighted = WeightedNeed(Need(id="r1", safe_hours=ALWAYS), (HeadroomLine("headroom", FULL_SCORE),), known=1.0)
    >>> score(weighted, Query(weighted.need, profiles, date(2026, 11, 23)), np.array([0, 1])).tolist()
    [[10000000, 5000000]]
    """
    earned = [line.earned(profiles, rows) for line in need.lines]
    return np.array(earned, dtype=np.int64).reshape(len(need.lines), len(rows))


class Line(Protocol):
    """One question's grains for this need: how many there are, and how many each supporter earns."""

    @property
    def part(self) -> str:
        """Name the part that it feeds."""

    @property
    def maximum(self) -> int:
        """Return the grains that can be earned."""

    @property
    def question_id(self) -> str | None:
        """Name the question that it scores; headroom has none."""

    def earned(self, query: Query[Columns], rows: Rows) -> Grains:
        """Return the grains that these supporters earn, shape (rows,)."""

    def unknown(self, offer: Offer) -> int:
        """Return the grains that rest on what is not known of a supporter."""


@dataclass(frozen=True)
class QuestionLine:
    """What the lines of all questions have."""

    part: str
    question: Question
    maximum: int

    @property
    def question_id(self) -> str:
        """Name the question that it scores."""
        return self.question.id


class OptionGrains(NamedTuple):
    """One option that she marked: its grains if lived, if only another of its family is, and if not known."""

    option: str
    lived: int
    sibling: int
    mean: int


@dataclass(frozen=True)
class CoverageLine(QuestionLine):
    """How much of what she marked a supporter has. `layout` tells where the options stand."""

    options: tuple[OptionGrains, ...]
    layout: Layout = field(repr=False, compare=False)

    def earned(self, query: Query[Columns], rows: Rows) -> Grains:
        """Look up what each byte of options earns, and add up; who left the question out takes the mean."""
        total = np.zeros(len(rows), dtype=np.int64)
        for place, table in self._tables:
            total += table.take(query.columns.small(place, rows))
        return total

    def unknown(self, offer: Offer) -> int:
        """Count the whole line where the question was left out."""
        return 0 if self.question.id in offer.answers else self.maximum

    @cached_property
    def _tables(self) -> list[tuple[int, Grains]]:
        """Return what each byte earns of which she marked something, by its place."""
        grains = {one.option: one for one in self.options}
        marked = [
            (place, byte, [grains.get(option) for option in byte.options])
            for place, byte in self.layout.bytes_of(self.question)
        ]
        return [(place, _table(byte, of_byte)) for place, byte, of_byte in marked if any(of_byte)]


def _table(byte: PackedOptions, marked: Sequence[OptionGrains | None]) -> Grains:
    """Return what each of the 256 values of a byte earns."""
    lived = np.array([one.lived if one else 0 for one in marked])
    sibling = np.array([one.sibling if one else 0 for one in marked])
    mean = sum(one.mean for one in marked if one)
    return np.where(byte.answered, lived @ byte.has + sibling @ byte.has_sibling, mean)


@dataclass(frozen=True)
class ClosenessLine(QuestionLine):
    """What each step of a supporter earns, and what one that is not known earns. `place` is where the step is held."""

    by_step: tuple[int, ...]
    mean: int
    place: int

    def earned(self, query: Query[Columns], rows: Rows) -> Grains:
        """Look each supporter's step up."""
        return np.array([self.mean, *self.by_step], dtype=np.int64).take(query.columns.small(self.place, rows))

    def unknown(self, offer: Offer) -> int:
        """Count the whole line where the step is not known."""
        return 0 if offer.marks(self.question.id) else self.maximum


@dataclass(frozen=True)
class WishesLine(QuestionLine):
    """What each number of nice wishes that hold earns, from none to all."""

    need: Need
    questionnaire: Questionnaire = field(repr=False, compare=False)
    nice: tuple[Option, ...]
    by_held: tuple[int, ...]

    def earned(self, query: Query[Columns], rows: Rows) -> Grains:
        """Count the wishes that hold for each supporter, and look that number up."""
        held = np.zeros(len(rows), dtype=np.int64)
        for option in self.nice:
            held += bitmaps.at(wishes.holds(self.need, option, query.columns), rows)
        return np.array(self.by_held, dtype=np.int64).take(held)

    def unknown(self, offer: Offer) -> int:
        """Count the share of the wishes whose answer is not known."""
        held = (wishes.holds_between(self.need, option, offer, self.questionnaire) for option in self.nice)
        return sum(one is None for one in held) * self.maximum // len(self.nice)


@dataclass(frozen=True)
class OverlapLine(QuestionLine):
    """What each number of shared quarter-hours a week earns; more than the last earn the same."""

    by_quarters: tuple[int, ...]
    target_minutes: int

    def earned(self, query: Query[Columns], rows: Rows) -> Grains:
        """Count the shared quarter-hours, and look that number up."""
        shared = query.shared_quarters
        assert isinstance(shared, BitSlicedCounter)
        return np.array(self.by_quarters, dtype=np.int64).take(shared.at(rows), mode="clip")

    def unknown(self, offer: Offer) -> int:
        """Count the whole line where the hours are not known."""
        return self.maximum if offer.hours(self.question.id) is None else 0


@dataclass(frozen=True)
class HeadroomLine:
    """Room that a supporter has left: (capacity - load) / capacity x (1 - strain)."""

    part: str
    maximum: int
    question_id: str | None = None

    def earned(self, query: Query[Columns], rows: Rows) -> Grains:
        """Look up what each room earns."""
        _, numbers = query.columns.rooms()
        return self.by_room(query.columns).take(numbers[rows]).astype(np.int64)

    def by_room(self, columns: Columns) -> NDArray[np.int32]:
        """Return what each different room of a roster earns: its share of `maximum`, rounded once."""
        return columns.by_room(self.maximum, lambda rooms: round_share(self.maximum, rooms[:, 0], rooms[:, 1]))

    def unknown(self, offer: Offer) -> int:
        """Nothing is unknown here: capacity, load and strain have defaults."""
        return 0


@dataclass(frozen=True)
class WeightedNeed:
    """A need encoded once: its lines, question by question, and `known`, the share of the weight that she answered."""

    need: Need
    lines: tuple[Line, ...]
    known: float

    def total(self, query: Query[Columns], rows: Rows) -> Grains:
        """Return the scores of these rows in grains, shape (rows,)."""
        return sum((line.earned(query, rows) for line in self.lines), np.zeros(len(rows), dtype=np.int64))
