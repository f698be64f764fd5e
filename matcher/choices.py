"""Whom one need may get in a round, packed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.grains import Grains
from matcher.nets import Columns
from matcher.objectives import Folding


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

    def and_also(self, columns: Columns, grains: Grains, folding: Folding) -> "Choices":
        """Return the same with more supporters."""
        more = packed(columns, grains, folding, self.credit)
        columns = np.concatenate([self.columns, more.columns])
        order = np.argsort(columns)
        earned, worth = np.concatenate([self.grains, more.grains]), np.concatenate([self.worth, more.worth])
        return Choices(columns[order], earned[order], worth[order], self.credit)


def packed(columns: Columns, grains: Grains, folding: Folding, credit: int) -> Choices:
    """Pack columns, in any order, with their grains."""
    order = np.argsort(columns)
    grains = grains[order]
    worth = folding.table(grains)
    kind = two_or_four_bytes(int(worth.max(initial=0)))
    return Choices(columns[order], grains.astype(np.uint32), worth.astype(kind), credit)


def two_or_four_bytes(most: int) -> type[np.unsignedinteger]:
    """Choose between two kinds alone, so that few kinds of arrays need compiling."""
    return np.uint16 if most < 2**16 else np.uint32
