"""Upper bounds: nobody earns more than hers, they tell people apart, and both ways count and compare them alike."""

import numpy as np
import pytest

from matcher.people import Offer
from matcher.ranking.bounds import GRAINS_A_UNIT, WORTH_PRUNING, BoundTerm, UpperBound, highest, top_k, upper_bound
from matcher.roster import bitmaps
from matcher.roster.bitmaps import BitSlicedCounter, add_bitmaps
from tests.matcher.roster.test_columns import filled, fitted
from tests.matcher.worlds.pairs import need as default_need
from tests.matcher.worlds.pairs import offer as default_offer
from tests.matcher.worlds.pairs import roster as default_roster

COUNT = 1300


@pytest.mark.parametrize("seed", range(40))
def test_nobody_earns_more_than_her_ceiling(seed: int) -> None:
    roster = fitted(invented := filled(seed, 129))
    rows, told = np.arange(129), 0
    for need in invented.needs:
        scan = roster._plain_scan(need, None)
        over = upper_bound(scan.encoded.lines)
        if over:
            units, total = over.count(roster.columns_).at(rows), scan.encoded.total(scan.query, rows)
            assert all(over.units_for(grains) <= most for grains, most in zip(total.tolist(), units, strict=True))
            told += 1
    assert told or not any(roster.questionnaire.with_rule("coverage"))


def test_a_ceiling_counts_what_she_has_of_what_was_marked_and_the_mean_where_it_is_not_known() -> None:
    roster = default_roster(
        default_offer("both", cells={"topics": "alcohol; after_abuse"}),
        default_offer("one", cells={"topics": "alcohol"}),
        default_offer("none", cells={"topics": "eating_and_body"}),
        default_offer("not said", cells={"topics": ""}),
    )
    scan = roster._plain_scan(default_need(cells={"topics": "alcohol; after_abuse"}), None)
    lines = [line for line in scan.encoded.lines if line.question_id == "topics"]
    over = upper_bound(lines)
    assert over
    assert over.constant == 0
    both, one, none, not_said = over.count(roster.columns_).at(np.arange(4)).tolist()
    assert both > one > none == 0 < not_said < both
    assert 0 <= both * GRAINS_A_UNIT - lines[0].maximum < 2 * GRAINS_A_UNIT
    assert upper_bound([line for line in scan.encoded.lines if line.part == "headroom"]) is None


def test_who_reaches_what_is_asked_to_the_grain_is_within_the_ceiling() -> None:
    over = UpperBound((BoundTerm(0, False, 3),), constant=100)
    edges = {0: 0, 100: 0, 101: 1, 100 + GRAINS_A_UNIT: 1, 101 + GRAINS_A_UNIT: 2}
    assert {grains: over.units_for(grains) for grains in edges} == edges


def test_the_second_best_is_kept_where_nobody_else_comes_near_the_best() -> None:
    few = [default_offer("best", cells={"topics": "alcohol; after_abuse"}), *_who_lived("alcohol", 1)]
    roster = default_roster(*few, *_who_lived("eating_and_body", 2 * WORTH_PRUNING))
    scan = roster._plain_scan(default_need(cells={"topics": "alcohol; after_abuse"}), None)
    rows, _ = top_k(scan.encoded, scan.query, roster.columns_.everyone, 2)
    assert rows.tolist() == [0, 1]
    rows, _ = top_k(scan.encoded, scan.query, roster.columns_.everyone, 1)
    assert rows.tolist() == [0]


def _who_lived(topic: str, count: int) -> list[Offer]:
    return [default_offer(f"{topic} {number}", cells={"topics": topic}) for number in range(count)]


@pytest.mark.parametrize("seed", range(8))
def test_both_ways_count_and_compare_alike(seed: int) -> None:
    bounds = pytest.importorskip("matcher._compiled.bounds")
    roster = fitted(invented := filled(seed, COUNT, gated=False))
    words = bitmaps.words_for(COUNT)
    for need in invented.needs:
        over = upper_bound(roster._plain_scan(need, None).encoded.lines)
        if not over:
            continue
        terms = np.array(over.terms, dtype=np.int32)
        sums, carried = bounds.room_for_bounds(terms)
        bounds.add_terms(terms, roster.packed.bits, 0, words, sums, carried)
        plain, rows = over.count(roster.columns_), np.arange(COUNT)
        numbers = plain.at(rows)
        assert BitSlicedCounter(sums[:, :words]).at(rows).tolist() == numbers.tolist()
        for units in {0, 1, *numbers.tolist(), int(numbers.max()) + 1, 1 << len(sums), 5 << len(sums)}:
            left = bitmaps.everyone(COUNT)
            bounds.drop(sums, 0, units, left)
            assert bitmaps.rows_of(left, COUNT).tolist() == np.flatnonzero(numbers >= units).tolist()
            assert np.array_equal(left, bitmaps.everyone(COUNT) & ~plain.fewer_than(units))


@pytest.mark.parametrize("seed", range(6))
def test_the_highest_are_found_among_some(seed: int) -> None:
    draw = np.random.default_rng(seed)
    numbers = draw.integers(0, 40, 200)
    count = add_bitmaps([[bitmaps.pack(numbers >> digit & 1 > 0)] for digit in range(6)], bitmaps.words_for(200))
    among = draw.random(200) < 0.5
    for wanted in (1, 2, 30, 500):
        found = bitmaps.unpack(highest(count, bitmaps.pack(among), wanted), 200)
        assert not (found & ~among).any()
        assert found.sum() >= min(wanted, among.sum())
        least = numbers[found].min()
        assert (found == (among & (numbers >= least))).all()
        assert (among & (numbers > least)).sum() < wanted
