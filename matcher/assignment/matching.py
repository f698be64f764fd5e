"""The interface of a solver of the assignment problem, its primal and its dual together.

augmenting_paths.py keeps it in lists, _compiled/matching.py in arrays; both make the same choices.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

NOBODY = -1
Seat = tuple[int, int]
"""A row, and the column of one of its arcs."""


class Matching(Protocol):
    """A maximum-weight matching of rows, each seated once at most, and columns, each with so many places, and its dual.

    An arc is a pair that the solver considers; its value is a whole number, in the objective's units. After `settle`
    these hold, and so prove by complementary slackness that no other matching on these arcs is worth more:
    gain[row] + price[column] >= value on every arc, equal on a matched one; gain and price are 0 or more;
    a row without a place has gain 0; a column with a free place has price 0.
    """

    @property
    def at(self) -> Sequence[int]:
        """Return each row's column, or NOBODY: shape (rows,)."""

    @property
    def gain(self) -> Sequence[int]:
        """Return the dual value of each row, what it gains at the prices: shape (rows,), 0 or more."""

    @property
    def price(self) -> Sequence[int]:
        """Return the dual value of each column, the price of a place: shape (columns,), 0 or more."""

    def copy(self) -> "Matching":
        """Return a matching that can be changed while this one stays."""

    def consider(self, row: int, columns: Sequence[int], values: Sequence[int]) -> None:
        """Add arcs to a row, with their values; it must be settled afterwards if it gains by them."""

    def drop(self, row: int, column: int) -> None:
        """Remove an arc, if it is there. A row that loses its place by it must be settled afterwards."""

    def close(self, row: int) -> None:
        """Remove all arcs of a row."""

    def take_place(self, column: int) -> int:
        """Take one place away; return the last row that came there if it has to go and be settled, else NOBODY."""

    def add_place(self, column: int) -> None:
        """Add one place; the matching must be settled afterwards, even if no row is free."""

    def add_column(self, places: int, price: int) -> None:
        """Add a column after the last one, at a price at which nobody gains by it; settle as after add_place."""

    def release(self, row: int) -> None:
        """Take a row from its place; it must be settled afterwards."""

    def begin_at(self, prices: Sequence[int], seats: Iterable[Seat]) -> list[int]:
        """Start from these prices: seat each row whose seat has its largest reduced value, and return all others."""

    def settle(self, rows: Iterable[int]) -> None:
        """Restore optimality after changes; `rows` are the free ones that may gain."""
