"""Small markets with many pairs: scipy's dense solver for the seats, then the least prices that prove them optimal.

scipy computes in floating point, exact for whole numbers below 2^53, and returns no dual; both are seen to here. All
other markets: column_generation.py.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from matcher.assignment.matching import NOBODY, Matching
from matcher.rounds.market import Market

MOST_CELLS = 4_000_000
CROWDED = 20
"""A dense matrix is quicker where at least one cell in so many is a pair."""
EXACT = 2**50
Values = NDArray[np.int64]
Seats = NDArray[np.int64]


def seat_densely(market: Market, matching: Matching) -> bool:
    """Write an optimal matching and its prices into `matching` where that is quick and exact; say whether it is."""
    cells = len(market.needs) * max(sum(market.places), len(market.places))
    pairs = sum(len(choices.columns) for choices in market.choices)
    if not 0 < cells <= min(MOST_CELLS, pairs * CROWDED):
        return False
    values = _values(market)
    if int(values.max()) >= EXACT:
        return False
    at = _best_seats(values, market.places)
    prices = _least_prices(values, at)
    if prices is None:
        return False
    rows = np.flatnonzero(at != NOBODY)
    seats = list(zip(rows.tolist(), at[rows].tolist(), strict=True))
    for row, column in seats:
        matching.consider(row, [column], [int(values[row, column])])
    matching.begin_at(prices.tolist(), seats)
    return True


def _values(market: Market) -> Values:
    """Return the dense matrix of values, int64 (rows, columns); 0 is no pair."""
    values = np.zeros((len(market.needs), len(market.places)), dtype=np.int64)
    for row, choices in enumerate(market.choices):
        values[row, choices.columns] = market.values(row)
    return values


def _best_seats(values: Values, places: tuple[int, ...]) -> Seats:
    owners = np.repeat(np.arange(len(places)), places)
    rows, slots = linear_sum_assignment(values[:, owners], maximize=True)
    at = np.full(len(values), NOBODY, dtype=np.int64)
    worth = values[rows, owners[slots]] > 0
    at[rows[worth]] = owners[slots[worth]]
    return at


def _least_prices(values: Values, at: Seats) -> Values | None:
    """Return the least prices that prove the seats optimal, int64 (columns,); None if they are not.

    Raised from 0 until no row would gain more at another column, as Bellman and Ford relax arcs: where the seats are
    optimal, as many passes as there are rows are enough.
    """
    rows = np.arange(len(values))
    seated = at != NOBODY
    own = np.where(seated, values[rows, at], 0)
    prices = np.zeros(values.shape[1], dtype=np.int64)
    for _ in range(len(values) + 1):
        gains = np.where(seated, own - prices[at], 0)
        if gains.min() < 0:
            return None
        wanted = np.maximum(prices, (values - gains[:, None]).max(axis=0))
        if (wanted == prices).all():
            return prices
        prices = wanted
    return None
