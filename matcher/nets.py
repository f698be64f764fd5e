"""What a need's choices are worth at some prices: the best of them, and the best few. fast/choices.py does the same.

A choice is worth base + step x worth, and its net is that less the price of its column.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.grains import Grains

Columns = NDArray[np.unsignedinteger]
Worths = tuple[Columns, NDArray[np.unsignedinteger], int, int]
Prices = NDArray[np.int64]


def best_net(columns: Columns, worth: Columns, base: int, step: int, prices: Prices) -> int:
    """Return the largest net, 0 where none is above."""
    return int(_net(columns, worth, base, step, prices).max(initial=0))


def best_few(columns: Columns, worth: Columns, base: int, step: int, prices: Prices, count: int) -> Sequence[int]:
    """Return the positions of the `count` largest nets, ascending; of equal ones the earlier, on every machine alike.

    >>> best_few(np.arange(4), np.array([3, 9, 3, 5]), 0, 1, np.zeros(4, dtype=np.int64), 3)
    [0, 1, 3]
    """
    net = _net(columns, worth, base, step, prices)
    if len(net) <= count:
        return list(range(len(net)))
    edge = np.partition(net, len(net) - count)[len(net) - count]
    above = np.flatnonzero(net > edge)
    equal = np.flatnonzero(net == edge)[: count - len(above)]
    positions: list[int] = np.sort(np.concatenate([above, equal])).tolist()
    return positions


def two_best(columns: Columns, worth: Columns, base: int, step: int, prices: Prices) -> tuple[int, int, int]:
    """Return the largest net and the second, 0 at least, and the position of the first, -1 where it is not above 0."""
    net = _net(columns, worth, base, step, prices)
    position = int(net.argmax()) if len(net) else -1
    if position < 0 or net[position] <= 0:
        return 0, 0, -1
    best = int(net[position])
    net[position] = 0
    return best, max(0, int(net.max())), position


def _net(columns: Columns, worth: Columns, base: int, step: int, prices: Prices) -> Grains:
    return base + step * worth.astype(np.int64) - prices[columns]
