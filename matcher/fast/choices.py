"""What a need's choices are worth at some prices: the best of them, and the best few, as in market.py."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def best_net(columns, worth, base, step, prices):
    """Return the largest base + step x worth - price, 0 where none is above."""
    best = np.int64(0)
    for place in range(len(columns)):
        best = max(best, base + step * np.int64(worth[place]) - prices[columns[place]])
    return best


@njit(cache=True, nogil=True)
def best_few(columns, worth, base, step, prices, count):
    """Return the positions of the `count` largest, ascending; of equal ones the earlier."""
    size = min(count, len(columns))
    net, position = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    kept = 0
    for place in range(len(columns)):
        one = base + step * np.int64(worth[place]) - prices[columns[place]]
        if kept == size and (not size or one <= net[size - 1]):
            continue
        here = kept if kept < size else size - 1
        kept = min(kept + 1, size)
        while here > 0 and net[here - 1] < one:
            net[here], position[here] = net[here - 1], position[here - 1]
            here -= 1
        net[here], position[here] = one, place
    return np.sort(position)


@njit(cache=True, nogil=True)
def two_best(columns, worth, base, step, prices):
    """Return the largest net and the second, 0 at least, and the position of the first, -1 where it is not above 0."""
    best, second, found = np.int64(0), np.int64(0), -1
    for place in range(len(columns)):
        one = base + step * np.int64(worth[place]) - prices[columns[place]]
        if one > best:
            best, second, found = one, best, place
        elif one > second:
            second = one
    return best, second, found
