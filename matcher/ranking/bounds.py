"""Upper bounds on scores from bitmaps alone, and the k best by them: who cannot reach the k-th score is dropped.

A bound counts what a supporter has of the options that a need marked, in units rounded up, and takes all else as
earned in full. The k-th best of a sample scored in full is a score that the k-th best of all has at least: so top_k is
exact, ties at the k-th place included. Compare the threshold algorithm of Fagin, Lotem and Naor, PODS 2001.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.grains import Grains
from matcher.roster import bitmaps
from matcher.roster.bitmaps import Bitmap, BitSlicedCounter, Rows, add_bitmaps, size
from matcher.roster.columns import Columns
from matcher.roster.layout import Layout
from matcher.rules.shared_hours import Query
from matcher.scoring import CoverageLine, Line, OptionGrains, WeightedNeed

GRAINS_A_UNIT = 1 << 16
"""Bounds are counted in units: few enough digits to add up quickly, enough of them to tell the best from the rest."""
LINES_KEPT = 4096
A_PART = 1024
"""So many supporters who stand side by side are asked at once for what the cheapest of them must be worth."""
WORTH_PRUNING = 256
"""Below so many survivors for each one shown, scoring all of them is quicker than choosing."""
SAMPLED = 8
"""So many for each one shown are scored in full for the lower bound."""


class BoundTerm(NamedTuple):
    """Who stands in a bitmap of the layout, or out of it, earns so many units for it at most."""

    place: int
    out: bool
    units: int


@dataclass(frozen=True)
class UpperBound:
    """An upper bound on scores: the terms that bitmaps tell, plus a constant in grains for all other lines."""

    terms: tuple[BoundTerm, ...]
    constant: int

    def units_for(self, grains: int) -> int:
        """Return how many units must be counted for somebody to earn so many grains."""
        return max(0, -((self.constant - grains) // GRAINS_A_UNIT))

    def count(self, columns: Columns) -> BitSlicedCounter:
        """Count everybody's units."""
        by_digit: list[list[Bitmap]] = [[] for _ in range(max(one.units for one in self.terms).bit_length())]
        for place, out, units in self.terms:
            bitmap = ~columns.bitmap_at(place) if out else columns.bitmap_at(place)
            for digit in range(units.bit_length()):
                if units >> digit & 1:
                    by_digit[digit].append(bitmap)
        return add_bitmaps(by_digit, len(columns.nobody))


def upper_bound(lines: Sequence[Line]) -> UpperBound | None:
    """Return the bound of some lines, None where there is nothing to count."""
    counted = [line for line in lines if isinstance(line, CoverageLine)]
    found = chain.from_iterable(bound_terms(one.layout, one.question.id, one.options) for one in counted)
    terms = tuple(sorted(found, key=lambda one: one.units))
    constant = sum(line.maximum for line in lines) - sum(line.maximum for line in counted)
    return UpperBound(terms, constant) if terms else None


@lru_cache(LINES_KEPT)
def bound_terms(layout: Layout, question_id: str, options: tuple[OptionGrains, ...]) -> tuple[BoundTerm, ...]:
    """Return the bitmaps that tell what a supporter earns at most of a question: options, and the question left out.

    An option counts beside each of its siblings, which is too much but never too little.
    """
    question, most = layout.questionnaire.by_id[question_id], dict[str, int]()
    for option, lived, sibling, _ in options:
        most[option] = most.get(option, 0) + lived
        for siblings in question.siblings(option) if sibling else ():
            most[siblings] = most.get(siblings, 0) + sibling
    places = layout.bitmaps_of(question)
    left_out = BoundTerm(places[""], True, _in_units(sum([one.mean for one in options])))
    return (left_out, *[BoundTerm(places[option], False, _in_units(grains)) for option, grains in most.items()])


def _in_units(grains: int) -> int:
    return -(-grains // GRAINS_A_UNIT)


def highest(count: BitSlicedCounter, among: Bitmap, number: int) -> Bitmap:
    """Return at least so many of some whose numbers are the highest, or all of them where there are fewer.

    >>> count = add_bitmaps([[np.array([6], np.uint64)], [np.array([5], np.uint64)]], 1)
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


def top_k(encoded: WeightedNeed, query: Query[Columns], among: Bitmap, top: int) -> tuple[Rows, Grains]:
    """Return at least all of the `top` best of some, ties included, with their scores, shapes (kept,)."""
    columns = query.columns
    if bitmaps.size(among) >= WORTH_PRUNING * top:
        among = _within_reach(encoded, query, among, top)
    rows = bitmaps.rows_of(among, columns.count)
    return rows, encoded.total(query, rows)


def _within_reach(encoded: WeightedNeed, query: Query[Columns], among: Bitmap, top: int) -> Bitmap:
    """Leave those alone who can earn what the last of the best earns."""
    over = upper_bound(encoded.lines)
    if over is None:
        return among
    units = over.count(query.columns)
    sample = bitmaps.rows_of(highest(units, among, SAMPLED * top), query.columns.count)
    least = int(np.partition(encoded.total(query, sample), len(sample) - top)[len(sample) - top])
    return among & ~units.fewer_than(over.units_for(least))
