"""The packed roster at its edges: word sizes, ties at the last place shown, quarter-hour zones, large families.

Everything is held against the plain reading, or against the whole ranking that the plain reading has proved.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from matcher.availability import ALWAYS
from matcher.people import Need, Offer
from matcher.questionnaire.schema import Questionnaire
from matcher.questionnaire.weights import HEADROOM, Weights
from matcher.ranking.bounds import WORTH_PRUNING, top_k
from matcher.ranking.roster import Roster
from matcher.roster import bitmaps
from matcher.rules.gates import can_be_remedied
from tests.matcher.oracles import plain_reading as plain
from tests.matcher.oracles.figures import Figures, compare_world
from tests.matcher.worlds.generated import World, world
from tests.matcher.worlds.pairs import need as default_need
from tests.matcher.worlds.pairs import offer as default_offer
from tests.matcher.worlds.pairs import roster as default_roster

SIZES = (0, 1, 63, 64, 65, 129)
MANY = 2 * WORTH_PRUNING + 70


def filled(seed: int, size: int, *, gated: bool = True) -> World:
    """Invent a world whose roster has exactly this size: the same few people again and again, so that ties are many."""
    invented = world(Random(seed), gated=gated, most_offers=20)
    few = (*invented.offers, *invented.later)
    offers = [replace(few[number % len(few)], id=f"o{number}") for number in range(size)]
    rng = Random(seed)
    offers = [replace(offer, load=rng.choice((offer.load, 0))) for offer in offers]
    return replace(invented, offers=tuple(offers), later=tuple(replace(o, id=f"l{o.id}") for o in few[:2]))


def fitted(invented: World, offers: Sequence[Offer] | None = None) -> Roster:
    roster = Roster(questionnaire=invented.questionnaire, weights=invented.weights, on=invented.on)
    return roster.fit(invented.offers if offers is None else offers)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seed", range(3))
def test_every_size_is_the_plain_reading(seed: int, size: int) -> None:
    figures = Figures()
    compare_world(f"size {size}", filled(seed, size), figures)
    assert not figures.differences


@pytest.mark.parametrize("seed", range(12))
def test_the_best_few_of_many_are_the_head_of_the_whole_ranking(seed: int) -> None:
    invented = filled(seed, MANY, gated=seed % 2 > 0)
    roster = fitted(invented)
    for need in invented.needs:
        whole = [(one.offer, one.grains) for one in roster.rank(need, None).candidates]
        for top in (1, 2, 7, MANY + 1):
            assert [(one.offer, one.grains) for one in roster.rank(need, top).candidates] == whole[:top]


@pytest.mark.parametrize("seed", range(8))
def test_nobody_who_ties_with_the_last_one_shown_is_dropped(seed: int) -> None:
    invented = filled(seed, MANY, gated=False)
    roster = fitted(invented)
    for need in invented.needs:
        scan = roster._plain_scan(need, None)
        query, encoded = scan.query, scan.encoded
        rows = np.arange(MANY)
        grains = encoded.total(query, rows)
        for top in (1, 2):
            kept, earned = top_k(encoded, query, roster.columns_.everyone, top)
            assert earned.tolist() == grains[kept].tolist()
            assert set(np.flatnonzero(grains >= np.sort(grains)[-top])) <= set(kept.tolist())


@pytest.mark.parametrize("seed", range(10))
def test_everyone_who_passes_is_scored_as_she_is_ranked(seed: int) -> None:
    invented = filled(seed, 129)
    roster = fitted(invented)
    for need in invented.needs:
        scored = roster.scored(need)
        assert (scored.rows.dtype, scored.grains.dtype) == (np.int64, np.int64)
        assert scored.rows.tolist() == sorted(scored.rows.tolist())
        offers = [roster.columns_.offers[row].id for row in scored.rows]
        assert [roster.columns_.row_of[offer] for offer in offers] == scored.rows.tolist()
        ranked = {one.offer: one.grains for one in roster.rank(need, None).candidates}
        assert dict(zip(offers, scored.grains.tolist(), strict=True)) == ranked


@pytest.mark.parametrize(("seed", "gated"), [(2, False), (4, False), (3, True), (9, True), (10, True), (11, True)])
def test_a_roster_that_came_and_went_is_the_plain_reading_on_any_date(seed: int, gated: bool) -> None:
    rng, invented = Random(seed), filled(seed, 70, gated=gated)
    roster, held = fitted(invented), {offer.id: offer for offer in invented.offers}
    fit = plain.learn(invented.questionnaire, invented.offers)
    days = [invented.on, invented.on + timedelta(days=9)]
    for turn in range(5):
        for _ in range(15):
            _change(rng, roster, held, invented)
        for need, on in ((need, on) for need in invented.needs for on in days):
            ranked = [(one.offer, one.grains) for one in roster.rank(need, None, on=on).candidates]
            about = (fit, invented.questionnaire, invented.weights, need)
            assert ranked == plain.ranking_by(*about, list(held.values()), on), turn


def _change(rng: Random, roster: Roster, held: dict[str, Offer], invented: World) -> None:
    like = rng.choice((*invented.offers, *invented.later))
    offer = replace(like, id=f"o{rng.randrange(140)}", time_zone=rng.choice((like.time_zone, "Asia/Kathmandu", None)))
    if offer.id not in held:
        roster.add(offer)
    elif rng.random() < 0.5:
        roster.update(offer)
    else:
        roster.remove(offer.id)
        del held[offer.id]
        return
    held[offer.id] = offer


@pytest.mark.parametrize("seed", range(6))
def test_standing_and_the_nearest_outside_are_read_off_gates_and_grains(seed: int) -> None:
    invented = filled(seed, 66)
    roster, fit = fitted(invented), plain.learn(invented.questionnaire, invented.offers)
    for need in invented.needs:
        about = (invented.questionnaire, invented.weights, fit, need)
        failed = {o.id: plain.gates(invented.questionnaire, need, o, invented.on) for o in invented.offers}
        order = sorted(invented.offers, key=lambda o: _key(sum(plain.grains(*about, o, invented.on).values()), o))
        passing_ids = [o.id for o in order if not failed[o.id]]
        for offer in invented.offers[::11]:
            standing = roster.stand(need, offer.id)
            before = order[: [o.id for o in order].index(offer.id)]
            assert list(standing.gates) == failed[offer.id]
            assert standing.place == 1 + sum(o.id in passing_ids for o in before)
            others = [one for one in passing_ids if one != offer.id]
            assert standing.places == len(others) + 1
            assert (standing.first.offer if standing.first else None) == next(iter(others), None)
        assert roster.nearest_outside(need) == _nearest(order, failed, invented.questionnaire)


def _key(grains: int, offer: Offer) -> tuple[int, int, date, str]:
    return -grains, offer.load, offer.last_matched or date.min, offer.id


def _nearest(order: list[Offer], failed: dict[str, list[str]], asked: Questionnaire) -> tuple[str, str] | None:
    for offer in order:
        gates = failed[offer.id]
        if not gates:
            return None
        if len(gates) == 1 and can_be_remedied(gates[0], asked):
            return offer.id, gates[0]
    return None


def test_a_zone_that_stands_45_minutes_off_is_counted_in_quarters_whenever_she_comes() -> None:
    hours = {"availability": "Mon 18:00-22:00"}
    asked = default_need(cells=hours, time_zone="Asia/Kolkata")
    roster = default_roster(default_offer("near", hours, time_zone="Asia/Kolkata"))
    assert [c.offer for c in roster.rank(asked).candidates] == ["near"]
    roster.add(default_offer("quarter", hours, time_zone="Asia/Kathmandu"))
    minutes = {c.offer: _minutes(roster, asked, c.offer) for c in roster.rank(asked).candidates}
    assert minutes == {"near": 240, "quarter": 225}
    from_there = replace(asked, time_zone="Asia/Kathmandu")
    assert {one: _minutes(roster, from_there, one) for one in minutes} == {"near": 225, "quarter": 240}
    roster.remove("quarter")
    assert _minutes(roster, from_there, "near") == 225


def _minutes(roster: Roster, asked: Need, offer: str) -> int:
    query = roster._plain_scan(asked, None).query
    return int(query.shared_quarters.at(np.array([roster.columns_.row_of[offer]]))[0]) * 15


@pytest.mark.parametrize(("large", "small"), [(7, 1), (8, 3), (13, 0), (20, 9)])
def test_families_of_any_size_earn_what_the_plain_reading_says(large: int, small: int) -> None:
    options = [{"id": f"a{n}", "label": {}, "family": "a"} for n in range(large)]
    options += [{"id": f"b{n}", "label": {}, "family": "b"} for n in range(small)] + [{"id": "c", "label": {}}]
    Random(large).shuffle(options)
    match = {"rule": "coverage", "part": "p", "family_share": Decimal("0.37")}
    question = {"id": "q", "kind": "choices", "asked": "both", "label": {}, "options": options, "match": match}
    asked = Questionnaire.model_validate({"id": "x", "version": 1, "languages": ["en"], "question": [question]})
    rng, ids = Random(small), [option["id"] for option in options]
    offers = [Offer(id=f"o{n:02d}", answers=_some(rng, ids)) for n in range(40)]
    needs = [Need(id=f"n{n}", safe_hours=ALWAYS, answers={"q": frozenset(rng.sample(ids, 5))}) for n in range(6)]
    weights = Weights(1, "test", "by hand", {"p": Fraction(3), HEADROOM: Fraction(1)})
    invented = World(asked, weights, tuple(offers), (), tuple(needs), date(2026, 11, 23))
    figures = Figures()
    compare_world("families", invented, figures)
    assert not figures.differences


def _some(rng: Random, ids: list[str]) -> dict[str, frozenset[str]]:
    return {"q": frozenset(rng.sample(ids, rng.randrange(4)))} if rng.random() < 0.9 else {}


def test_where_nobody_passes_there_is_nothing_to_score() -> None:
    roster = default_roster(*(default_offer(f"o{n}", status="left") for n in range(65)))
    ranking, scored = roster.rank(default_need()), roster.scored(default_need())
    assert (ranking.candidates, ranking.ruled_out, ranking.excluded_by) == ((), 65, {"status": 65})
    assert (scored.rows.shape, scored.grains.shape) == ((0,), (0,))


def test_gates_count_nobody_beyond_the_last_supporter() -> None:
    roster = default_roster(*(default_offer(f"o{n}") for n in range(65)))
    for gone in range(40):
        roster.remove(f"o{gone}")
    asked = default_need(cells={"languages": "fr", "different_town": "yes", "town": "Windsor"})
    ranking = roster.rank(asked)
    assert (ranking.ruled_out, ranking.excluded_by, ranking.unknown_by) == (
        25,
        {"languages": 25, "town": 25},
        {"town": 25},
    )
    assert bitmaps.size(roster._plain_scan(default_need(), None).passing) == 25


def test_packed_facts_take_less_than_150_bytes_a_supporter() -> None:
    days = {name: date(2027, 1, 1) for name in ("trained_until", "cleared_until", "agreed_until", "supervised_until")}
    roster = default_roster(*(default_offer(f"o{n}", until=days) for n in range(640)))
    roster.rank(default_need())
    assert roster.columns_.nbytes / roster.columns_.count < 150


def test_the_same_hours_by_another_clock_are_other_hours() -> None:
    toronto, vancouver = (default_need(zone, time_zone=zone) for zone in ("America/Toronto", "America/Vancouver"))
    people = (default_offer(time_zone="America/Toronto"), default_offer("hers", time_zone="America/Vancouver"))
    held = default_roster(*people)
    told = [held.rank(need) for need in (toronto, vancouver)]
    assert told == [default_roster(*people).rank(need) for need in (toronto, vancouver)]
    assert [[one.offer for one in ranking.candidates] for ranking in told] == [["o", "hers"], ["hers", "o"]]
