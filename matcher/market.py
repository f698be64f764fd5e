"""Every pair that a round may use, packed: needs with the supporters who pass, and what each pair is worth."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.grains import Grains
from matcher.nets import Columns, Worths
from matcher.objectives import Folding, fold
from matcher.people import Need
from matcher.ranking import Roster
from matcher.terms import Terms


@dataclass(frozen=True)
class Choices:
    """Whom one need may get: columns of the market, ascending, with grains and what the objective's table says of them.

    The numbers are kept as small as they fit; `credit` is added to every pair of hers.
    """

    columns: Columns
    grains: NDArray[np.uint32]
    worth: NDArray[np.unsignedinteger]
    credit: int

    def without(self, column: int) -> "Choices":
        """Return the same without one supporter."""
        keep = self.columns != column
        return Choices(self.columns[keep], self.grains[keep], self.worth[keep], self.credit)

    def none(self) -> "Choices":
        """Return the same without anybody."""
        return Choices(self.columns[:0], self.grains[:0], self.worth[:0], self.credit)

    def at(self, column: int) -> int:
        """Return the position of a supporter. Raises KeyError if she is not among the choices."""
        position = int(np.searchsorted(self.columns, column))
        if position == len(self.columns) or self.columns[position] != column:
            raise KeyError(column)
        return position


@dataclass(frozen=True)
class Pinned:
    """A pair that was set by hand: row, column, grains and value. It uses a place and is out of the market."""

    row: int
    column: int
    grains: int
    value: int


@dataclass(frozen=True)
class Market:
    """Needs as rows, longest waiting first, then by id; supporters as columns, by id; free places of each column."""

    folding: Folding
    needs: tuple[Need, ...]
    offers: tuple[str, ...]
    places: tuple[int, ...]
    choices: tuple[Choices, ...]
    pinned: tuple[Pinned, ...] = ()

    def values(self, row: int) -> Grains:
        """Return the value of each of a row's choices."""
        return self._base(row) + self.folding.step * self.choices[row].worth.astype(np.int64)

    def value(self, row: int, position: int) -> int:
        """Return the value of one of a row's choices."""
        return self._base(row) + self.folding.step * int(self.choices[row].worth[position])

    def worths(self, row: int) -> Worths:
        """Return what nets.py makes the values of a row's choices of."""
        choices = self.choices[row]
        return choices.columns, choices.worth, self._base(row), self.folding.step

    def _base(self, row: int) -> int:
        return self.folding.match + self.choices[row].credit

    def bound(self, gains: int, prices: Iterable[int]) -> int:
        """Bound the value of every round: the sum of each row's max(0, best net), of places x price, and the pins."""
        paid = sum(places * price for places, price in zip(self.places, prices, strict=True))
        return gains + paid + sum(pin.value for pin in self.pinned)

    def pin(self, row: int, column: int) -> "Market":
        """Return the market with one pair set by hand: her row closed, one place taken. Raises KeyError if unfit."""
        position = self.choices[row].at(column)
        value = self.value(row, position)
        pinned = Pinned(row, column, int(self.choices[row].grains[position]), value)
        places = (*self.places[:column], self.places[column] - 1, *self.places[column + 1 :])
        return replace(self._with(row, self.choices[row].none()), places=places, pinned=(*self.pinned, pinned))

    def forbid(self, row: int, column: int) -> "Market":
        """Return the market without one pair."""
        return self._with(row, self.choices[row].without(column))

    def _with(self, row: int, choices: Choices) -> "Market":
        return replace(self, choices=(*self.choices[:row], choices, *self.choices[row + 1 :]))

    def place_of(self, pair: tuple[str, str]) -> tuple[int, int]:
        """Return row and column of need and offer ids."""
        row = next(row for row, need in enumerate(self.needs) if need.id == pair[0])
        return row, bisect_left(self.offers, pair[1])


def longest_waiting_first(need: Need) -> tuple[bool, int, str]:
    """Order needs: longest waiting first, not known last, then by id."""
    since = need.waiting_since
    return since is None, since.toordinal() if since else 0, need.id


def open_market(roster: Roster, needs: Iterable[Need], terms: Terms) -> Market:
    """Score every need with everyone, keep the pairs at or above the floor, then set what was pinned or forbidden."""
    needs = tuple(needs)
    offers = roster.columns_.offers
    ids = [offer.id for offer in offers]
    by_id = sorted(range(len(ids)), key=ids.__getitem__)
    places = tuple(max(offers[row].capacity - offers[row].load, 0) for row in by_id)
    folding = fold(terms.objective, needs, sum(places), roster.on)
    column_of = np.empty(len(ids), dtype=_two_or_four_bytes(len(ids)))
    column_of[by_id] = np.arange(len(ids))
    choices = tuple(_choices(roster, need, terms.floor, folding, column_of) for need in needs)
    market = Market(folding, needs, tuple(ids[row] for row in by_id), places, choices)
    for pair in terms.forbidden:
        market = market.forbid(*market.place_of(pair))
    for pair in terms.pins:
        market = market.pin(*market.place_of(pair))
    return market


def _choices(roster: Roster, need: Need, floor: int, folding: Folding, column_of: Columns) -> Choices:
    scored = roster.scored(need)
    kept = scored.grains >= floor
    columns, grains = column_of[scored.rows[kept]], scored.grains[kept]
    order = np.argsort(columns)
    grains = grains[order]
    worth = folding.table(grains)
    packed = worth.astype(_two_or_four_bytes(int(worth.max(initial=0))))
    return Choices(columns[order], grains.astype(np.uint32), packed, folding.credit(need, roster.on))


def _two_or_four_bytes(most: int) -> type[np.unsignedinteger]:
    """Choose between two kinds alone, so that few kinds of arrays need compiling."""
    return np.uint16 if most < 2**16 else np.uint32
