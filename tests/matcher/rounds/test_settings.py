"""What a round is asked to keep to: each bad pin, floor or pair is refused with its place, and all of them at once."""

from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from matcher.people import Need
from matcher.ranking.roster import Roster
from matcher.rounds.solve import solve_round
from matcher.rounds.waiting import why_waiting
from matcher.rounds.what_if import change
from tests.matcher.oracles.every_round import scores_of
from tests.matcher.worlds.markets import crowded_world
from tests.matcher.worlds.small_programme import faults_of

Programme = tuple[Roster, tuple[Need, ...]]


def test_scored_holds_everyone_who_passes_with_the_score_of_the_ranking() -> None:
    rng = Random(1)
    for _ in range(40):
        roster, needs = crowded_world(rng)
        for need in needs:
            scored = roster.scored(need)
            assert scored.rows.tolist() == sorted(scored.rows.tolist())
            ranked = {one.offer: one.grains for one in roster.rank(need, None).candidates}
            assert scores_of(roster, need) == ranked


@pytest.fixture(scope="module")
def programme() -> Programme:
    """Give two women who both pass with a supporter of one free place, and somebody who is ruled out."""
    rng = Random(11)
    while True:
        roster, needs = crowded_world(rng, 6, 5)
        contested = [offer for offer in roster.columns_.offers if offer.capacity - offer.load == 1]
        for offer in contested:
            wanting = [need.id for need in needs if offer.id in scores_of(roster, need)]
            if len(wanting) > 1 and any(len(scores_of(roster, need)) < roster.columns_.count for need in needs):
                return roster, needs


def one_place(programme: Programme) -> tuple[str, list[str]]:
    roster, needs = programme
    for offer in roster.columns_.offers:
        wanting = [need.id for need in needs if offer.id in scores_of(roster, need)]
        if offer.capacity - offer.load == 1 and len(wanting) > 1:
            return offer.id, wanting
    raise AssertionError


def test_a_pin_is_kept_and_uses_a_place(programme: Programme) -> None:
    offer, (first, second, *_) = one_place(programme)
    for need, other in ((first, second), (second, first)):
        solved = solve_round(*programme, pins=[(need, offer)])
        assert (need, offer, True) in [(pair.need, pair.offer, pair.pinned) for pair in solved.pairs]
        assert (other, offer) not in [(pair.need, pair.offer) for pair in solved.pairs]
        assert solved.gap == 0


def test_a_pin_that_fails_a_gate_is_refused_with_the_gate(programme: Programme) -> None:
    roster, needs = programme
    need, offer = next(
        (need, offer.id)
        for need in needs
        for offer in roster.columns_.offers
        if offer.id not in scores_of(roster, need)
    )
    gates = roster.stand(need, offer).gates
    faults = faults_of(lambda: solve_round(roster, needs, pins=[(need.id, offer)]))
    assert [fault.place for fault in faults] == [f"pin {need.id}={offer}"] * len(gates)
    assert all(gate in fault.problem for gate, fault in zip(gates, faults, strict=True))


def bad_terms(programme: Programme) -> dict[str, tuple[dict[str, Any], str]]:
    offer, (first, second, *_) = one_place(programme)
    pair = (first, offer)
    return {
        "an unknown request": ({"pins": [("nobody", offer)]}, "there is no request 'nobody'"),
        "an unknown supporter": ({"forbidden": [(first, "nobody")]}, "there is no supporter 'nobody'"),
        "pinned and forbidden": ({"pins": [pair], "forbidden": [pair]}, "the same pair is forbidden"),
        "pinned twice": ({"pins": [pair, (first, programme[0].columns_.offers[-1].id)]}, "she is pinned 2 times"),
        "too many pins": ({"pins": [pair, (second, offer)]}, "2 are pinned to her and she has 1 free place"),
        "a pin below the floor": ({"pins": [pair], "floor": 100}, "below the floor of 100"),
        "a floor above all points": ({"floor": 101}, "not points from 0 to 100"),
        "a floor below none": ({"floor": -1}, "not points from 0 to 100"),
        "a floor finer than a grain": ({"floor": Decimal("0.000001")}, "at most five decimals"),
        "an objective of its own": ({"objective": "best"}, "there is no such objective"),
    }


