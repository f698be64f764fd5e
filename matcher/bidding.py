"""A first guess at prices by bids, as in an auction. It saves time alone: it says where to begin.

After D. P. Bertsekas, Auction algorithms for network flow problems, 1992: in turn, each row bids for the column that is
best for it, up to where the second best would be as good; the lowest bid held is the price of a full column.
"""

from collections import deque
from heapq import heappush, heappushpop
from statistics import median_low

import numpy as np

from matcher import ways
from matcher.market import Market
from matcher.nets import Prices

MOST_BIDS = 30
"""How often one row bids, so that bids end whatever the list; the rest is left to augmenting paths."""
STEPS_A_SPREAD = 30
Bids = list[list[tuple[int, int]]]


def guess(market: Market) -> tuple[Prices, list[list[int]]]:
    """Return prices that bids on all pairs have raised, and the rows that hold each column's places."""
    way, worths = ways.chosen(), [market.worths(row) for row in range(len(market.needs))]
    prices = np.zeros(len(market.places), dtype=np.int64)
    held: Bids = [[] for _ in market.places]
    spread = _spread(market)
    least = spread // STEPS_A_SPREAD + 1
    bids_left = [MOST_BIDS if spread else 0] * len(worths)
    turn = deque(range(len(worths)))
    while turn:
        row = turn.popleft()
        best, second, position = way.two_best(*worths[row], prices) if bids_left[row] else (0, 0, 0)
        if best <= 0:
            continue
        bids_left[row] -= 1
        column = int(worths[row][0][position])
        bid = (int(prices[column]) + min(int(best - second), spread) + least, row)
        loser = _take(held[column], market.places[column], bid)
        if loser is not None:
            turn.append(loser)
        if len(held[column]) == market.places[column]:
            prices[column] = held[column][0][0] if held[column] else bid[0]
    return prices, [sorted(row for _, row in bids) for bids in held]


def _take(held: list[tuple[int, int]], places: int, bid: tuple[int, int]) -> int | None:
    """Let a column hold the highest bids for its places; return the row that goes away without one."""
    if len(held) < places:
        heappush(held, bid)
        return None
    return heappushpop(held, bid)[1]


def _spread(market: Market) -> int:
    """Return how far a usual row's values lie apart; a bid never jumps further, and no less than a part of it."""
    spreads = [int(one.worth.max()) - int(one.worth.min()) for one in market.choices if len(one.worth) > 1]
    return market.folding.step * median_low(spreads) if spreads else 0
