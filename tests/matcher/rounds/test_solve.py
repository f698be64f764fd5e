"""A round is the best there is: against every way by brute force, against scipy, on structured lists, in any order."""

import os
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product
from math import log
from random import Random

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from matcher.availability import ALWAYS
from matcher.grains import FULL_SCORE, GRAINS_A_POINT
from matcher.people import Need
from matcher.ranking.roster import Roster
from matcher.rounds.candidates import packed
from matcher.rounds.market import Market
from matcher.rounds.objectives import (
    FAIR_FULL,
    OBJECTIVES,
    TOO_LARGE,
    LexicographicScale,
    Objective,
    fair_table,
    lexicographic_scale,
)
from matcher.rounds.settings import NeedOffer
from matcher.rounds.solve import Round, solve_round
from tests.matcher.oracles.every_round import best_of_all, levels, scores_of
from tests.matcher.worlds.markets import EVERY_WAY, ON, OUT, crowded_world, market_of, said, solved_value
from tests.matcher.worlds.small_programme import faults_of

CASES = int(os.environ.get("PAIRWELL_ROUNDS", "20"))


def levels_of(roster: Roster, needs: tuple[Need, ...], solved: Round) -> tuple[int, ...]:
    offers = {pair.need: pair.offer for pair in solved.pairs}
    way = tuple(offers.get(need.id) for need in needs)
    return levels(roster, needs, [scores_of(roster, need) for need in needs], way, solved.settings.objective)


def check(roster: Roster, needs: tuple[Need, ...], objective: Objective, rng: Random) -> Round:
    """Solve one invented round on invented terms and hold it against every way."""
    passing = [(need.id, offer) for need in needs for offer in scores_of(roster, need)]
    forbidden = tuple(pair for pair in passing if rng.random() < 0.1)
    floor = rng.choice((0, 0, 0, 30, 60))
    pins = tuple(_pins(rng, roster, needs, floor, forbidden))
    solved = solve_round(roster, needs, objective=objective, floor=floor, pins=pins, forbidden=forbidden)
    best = best_of_all(roster, needs, objective, floor * GRAINS_A_POINT, pins, forbidden)
    assert levels_of(roster, needs, solved) == best
    assert solved.gap == 0
    assert set(pins) <= {(pair.need, pair.offer) for pair in solved.pairs}
    assert not set(forbidden) & {(pair.need, pair.offer) for pair in solved.pairs}
    assert all(pair.grains >= floor * GRAINS_A_POINT for pair in solved.pairs)
    return solved


def _pins(
    rng: Random, roster: Roster, needs: tuple[Need, ...], floor: int, forbidden: tuple[NeedOffer, ...]
) -> list[NeedOffer]:
    left = {offer.id: offer.capacity - offer.load for offer in roster.columns_.offers}
    pins = []
    for need in needs:
        fit = sorted(set(scores_of(roster, need, floor * GRAINS_A_POINT)))
        fit = [offer for offer in fit if left[offer] and (need.id, offer) not in forbidden]
        if fit and rng.random() < 0.15:
            pins.append((need.id, rng.choice(fit)))
            left[pins[-1][1]] -= 1
    return pins


@EVERY_WAY
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_a_round_is_the_best_of_every_way(objective: Objective) -> None:
    rng = Random(OBJECTIVES.index(objective))
    solved = [check(*crowded_world(rng), objective, rng) for _ in range(CASES)]
    assert sum(bool(one.waiting) and bool(one.pairs) for one in solved) > CASES / 10


