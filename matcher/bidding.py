"""A first guess at prices by bids, as in an auction. It saves time alone: it says where to begin.

After D. P. Bertsekas, Auction algorithms for network flow problems, 1992: in turn, each row bids for the column that is
best for it, up to where the second best would be as good; the lowest bid held is the price of a full column. The bids
themselves are in nets.py and fast/choices.py.
"""

from statistics import median_low

import numpy as np

from matcher import ways
from matcher.market import Market
from matcher.nets import Prices, listed

MOST_BIDS = 30
"""How often one row bids, so that bids end whatever the list; the rest is left to augmenting paths."""
STEPS_A_SPREAD = 30


def guess(market: Market) -> tuple[Prices, list[tuple[int, int]]]:
    """Return prices that bids on all pairs have raised, and the seats held then: rows with columns, by column."""
    spread = _spread(market)
    choices = listed([market.worths(row) for row in range(len(market.needs))])
    places = np.array(market.places, dtype=np.int64)
    prices, at = ways.chosen().bids(choices, places, spread, spread // STEPS_A_SPREAD + 1, MOST_BIDS if spread else 0)
    rows = np.flatnonzero(at >= 0)
    rows = rows[np.argsort(at[rows], kind="stable")]
    return prices, list(zip(rows.tolist(), at[rows].tolist(), strict=True))


def _spread(market: Market) -> int:
    """Return how far a usual row's values lie apart; a bid never jumps further, and no less than a part of it."""
    spreads = [int(one.worth.max()) - int(one.worth.min()) for one in market.choices if len(one.worth) > 1]
    return market.folding.step * median_low(spreads) if spreads else 0
