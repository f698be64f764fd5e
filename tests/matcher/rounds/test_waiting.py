"""Why women keep waiting, told for a whole round at once, is what the plain reading tells of each anew."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from random import Random

from matcher.grains import GRAINS_A_POINT
from matcher.people import Need
from matcher.ranking.roster import Roster
from matcher.rounds.objectives import OBJECTIVES
from matcher.rounds.solve import Round, solve_round
from matcher.rounds.waiting import why_waiting
from matcher.rounds.what_if import change
from tests.matcher.oracles.every_round import scores_of
from tests.matcher.worlds.generated import world
from tests.matcher.worlds.markets import crowded_world, fitted

ROUNDS = 80


def plainly(roster: Roster, need: Need, solved: Round) -> tuple[str, ...]:
    """Go through everyone who passes, then through the gates of her ranking."""
    forbidden = {offer for one, offer in solved.settings.forbidden if one == need.id}
    taken = Counter(pair.offer for pair in solved.pairs)
    found = set()
    for offer_id, grains in scores_of(roster, need).items():
        offer = roster.offer(offer_id)
        if offer_id in forbidden:
            found.add("forbidden")
        elif grains < solved.settings.floor:
            found.add("floor")
        else:
            found.add("score" if offer.capacity - offer.load > taken[offer_id] else "places")
    by_gate = roster.rank(need, 1).excluded_by
    gates = sorted(by_gate, key=lambda gate: -by_gate[gate])
    return (*(word for word in ("places", "score", "floor", "forbidden") if word in found), *gates)


def test_every_reason_is_that_of_the_plain_reading() -> None:
    rng, told = Random(12), Counter[str]()
    for number in range(ROUNDS):
        roster, needs = crowded_world(rng, 6, 8) if number % 3 else _gated(rng)
        pairs = [(need.id, offer) for need in needs for offer in scores_of(roster, need)]
        scores = sorted(grains for need in needs for grains in scores_of(roster, need).values())
        forbidden = rng.sample(pairs, rng.randrange(len(pairs) + 1))
        floor = Decimal(rng.choice([0, *scores])) / GRAINS_A_POINT
        solved = solve_round(roster, needs, objective=OBJECTIVES[number % 3], floor=floor, forbidden=forbidden)
        solved = _some_undone(rng, _pinned(rng, roster, solved))
        why = why_waiting(roster, solved)
        assert tuple(why) == solved.waiting
        for need in needs:
            if need.id in why:
                assert why[need.id] == plainly(roster, need, solved)
                told.update(why[need.id])
    assert min(told[word] for word in ("places", "score", "floor", "forbidden", "capacity", "never")) > 2


def _gated(rng: Random) -> tuple[Roster, tuple[Need, ...]]:
    invented = world(rng, most_offers=5, most_needs=6)
    return fitted(invented), invented.needs


def _pinned(rng: Random, roster: Roster, solved: Round) -> Round:
    if not solved.pairs or rng.random() < 0.5:
        return solved
    pair = rng.choice(solved.pairs)
    return change(roster, solved, pin=(pair.need, pair.offer)).round


def _some_undone(rng: Random, solved: Round) -> Round:
    """Let some pairs go, so that places are left for those who wait."""
    kept = tuple(pair for pair in solved.pairs if pair.pinned or rng.random() < 0.7)
    served = {pair.need for pair in kept}
    return replace(solved, pairs=kept, waiting=tuple(need.id for need in solved.market.needs if need.id not in served))
