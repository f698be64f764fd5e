"""Solve a market by column generation: match on a few arcs, price all other pairs, add those that gain, repeat.

When no pair is left with a reduced value above its row's gain, the prices are dual feasible for the whole market, and
so prove the matching optimal. The first prices are those of a forward auction (assignment/reduced_costs.py).
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
"""One need in so many is many: then an auction on the new arcs too is a better start than augmenting paths."""
MOST_BIDS = 30
"""How often one row bids, so that the auction ends whatever the list; the rest is left to augmenting paths."""
STEPS_A_SPREAD = 30
"""The least raise of a bid is this part of the spread of a usual row's values."""


def best_matching(market: Market) -> tuple[Matching, int]:
    """Return an optimal matching of a market, its prices in it, and the upper bound that they prove."""
    matching = backends.current().matching(market.places, len(market.needs))
    if not seat_densely(market, matching):
        return by_augmenting(market)
    return matching, settle(market, matching, [])


def by_augmenting(market: Market) -> tuple[Matching, int]:
    """Return an optimal matching and its bound, by augmenting paths on a few arcs of each need.

    Where pricing adds pairs to many needs at once, it begins anew with an auction that knows those too.
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
    """Settle free rows until no pair of the whole market gains at the prices; return the bound that they prove."""
    while True:
        gains = _settle_kept(market, matching, rows)
        if not market.widen(matching.price, matching.gain):
            return market.bound(gains, matching.price)
        rows, _ = _consider_what_gains(market, matching)


def _settle_kept(market: Market, matching: Matching, rows: Iterable[int]) -> int:
    """Settle free rows until no pair that is kept gains; return the sum over rows of the largest reduced value."""
    while True:
        matching.settle(rows)
        rows, gains = _consider_what_gains(market, matching)
        if not rows:
            return gains


def _begin(market: Market, matching: Matching) -> list[int]:
    """Give each row its best arcs at the prices of an auction, and the one that it won; return the rows left free."""
    prices, seats = auction_prices(market)
    for row in range(len(market.needs)):
        _consider(market, matching, row, backends.current().best_k(*market.worths(row), prices, FIRST_CHOICES))
    for row, column in seats:
        _consider(market, matching, row, [market.choices[row].at(column)])
    return matching.begin_at(prices.tolist(), seats)


def _consider_what_gains(market: Market, matching: Matching) -> tuple[list[int], int]:
    """Price every pair that is kept: free the rows that gain, and add their best pairs as arcs.

    Return those rows, and the sum over all rows of the largest reduced value, 0 at least.
    """
    # On arcs no reduced value exceeds the gain, so a row that gains gets a new arc each time: this ends.
    backend = backends.current()
    prices, gain = np.array(matching.price, dtype=np.int64), matching.gain
    freed, total = [], 0
    for row, hers in enumerate(gain):
        best = int(backend.best_reduced_value(*market.worths(row), prices))
        total += best
        if best > hers:
            _consider(market, matching, row, backend.best_k(*market.worths(row), prices, MORE_CHOICES))
            matching.release(row)
            freed.append(row)
    return freed, total


def _consider(market: Market, matching: Matching, row: int, positions: Sequence[int]) -> None:
    columns, worth, base, step = market.worths(row)
    values = base + step * worth[positions].astype(np.int64)
    matching.consider(row, columns[positions].tolist(), values.tolist())


def auction_prices(market: Market) -> tuple[Prices, list[tuple[int, int]]]:
    """Return the prices, int64 (columns,), and the seats, by column, of an auction on all pairs that are kept."""
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
    """Return the median range of a row's values, in the objective's units; a bid's lead counts up to that."""
    spreads = [int(one.worth.max()) - int(one.worth.min()) for one in market.choices if len(one.worth) > 1]
    return market.scale.step * median_low(spreads) if spreads else 0
