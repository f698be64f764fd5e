"""Column generation for long waiting lists: keep each need's best pairs, price all others when prices change.

A pair that is not kept can improve the round only if its value exceeds the need's gain plus the supporter's price
(weak duality). What is kept grows as a round is solved; which pairs the market has does not change by it.
After Barnhart et al., Branch-and-price, Operations Research 46(3), 1998.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from matcher.assignment.reduced_costs import Columns, Prices
from matcher.grains import Grains
from matcher.rounds.objectives import LexicographicScale
from matcher.rounds.rescoring import PairSource, PricingQuery

KEPT_AT_FIRST, KEPT_AT_LEAST, KEPT_IN_ALL = 192, 64, 6_400_000
"""Pairs of each need that are kept before there are prices: as many as there is room for."""
KEPT_MORE = 48
ALL_KEPT = -1
"""The grains of the best pair that is not kept, where all are."""


@dataclass(frozen=True)
class Candidates:
    """The candidate pairs of one need, packed: columns, ascending, grains, and worths by the objective's table.

    All have shape (pairs,), uint16 or uint32. A pair's value is match + credit + step x worth, with match and step of
    the scale; `credit` is the need's own, whoever the supporter is.
    """

    columns: Columns
    grains: NDArray[np.uint32]
    worth: NDArray[np.unsignedinteger]
    credit: int

    def without(self, column: int) -> "Candidates":
        """Return the candidates without one column."""
        keep = self.columns != column
        return Candidates(self.columns[keep], self.grains[keep], self.worth[keep], self.credit)

    def none(self) -> "Candidates":
        """Return no candidates, with the credit kept."""
        return Candidates(self.columns[:0], self.grains[:0], self.worth[:0], self.credit)

    def at(self, column: int) -> int:
        """Return the position of a column. Raises KeyError if it is not among them."""
        position = int(np.searchsorted(self.columns, column))
        if position == len(self.columns) or self.columns[position] != column:
            raise KeyError(column)
        return position

    def and_also(self, columns: Columns, grains: Grains, scale: LexicographicScale) -> "Candidates":
        """Return the candidates with more columns, none of which is among them, and their grains."""
        more = packed(columns, grains, scale, self.credit)
        columns = np.concatenate([self.columns, more.columns])
        order = np.argsort(columns)
        earned, worth = np.concatenate([self.grains, more.grains]), np.concatenate([self.worth, more.worth])
        return Candidates(columns[order], earned[order], worth[order], self.credit)


def packed(columns: Columns, grains: Grains, scale: LexicographicScale, credit: int) -> Candidates:
    """Pack columns, in any order, with their grains: two arrays of shape (pairs,)."""
    order = np.argsort(columns)
    grains = grains[order]
    worth = scale.table(grains)
    kind = two_or_four_bytes(int(worth.max(initial=0)))
    return Candidates(columns[order], grains.astype(np.uint32), worth.astype(kind), credit)


def two_or_four_bytes(most: int) -> type[np.unsignedinteger]:
    """Return the smaller type that holds numbers up to `most`, of two alone: so numba compiles few variants."""
    return np.uint16 if most < 2**16 else np.uint32


class PartialCandidates(Sequence[Candidates]):
    """The candidates of all needs, of which only some are kept: the columns of a restricted master problem.

    `rest[row]` bounds from above the grains of every pair of the need that is not kept; ALL_KEPT where none is left
    out. `out` are pairs that were forbidden, as row and column, `closed` rows that may have no pair at all.
    """

    def __init__(
        self,
        source: PairSource,
        kept: list[Candidates],
        rest: Grains,
        out: frozenset[tuple[int, int]] = frozenset(),
        closed: frozenset[int] = frozenset(),
    ) -> None:
        self._source, self._kept, self._rest, self._out, self._closed = source, kept, rest, out, closed

    @overload
    def __getitem__(self, row: int) -> Candidates: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[Candidates]: ...
    def __getitem__(self, row: int | slice) -> Candidates | Sequence[Candidates]:
        """Return the candidates of a need that are kept."""
        return self._kept[row]

    def __len__(self) -> int:
        """Return how many needs there are."""
        return len(self._kept)

    def without(self, row: int, column: int) -> "PartialCandidates":
        """Return the candidates with one pair forbidden, kept or not."""
        kept = [*self._kept[:row], self._kept[row].without(column), *self._kept[row + 1 :]]
        return PartialCandidates(self._source, kept, self._rest, self._out | {(row, column)}, self._closed)

    def close(self, row: int) -> "PartialCandidates":
        """Return the candidates with none for one need."""
        kept = [*self._kept[:row], self._kept[row].none(), *self._kept[row + 1 :]]
        return PartialCandidates(self._source, kept, self._rest, self._out, self._closed | {row})

    def every(self, row: int, scale: LexicographicScale) -> Candidates:
        """Return all candidates of a need, kept or not."""
        if row in self._closed:
            return self._kept[row]
        choices = packed(*self._source.best(row, 0), scale, self._kept[row].credit)
        for column in (column for one, column in self._out if one == row):
            choices = choices.without(column)
        return choices

    def keep(self, row: int, column: int, scale: LexicographicScale) -> None:
        """Keep one pair from now on, if the source has it."""
        if column not in self._kept[row].columns:
            every = self.every(row, scale)
            hers = every.columns == column
            self._kept[row] = self._kept[row].and_also(every.columns[hers], every.grains[hers].astype(np.int64), scale)

    def widen(self, scale: LexicographicScale, prices: Prices, gains: Sequence[int]) -> bool:
        """Price all pairs that are not kept; keep the KEPT_MORE best of each need whose reduced value exceeds its gain.

        `prices` and `gains` are the dual of the kept pairs. False means that no pair is left with a positive reduced
        cost: the matching of the kept pairs is then optimal among all.
        """
        bases = [scale.match + choices.credit for choices in self._kept]
        most = scale.table(self._rest).tolist()
        wanted = [
            PricingQuery(row, (gains[row] - bases[row]) // scale.step + 1, most[row])
            for row in range(len(self._kept))
            if row not in self._closed and self._rest[row] >= 0
        ]
        found = False
        for row, (columns, grains) in self._source.gaining(wanted, prices // scale.step):
            if len(columns):
                reduced = bases[row] + scale.step * scale.table(grains) - prices[columns]
                better = self._best_of(row, columns, reduced, gains[row])
                found = found or len(better) > 0
                self._kept[row] = self._kept[row].and_also(columns[better], grains[better], scale)
        return found

    def _best_of(self, row: int, columns: Columns, reduced: NDArray[np.int64], gain: int) -> NDArray[np.intp]:
        above = np.flatnonzero(reduced > gain)
        if self._out:
            above = np.array([at for at in above.tolist() if (row, int(columns[at])) not in self._out], dtype=np.intp)
        return above[np.lexsort((columns[above], -reduced[above]))[:KEPT_MORE]]


def partial_candidates(source: PairSource, credits_: Sequence[int], scale: LexicographicScale) -> PartialCandidates:
    """Keep the pairs of each need that have most grains, of equal ones the earlier column; `credits_` are by row."""
    kept, most = [], max(KEPT_AT_LEAST, min(KEPT_AT_FIRST, KEPT_IN_ALL // max(1, len(credits_))))
    rest = np.full(len(credits_), ALL_KEPT, dtype=np.int64)
    for row, credit in enumerate(credits_):
        columns, grains = source.best(row, most)
        best = np.lexsort((columns, -grains))[:most]
        if len(best) == most:
            rest[row] = grains[best[-1]]
        kept.append(packed(columns[best], grains[best], scale, credit))
    return PartialCandidates(source, kept, rest)
