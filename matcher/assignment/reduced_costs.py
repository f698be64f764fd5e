"""What needs' choices are worth at some prices: the best, the best few, bids on them. _compiled does the same.

A choice is worth base + step x worth, and its net is that less the price of its column.
"""

from collections import deque
from collections.abc import Sequence
from heapq import heappush, heappushpop
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.grains import Grains

Columns = NDArray[np.unsignedinteger]
Worths = tuple[Columns, NDArray[np.unsignedinteger], int, int]
Prices = NDArray[np.int64]


class Listed(NamedTuple):
    """The choices of all rows, end to end: those of row r stand from starts[r] to starts[r + 1]."""

    starts: NDArray[np.int64]
    columns: NDArray[np.uint32]
    worth: NDArray[np.uint32]
    base: Prices
    step: int

    def of(self, row: int) -> Worths:
        """Return those of one row."""
        here = slice(self.starts[row], self.starts[row + 1])
        return self.columns[here], self.worth[here], int(self.base[row]), self.step


def listed(worths: Sequence[Worths]) -> Listed:
    """List the choices of some rows."""
    columns, worth, base, steps = zip(*worths, strict=True) if worths else ((), (), (), (1,))
    starts = np.cumsum([0, *map(len, columns)], dtype=np.int64)
    return Listed(starts, _end_to_end(columns), _end_to_end(worth), np.array(base, dtype=np.int64), steps[0])


def _end_to_end(parts: Sequence[Columns]) -> NDArray[np.uint32]:
    return np.concatenate([np.empty(0, dtype=np.uint32), *parts], dtype=np.uint32)


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


def _two_best(columns: Columns, worth: Columns, base: int, step: int, prices: Prices) -> tuple[int, int, int]:
    """Return the largest net and the second, 0 at least, and the position of the first, -1 where it is not above 0."""
    net = _net(columns, worth, base, step, prices)
    position = int(net.argmax()) if len(net) else -1
    if position < 0 or net[position] <= 0:
        return 0, 0, -1
    best = int(net[position])
    net[position] = 0
    return best, max(0, int(net.max())), position


def bids(choices: Listed, places: Prices, spread: int, least: int, most: int) -> tuple[Prices, Prices]:
    """Let rows bid in turn, each at most so often; return the prices, and each row's column, -1 without one.

    A bid goes `least` beyond where the second best would be as good, and no further than `spread` and that.
    """
    prices, at = np.zeros(len(places), dtype=np.int64), np.full(len(choices.base), -1, dtype=np.int64)
    held: list[list[tuple[int, int]]] = [[] for _ in places]
    bids_left, turn = [most] * len(at), deque(range(len(at)))
    while turn:
        row = turn.popleft()
        best, second, position = _two_best(*choices.of(row), prices) if bids_left[row] else (0, 0, 0)
        if best <= 0:
            continue
        bids_left[row] -= 1
        column = int(choices.columns[choices.starts[row] + position])
        bid = (int(prices[column]) + min(best - second, spread) + least, row)
        loser = _take(held[column], int(places[column]), bid)
        if loser is not None:
            turn.append(loser)
        if len(held[column]) == places[column]:
            prices[column] = held[column][0][0] if held[column] else bid[0]
    for column, seated in enumerate(held):
        for _, row in seated:
            at[row] = column
    return prices, at


def _take(held: list[tuple[int, int]], places: int, bid: tuple[int, int]) -> int | None:
    """Let a column hold the highest bids for its places; return the row that goes away without one."""
    if len(held) < places:
        heappush(held, bid)
        return None
    return heappushpop(held, bid)[1]


def _net(columns: Columns, worth: Columns, base: int, step: int, prices: Prices) -> Grains:
    return base + step * worth.astype(np.int64) - prices[columns]
