"""What a matching is, whichever way it is kept: augmenting_paths.py in lists, _compiled/matching.py in arrays."""

from collections.abc import Iterable, Sequence
from typing import Protocol

NOBODY = -1
Seat = tuple[int, int]
"""A row and a column that it considers."""


class Matching(Protocol):
    """Who is with whom: rows are women, columns are supporters with places, an arc is a pair that is being considered.

    Kept true after `settle`, and so a proof that no other matching on these arcs is worth more:
    gain[row] + price[column] >= value on every arc, equal on a matched one; gain and price are 0 or more;
    a row without a place has gain 0; a column with a free place has price 0.
    """

    @property
    def at(self) -> Sequence[int]:
        """Return each row's column, or NOBODY."""

    @property
    def gain(self) -> Sequence[int]:
        """Return what each row gains at the prices."""

    @property
    def price(self) -> Sequence[int]:
        """Return each column's price."""

    def copy(self) -> "Matching":
        """Return a matching that can be changed while this one stays."""

    def consider(self, row: int, columns: Sequence[int], values: Sequence[int]) -> None:
        """Consider more pairs of a row; it must be settled afterwards if it gains by them."""

    def drop(self, row: int, column: int) -> None:
        """Consider a pair no longer. A row that loses its place by it must be settled afterwards."""

    def close(self, row: int) -> None:
        """Consider no pair of a row any longer."""

    def take_place(self, column: int) -> int:
        """Take one place away; return the last row that came there if it has to go and be settled, else NOBODY."""

    def add_place(self, column: int) -> None:
        """Add one place; the matching must be settled afterwards, even if no row is free."""

    def add_column(self, places: int, price: int) -> None:
        """Add a column after the last one, at a price at which nobody gains by it; settle as after add_place."""

    def release(self, row: int) -> None:
        """Take a row from its place; it must be settled afterwards."""

    def begin_at(self, prices: Sequence[int], seats: Iterable[Seat]) -> list[int]:
        """Take prices over, seat those rows for whom their column is then best, and return all others."""

    def settle(self, rows: Iterable[int]) -> None:
        """Give free rows the best that can be had, and fill places that were left at a price."""
