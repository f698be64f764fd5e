"""The value of a pair in a round: a lexicographic objective as one whole number, so that sums keep its order.

docs/decisions/0009-rounds.md says why nothing overflows and no order is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from matcher.errors import Fault, Refused
from matcher.grains import FULL_SCORE, GRAINS_A_POINT, Grains
from matcher.people import Need

Objective = Literal["fair", "most", "total"]
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)
FAIR_UNITS = 10_000
FAIR_FULL = 46_151
"""The fair table at 100 points: round(10,000 x ln(101))."""
TOO_LARGE = 2**61
"""Values stay below, so that sums and differences of a few values and prices fit into 64 bits."""
DAYS_A_WEEK = 7


@dataclass(frozen=True)
class LexicographicScale:
    """The multipliers of a lexicographic objective: a pair's value is `match` + `step` x table(grains) + credit.

    One match outweighs all steps and credits of a whole round, one step outweighs all credits: so the largest sum of
    values is the first by matches, then by the table, then by credit. A level that is not asked for has weight 0.
    """

    objective: Objective
    match: int
    step: int

    def table(self, grains: Grains) -> Grains:
        """Return the worth of scores on the second level: for `fair` round(10,000 x ln(1 + points)), else the grains.

        >>> LexicographicScale("fair", 1, 1).table(np.array([0, 5_000_000, 10_000_000])).tolist()
        [0, 39318, 46151]
        """
        return fair_table(grains) if self.objective == "fair" else grains

    @property
    def least_grains(self) -> Grains:
        """Return the table's inverse: the least grains of each worth, int64 (worths,); empty where worth is grains."""
        return _least_for_fair() if self.objective == "fair" else np.empty(0, dtype=np.int64)

    def credit(self, need: Need, on: date) -> int:
        """Return the waiting credit of a need: whole weeks, where the objective counts them."""
        return weeks_waiting(need, on) if self.objective == "fair" else 0


def fair_table(grains: Grains) -> Grains:
    """Return round(10,000 x ln(1 + points)); no grain lies so near a half that machines could differ (tested)."""
    worth: NDArray[np.int64] = np.rint(FAIR_UNITS * np.log1p(grains / GRAINS_A_POINT)).astype(np.int64)
    return worth


@cache
def _least_for_fair() -> Grains:
    """Return the inverse of the fair table: the least grains whose worth is 0, 1, ... FAIR_FULL."""
    # The formula's inverse is right to within a grain or two; the table itself decides which.
    wanted = np.arange(FAIR_FULL + 1)
    near = np.ceil(GRAINS_A_POINT * np.expm1((wanted - 0.5) / FAIR_UNITS)).astype(np.int64)
    near = np.maximum(near[:, None] + np.arange(-1, 3), 0)
    reached = fair_table(near) >= wanted[:, None]
    least: Grains = near[np.arange(len(wanted)), reached.argmax(axis=1)]
    return least


def weeks_waiting(need: Need, on: date) -> int:
    """Return the whole weeks that she has waited; 0 where it is not known since when."""
    return (on - need.waiting_since).days // DAYS_A_WEEK if need.waiting_since else 0


def lexicographic_scale(objective: Objective, needs: Sequence[Need], places: int, on: date) -> LexicographicScale:
    """Choose the multipliers for a list of needs and the free places. Raises Refused if the values grew too large."""
    most_pairs = min(len(needs), places)
    if objective == "total":
        return LexicographicScale(objective, 0, 1)
    if objective == "most":
        return LexicographicScale(objective, 1 + most_pairs * FULL_SCORE, 1)
    credits = sorted((weeks_waiting(need, on) for need in needs), reverse=True)
    most_credit = sum(credits[:most_pairs])
    step = 1 + most_credit
    match = 1 + most_pairs * step * FAIR_FULL + most_credit
    if match + step * FAIR_FULL + most_credit >= TOO_LARGE:
        raise Refused([Fault("waiting_since", "round.too_long_waits", count=len(needs), weeks=most_credit)])
    return LexicographicScale(objective, match, step)
