"""A matching in arrays, settled by compiled functions: the numbers and seats of augmenting_paths.PlainMatching."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from matcher._compiled import arcs, shortest_paths
from matcher._compiled.arcs import NOBODY
from matcher.assignment.matching import Seat


class FastMatching:
    """A matching (assignment/matching.py). Values and prices are below 2^61: any length of a path fits into 64 bits."""

    def __init__(self, places: Sequence[int], rows: int) -> None:
        self._state = arcs.empty(places, rows)

    @property
    def at(self) -> list[int]:
        """Return each row's column, or NOBODY."""
        return _listed(self._state.at)

    @property
    def gain(self) -> list[int]:
        """Return what each row gains at the prices."""
        return _listed(self._state.gain)

    @property
    def price(self) -> list[int]:
        """Return each column's price."""
        return _listed(self._state.price)

    def copy(self) -> "FastMatching":
        """Return a matching that can be changed while this one stays."""
        other = FastMatching([], 0)
        other._state = arcs.State(*(array.copy() for array in self._state))
        return other

    def consider(self, row: int, columns: Sequence[int], values: Sequence[int]) -> None:
        """Add arcs to a row, with their values; it must be settled afterwards if it gains by them."""
        self._state = arcs.with_room(self._state, len(columns))
        arcs.consider(self._state, row, np.array(columns, dtype=np.int64), np.array(values, dtype=np.int64))

    def drop(self, row: int, column: int) -> None:
        """Remove an arc, if it is there. A row that loses its place by it must be settled afterwards."""
        arcs.drop(self._state, row, column)

    def close(self, row: int) -> None:
        """Remove all arcs of a row."""
        while self._state.first_of_row[row] != NOBODY:
            arcs.drop(self._state, row, int(self._state.column_of[self._state.first_of_row[row]]))
        self._state.gain[row] = 0

    def take_place(self, column: int) -> int:
        """Take one place away; return the last row that came there if it has to go and be settled, else NOBODY."""
        state = self._state
        state.places[column] -= 1
        if state.holders[column] <= state.places[column]:
            return NOBODY
        last = int(state.first_holder[column])
        while state.next_holder[last] != NOBODY:
            last = int(state.next_holder[last])
        self.release(last)
        return last

    def add_place(self, column: int) -> None:
        """Add one place; the matching must be settled afterwards, even if no row is free."""
        self._state.places[column] += 1

    def add_column(self, places: int, price: int) -> None:
        """Add a column after the last one, at a price at which nobody gains by it; settle as after add_place."""
        self._state = arcs.with_column(self._state, places, price)

    def release(self, row: int) -> None:
        """Take a row from its place; it must be settled afterwards."""
        arcs.release(self._state, row)

    def begin_at(self, prices: Sequence[int], seats: Iterable[Seat]) -> list[int]:
        """Start from these prices: seat each row whose seat has its largest reduced value, and return all others."""
        self._state.price[:] = prices
        for row, column in seats:
            arcs.hold_if_best(self._state, row, column)
        return _listed(np.flatnonzero(self._state.at == NOBODY))

    def settle(self, rows: Iterable[int]) -> None:
        """Restore optimality after changes; `rows` are the free ones that may gain."""
        state = self._state
        search = shortest_paths.search_for(len(state.at), len(state.price), int(state.used[0]))
        shortest_paths.settle(state, search, np.fromiter(rows, dtype=np.int64))


def _listed(array: Any) -> list[int]:
    numbers: list[int] = array.tolist()
    return numbers
