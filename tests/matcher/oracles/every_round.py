"""Rounds by brute force, straight from the words of the contract: every way to give places, and the best of all."""

from collections.abc import Iterable, Iterator, Sequence
from math import log

from matcher.people import Need
from matcher.ranking.roster import Roster
from matcher.rounds.objectives import Objective
from matcher.rounds.settings import NeedOffer

Backend = tuple[str | None, ...]
Order = tuple[int, ...]


def best_of_all(
    roster: Roster,
    needs: Sequence[Need],
    objective: Objective,
    floor: int = 0,
    pins: Iterable[NeedOffer] = (),
    forbidden: Iterable[NeedOffer] = (),
) -> Order:
    """Return the levels of the best round: (matched, sum of the table, weeks), (matched, grains) or (grains,)."""
    scores = [scores_of(roster, need, floor) for need in needs]
    for need, scored in zip(needs, scores, strict=True):
        for offer in [offer for one, offer in forbidden if one == need.id]:
            scored.pop(offer, None)
    places = {offer.id: offer.capacity - offer.load for offer in roster.columns_.offers}
    pinned = dict(pins)
    ways = _ways([[pinned[n.id]] if n.id in pinned else [None, *s] for n, s in zip(needs, scores, strict=True)], places)
    return max(levels(roster, needs, scores, way, objective) for way in ways)


def scores_of(roster: Roster, need: Need, floor: int = 0) -> dict[str, int]:
    """Read the scores of all who pass and reach the floor, in grains."""
    scored = roster.scored(need)
    ids = [roster.columns_.offers[row].id for row in scored.rows]
    return {one: grains for one, grains in zip(ids, scored.grains.tolist(), strict=True) if grains >= floor}


def _ways(choices: Sequence[Sequence[str | None]], places: dict[str, int]) -> Iterator[Backend]:
    if not choices:
        yield ()
        return
    for offer in choices[0]:
        if offer is None or places[offer] > 0:
            left = places if offer is None else {**places, offer: places[offer] - 1}
            for rest in _ways(choices[1:], left):
                yield (offer, *rest)


def levels(
    roster: Roster, needs: Sequence[Need], scores: Sequence[dict[str, int]], way: Backend, objective: Objective
) -> Order:
    """Say what one way is worth, level by level."""
    given = [(need, s[offer]) for need, s, offer in zip(needs, scores, way, strict=True) if offer is not None]
    total = sum(grains for _, grains in given)
    match objective:
        case "total":
            return (total,)
        case "most":
            return len(given), total
        case _:
            fair = sum(round(10_000 * log(1 + grains / 100_000)) for _, grains in given)
            return len(given), fair, sum(_weeks(need, roster) for need, _ in given)


def _weeks(need: Need, roster: Roster) -> int:
    return (roster.on - need.waiting_since).days // 7 if need.waiting_since else 0
