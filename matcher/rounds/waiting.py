"""Why women keep waiting after a round: no place left, the floor, a forbidden pair, or the gates."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.gate_counts import most_frequent_first
from matcher.ranking.roster import Roster
from matcher.roster import bitmaps
from matcher.roster.bitmaps import Bitmap
from matcher.rounds.candidates import Candidates
from matcher.rounds.solve import Round
from matcher.rules.gates import passing

PLACES, FLOOR, FORBIDDEN, SCORE = "places", "floor", "forbidden", "score"
"""What keeps her waiting besides the gates, in words that stand where a gate's name would."""


def why_waiting(roster: Roster, round_: Round) -> dict[str, tuple[str, ...]]:
    """Say of each woman who keeps waiting why she does, by her id, in the order of the round.

    First why those who pass every gate are not hers: "places" (theirs are taken by others), "score" (the pair adds
    nothing to the total), "floor" (below it), "forbidden" (by hand). Then the gates, most frequent first.
    """
    waiting = frozenset(round_.waiting)
    has_place, forbidden = _has_place(roster, round_), _forbidden(roster, round_)
    everyone = roster.columns_.everyone
    found = {}
    for row, need in enumerate(round_.market.needs):
        if need.id in waiting:
            held = roster.gates(need)
            passes = passing(held, roster.columns_)
            words = _why_not(passes, round_.market.every_choice(row), has_place, forbidden.get(need.id, []))
            found[need.id] = (*words, *most_frequent_first(held, everyone))
    return found


def _why_not(passes: Bitmap, choices: Candidates, has_place: NDArray[np.bool_], forbidden: list[int]) -> Iterator[str]:
    """Say why nobody who passes is hers; `choices` are those at or above the floor who were not forbidden."""
    open_ = has_place[choices.columns]
    apart = int(bitmaps.at(passes, np.array(forbidden, dtype=np.int64)).sum())
    if not open_.all():
        yield PLACES
    if open_.any():
        yield SCORE
    if bitmaps.size(passes) > len(open_) + apart:
        yield FLOOR
    if apart:
        yield FORBIDDEN


def _has_place(roster: Roster, round_: Round) -> NDArray[np.bool_]:
    """Say of each column of the market whether a place is left, bool (columns,)."""
    left = Counter({offer.id: offer.capacity - offer.load for offer in roster.columns_.offers})
    left.subtract(pair.offer for pair in round_.pairs)
    return np.array([left[offer] > 0 for offer in round_.market.offers], dtype=bool)


def _forbidden(roster: Roster, round_: Round) -> dict[str, list[int]]:
    """List the roster's rows that each need must not have by hand."""
    rows: dict[str, list[int]] = {}
    for need, offer in round_.settings.forbidden:
        rows.setdefault(need, []).append(roster.columns_.row_of[offer])
    return rows
