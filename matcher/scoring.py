"""The heart: a need encoded once into whole grains, and what each supporter earns of them.

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

from matcher.grains import Grains, lesser_of_ratio
from matcher.people import Need, Offer
from matcher.questionnaire.schema import Option, Question, Questionnaire
from matcher.roster import bitmaps
from matcher.roster.bitmaps import Count, Rows
from matcher.roster.columns import Columns
from matcher.roster.layout import Byte, Facts
from matcher.rules import wishes
from matcher.rules.shared_hours import Encounter

GRAINS_A_UNIT = 1 << 16
"""Ceilings are counted in units: few enough digits to add up quickly, enough of them to tell the best from the rest."""
BYTE, STEP, SHARED, HELD, ROOM = range(5)
"""What a term looks up: a byte of options, a step, shared quarter-hours, how many wishes hold, or a room."""


class Term(NamedTuple):
    """One small number of a supporter, and what each of its values earns.

    `place` is where the number is held. A byte has no table but `options`: each with its bit, the bits of its kin, and
    its grains if lived, if only kin is, and if not known. `most` is what can be earned.
    """

    kind: int
    place: int
    table: tuple[int, ...]
    options: tuple[tuple[int, int, int, int, int], ...]
    most: int


class Height(NamedTuple):
    """Who stands in a plane of the facts, or out of it, earns so many units for it at most."""

    place: int
    out: bool
    units: int


class Line(Protocol):
    """One question's grains for this need: how many there are, and how many each supporter earns."""

    @property
    def part(self) -> str:
        """Name the part that it feeds."""

    @property
    def full(self) -> int:
        """Return the grains that can be earned."""

    @property
    def question_id(self) -> str | None:
        """Name the question that it scores; headroom has none."""

    def earned(self, encounter: Encounter[Columns], rows: Rows) -> Grains:
        """Return the grains that these supporters earn, shape (rows,)."""

    def unknown(self, offer: Offer) -> int:
        """Return the grains that rest on what is not known of a supporter."""


@dataclass(frozen=True)
class QuestionLine:
    """What the lines of all questions have."""

    part: str
    question: Question
    full: int

    @property
    def question_id(self) -> str:
        """Name the question that it scores."""
        return self.question.id


class OptionGrains(NamedTuple):
    """One option that she marked: its grains if lived, if only another of its family is, and if not known."""

    option: str
    lived: int
    related: int
    mean: int


@dataclass(frozen=True)
class CoverageLine(QuestionLine):
    """How much of what she marked a supporter has. `facts` tell where the options stand."""

    options: tuple[OptionGrains, ...]
    facts: Facts = field(repr=False, compare=False)

    def earned(self, encounter: Encounter[Columns], rows: Rows) -> Grains:
        """Look up what each byte of options earns, and add up; who left the question out takes the mean."""
        total = np.zeros(len(rows), dtype=np.int64)
        for place, table in self._tables:
            total += table.take(encounter.columns.small(place, rows))
        return total

    def unknown(self, offer: Offer) -> int:
        """Count the whole line where the question was left out."""
        return 0 if self.question.id in offer.answers else self.full

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """Return a term for each byte of which she marked something."""
        bits, by_byte = self.facts.bits_of(self.question), dict[int, list[tuple[int, int, int, int, int]]]()
        for option, lived, related, mean in self.options:
            place, bit, kin = bits[option]
            by_byte.setdefault(place, []).append((bit, kin, lived, related, mean))
        return tuple([Term(BYTE, place, (), tuple(options), _most(options)) for place, options in by_byte.items()])

    @cached_property
    def heights(self) -> tuple[Height, ...]:
        """Return the planes that tell what a supporter earns at most: the options, and the question left out.

        An option counts beside each of its kin, which is too much but never too little.
        """
        most: dict[str, int] = {}
        for option, lived, related, _ in self.options:
            most[option] = most.get(option, 0) + lived
            for kin in self.question.kin(option) if related else ():
                most[kin] = most.get(kin, 0) + related
        places = self.facts.planes_of(self.question)
        left_out = Height(places[""], True, _in_units(sum([one.mean for one in self.options])))
        return (left_out, *[Height(places[option], False, _in_units(grains)) for option, grains in most.items()])

    @cached_property
    def _tables(self) -> list[tuple[int, Grains]]:
        """Return what each byte earns of which she marked something, by its place."""
        grains = {one.option: one for one in self.options}
        marked = [
            (place, byte, [grains.get(option) for option in byte.options])
            for place, byte in self.facts.bytes_of(self.question)
        ]
        return [(place, _table(byte, of_byte)) for place, byte, of_byte in marked if any(of_byte)]


