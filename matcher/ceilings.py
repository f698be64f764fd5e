"""What a supporter can earn at most, told from planes alone: so who cannot reach what is asked is dropped 64 at a time.

A ceiling counts what she has of the options that a need marked, in units rounded up, and takes all else as earned in
full. It never rules out anybody who reaches what is asked; those whom it leaves are scored as ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Columns
from matcher.counters import Count, add_up
from matcher.planes import Plane, size
from matcher.scoring import GRAINS_A_UNIT, CoverageLine, Height, Line

A_PART = 1024
"""So many supporters who stand side by side are asked at once for what the cheapest of them must be worth."""


@dataclass(frozen=True)
class Ceiling:
    """The heights of what is counted, and the grains that all else earns at most."""

    heights: tuple[Height, ...]
    beside: int

    def units_for(self, grains: int) -> int:
        """Return how many units must be counted for somebody to earn so many grains."""
        return max(0, -((self.beside - grains) // GRAINS_A_UNIT))

    def count(self, columns: Columns) -> Count:
        """Count everybody's units."""
        by_digit: list[list[Plane]] = [[] for _ in range(max(one.units for one in self.heights).bit_length())]
        for place, out, units in self.heights:
            plane = ~columns.fact(place) if out else columns.fact(place)
            for digit in range(units.bit_length()):
                if units >> digit & 1:
                    by_digit[digit].append(plane)
        return add_up(by_digit, len(columns.nobody))


def ceiling(lines: Sequence[Line]) -> Ceiling | None:
    """Return the ceiling of some lines, None where there is nothing to count."""
    counted = [line for line in lines if isinstance(line, CoverageLine)]
    heights = tuple(sorted(chain.from_iterable(line.heights for line in counted), key=lambda one: one.units))
    beside = sum(line.full for line in lines) - sum(line.full for line in counted)
    return Ceiling(heights, beside) if heights else None


def highest(count: Count, among: Plane, number: int) -> Plane:
    """Return at least so many of some whose numbers are the highest, or all of them where there are fewer.

    >>> count = add_up([[np.array([6], np.uint64)], [np.array([5], np.uint64)]], 1)
    >>> highest(count, np.array([7], np.uint64), 1).tolist(), highest(count, np.array([7], np.uint64), 2).tolist()
    ([4], [5])
    """
    found = among & ~among
    for digit in reversed(count.digits):
        more = among & digit
        there = size(more)
        if there < number:
            found, among, number = found | more, among & ~digit, number - there
        else:
            among = more
    return found | among


def lowest_of_parts(prices: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the lowest price of each part of a roster, shape (parts,)."""
    return np.minimum.reduceat(prices, np.arange(0, len(prices), A_PART)) if len(prices) else prices
