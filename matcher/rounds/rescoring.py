"""Pricing in column generation: all pairs of all needs, kept or not, from memory or scored anew.

A pair that is not kept can improve the round only if its value exceeds the need's gain plus the supporter's price (weak
duality). So supporters are sorted by price, and each need is scored against a prefix of them alone.
After Barnhart et al., Branch-and-price, Operations Research 46(3), 1998.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from matcher.assignment.reduced_costs import Columns, Prices
from matcher.grains import Grains
from matcher.ranking.bounds import lowest_of_parts
from matcher.ranking.compiler import Program
from matcher.roster.bitmaps import reordered
from matcher.roster.columns import Packed, Words

Pairs = tuple[Columns, Grains]


class PricingQuery(NamedTuple):
    """One need of a pricing pass, which asks for pairs with a worth of at least `least` plus the supporter's price.

    Worths and prices are in steps of the objective's table. `most` bounds the worth of every pair that is not kept, so
    only supporters with a price of at most `most` - `least` can be an answer.
    """

    row: int
    least: int
    most: int


class PairSource(Protocol):
    """All pairs of every need, wherever they are held: columns and grains, shape (pairs,)."""

    def best(self, row: int, count: int) -> Pairs:
        """Return at least the `count` pairs of a need with most grains, ties included; 0 asks for all."""

    def gaining(self, wanted: Sequence[PricingQuery], dearer: Prices) -> Iterator[tuple[int, Pairs]]:
        """Yield for each query, in order, at least the pairs that are not kept and answer it; none where none can.

        `dearer`, int64 (columns,), are the prices of the supporters.
        """


@dataclass(frozen=True)
class StoredPairs:
    """Every pair held in memory, by row."""

    pairs: Sequence[Pairs]

    def best(self, row: int, count: int) -> Pairs:
        """Return all pairs of a need."""
        return self.pairs[row]

    def gaining(self, wanted: Sequence[PricingQuery], dearer: Prices) -> Iterator[tuple[int, Pairs]]:
        """Yield all pairs of each need for which the bound leaves an answer open."""
        cheapest = int(dearer.min(initial=0))
        for asked in wanted:
            if asked.least + cheapest <= asked.most:
                yield asked.row, self.pairs[asked.row]


@dataclass(frozen=True)
class RescoredPairs:
    """Pairs scored anew from compiled needs whenever they are asked for, so that none takes memory.

    `column_of`, (rows,), maps the roster's rows to columns; `floor` is in grains, `least_for` as in
    LexicographicScale.least_grains; `scan` is _compiled/scan.py. The roster must stay as it is.
    """

    programs: Sequence[Program]
    roster: Packed
    column_of: Columns
    floor: int
    least_for: Grains
    scan: ModuleType

    def best(self, row: int, count: int) -> Pairs:
        """Return at least the `count` pairs of a need with most grains, ties included; 0 asks for all."""
        rows, grains, *_ = self.scan.best(self.programs[row], self.roster, len(self.column_of), count, self.floor)
        return self.column_of[rows], grains

    def gaining(self, wanted: Sequence[PricingQuery], dearer: Prices) -> Iterator[tuple[int, Pairs]]:
        """Yield for each query, in order, at least the pairs that are not kept and answer it; none where none can.

        `dearer`, int64 (columns,), are the prices of the supporters.
        """
        # With supporters in the order of their prices, those who are not too dear for a need are a prefix.
        by_row = dearer[self.column_of]
        order = np.argsort(by_row, kind="stable")
        prices = by_row[order]
        counts = np.searchsorted(prices, [asked.most - asked.least for asked in wanted], side="right").tolist()
        lowest = lowest_of_parts(prices)
        cheapest = _Cheapest(self.roster, order[: max(counts, default=0)], len(by_row))
        for asked, count in zip(wanted, counts, strict=True):
            if count:
                program = cheapest.program(self.programs[asked.row])
                rows, grains = self.scan.gaining(
                    program, cheapest.packed, count, asked.least, prices, lowest, self.least_for, self.floor
                )
                yield asked.row, (self.column_of[order[rows]], grains)


class _Cheapest:
    """The cheapest supporters, packed in the order of their prices, and programs rewritten for that order."""

    def __init__(self, roster: Packed, order: NDArray[np.intp], count: int) -> None:
        self.packed = roster.of(order)
        self._order = order
        self._place_of = np.full(count, count, dtype=np.int64)
        self._place_of[order] = np.arange(len(order))
        self._more: dict[int, Words] = {}

    def program(self, program: Program) -> Program:
        """Return a program whose own rows and bitmaps are in the order of the prices."""
        if program.listed.size:
            program = program._replace(listed=self._place_of[program.listed])
        if program.more.size:
            program = program._replace(more=self._reordered(program.more))
        return program

    def _reordered(self, more: Words) -> Words:
        """Put bitmaps in the order of the prices, once for all programs that share them."""
        if id(more) not in self._more:
            self._more[id(more)] = reordered(more, self._order)
        return self._more[id(more)]
