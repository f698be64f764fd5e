"""What the roster lacks, against brute force on invented programmes with questionnaires of every kind."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, product
from random import Random

import numpy as np
import pytest

from matcher.availability import ALWAYS
from matcher.people import Need, Offer
from matcher.questionnaire.columns import UNTIL
from matcher.questionnaire.schema import Differs, Excludes, Overlap, Steady
from matcher.questionnaire.weights import Weights
from matcher.ranking.roster import Roster
from matcher.reports.supply import supply_as_csv, supply_as_json
from matcher.reports.supply_tables import supply_as_table
from matcher.rounds.column_generation import best_matching
from matcher.rounds.objectives import OBJECTIVES, Objective
from matcher.rounds.settings import RoundSettings
from matcher.rounds.solve import as_round
from matcher.supply.analysis import Supply, best_kinds, supply
from matcher.supply.blockers import obstacles
from matcher.supply.demands import Demand, demands, hours_of_all
from matcher.supply.gaps import Combination, gaps
from matcher.supply.marginal_gains import Additions, Gain, added, newcomers
from matcher.supply.preference_costs import preferences
from matcher.supply.recruits import Kind, as_offer, how_often, kind_for, merged
from tests.matcher.oracles.every_round import levels, scores_of
from tests.matcher.oracles.plain_additions import bring_in, round_before
from tests.matcher.oracles.plain_gates import gates
from tests.matcher.worlds.generated import World, world
from tests.matcher.worlds.markets import EVERY_WAY, ON, OUT, crowded_world, fitted, market_of
from tests.matcher.worlds.small_programme import questionnaire

CASES = int(os.environ.get("PAIRWELL_SUPPLY", "15"))
NO_WEIGHTS = Weights(1, "test", "invented", {})
GENERAL = {"status", "capacity", *UNTIL}


def crowded(seed: int) -> tuple[Roster, tuple[Need, ...], Objective]:
    rng = Random(seed)
    roster, needs = crowded_world(rng, *rng.choice(((4, 4), (2, 5), (1, 5))))
    return roster, needs, OBJECTIVES[seed % len(OBJECTIVES)]


def fewer_topics(invented: World) -> World:
    """Keep at most two starred or marked topics a woman, so that brute force ends."""
    kept = [
        replace(need, stars={q: frozenset(sorted(s)[:1]) for q, s in need.stars.items()}) for need in invented.needs
    ]
    return replace(invented, needs=tuple(kept))


# Combinations


def brings(roster: Roster, offer: Offer, combination: Combination) -> bool:
    """Hold a supporter, by the plain gates, against a need that asks for all of a combination at once."""
    questions = roster.questionnaire
    answers: dict[str, object] = {}
    zone, about = "UTC", set(GENERAL)
    for demand in combination:
        question = questions.by_id[demand.question]
        about |= {question.id, *_gates_on(roster, question.id)}
        answers[question.id] = frozenset(demand.options)
        match question.match:
            case Overlap():
                answers[question.id] = hours_of_all(question, demand.options) | frozenset(demand.beside)
                zone = demand.zone
            case Differs(when=when):
                answers[when] = frozenset({"yes"})
                if demand.text:
                    answers[question.id] = Decimal(demand.text) if question.kind == "number" else demand.text
            case _ if question.match.rule == "coverage" and not offer.marks(question.id) & set(demand.options):
                return False
    stars = {one.question: frozenset(one.options) for one in combination if one.is_starred}
    need = Need(id="", safe_hours=ALWAYS, answers=answers, stars=stars, time_zone=zone)  # type: ignore[arg-type]
    return not set(gates(questions, need, offer, roster.on)) & about


def _gates_on(roster: Roster, question_id: str) -> Iterator[str]:
    for question in roster.questionnaire.question:
        if isinstance(question.match, Steady | Excludes) and question.match.with_ == question_id:
            yield question.id


def every_combination(listed: Mapping[str, Sequence[Demand]]) -> Iterator[Combination]:
    for chosen in product(*((None, *each) for each in listed.values())):
        yield tuple(demand for demand in chosen if demand is not None)


def smaller(combination: Combination) -> Iterator[Combination]:
    for size in range(len(combination)):
        yield from combinations(combination, size)


@pytest.mark.parametrize("seed", range(CASES))
def test_what_is_told_is_minimal_and_complete_by_brute_force(seed: int) -> None:
    invented = fewer_topics(world(Random(seed), most_offers=5, most_needs=3))
    roster, needs = fitted(invented), invented.needs
    behind: dict[Combination, set[str]] = {}
    for need in needs:
        for combination in every_combination(demands(need, roster.questionnaire)):
            behind.setdefault(combination, set()).add(need.id)
    bringing = {one: [o.id for o in invented.offers if brings(roster, o, one)] for one in behind}
    nobody = {one: ids for one, ids in behind.items() if not bringing[one] and all(map(bringing.get, smaller(one)))}
    alone = {
        one: (ids, *bringing[one])
        for one, ids in behind.items()
        if len(bringing[one]) == 1 and all(len(bringing[less]) > 1 for less in smaller(one))
    }
    found = gaps(roster, needs)
    assert {one.combination: {need.id for need in one.needs} for one in found.lacking} == nobody
    assert {one.combination: ({need.id for need in one.needs}, one.supporter) for one in found.single} == alone


@pytest.mark.parametrize("seed", range(CASES))
def test_where_a_combination_lacks_no_free_supporter_who_passes_has_all_of_it(seed: int) -> None:
    invented = fewer_topics(world(Random(seed), most_needs=6))
    roster = fitted(invented)
    for lack in gaps(roster, invented.needs).lacking:
        topics = [one for one in lack.combination if roster.questionnaire.by_id[one.question].match.rule == "coverage"]
        for need in lack.needs:
            passing = [roster.offer(offer) for offer in scores_of(roster, need)]
            assert not [o.id for o in passing if all(o.marks(one.question) & set(one.options) for one in topics)]


# Gates


@pytest.mark.parametrize("seed", range(CASES))
def test_the_gates_that_keep_everybody_out_are_those_of_the_plain_reading(seed: int) -> None:
    invented = world(Random(seed), most_needs=6)
    roster = fitted(invented)
    found: dict[tuple[str, ...], set[str]] = {}
    for need in invented.needs:
        failing = [frozenset(gates(invented.questionnaire, need, offer, invented.on)) for offer in invented.offers]
        for one in failing if all(failing) else ():
            if len(one) <= 2 and not any(other < one for other in failing):
                found.setdefault(tuple(sorted(one)), set()).add(need.id)
    assert {one.gates: set(one.needs) for one in obstacles(roster, invented.needs)} == found


# Gains


def best_value(roster: Roster, needs: Sequence[Need], objective: Objective, more: Mapping[str, int]) -> tuple[int, ...]:
    """Find the levels of the best of all ways to give places, some supporters having more of them."""
    scores = [scores_of(roster, need) for need in needs]
    places = {offer.id: offer.capacity - offer.load + more.get(offer.id, 0) for offer in roster.columns_.offers}
    ways = (
        way
        for way in product(*([None, *each] for each in scores))
        if all(way.count(offer) <= places[offer] for offer in set(way) - {None})
    )
    return max(levels(roster, needs, scores, way, objective) for way in ways)


def gained(found: Supply, gain: Gain, before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    """Say whether a gain is the difference of two levels, in the objective's whole numbers."""
    scale = found.before.market.scale
    weights = {1: (1,), 2: (scale.match, 1), 3: (scale.match, scale.step, 1)}[len(before)]
    worth = sum(weight * (new - old) for weight, old, new in zip(weights, before, after, strict=True))
    return gain.value == worth and (len(before) == 1 or gain.matched == after[0] - before[0])


