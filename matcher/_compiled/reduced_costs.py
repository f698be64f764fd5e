"""Reduced values of a row's pairs at given prices, and the auction: the twins of assignment/reduced_costs.py."""

import numpy as np
from numba import njit

from matcher._compiled.heaps import push, sink


@njit(cache=True, nogil=True)
def best_reduced_value(columns, worth, base, step, prices):
    """Return the largest reduced value, 0 where none is above."""
    best = np.int64(0)
    for place in range(len(columns)):
        best = max(best, base + step * np.int64(worth[place]) - prices[columns[place]])
    return best


@njit(cache=True, nogil=True)
def best_k(columns, worth, base, step, prices, count):
    """Return the positions of the `count` largest reduced values, ascending; of equal ones the earlier."""
    # An insertion sort of the best so far, largest first: a later one passes over those that it exceeds, no equal ones.
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
def auction(choices, places, spread, least, most):
    """Run a forward auction; return the prices, int64 (columns,), and each row's column, -1 without one, (rows,).

    Rows bid in the order of the plain twin. A column's bids are a heap, the slice of `keys` from first[column] on.
    """
    # `turn` is a circular queue: a row stands in it once at most, since only one that was outbid comes back.
    rows, count = len(choices.base), len(places)
    prices, at = np.zeros(count, dtype=np.int64), np.full(rows, -1, dtype=np.int64)
    first, held = np.zeros(count + 1, dtype=np.int64), np.zeros(count, dtype=np.int64)
    for one in range(count):
        first[one + 1] = first[one] + min(places[one], rows)
    keys, items = np.empty(first[count], dtype=np.int64), np.empty(first[count], dtype=np.int64)
    bids_left, turn = np.full(rows, most), np.arange(rows)
    begin, waiting = np.int64(0), np.int64(rows)
    while waiting:
        row = turn[begin]
        begin, waiting = (begin + 1) % rows, waiting - 1
        if not bids_left[row]:
            continue
        best, second, place = _two_best(choices, row, prices)
        if best <= 0:
            continue
        bids_left[row] -= 1
        column = np.int64(choices.columns[place])
        bid = prices[column] + min(best - second, spread) + least
        loser = _take(keys, items, first[column], held, column, places[column], bid, row)
        if loser >= 0:
            at[loser] = -1
            turn[(begin + waiting) % rows] = loser
            waiting += 1
        if loser != row:
            at[row] = column
        if held[column] == places[column]:
            prices[column] = keys[first[column]] if held[column] else bid
    return prices, at


@njit(cache=True, nogil=True)
def _take(keys, items, first, held, column, places, bid, row):
    """Keep a column's highest bids, as many as it has places, in a heap; return the row that is outbid, or -1."""
    if held[column] < places:
        held[column] = push(keys, items, first, held[column], bid, row)
        return np.int64(-1)
    if not places or bid < keys[first] or (bid == keys[first] and row < items[first]):
        return row
    loser = items[first]
    sink(keys, items, first, held[column], bid, row)
    return loser


@njit(cache=True, nogil=True)
def _two_best(choices, row, prices):
    """Return the largest two reduced values, 0 at least, and the position of the first, -1 where it is not above 0."""
    best, second, found = np.int64(0), np.int64(0), np.int64(-1)
    for place in range(choices.starts[row], choices.starts[row + 1]):
        one = choices.base[row] + choices.step * np.int64(choices.worth[place]) - prices[choices.columns[place]]
        if one > best:
            best, second, found = one, best, np.int64(place)
        elif one > second:
            second = one
    return best, second, found
