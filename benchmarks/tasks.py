"""A waiting list to be assigned: the people, what every pair is worth, and what came of it, whichever way it goes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil
from statistics import fmean, quantiles
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import Found
from benchmarks.mixes import mix
from matcher.grains import GRAINS_A_POINT
from matcher.people import Need
from matcher.ranking.roster import Roster
from matcher.rounds.objectives import LexicographicScale, Objective, lexicographic_scale
from matcher.rounds.solve import Round

Numbers = NDArray[np.int64]
CHECKED = 100
"""How many pairs of an answer are held against the gates and scores once more."""


class Seat(NamedTuple):
    """One pair of an answer: the place of the need in the list, the row of the roster, and their score."""

    need: int
    row: int
    grains: int


@dataclass(frozen=True)
class Solved:
    """An answer, with the times that were taken of it; `round` is there where the engine found it."""

    seats: list[Seat]
    times: Found
    round: Round | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Size:
    """How many needs and supporters; with `one_place` every supporter is active and has a single place, free."""

    needs: int
    offers: int
    one_place: bool = False

    @classmethod
    def read(cls, text: str) -> "Size":
        """Read `500x400`, or `500x400:1` where everyone has one place.

        >>> str(Size.read("20000x15000")), str(Size.read("500x500:1"))
        ('20,000 x 15,000', '500 x 500, one place each')
        """
        numbers, _, one = text.partition(":")
        needs, offers = map(int, numbers.split("x"))
        if one not in ("", "1"):
            raise ValueError(f"{text!r} is not a size such as 500x400 or 500x500:1")
        return cls(needs, offers, bool(one))

    @property
    def written(self) -> str:
        """Write it so that it can be read."""
        return f"{self.needs}x{self.offers}" + ":1" * self.one_place

    def __str__(self) -> str:
        return f"{self.needs:,} x {self.offers:,}" + ", one place each" * self.one_place


@dataclass(frozen=True)
class Task:
    """Who waits, longest first, and who is there."""

    roster: Roster
    needs: Sequence[Need]
    objective: Objective

    @cached_property
    def places(self) -> Numbers:
        """Return the free places of each row of the roster."""
        offers = self.roster.columns_.offers
        return np.array([max(offer.capacity - offer.load, 0) for offer in offers], dtype=np.int64)

    @cached_property
    def folding(self) -> LexicographicScale:
        """Return how the objective's levels are folded into one number."""
        return lexicographic_scale(self.objective, self.needs, int(self.places.sum()), self.roster.on)

    def pairs(self) -> Iterator[tuple[Numbers, Numbers]]:
        """Give for each need the rows who pass, ascending, and their grains."""
        for need in self.needs:
            scored = self.roster.scored(need)
            yield scored.rows, scored.grains

    def values(self, number: int, grains: Numbers) -> Numbers:
        """Return what some pairs of a need are worth to the objective."""
        base = self.folding.match + self.folding.credit(self.needs[number], self.roster.on)
        return base + self.folding.step * self.folding.table(grains)

    def check(self, seats: Sequence[Seat], among: int = CHECKED) -> None:
        """Raise AssertionError unless places are kept, nobody sits twice, and pairs pass with the score they say."""
        taken = np.bincount([seat.row for seat in seats], minlength=len(self.places))
        assert (taken <= self.places).all(), "a place is given twice"
        assert len({seat.need for seat in seats}) == len(seats), "a need has two supporters"
        for seat in seats[:: max(1, len(seats) // among)]:
            scored = self.roster.scored(self.needs[seat.need])
            grains = scored.grains[scored.rows == seat.row].tolist()
            assert grains, "a pair fails a gate"
            assert grains == [seat.grains], "a pair says another score than it has"

    def came_of(self, seats: Sequence[Seat]) -> Found:
        """Count an answer: how many, their points, the worst twentieth, and its value to the objective."""
        points = sorted(seat.grains / GRAINS_A_POINT for seat in seats)
        lowest = points[: ceil(len(points) / 20)]
        return {
            "matched": len(points),
            "total": sum(points),
            "worst": fmean(lowest) if lowest else 0.0,
            "quantile": quantiles(points, n=20, method="inclusive")[0] if len(points) > 1 else 0.0,
            "lowest": points[: ceil(len(points) / 10)],
            "value": sum(self._value(seat) for seat in seats),
        }

    def _value(self, seat: Seat) -> int:
        return int(self.values(seat.need, np.array([seat.grains]))[0])


def task_of(name: str, size: Size, objective: Objective) -> Task:
    """Draw the people of a mix, and fit them."""
    drawn = mix(name)
    offers = drawn.offers(size.offers, size.one_place)
    return Task(drawn.roster(offers), drawn.waiting_list(size.needs), objective)


def seats_of(pairs: Iterable[tuple[int, int, int]]) -> list[Seat]:
    """Read pairs as seats, in the order of the list."""
    return sorted(Seat(*pair) for pair in pairs)
