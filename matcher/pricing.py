"""From a few good pairs a need to the best of all pairs: solve, price every pair left out, add what would gain, again.

What is priced is every pair of the market, so that in the end the prices prove the matching best among all of them.
"""

from collections.abc import Iterable

import numpy as np

from matcher.augmenting import Matching
from matcher.bidding import open_with_bids
from matcher.dense import seat_densely
from matcher.market import Market, best_first

FIRST_CHOICES = 16
MORE_CHOICES = 16
FEW = 50
"""Up to one row in so many is settled from where things stand; with more, it is quicker to begin anew."""


def best_matching(market: Market) -> tuple[Matching, int]:
    """Find a best matching of a market with the prices that prove it, and the bound that they give."""
    matching = Matching(market.places, len(market.needs))
    if not seat_densely(market, matching):
        return by_augmenting(market)
    _consider_the_best(market, matching)
    return matching, settle(market, matching, [])


def by_augmenting(market: Market) -> tuple[Matching, int]:
    """Find it from a few good pairs a need, by bids and augmenting paths."""
    matching = Matching(market.places, len(market.needs))
    _consider_the_best(market, matching)
    return matching, settle(market, matching, range(len(market.needs)))


def settle(market: Market, matching: Matching, rows: Iterable[int]) -> int:
    """Settle free rows, until no pair of the whole market would gain at the prices; return the bound that they give."""
    free = list(rows)
    while True:
        if len(free) * FEW > len(matching.at):
            matching.begin_anew()
            free = open_with_bids(matching)
        matching.settle(free)
        free, gains = _consider_what_gains(market, matching)
        if not free:
            return market.bound(gains, matching.price)


def _consider_the_best(market: Market, matching: Matching) -> None:
    """Begin with each row's best choices, and the best who would still be free if each row chose in turn."""
    left = np.array(market.places, dtype=np.int64)
    for row, choices in enumerate(market.choices):
        values = market.values(row)
        chosen = best_first(values, FIRST_CHOICES)
        free = np.flatnonzero(left[choices.columns] > 0)
        if len(free):
            first_free = int(free[np.argmax(values[free])])
            left[choices.columns[first_free]] -= 1
            chosen = [*chosen, first_free]
        for position in chosen:
            matching.add(row, int(choices.columns[position]), int(values[position]))


def _consider_what_gains(market: Market, matching: Matching) -> tuple[list[int], int]:
    """Price every pair of the market; add the best of those that gain, and free their rows. Sum the best of each."""
    prices = np.array(matching.price, dtype=np.int64)
    freed, gains = [], 0
    for row, choices in enumerate(market.choices):
        net = market.net(row, prices)
        best = int(net.max(initial=0))
        gains += best
        if best <= matching.gain[row]:
            continue
        values = market.values(row)
        for position in best_first(net, MORE_CHOICES):
            column = int(choices.columns[position])
            if net[position] > matching.gain[row]:
                assert column not in matching.arcs[row], "settled prices hold on every pair considered, so this ends"
                matching.add(row, column, int(values[position]))
        matching.release(row)
        freed.append(row)
    return freed, gains
