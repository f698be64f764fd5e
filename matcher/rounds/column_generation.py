"""From a few good pairs a need to the best of all pairs: solve, price every pair left out, add what would gain, again.

In the end the prices prove the matching best among all pairs (column generation, as in rounds/candidates.py). The first
prices are those of a forward auction, assignment/reduced_costs.py, which also names where it is from.
"""

from collections.abc import Iterable, Sequence
from statistics import median_low

import numpy as np

from matcher import backends
from matcher.assignment.matching import Matching
from matcher.assignment.reduced_costs import Prices, listed
from matcher.rounds.dense import seat_densely
from matcher.rounds.market import Market

FIRST_CHOICES = 16
MORE_CHOICES = 16
MANY = 4
"""One need in so many is many."""
MOST_BIDS = 30
"""How often one row bids, so that bids end whatever the list; the rest is left to augmenting paths."""
STEPS_A_SPREAD = 30


def best_matching(market: Market) -> tuple[Matching, int]:
    """Find a best matching of a market with the prices that prove it, and the bound that they give."""
    matching = backends.current().matching(market.places, len(market.needs))
    if not seat_densely(market, matching):
        return by_augmenting(market)
    return matching, settle(market, matching, [])


def by_augmenting(market: Market) -> tuple[Matching, int]:
    """Find it from a few good pairs a need, by augmenting paths.

    Where the prices of a long list ask for more pairs of many needs at once, bids on those too are a better beginning.
    """
    while True:
        matching = backends.current().matching(market.places, len(market.needs))
        gains = _settle_kept(market, matching, _begin(market, matching))
        if not market.widen(matching.price, matching.gain):
            return matching, market.bound(gains, matching.price)
        rows, _ = _consider_what_gains(market, matching)
        if len(rows) * MANY <= len(market.needs):
            return matching, settle(market, matching, rows)


def settle(market: Market, matching: Matching, rows: Iterable[int]) -> int:
    """Settle free rows, until no pair of the whole market would gain at the prices; return the bound that they give."""
    while True:
        gains = _settle_kept(market, matching, rows)
        if not market.widen(matching.price, matching.gain):
            return market.bound(gains, matching.price)
        rows, _ = _consider_what_gains(market, matching)


def _settle_kept(market: Market, matching: Matching, rows: Iterable[int]) -> int:
    """Settle free rows, until no pair that is kept would gain; return the best nets added up."""
    while True:
        matching.settle(rows)
        rows, gains = _consider_what_gains(market, matching)
        if not rows:
            return gains


def _begin(market: Market, matching: Matching) -> list[int]:
    """Begin with each row's best choices at prices that bids have guessed, and the column held; return who is free."""
    prices, seats = auction_prices(market)
    for row in range(len(market.needs)):
        _consider(market, matching, row, backends.current().best_k(*market.worths(row), prices, FIRST_CHOICES))
    for row, column in seats:
        _consider(market, matching, row, [market.choices[row].at(column)])
    return matching.begin_at(prices.tolist(), seats)


def _consider_what_gains(market: Market, matching: Matching) -> tuple[list[int], int]:
    """Price every pair of the market; free the rows that gain, with their best choices. Sum the best of each row.

    Prices hold on every pair considered, so such a row's best one is new, and this ends.
    """
    way = backends.current()
    prices, gain = np.array(matching.price, dtype=np.int64), matching.gain
    freed, total = [], 0
    for row, hers in enumerate(gain):
        best = int(way.best_reduced_value(*market.worths(row), prices))
        total += best
        if best > hers:
            _consider(market, matching, row, way.best_k(*market.worths(row), prices, MORE_CHOICES))
            matching.release(row)
            freed.append(row)
    return freed, total


def _consider(market: Market, matching: Matching, row: int, positions: Sequence[int]) -> None:
    columns, worth, base, step = market.worths(row)
    values = base + step * worth[positions].astype(np.int64)
    matching.consider(row, columns[positions].tolist(), values.tolist())


def auction_prices(market: Market) -> tuple[Prices, list[tuple[int, int]]]:
    """Return prices that bids on all pairs have raised, and the seats held then: rows with columns, by column."""
    spread = _spread(market)
    choices = listed([market.worths(row) for row in range(len(market.needs))])
    places = np.array(market.places, dtype=np.int64)
    prices, at = backends.current().auction(
        choices, places, spread, spread // STEPS_A_SPREAD + 1, MOST_BIDS if spread else 0
    )
    rows = np.flatnonzero(at >= 0)
    rows = rows[np.argsort(at[rows], kind="stable")]
    return prices, list(zip(rows.tolist(), at[rows].tolist(), strict=True))


def _spread(market: Market) -> int:
    """Return how far a usual row's values lie apart; a bid never jumps further, and no less than a part of it."""
    spreads = [int(one.worth.max()) - int(one.worth.min()) for one in market.choices if len(one.worth) > 1]
    return market.scale.step * median_low(spreads) if spreads else 0
