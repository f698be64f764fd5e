"""Reduced values of a row's pairs at given prices: the largest, the k largest, and the auction that finds first prices.

A pair's value is base + step x worth; its reduced value is that less the price of its column. In an optimal matching
no pair has a reduced value above the gain of its row (dual feasibility). The twin is _compiled/reduced_costs.py.
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
"""The pairs of one row: columns and worths, shape (pairs,), then base and step."""
Prices = NDArray[np.int64]


class Listed(NamedTuple):
    """The pairs of all rows in compressed rows: those of row r stand from starts[r] to starts[r + 1].

    `starts` is (rows + 1,), `columns` and `worth` are (pairs,), `base` is (rows,); `step` is the same for all.
    """

    starts: NDArray[np.int64]
    columns: NDArray[np.uint32]
    worth: NDArray[np.uint32]
    base: Prices
    step: int

    def of(self, row: int) -> Worths:
        """Return the pairs of one row, views without a copy."""
        here = slice(self.starts[row], self.starts[row + 1])
        return self.columns[here], self.worth[here], int(self.base[row]), self.step


def listed(worths: Sequence[Worths]) -> Listed:
    """Lay the pairs of some rows end to end; all must have the same step."""
    columns, worth, base, steps = zip(*worths, strict=True) if worths else ((), (), (), (1,))
    starts = np.cumsum([0, *map(len, columns)], dtype=np.int64)
    return Listed(starts, _end_to_end(columns), _end_to_end(worth), np.array(base, dtype=np.int64), steps[0])


def _end_to_end(parts: Sequence[Columns]) -> NDArray[np.uint32]:
    return np.concatenate([np.empty(0, dtype=np.uint32), *parts], dtype=np.uint32)


def best_reduced_value(columns: Columns, worth: Columns, base: int, step: int, prices: Prices) -> int:
    """Return the largest reduced value, 0 where none is above."""
    return int(_reduced_values(columns, worth, base, step, prices).max(initial=0))


def best_k(columns: Columns, worth: Columns, base: int, step: int, prices: Prices, count: int) -> Sequence[int]:
    """Return the positions of the `count` largest reduced values, ascending; of equal ones the earlier.

    >>> best_k(np.arange(4), np.array([3, 9, 3, 5]), 0, 1, np.zeros(4, dtype=np.int64), 3)
    [0, 1, 3]
    """
    values = _reduced_values(columns, worth, base, step, prices)
    if len(values) <= count:
        return list(range(len(values)))
    edge = np.partition(values, len(values) - count)[len(values) - count]
    above = np.flatnonzero(values > edge)
    equal = np.flatnonzero(values == edge)[: count - len(above)]
    positions: list[int] = np.sort(np.concatenate([above, equal])).tolist()
    return positions


def _two_best(columns: Columns, worth: Columns, base: int, step: int, prices: Prices) -> tuple[int, int, int]:
    """Return the largest two reduced values, 0 at least, and the position of the first, -1 where it is not above 0."""
    values = _reduced_values(columns, worth, base, step, prices)
    position = int(values.argmax()) if len(values) else -1
    if position < 0 or values[position] <= 0:
        return 0, 0, -1
    best = int(values[position])
    values[position] = 0
    return best, max(0, int(values.max())), position


def auction(choices: Listed, places: Prices, spread: int, least: int, most: int) -> tuple[Prices, Prices]:
    """Run a forward auction; return the prices, int64 (columns,), and each row's column, -1 without one, (rows,).

    Each row bids at most `most` times, so it ends; a bid raises the price by the lead of the row's best reduced value
    over its second, `spread` at most, and by `least`. Seats and prices are a start, not a solution: begin_at keeps the
    prices and those seats that are optimal at them. After D. P. Bertsekas, Auction algorithms for network flow
    problems, Computational Optimization and Applications, 1992.
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
    """Keep a column's highest bids, as many as it has places, in a heap; return the row that is outbid, or None."""
    if len(held) < places:
        heappush(held, bid)
        return None
    return heappushpop(held, bid)[1]


def _reduced_values(columns: Columns, worth: Columns, base: int, step: int, prices: Prices) -> Grains:
    return base + step * worth.astype(np.int64) - prices[columns]
