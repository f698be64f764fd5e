"""The parts of a replay: whom a day may pass over, places that change hands, and what is drawn."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from random import Random

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from matcher.ranking.roster import Roster
from matcher.replay.caseloads import Caseloads
from matcher.replay.draws import Chances
from matcher.replay.reachable import Prospects
from matcher.replay.streams import Presence
from tests.matcher.worlds.generated import world
from tests.matcher.worlds.markets import fitted

SOME = settings(max_examples=12, deadline=None)
randoms = st.integers(0, 10**9).map(Random)


@over(rng=randoms)
@SOME
def test_prospects_never_leave_anybody_out(rng: Random) -> None:
    invented = world(rng, most_offers=6, most_needs=3)
    first = fitted(invented)
    prospects = Prospects(first, invented.offers)
    floor = rng.choice((0, 4_000_000, 8_000_000))
    for need, days in product(invented.needs, (0, rng.randint(0, 20), rng.randint(20, 200))):
        today = invented.on + timedelta(days=days)
        offers = [replace(offer, load=rng.randint(0, offer.capacity)) for offer in invented.offers]
        roster = Roster(questionnaire=invented.questionnaire, weights=invented.weights, on=today)
        roster.fit(offers, first.learned_)
        scored = roster.scored(need)
        passing = {roster.columns_.offers[row].id for row in scored.rows[scored.grains >= floor]}
        assert passing <= prospects.of(need, today, floor)


def test_prospects_asked_for_a_late_day_first_still_hold_on_an_early_one() -> None:
    invented = world(Random(1), gated=False, most_offers=1, most_needs=1)
    today = date(2026, 6, 1)
    offer = replace(invented.offers[0], until={"trained_until": today + timedelta(days=5)})
    prospects = Prospects(fitted(replace(invented, on=today)), [offer])
    (need,) = invented.needs
    late, early = prospects.of(need, today + timedelta(days=30), 0), prospects.of(need, today, 0)
    assert offer.id in late & early


def test_who_has_left_before_the_first_day_has_no_free_place() -> None:
    invented = world(Random(1), gated=False, most_offers=9, most_needs=1)
    offers = [replace(offer, capacity=1, load=0) for offer in invented.offers]
    assert len(offers) > 2
    gone, leaving, *_ = supporters = [Presence(offer, None, None) for offer in offers]
    supporters[0] = replace(gone, left=invented.on)
    supporters[1] = replace(leaving, left=invented.on + timedelta(days=1))
    caseloads = Caseloads(fitted(replace(invented, offers=tuple(offers))), supporters)
    caseloads.begin(invented.on)
    assert caseloads.free == {offer.id for offer in offers[1:]}
    caseloads.open(invented.on + timedelta(days=1))
    assert caseloads.free == {offer.id for offer in offers[2:]} == {offer.id for offer in caseloads.present()}


@over(rng=randoms)
@SOME
def test_hold_is_update_for_load_and_last_match(rng: Random) -> None:
    invented = world(rng, most_offers=6, most_needs=3)
    if not invented.offers:
        return
    one, other = fitted(invented), fitted(invented)
    chosen = rng.choice(invented.offers)
    load, last_matched = rng.randint(0, 5), rng.choice((None, invented.on))
    held = one.hold(chosen.id, load, last_matched)
    other.update(replace(chosen, load=load, last_matched=last_matched))
    assert held == one.offer(chosen.id) == other.offer(chosen.id)
    for need in invented.needs:
        assert one.rank(need, None, with_excluded=True) == other.rank(need, None, with_excluded=True)


def test_hold_decides_between_equals() -> None:
    invented = world(Random(1), gated=False, most_offers=1, most_needs=1)
    twins = [replace(invented.offers[0], id=twin, load=0, last_matched=None) for twin in ("a", "b")]
    roster, (need,) = fitted(replace(invented, offers=tuple(twins))), invented.needs
    assert [one.offer for one in roster.rank(need).candidates] == ["a", "b"]
    roster.hold("a", 0, invented.on)
    assert [one.offer for one in roster.rank(need).candidates] == ["b", "a"]
    roster.hold("a", 0, None)
    assert [one.offer for one in roster.rank(need).candidates] == ["a", "b"]


@pytest.mark.parametrize(("rate", "answers"), [(0.0, {"accepted"}), (1.0, {"declined"})])
def test_rates_of_nothing_and_all_are_exact(rate: float, answers: set[str]) -> None:
    assert {Chances(seed, rate).answer(f"r{seed}", "s") for seed in range(500)} == answers


def test_rates_are_met_and_draws_of_a_number_are_even() -> None:
    drawn = [Chances(1, 0.2, 0.1).answer(f"r{number}", "s1") for number in range(20_000)]
    assert 0.19 < drawn.count("declined") / len(drawn) < 0.21
    assert 0.09 < drawn.count("expired") / len(drawn) < 0.11
    weeks = [Chances(2).between(28, 34, "patience", f"r{number}") for number in range(7_000)]
    assert {weeks.count(value) > 850 for value in range(28, 35)} == {True}
    assert {min(weeks), max(weeks)} == {28, 34}
