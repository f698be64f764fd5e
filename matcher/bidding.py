"""A first guess at prices and places by bids, as in an auction. It saves time alone: augmenting.py makes it exact.

After D. P. Bertsekas, Auction algorithms for network flow problems, 1992: in turn, each row bids for the column that is
best for it, up to where the second best would be as good; the lowest bid held is the price of a full column.
"""

from collections import deque
from heapq import heappush, heappushpop
from statistics import median_low

from matcher.augmenting import Matching

MOST_BIDS = 100
"""How often one row bids, so that bids end whatever the list; the rest is left to augmenting paths."""
STEPS_A_SPREAD = 500
Bids = list[list[tuple[int, int]]]


def open_with_bids(matching: Matching) -> list[int]:
    """Set prices by bids, seat the rows for whom their column is then best, and return the others."""
    for number, bids in enumerate(_bids(matching, matching.price)):
        for _, row in sorted(bids):
            if matching.arcs[row][number] - matching.price[number] == matching.best_gain(row):
                matching.seat(row, number)
    return [row for row, column in enumerate(matching.at) if column < 0]


def _bids(matching: Matching, price: list[int]) -> Bids:
    held: Bids = [[] for _ in price]
    spread = _spread(matching)
    least = spread // STEPS_A_SPREAD + 1
    bids_left = [MOST_BIDS if spread else 0] * len(matching.at)
    turn = deque(row for row, arcs in enumerate(matching.arcs) if arcs)
    while turn:
        row = turn.popleft()
        best, second, column = _two_best(matching.arcs[row], price)
        if best <= 0 or not bids_left[row]:
            continue
        bids_left[row] -= 1
        bid = (price[column] + min(best - second, spread) + least, row)
        loser = _take(held[column], matching.places[column], bid)
        if loser is not None:
            turn.append(loser)
        if len(held[column]) == matching.places[column]:
            price[column] = held[column][0][0] if held[column] else bid[0]
    return held


def _take(held: list[tuple[int, int]], places: int, bid: tuple[int, int]) -> int | None:
    """Let a column hold the highest bids for its places; return the row that goes away without one."""
    if len(held) < places:
        heappush(held, bid)
        return None
    return heappushpop(held, bid)[1]


def _two_best(arcs: dict[int, int], price: list[int]) -> tuple[int, int, int]:
    best, second, best_column = 0, 0, -1
    for column, value in arcs.items():
        net = value - price[column]
        if net > best:
            best, second, best_column = net, best, column
        elif net > second:
            second = net
    return best, second, best_column


def _spread(matching: Matching) -> int:
    """Return how far a usual row's values lie apart; a bid never jumps further, and no less than a part of it."""
    spreads = [max(arcs.values()) - min(arcs.values()) for arcs in matching.arcs if len(arcs) > 1]
    return median_low(spreads) if spreads else 0
