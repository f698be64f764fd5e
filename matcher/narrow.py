"""The choices of a list that is too long to keep every pair: the best of each need, and more where prices ask for them.

What is kept grows as a round is solved; which pairs the market has does not change by it.
"""

from collections.abc import Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from matcher.beyond import Beyond, Wanted
from matcher.choices import Choices, packed
from matcher.grains import Grains
from matcher.nets import Columns, Prices
from matcher.objectives import Folding

KEPT_AT_FIRST, KEPT_AT_LEAST, KEPT_IN_ALL = 192, 64, 6_400_000
"""Pairs of each need that are kept before there are prices: as many as there is room for."""
KEPT_MORE = 48
ALL_KEPT = -1
"""The grains of the best pair that is not kept, where all are."""


class Narrow(Sequence[Choices]):
    """Each need's choices, as far as they are kept. `rest` are the most grains of a pair of each that is not kept.

    `out` are pairs that were forbidden, `closed` rows without any.
    """

    def __init__(
        self,
        beyond: Beyond,
        kept: list[Choices],
        rest: Grains,
        out: frozenset[tuple[int, int]] = frozenset(),
        closed: frozenset[int] = frozenset(),
    ) -> None:
        self._beyond, self._kept, self._rest, self._out, self._closed = beyond, kept, rest, out, closed

    @overload
    def __getitem__(self, row: int) -> Choices: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[Choices]: ...
    def __getitem__(self, row: int | slice) -> Choices | Sequence[Choices]:
        """Return what is kept of a need's choices."""
        return self._kept[row]

    def __len__(self) -> int:
        """Return how many needs there are."""
        return len(self._kept)

    def without(self, row: int, column: int) -> "Narrow":
        """Return the same without one pair."""
        kept = [*self._kept[:row], self._kept[row].without(column), *self._kept[row + 1 :]]
        return Narrow(self._beyond, kept, self._rest, self._out | {(row, column)}, self._closed)

    def close(self, row: int) -> "Narrow":
        """Return the same with nobody for one need."""
        kept = [*self._kept[:row], self._kept[row].none(), *self._kept[row + 1 :]]
        return Narrow(self._beyond, kept, self._rest, self._out, self._closed | {row})

    def every(self, row: int, folding: Folding) -> Choices:
        """Return all choices of a need, kept or not."""
        if row in self._closed:
            return self._kept[row]
        choices = packed(*self._beyond.best(row, 0), folding, self._kept[row].credit)
        for column in (column for one, column in self._out if one == row):
            choices = choices.without(column)
        return choices

    def keep(self, row: int, column: int, folding: Folding) -> None:
        """Keep one pair, if there is one."""
        if column not in self._kept[row].columns:
            every = self.every(row, folding)
            hers = every.columns == column
            self._kept[row] = self._kept[row].and_also(
                every.columns[hers], every.grains[hers].astype(np.int64), folding
            )

    def widen(self, folding: Folding, prices: Prices, gains: Sequence[int]) -> bool:
        """Keep what is worth more to somebody, at these prices, than she gains: the best few of each; say if any is."""
        bases = [folding.match + choices.credit for choices in self._kept]
        most = folding.table(self._rest).tolist()
        wanted = [
            Wanted(row, (gains[row] - bases[row]) // folding.step + 1, most[row])
            for row in range(len(self._kept))
            if row not in self._closed and self._rest[row] >= 0
        ]
        found = False
        for row, (columns, grains) in self._beyond.gaining(wanted, prices // folding.step):
            if len(columns):
                nets = bases[row] + folding.step * folding.table(grains) - prices[columns]
                better = self._best_of(row, columns, nets, gains[row])
                found = found or len(better) > 0
                self._kept[row] = self._kept[row].and_also(columns[better], grains[better], folding)
        return found

    def _best_of(self, row: int, columns: Columns, nets: NDArray[np.int64], gain: int) -> NDArray[np.intp]:
        above = np.flatnonzero(nets > gain)
        if self._out:
            above = np.array([at for at in above.tolist() if (row, int(columns[at])) not in self._out], dtype=np.intp)
        return above[np.lexsort((columns[above], -nets[above]))[:KEPT_MORE]]


def narrow(beyond: Beyond, credits_: Sequence[int], folding: Folding) -> Narrow:
    """Keep the best of each need, of equal ones the earlier column."""
    kept, most = [], max(KEPT_AT_LEAST, min(KEPT_AT_FIRST, KEPT_IN_ALL // max(1, len(credits_))))
    rest = np.full(len(credits_), ALL_KEPT, dtype=np.int64)
    for row, credit in enumerate(credits_):
        columns, grains = beyond.best(row, most)
        best = np.lexsort((columns, -grains))[:most]
        if len(best) == most:
            rest[row] = grains[best[-1]]
        kept.append(packed(columns[best], grains[best], folding, credit))
    return Narrow(beyond, kept, rest)