@EVERY_WAY
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_thousands_of_tiny_markets_are_solved_as_by_every_way_and_by_scipy(objective: Objective) -> None:
    draw = np.random.default_rng(7)
    for _ in range(700):
        rows, columns = draw.integers(1, 6, 2)
        most = draw.choice([1, 3, 100])
        grains = draw.integers(0, most + 1, (rows, columns)) * (FULL_SCORE // most)
        grains[draw.random((rows, columns)) < draw.choice([0, 0.3, 0.7])] = OUT
        places = draw.integers(0, 3, columns).tolist()
        weeks = draw.integers(0, 3, rows).tolist()
        market = market_of(grains, places, objective, weeks)
        value = solved_value(market)
        assert value == by_scipy(market)
        if rows * columns <= 12:
            assert unfolded(market.scale, value) == best_by_hand(grains, places, objective, weeks)


def unfolded(scale: LexicographicScale, value: int) -> tuple[int, ...]:
    """Take a value apart into the levels of its objective."""
    if scale.objective == "total":
        return (value,)
    matched, rest = divmod(value, scale.match)
    return (matched, rest) if scale.objective == "most" else (matched, *divmod(rest, scale.step))


def best_by_hand(grains: np.ndarray, places: list[int], objective: Objective, weeks: list[int]) -> tuple[int, ...]:
    """Go through every way to give each row a column or none, and return the highest levels."""
    best: tuple[int, ...] = ()
    for way in product(range(OUT, len(places)), repeat=len(grains)):
        given = [(row, column) for row, column in enumerate(way) if column != OUT]
        if any(grains[pair] == OUT for pair in given) or any(way.count(c) > n for c, n in enumerate(places)):
            continue
        scores = [int(grains[pair]) for pair in given]
        fair = sum(round(10_000 * log(1 + score / 100_000)) for score in scores)
        credit = sum(weeks[row] for row, _ in given)
        ways = {"total": (sum(scores),), "most": (len(given), sum(scores)), "fair": (len(given), fair, credit)}
        best = max(best, ways[objective])
    return best


def by_scipy(market: Market) -> int:
    """Solve a small market densely, supporters repeated by their places: the value, in whole numbers below 2^53."""
    dense = np.zeros((len(market.needs), len(market.offers)))
    for row, choices in enumerate(market.choices):
        dense[row, choices.columns] = market.values(row)
    assert dense.sum() < 2**53
    repeated = np.repeat(dense, market.places, axis=1)
    rows, columns = linear_sum_assignment(repeated, maximize=True)
    return int(repeated[rows, columns].sum())


def popular(rows: int, columns: int, seed: int, share: float) -> np.ndarray:
    """Draw scores with supporters whom everybody would like, and pairs that are out."""
    draw = np.random.default_rng(seed)
    points = 45 + 12 * draw.standard_normal((rows, columns)) + 25 * draw.random(columns)
    grains = (np.clip(points, 0, 100) * GRAINS_A_POINT).astype(np.int64)
    grains[draw.random((rows, columns)) > share] = OUT
    return grains


@EVERY_WAY
@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize(("rows", "columns", "share"), [(200, 200, 0.2), (400, 150, 0.5), (150, 300, 0.1)])
def test_hundreds_are_solved_as_scipy_solves_them(objective: Objective, rows: int, columns: int, share: float) -> None:
    draw = np.random.default_rng(rows)
    places = draw.integers(0, 4, columns).tolist()
    market = market_of(popular(rows, columns, 3, share), places, objective, draw.integers(0, 30, rows).tolist())
    assert solved_value(market) == by_scipy(market)


def chain(length: int) -> np.ndarray:
    """Each row would rather have its right neighbour's column, and the last one has nowhere else to go."""
    grains = np.full((length, length), OUT, dtype=np.int64)
    rows = np.arange(length)
    grains[rows, rows] = 5_000_000
    grains[rows[:-1], rows[1:]] = 5_000_001
    return grains


STRUCTURED = {
    "all tied": (np.full((300, 300), 7_000_000), [1] * 300),
    "all tied, four times too many": (np.full((400, 50), 7_000_000), [2] * 50),
    "twenty of each": (np.repeat(popular(15, 120, 5, 0.4), 20, axis=0), [2] * 120),
    "a long chain": (chain(1_500), [1] * 1_500),
    "few steps of score": (popular(300, 200, 6, 0.5) // 2_000_000 * 2_000_000, [1] * 200),
    "four times too many": (popular(400, 100, 8, 0.3), [1] * 100),
    "five times too few": (popular(60, 300, 9, 0.5), [1] * 300),
    "one who can hold all": (popular(80, 3, 10, 0.9), [500, 1, 0]),
    "nobody fits": (np.full((30, 30), OUT), [1] * 30),
    "no places": (popular(30, 30, 11, 1.0), [0] * 30),
    "no points": (np.zeros((20, 10), dtype=np.int64), [1] * 10),
    "one row": (popular(1, 40, 12, 1.0), [1] * 40),
    "one column": (popular(40, 1, 13, 1.0), [3]),
    "no supporters": (np.zeros((5, 0), dtype=np.int64), []),
    "nobody at all": (np.zeros((0, 0), dtype=np.int64), []),
}


@EVERY_WAY
@pytest.mark.parametrize("name", STRUCTURED)
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_structured_lists_end_with_a_proof(name: str, objective: Objective) -> None:
    grains, places = STRUCTURED[name]
    market = market_of(grains.astype(np.int64), places, objective, [row % 7 for row in range(len(grains))])
    value = solved_value(market)
    if len(grains) <= 400:
        assert value == by_scipy(market)


# Order, people, reasons


@EVERY_WAY
def test_rows_in_any_order_give_the_same_round() -> None:
    rng = Random(5)
    for _ in range(15):
        roster, needs = crowded_world(rng, 8, 8)
        offers = list(roster.columns_.offers)
        solved = solve_round(roster, needs)
        shuffled = Roster(questionnaire=roster.questionnaire, weights=roster.weights, on=roster.on)
        shuffled.fit(rng.sample(offers, len(offers)), roster.learned_)
        assert said(solve_round(shuffled, rng.sample(needs, len(needs)))) == said(solved)


@EVERY_WAY
def test_of_two_equal_women_the_one_who_waits_longer_is_served_by_fair_alone() -> None:
    weeks = [1, 9, 3]
    grains = np.full((3, 1), 5_000_000)
    for objective, extra in (("fair", 9), ("most", 0)):
        market = market_of(grains, [1], objective, weeks)
        folded = market.scale
        once = folded.match + folded.step * int(folded.table(np.array([5_000_000]))[0])
        assert solved_value(market) == once + extra


@EVERY_WAY
def test_fair_prefers_more_women_then_the_worst_off() -> None:
    both = np.array([[10_000_000, 100_000], [6_000_000, OUT]])
    assert solved_value(market_of(both, [1, 1], "fair")) > market_of(both, [1, 1], "fair").scale.match * 2
    assert solved_value(market_of(both, [1, 1], "total")) == 10_000_000
    apart, together = [[9_000_000, 4_000_000], [8_000_000, 1_000_000]], 12_000_000
    assert solved_value(market_of(np.array(apart), [1, 1], "total")) == together
    worse = np.array([[9_000_000, 5_000_000], [5_500_000, 500_000]])
    solved = market_of(worse, [1, 1], "fair")
    assert solved_value(solved) == 2 * solved.scale.match + int(fair_table(np.array([5_000_000, 5_500_000])).sum())


# Whole numbers


def test_no_grain_lies_so_near_a_half_that_machines_could_differ() -> None:
    exact = 10_000 * np.log1p(np.arange(FULL_SCORE + 1) / GRAINS_A_POINT)
    exact -= np.floor(exact) + 0.5
    assert np.abs(exact, out=exact).min() > 1e-9
    assert fair_table(np.array([FULL_SCORE])).tolist() == [FAIR_FULL]
    assert (np.diff(fair_table(np.arange(FULL_SCORE + 1))) >= 0).all()


def test_at_two_hundred_thousand_requests_nothing_overflows_and_no_order_is_lost() -> None:
    waiting = Need(id="n", safe_hours=ALWAYS, waiting_since=ON - timedelta(weeks=1_000))
    for objective in OBJECTIVES:
        scale = lexicographic_scale(objective, [waiting] * 200_000, 200_000, ON)
        weeks = scale.credit(waiting, ON)
        top = int(scale.table(np.array([FULL_SCORE]))[0])
        assert scale.match + scale.step * top + weeks < TOO_LARGE
        if objective == "fair":
            assert scale.step > 200_000 * weeks
        if objective != "total":
            assert scale.match > 200_000 * (scale.step * top + weeks)


def test_more_waiting_than_fits_into_the_numbers_is_refused_and_not_cut() -> None:
    since_long = Need(id="n", safe_hours=ALWAYS, waiting_since=ON - timedelta(weeks=10_000))
    (fault,) = faults_of(lambda: lexicographic_scale("fair", [since_long] * 200_000, 200_000, ON))
    assert fault.place == "waiting_since"


def test_a_folding_keeps_the_order_of_levels_in_every_sum() -> None:
    needs = [Need(id=str(n), safe_hours=ALWAYS, waiting_since=ON - timedelta(weeks=n)) for n in range(5)]
    scale = lexicographic_scale("fair", needs, 5, ON)
    assert isinstance(scale, LexicographicScale)
    assert scale.step > 4 + 3 + 2 + 1
    assert scale.match > 5 * (scale.step * FAIR_FULL) + 10


@pytest.mark.parametrize("most", [0, 2**16 - 1, 2**16, 2**16 + 1, FULL_SCORE])
def test_what_one_woman_may_get_is_packed_without_losing_a_grain(most: int) -> None:
    rng = Random(most)
    columns = np.array(rng.sample(range(70_000), 9))
    grains = np.array([most, *(rng.randint(0, most) for _ in range(8))])
    choices = packed(columns, grains, LexicographicScale("total", 0, 1), credit=0)
    kept = zip(choices.columns.tolist(), choices.grains.tolist(), choices.worth.tolist(), strict=True)
    assert list(kept) == sorted((c, g, g) for c, g in zip(columns.tolist(), grains.tolist(), strict=True))


@EVERY_WAY
def test_a_floor_takes_points_and_keeps_what_stands_on_it() -> None:
    rng = Random(2)
    roster, needs = next(found for found in (crowded_world(rng) for _ in range(200)) if solve_round(*found).pairs)
    pair = solve_round(roster, needs).pairs[0]
    lone = tuple(need for need in needs if need.id == pair.need)
    score = Decimal(pair.grains) / GRAINS_A_POINT
    best = solve_round(roster, lone).pairs[0]
    assert best.grains >= score
    edge = Decimal(best.grains) / GRAINS_A_POINT
    assert solve_round(roster, lone, floor=edge).matched == 1
    if best.grains < FULL_SCORE:
        assert solve_round(roster, lone, floor=edge + Decimal("0.00001")).waiting == (pair.need,)


def test_two_needs_of_one_id_are_an_error_and_a_date_ahead_is_refused() -> None:
    roster, needs = crowded_world(Random(1))
    with pytest.raises(ValueError, match="same id"):
        solve_round(roster, [needs[0], needs[0]])
    ahead = replace(needs[0], waiting_since=roster.on + timedelta(days=1))
    (fault,) = faults_of(lambda: solve_round(roster, [ahead]))
    assert "after" in fault.problem
