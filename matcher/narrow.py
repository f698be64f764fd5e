"""The choices of a list that is too long to keep every pair: the best of each need, and more where prices ask for them.

What is kept grows as a round is solved; which pairs the market has does not change by it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Protocol, overload

import numpy as np
from numpy.typing import NDArray

from matcher.choices import Choices, packed
from matcher.columns import Packed
from matcher.grains import Grains
from matcher.nets import Columns, Prices
from matcher.objectives import Folding
from matcher.programs import Program

KEPT_AT_FIRST, KEPT_AT_LEAST, KEPT_IN_ALL = 256, 64, 6_400_000
"""Pairs of each need that are kept before there are prices: as many as there is room for."""
KEPT_MORE = 48
Pairs = tuple[Columns, Grains]


class Beyond(Protocol):
    """All pairs of all needs, whether they are kept or not."""

    def best(self, row: int, count: int) -> Pairs:
        """Return at least the best of a need and who ties with them; 0 asks for all."""

    def gaining(self, wanted: Iterable[tuple[int, int]], dearer: Prices) -> Iterator[tuple[int, Pairs]]:
        """Return, for rows with what each wants at least, all pairs that may be worth that and dearer[column] more."""


@dataclass(frozen=True)
class Kept:
    """Every pair, kept."""

    pairs: Sequence[Pairs]

    def best(self, row: int, count: int) -> Pairs:
        """Return all."""
        return self.pairs[row]

    def gaining(self, wanted: Iterable[tuple[int, int]], dearer: Prices) -> Iterator[tuple[int, Pairs]]:
        """Return all."""
        for row, _ in wanted:
            yield row, self.pairs[row]


@dataclass(frozen=True)
class Rescored:
    """No pair is kept; each need is held against the roster anew. `column_of` tells each row's column.

    The roster must stay as it is.
    """

    programs: Sequence[Program]
    roster: Packed
    column_of: Columns
    floor: int
    least_for: Grains
    way: ModuleType

    def best(self, row: int, count: int) -> Pairs:
        """Return at least the best of a need and who ties with them; 0 asks for all."""
        rows, grains, *_ = self.way.best(self.programs[row], self.roster, len(self.column_of), count, self.floor)
        return self.column_of[rows], grains

    def gaining(self, wanted: Iterable[tuple[int, int]], dearer: Prices) -> Iterator[tuple[int, Pairs]]:
        """Return, for rows with what each wants at least, all pairs that may be worth that and dearer[column] more."""
        by_row = dearer[self.column_of]
        for row, least in wanted:
            about = (self.programs[row], self.roster, len(by_row), least, by_row, self.least_for, self.floor)
            rows, grains = self.way.gaining(*about)
            yield row, (self.column_of[rows], grains)


class Narrow(Sequence[Choices]):
    """Each need's choices, as far as they are kept. `out` are pairs that were forbidden, `closed` rows without any."""

    def __init__(
        self,
        beyond: Beyond,
        kept: list[Choices],
        out: frozenset[tuple[int, int]] = frozenset(),
        closed: frozenset[int] = frozenset(),
    ) -> None:
        self._beyond, self._kept, self._out, self._closed = beyond, kept, out, closed

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
        return Narrow(self._beyond, kept, self._out | {(row, column)}, self._closed)

    def close(self, row: int) -> "Narrow":
        """Return the same with nobody for one need."""
        kept = [*self._kept[:row], self._kept[row].none(), *self._kept[row + 1 :]]
        return Narrow(self._beyond, kept, self._out, self._closed | {row})

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
        open_ = [row for row in range(len(self._kept)) if row not in self._closed]
        wanted = ((row, (gains[row] - bases[row]) // folding.step + 1) for row in open_)
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
    for row, credit in enumerate(credits_):
        columns, grains = beyond.best(row, most)
        best = np.lexsort((columns, -grains))[:most]
        kept.append(packed(columns[best], grains[best], folding, credit))
    return Narrow(beyond, kept)
