"""Why a woman keeps waiting after a round: no place left, a floor that is too high, or what rules supporters out."""

from collections import Counter

from matcher.assignment import Round
from matcher.people import Need
from matcher.ranking import Roster

PLACES, FLOOR, FORBIDDEN, SCORE = "places", "floor", "forbidden", "score"
"""What keeps her waiting besides the gates, in words that stand where a gate's name would."""


def why_waiting(roster: Roster, need: Need, round_: Round) -> tuple[str, ...]:
    """Say why a woman keeps waiting.

    First why those who pass every gate are not hers: "places" (theirs are taken by others), "score" (the pair adds
    nothing to the total), "floor" (below it), "forbidden" (by hand). Then the gates, most frequent first.
    """
    scored = roster.scored(need)
    ids = [roster.columns_.offers[row].id for row in scored.rows]
    forbidden = {offer for one, offer in round_.terms.forbidden if one == need.id}
    left = _places_left(roster, round_)
    found = Counter[str]()
    for offer, grains in zip(ids, scored.grains.tolist(), strict=True):
        found[_why_not(offer in forbidden, grains < round_.terms.floor, left[offer] > 0)] += 1
    by_gate = roster.rank(need, 1).excluded_by
    gates = sorted(by_gate, key=lambda gate: -by_gate[gate])
    return (*(word for word in (PLACES, SCORE, FLOOR, FORBIDDEN) if found[word]), *gates)


def _why_not(is_forbidden: bool, is_low: bool, has_place: bool) -> str:
    if is_forbidden:
        return FORBIDDEN
    if is_low:
        return FLOOR
    return SCORE if has_place else PLACES


def _places_left(roster: Roster, round_: Round) -> Counter[str]:
    left = Counter({offer.id: offer.capacity - offer.load for offer in roster.columns_.offers})
    left.subtract(pair.offer for pair in round_.pairs)
    return left