@EVERY_WAY
@pytest.mark.parametrize("seed", range(CASES))
def test_a_supporter_of_a_kind_brings_exactly_what_is_told(seed: int) -> None:
    roster, needs, objective = crowded(seed)
    found = supply(roster, needs, objective=objective)
    before = best_value(roster, needs, objective, {})
    fit = roster.learned_.hash
    for kind in found.kinds[:4]:
        offer = as_offer(kind.kind, "made up", roster.questionnaire, found.before.market.needs)
        for places, gain in ((1, kind.one), (2, kind.two)):
            roster.add(replace(offer, capacity=places))
            assert gained(found, gain, before, best_value(roster, needs, objective, {}))
            assert 0 <= gain.value <= gain.bound
            roster.remove("made up")
    assert roster.learned_.hash == fit


@EVERY_WAY
@pytest.mark.parametrize("seed", range(CASES))
def test_one_more_place_brings_exactly_what_is_told_and_no_more_than_its_price(seed: int) -> None:
    roster, needs, objective = crowded(seed)
    found = supply(roster, needs, objective=objective)
    before = best_value(roster, needs, objective, {})
    for place in found.places:
        offer = roster.offer(place.offer)
        if place.free:
            after = best_value(roster, needs, objective, {place.offer: 1})
            assert place.gain.bound == place.price
        else:
            roster.update(replace(offer, capacity=offer.load + 1))
            after = best_value(roster, needs, objective, {})
            roster.update(offer)
        assert gained(found, place.gain, before, after)
        assert 0 <= place.gain.value <= place.gain.bound


