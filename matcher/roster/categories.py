"""Columns of small whole numbers: each different value is kept once, and every supporter holds its number.

So what depends on a value is worked out once a value, not once a supporter, and looked up.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.roster.bitmaps import Rows

Numbers = NDArray[np.unsignedinteger[Any]]


class _Numbering(dict[Hashable, int]):
    """Numbers values in the order in which they are first met, and lists them in that order."""

    def __init__(self) -> None:
        super().__init__()
        self.listed: list[Any] = []

    def __missing__(self, value: Hashable) -> int:
        self.listed.append(value)
        return self.setdefault(value, len(self))


class CategoricalColumn:
    """One column: the different values, and for each supporter the number of hers. It widens when it must.

    >>> towns = CategoricalColumn(["Windsor", None, "Windsor"])
    >>> towns.numbers.tolist(), towns.values
    ([0, 1, 0], ['Windsor', None])
    """

    def __init__(self, values: Iterable[Any] = (), count: int = 0) -> None:
        self._number_of = _Numbering()
        self.numbers: Numbers = np.zeros(count, dtype=np.uint8)
        first = [self._number_of[value] for value in values]
        if first:
            self.fill(0, np.array(first))

    @property
    def values(self) -> list[Any]:
        """Return the different values by their number."""
        return self._number_of.listed

    @property
    def nbytes(self) -> int:
        """Return the bytes that the column takes, without the values themselves."""
        return self.numbers.nbytes

    def read(self, values: Sequence[Any]) -> NDArray[np.int64]:
        """Return the numbers of some values; new ones get the next."""
        return np.fromiter(map(self._number_of.__getitem__, values), dtype=np.int64, count=len(values))

    def fill(self, start: int, numbers: NDArray[np.int64]) -> None:
        """Write the numbers of many supporters at once."""
        self._make_room(start + len(numbers), int(numbers.max(initial=0)))
        self.numbers[start : start + len(numbers)] = numbers

    def put(self, row: int, value: Any) -> None:
        """Write one supporter's value."""
        number = self._number_of[value]
        self._make_room(row + 1, number)
        self.numbers[row] = number

    def drop(self, row: int, last: int) -> None:
        """Let the last row take the place of a row that leaves."""
        self.numbers[row] = self.numbers[last]

    def at(self, rows: Rows) -> list[Any]:
        """Return the values of these rows."""
        values = self.values
        return [values[number] for number in self.numbers[rows].tolist()]

    def where(self, holds: Callable[[Any], bool], rows: Rows | slice = slice(None)) -> NDArray[np.bool_]:
        """Say for these rows, by default all, whether something holds of their values."""
        table = np.fromiter(map(holds, self._number_of), dtype=bool, count=len(self._number_of))
        return table.take(self.numbers[rows])

    def _make_room(self, count: int, largest: int) -> None:
        if largest > np.iinfo(self.numbers.dtype).max:
            self.numbers = self.numbers.astype(np.min_scalar_type(largest))
        if count > len(self.numbers):
            self.numbers = np.pad(self.numbers, (0, max(count - len(self.numbers), len(self.numbers))))