def _in_units(grains: int) -> int:
    return -(-grains // GRAINS_A_UNIT)


def _most(options: Sequence[tuple[int, int, int, int, int]]) -> int:
    return max(sum([one[2] for one in options]), sum([one[4] for one in options]))


def _table(byte: Byte, marked: Sequence[OptionGrains | None]) -> Grains:
    """Return what each of the 256 values of a byte earns."""
    lived = np.array([one.lived if one else 0 for one in marked])
    related = np.array([one.related if one else 0 for one in marked])
    mean = sum(one.mean for one in marked if one)
    return np.where(byte.answered, lived @ byte.has + related @ byte.related, mean)


@dataclass(frozen=True)
class ClosenessLine(QuestionLine):
    """What each step of a supporter earns, and what one that is not known earns. `place` is where the step is held."""

    by_step: tuple[int, ...]
    mean: int
    place: int

    def earned(self, encounter: Encounter[Columns], rows: Rows) -> Grains:
        """Look each supporter's step up."""
        return np.array([self.mean, *self.by_step], dtype=np.int64).take(encounter.columns.small(self.place, rows))

    def unknown(self, offer: Offer) -> int:
        """Count the whole line where the step is not known."""
        return 0 if offer.marks(self.question.id) else self.full

    @cached_property
    def term(self) -> Term:
        """Return the term of the step."""
        table = (self.mean, *self.by_step)
        return Term(STEP, self.place, table, (), max(table))


@dataclass(frozen=True)
class WishesLine(QuestionLine):
    """What each number of nice wishes that hold earns, from none to all."""

    need: Need
    questionnaire: Questionnaire = field(repr=False, compare=False)
    nice: tuple[Option, ...]
    by_held: tuple[int, ...]

    def earned(self, encounter: Encounter[Columns], rows: Rows) -> Grains:
        """Count the wishes that hold for each supporter, and look that number up."""
        held = np.zeros(len(rows), dtype=np.int64)
        for option in self.nice:
            held += bitmaps.at(wishes.holds(self.need, option, encounter.columns), rows)
        return np.array(self.by_held, dtype=np.int64).take(held)

    def unknown(self, offer: Offer) -> int:
        """Count the share of the wishes whose answer is not known."""
        held = (wishes.holds_between(self.need, option, offer, self.questionnaire) for option in self.nice)
        return sum(one is None for one in held) * self.full // len(self.nice)

    def term(self, place: int) -> Term:
        """Return the term of the wishes that hold, whose planes a program lists from a place on."""
        return Term(HELD, place, self.by_held, (), self.by_held[-1])


@dataclass(frozen=True)
class OverlapLine(QuestionLine):
    """What each number of shared quarter-hours a week earns; more than the last earn the same."""

    by_quarters: tuple[int, ...]
    target_minutes: int

    def earned(self, encounter: Encounter[Columns], rows: Rows) -> Grains:
        """Count the shared quarter-hours, and look that number up."""
        shared = encounter.shared_quarters
        assert isinstance(shared, Count)
        return np.array(self.by_quarters, dtype=np.int64).take(shared.at(rows), mode="clip")

    def unknown(self, offer: Offer) -> int:
        """Count the whole line where the hours are not known."""
        return self.full if offer.hours(self.question.id) is None else 0

    @cached_property
    def term(self) -> Term:
        """Return the term of the shared quarter-hours."""
        return Term(SHARED, 0, self.by_quarters, (), self.by_quarters[-1])


@dataclass(frozen=True)
class HeadroomLine:
    """Room that a supporter has left: (capacity - load) / capacity x (1 - strain)."""

    part: str
    full: int
    question_id: str | None = None

    def earned(self, encounter: Encounter[Columns], rows: Rows) -> Grains:
        """Look up what each room earns."""
        _, numbers = encounter.columns.rooms()
        return self.by_room(encounter.columns).take(numbers[rows]).astype(np.int64)

    def by_room(self, columns: Columns) -> NDArray[np.int32]:
        """Return what each different room of a roster earns: lesser(full, part / whole)."""
        return columns.by_room(self.full, lambda rooms: lesser_of_ratio(self.full, rooms[:, 0], rooms[:, 1]))

    def unknown(self, offer: Offer) -> int:
        """Nothing is unknown here: capacity, load and strain have defaults."""
        return 0

    @cached_property
    def term(self) -> Term:
        """Return the term of the room; the roster keeps its table."""
        return Term(ROOM, 0, (), (), self.full)


@dataclass(frozen=True)
class NeedInGrains:
    """A need encoded once: its lines, question by question, and how much of the weight she answered."""

    need: Need
    lines: tuple[Line, ...]
    known: float

    def total(self, encounter: Encounter[Columns], rows: Rows) -> Grains:
        """Return the scores of these rows in grains, shape (rows,)."""
        return sum((line.earned(encounter, rows) for line in self.lines), np.zeros(len(rows), dtype=np.int64))