@pytest.mark.parametrize("seed", range(CASES))
def test_the_best_of_many_kinds_are_found_without_solving_all(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matcher.supply.analysis.KINDS_TOLD", 3)
    draw = np.random.default_rng(seed)
    objective = OBJECTIVES[seed % 3]
    grains = draw.integers(1, 40, (12, 4 + 25)) * 250_000
    grains[draw.random(grains.shape) < 0.7] = OUT
    market = market_of(grains[:, :4], [1, 2, 2, 1], objective, draw.integers(0, 20, 12).tolist())
    market = replace(market, scale=market_of(grains[:, :4], [2, 3, 2, 1], objective).scale)
    before = as_round(RoundSettings(objective, 0, (), ()), market, *best_matching(market))
    roster = Roster(questionnaire=questionnaire(), weights=NO_WEIGHTS, on=ON)
    who = added(before, [f"new{n:02}" for n in range(25)], grains[:, 4:])
    kinds = [(Demand(f"kind {n:02}"),) for n in range(25)]
    found = best_kinds(Additions(before, ON), kinds, who)
    assert [kind.two.value for kind in found] == most_by_women(bring_in(roster, before, who, n, 2) for n in range(25))[
        :3
    ]


def test_of_two_kinds_for_the_same_women_the_one_that_asks_for_less_is_told() -> None:
    market = market_of(np.array([[OUT], [OUT]]), [0])
    before = as_round(RoundSettings("fair", 0, (), ()), market, *best_matching(market))
    who = added(before, ["a", "b"], np.array([[5_000_000, 5_000_000], [OUT, OUT]]))
    much, little = (Demand("topics"), Demand("tongues")), (Demand("topics"),)
    assert [kind.kind for kind in best_kinds(Additions(before, ON), [much, little], who)] == [little]


def most_by_women(gains: Iterable[Gain]) -> list[int]:
    """List what the best kind for each group of women brings, the most first."""
    best: dict[tuple[str, ...], int] = {}
    for gain in gains:
        best[gain.needs] = max(best.get(gain.needs, 0), gain.value)
    return sorted((value for value in best.values() if value), reverse=True)


def every_kind(roster: Roster, needs: Sequence[Need]) -> list[Kind]:
    asked = how_often(needs, roster.questionnaire)
    drawn = sorted({kind_for(need, roster.questionnaire, asked) for need in needs} - {()})
    return [*drawn, *(set(merged(drawn, roster.questionnaire)) - {*drawn})]


@pytest.mark.parametrize("seed", range(CASES))
def test_no_kind_that_was_left_unsolved_would_bring_more(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    roster, needs, objective = crowded(seed)
    monkeypatch.setattr("matcher.supply.analysis.KINDS_TOLD", 2)
    found = supply(roster, needs, objective=objective)
    before = round_before(roster, needs, objective, 0)
    kinds = every_kind(roster, before.market.needs)
    made_up = [as_offer(kind, f"kind;{n}", roster.questionnaire, needs) for n, kind in enumerate(kinds)]
    who = newcomers(roster, before, made_up)
    gains = [bring_in(roster, before, who, number, 2) for number, _ in enumerate(kinds)]
    assert [kind.two.value for kind in found.kinds] == most_by_women(gains)[:2]


# Whole documents


@pytest.mark.parametrize("seed", range(CASES))
def test_the_order_of_the_sheets_changes_nothing_and_every_questionnaire_can_be_told(seed: int) -> None:
    rng = Random(seed)
    invented = fewer_topics(world(rng, most_needs=6))
    roster, asked = fitted(invented), invented.needs[-1]
    found = supply(roster, invented.needs, need_id=asked.id)
    written = supply_as_json(roster, found), supply_as_csv(roster, found), supply_as_table(roster, found, asked)
    needs, offers = list(invented.needs), list(invented.offers)
    rng.shuffle(needs)
    rng.shuffle(offers)
    other = fitted(replace(invented, offers=tuple(offers)))
    again = supply(other, needs, need_id=asked.id)
    assert written == (supply_as_json(other, again), supply_as_csv(other, again), supply_as_table(other, again, asked))


@pytest.mark.parametrize("seed", range(CASES))
def test_a_wish_made_nice_or_left_out_never_closes_anybody_off(seed: int) -> None:
    invented = world(Random(seed))
    roster = fitted(invented)
    for need in invented.needs:
        found = preferences(roster, need)
        for one in found.costs:
            ways = {way: left.passing for way, left in one.ways.items()}
            assert ways[one.said] == found.now.passing
            if "must" in ways:
                assert ways["must"] <= ways["nice"] == ways["left_out"]