def test_bad_terms_are_refused_with_place_problem_and_remedy(programme: Programme) -> None:
    for name, (terms, problem) in bad_terms(programme).items():
        faults = faults_of(lambda terms=terms: solve_round(*programme, **terms))
        assert any(problem in fault.problem for fault in faults), name
        assert all(fault.place and fault.remedy for fault in faults), name


def test_all_faults_of_the_terms_are_told_in_one_pass(programme: Programme) -> None:
    faults = faults_of(lambda: solve_round(*programme, floor=-1, pins=[("x", "y")], forbidden=[("z", "y")]))
    assert len(faults) == 5
    offer, (first, *_) = one_place(programme)
    pair = (first, offer)
    other = programme[0].columns_.offers[-1].id
    both = ", ".join(sorted([offer, other]))
    more = faults_of(lambda: solve_round(*programme, pins=[("x", offer), pair, (first, other)], forbidden=[pair]))
    assert [fault.problem.partition(" '")[0] for fault in more[:3]] == [
        "there is no request",
        "the same pair is forbidden",
        f"she is pinned 2 times ({both})",
    ]


def test_a_pair_that_is_named_twice_is_pinned_once(programme: Programme) -> None:
    offer, (first, *_) = one_place(programme)
    pair = (first, offer)
    once, twice = (solve_round(*programme, pins=pins) for pins in ([pair], [pair, pair]))
    assert once == twice
    tried = change(programme[0], once, pin=pair)
    assert (tried.moves, tried.cost, tried.round.gap) == ((), 0, 0)


def test_nobody_is_told_to_correct_what_keeps_her_safe(programme: Programme) -> None:
    roster, needs = programme
    offer, (first, *_) = one_place(programme)
    as_she_was = roster.offer(offer)
    roster.update(replace(as_she_was, never=frozenset({first})))
    (fault,) = faults_of(lambda: solve_round(roster, needs, pins=[(first, offer)]))
    roster.update(as_she_was)
    assert fault.problem == "she is ruled out by the gate 'never'"
    assert fault.remedy == "Take the pin out: this gate keeps one of them safe, or keeps to her own wish."


# Why somebody keeps waiting


def waits(programme: Programme, need_id: str, **terms: Any) -> tuple[str, ...]:
    roster, needs = programme
    solved = solve_round(roster, needs, **terms)
    assert need_id in solved.waiting
    return why_waiting(roster, solved)[need_id]


def test_why_says_places_floor_and_forbidden_before_the_gates(programme: Programme) -> None:
    roster, needs = programme
    offer, (first, second, *_) = one_place(programme)
    others = [(second, other) for other in scores_of(roster, by_id(needs, second)) if other != offer]
    assert waits(programme, second, pins=[(first, offer)], forbidden=others)[0] == "places"
    everyone = [*others, (second, offer)]
    assert waits(programme, second, forbidden=everyone)[0] == "forbidden"
    if max(scores_of(roster, by_id(needs, second)).values()) < 10_000_000:
        assert waits(programme, second, floor=100)[0] == "floor"


def by_id(needs: tuple[Need, ...], need_id: str) -> Need:
    return next(need for need in needs if need.id == need_id)


def test_why_lists_the_gates_most_frequent_first() -> None:
    rng, seen = Random(4), 0
    while seen < 10:
        roster, needs = crowded_world(rng, 6, 3)
        solved = solve_round(roster, needs)
        for need in needs:
            if need.id in solved.waiting and not scores_of(roster, need):
                why = why_waiting(roster, solved)[need.id]
                counts = [roster.rank(need).excluded_by[gate] for gate in why]
                assert counts == sorted(counts, reverse=True)
                seen += bool(why)


def test_a_supporter_without_points_under_total_is_told_as_such() -> None:
    roster, needs = crowded_world(Random(1), 3, 1)
    solved = replace(solve_round(roster, needs, objective="total"), pairs=(), waiting=(needs[0].id,))
    assert ("score" in why_waiting(roster, solved)[needs[0].id]) == bool(scores_of(roster, needs[0]))
