"""A change by hand: as good as a round solved anew on the same terms, with what each woman gains or loses."""

from collections.abc import Iterator
from random import Random

import pytest

from matcher.people import Need
from matcher.ranking.roster import Roster
from matcher.rounds.objectives import OBJECTIVES, Objective
from matcher.rounds.solve import Round, solve_round
from matcher.rounds.what_if import ChangedRound, change
from tests.matcher.oracles.every_round import scores_of
from tests.matcher.worlds.markets import EVERY_WAY, crowded_world
from tests.matcher.worlds.small_programme import faults_of

CASES = 8


def changes_of(roster: Roster, needs: tuple[Need, ...], solved: Round) -> Iterator[dict[str, tuple[str, str]]]:
    """Name every change that can be asked for."""
    for need in needs:
        for offer in sorted(scores_of(roster, need)):
            yield {"pin": (need.id, offer)}
            yield {"forbid": (need.id, offer)}
    offers = {pair.need: pair.offer for pair in solved.pairs}
    fits = {need.id: scores_of(roster, need) for need in needs}
    for one in offers:
        for other in offers:
            if one < other and offers[other] in fits[one] and offers[one] in fits[other]:
                yield {"swap": (one, other)}


def anew(roster: Roster, needs: tuple[Need, ...], changed: ChangedRound) -> Round:
    terms = changed.round.settings
    return solve_round(roster, needs, objective=terms.objective, pins=terms.pins, forbidden=terms.forbidden)


def check(roster: Roster, needs: tuple[Need, ...], before: Round, wish: dict[str, tuple[str, str]]) -> ChangedRound:
    changed = change(roster, before, **wish)  # type: ignore[arg-type]
    cold = anew(roster, needs, changed)
    assert (changed.round.value, changed.round.gap) == (cold.value, 0)
    assert changed.cost == before.value - cold.value >= 0
    difference = changed.round.grains - before.grains
    assert sum(move.grains for move in changed.moves) == difference
    return changed


@EVERY_WAY
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_every_change_is_as_good_as_a_round_solved_anew(objective: Objective) -> None:
    rng = Random(21)
    for _ in range(CASES):
        roster, needs = crowded_world(rng, 6, 6)
        before = solve_round(roster, needs, objective=objective)
        wishes = list(changes_of(roster, needs, before))
        for wish in rng.sample(wishes, min(6, len(wishes))):
            changed = check(roster, needs, before, wish)
            again = list(changes_of(roster, needs, changed.round))
            after = rng.choice(again)
            if "forbid" in after and after["forbid"] not in changed.round.settings.pins:
                check(roster, needs, changed.round, after)


@EVERY_WAY
def test_the_round_before_stays_as_it_was_and_what_is_so_already_moves_nobody() -> None:
    rng = Random(2)
    for _ in range(10):
        roster, needs = crowded_world(rng, 6, 6)
        before = solve_round(roster, needs)
        for pair in before.pairs:
            kept = change(roster, before, pin=(pair.need, pair.offer))
            assert (kept.moves, kept.cost) == ((), 0)
            apart = change(roster, before, forbid=(pair.need, pair.offer))
            assert pair.need in [move.need for move in apart.moves]
        assert solve_round(roster, needs).pairs == before.pairs
        assert before.gap == 0


def test_swapping_somebody_who_waits_and_pinning_what_is_ruled_out_are_refused() -> None:
    rng = Random(6)
    while True:
        roster, needs = crowded_world(rng, 6, 6)
        before = solve_round(roster, needs)
        if before.waiting and before.pairs:
            break
    (fault,) = faults_of(lambda: change(roster, before, swap=(before.waiting[0], before.pairs[0].need)))
    assert fault.problem == f"{before.waiting[0]!r} has no supporter"
    pair = (before.pairs[0].need, before.pairs[0].offer)
    pinned = change(roster, before, pin=pair).round
    (fault,) = faults_of(lambda: change(roster, pinned, forbid=pair))
    assert fault.problem == "the same pair is forbidden"
