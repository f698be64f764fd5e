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
    """One row of the market, packed: column numbers, ascending, with grains and the values of the objective's table.

    Numbers take two or four bytes; `credit` is added to every pair of the row.
    """

    columns: Columns
    grains: NDArray[np.uint32]
    worth: NDArray[np.unsignedinteger]
    credit: int

    def without(self, column: int) -> "Candidates":
        """Return the same without one supporter."""
        keep = self.columns != column
        return Candidates(self.columns[keep], self.grains[keep], self.worth[keep], self.credit)

    def none(self) -> "Candidates":
        """Return the same without anybody."""
        return Candidates(self.columns[:0], self.grains[:0], self.worth[:0], self.credit)

    def at(self, column: int) -> int:
        """Return the position of a supporter. Raises KeyError if she is not among the choices."""
        position = int(np.searchsorted(self.columns, column))
        if position == len(self.columns) or self.columns[position] != column:
            raise KeyError(column)
        return position

    def and_also(self, columns: Columns, grains: Grains, scale: LexicographicScale) -> "Candidates":
        """Return the same with more supporters."""
        more = packed(columns, grains, scale, self.credit)
        columns = np.concatenate([self.columns, more.columns])
        order = np.argsort(columns)
        earned, worth = np.concatenate([self.grains, more.grains]), np.concatenate([self.worth, more.worth])
        return Candidates(columns[order], earned[order], worth[order], self.credit)


def packed(columns: Columns, grains: Grains, scale: LexicographicScale, credit: int) -> Candidates:
    """Pack columns, in any order, with their grains."""
    order = np.argsort(columns)
    grains = grains[order]
    worth = scale.table(grains)
    kind = two_or_four_bytes(int(worth.max(initial=0)))
    return Candidates(columns[order], grains.astype(np.uint32), worth.astype(kind), credit)


def two_or_four_bytes(most: int) -> type[np.unsignedinteger]:
    """Choose between two kinds alone, so that few kinds of arrays need compiling."""
    return np.uint16 if most < 2**16 else np.uint32


class PartialCandidates(Sequence[Candidates]):
    """Rows of which only some pairs are kept. `rest[row]` bounds the grains of those left out, ALL_KEPT where none are.

    `out` are pairs that were forbidden, `closed` rows without any.
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
        """Return what is kept of a need's choices."""
        return self._kept[row]

    def __len__(self) -> int:
        """Return how many needs there are."""
        return len(self._kept)

    def without(self, row: int, column: int) -> "PartialCandidates":
        """Return the same without one pair."""
        kept = [*self._kept[:row], self._kept[row].without(column), *self._kept[row + 1 :]]
        return PartialCandidates(self._source, kept, self._rest, self._out | {(row, column)}, self._closed)

    def close(self, row: int) -> "PartialCandidates":
        """Return the same with nobody for one need."""
        kept = [*self._kept[:row], self._kept[row].none(), *self._kept[row + 1 :]]
        return PartialCandidates(self._source, kept, self._rest, self._out, self._closed | {row})

    def every(self, row: int, scale: LexicographicScale) -> Candidates:
        """Return all choices of a need, kept or not."""
        if row in self._closed:
            return self._kept[row]
        choices = packed(*self._source.best(row, 0), scale, self._kept[row].credit)
        for column in (column for one, column in self._out if one == row):
            choices = choices.without(column)
        return choices

    def keep(self, row: int, column: int, scale: LexicographicScale) -> None:
        """Keep one pair, if there is one."""
        if column not in self._kept[row].columns:
            every = self.every(row, scale)
            hers = every.columns == column
            self._kept[row] = self._kept[row].and_also(every.columns[hers], every.grains[hers].astype(np.int64), scale)

    def widen(self, scale: LexicographicScale, prices: Prices, gains: Sequence[int]) -> bool:
        """Keep what is worth more to somebody, at these prices, than she gains: the best few of each; say if any is."""
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
                nets = bases[row] + scale.step * scale.table(grains) - prices[columns]
                better = self._best_of(row, columns, nets, gains[row])
                found = found or len(better) > 0
                self._kept[row] = self._kept[row].and_also(columns[better], grains[better], scale)
        return found

    def _best_of(self, row: int, columns: Columns, nets: NDArray[np.int64], gain: int) -> NDArray[np.intp]:
        above = np.flatnonzero(nets > gain)
        if self._out:
            above = np.array([at for at in above.tolist() if (row, int(columns[at])) not in self._out], dtype=np.intp)
        return above[np.lexsort((columns[above], -nets[above]))[:KEPT_MORE]]


def partial_candidates(source: PairSource, credits_: Sequence[int], scale: LexicographicScale) -> PartialCandidates:
    """Keep the best of each need, of equal ones the earlier column."""
    kept, most = [], max(KEPT_AT_LEAST, min(KEPT_AT_FIRST, KEPT_IN_ALL // max(1, len(credits_))))
    rest = np.full(len(credits_), ALL_KEPT, dtype=np.int64)
    for row, credit in enumerate(credits_):
        columns, grains = source.best(row, most)
        best = np.lexsort((columns, -grains))[:most]
        if len(best) == most:
            rest[row] = grains[best[-1]]
        kept.append(packed(columns[best], grains[best], scale, credit))
    return PartialCandidates(source, kept, rest)
