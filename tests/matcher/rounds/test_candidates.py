"""Rounds whose pairs are not all kept: as good as those that keep all, and the same whichever way pairs are found."""

import gc
from collections.abc import Iterator, Sequence
from random import Random

import numpy as np
import pytest

from matcher import backends
from matcher.errors import Refused
from matcher.people import Need
from matcher.ranking.roster import Roster
from matcher.rounds import candidates, market
from matcher.rounds.objectives import FAIR_FULL, OBJECTIVES, LexicographicScale, Objective, fair_table
from matcher.rounds.solve import Round, solve_round
from matcher.rounds.waiting import why_waiting
from matcher.rounds.what_if import change
from tests.matcher.worlds.markets import crowded_world, said

WAYS = {"plain": backends.PLAIN, "compiled": backends.compiled()}


@pytest.fixture
def keeping_few(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Keep a single pair of each need at first, and add one at a time."""
    monkeypatch.setattr(candidates, "KEPT_AT_FIRST", 1)
    monkeypatch.setattr(candidates, "KEPT_AT_LEAST", 1)
    monkeypatch.setattr(candidates, "KEPT_MORE", 1)
    return monkeypatch


def solved(
    patch: pytest.MonkeyPatch, way: str, roster: Roster, needs: tuple[Need, ...], objective: Objective, kept: int
) -> Round:
    patch.setattr(backends, "_current", [WAYS[way]])
    patch.setattr(market, "WHOLE_UP_TO", kept)
    return solve_round(roster, needs, objective=objective, floor=30)


@pytest.fixture
def collecting() -> Iterator[None]:
    yield
    gc.enable()


@pytest.mark.usefixtures("collecting")
@pytest.mark.parametrize("goes", [True, False])
def test_the_collector_is_left_as_it_is(goes: bool) -> None:
    roster, needs = crowded_world(Random(1))
    (gc.enable if goes else gc.disable)()
    went = list[bool]()

    def progress(needs: Sequence[Need]) -> Iterator[Need]:
        went.append(gc.isenabled())
        yield needs[0]
        raise InterruptedError

    with pytest.raises(InterruptedError):
        solve_round(roster, needs, objective="total", progress=progress)
    assert (went, gc.isenabled()) == ([goes], goes)
    solve_round(roster, needs, objective="total")
    assert gc.isenabled() is goes


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("seed", range(25))
def test_keeping_few_pairs_ends_as_well_as_keeping_all(
    keeping_few: pytest.MonkeyPatch, seed: int, objective: Objective
) -> None:
    roster, needs = crowded_world(Random(seed), most_offers=14, most_needs=14)
    whole = solved(keeping_few, "plain", roster, needs, objective, 10**9)
    few = {way: solved(keeping_few, way, roster, needs, objective, -1) for way in WAYS}
    assert all(isinstance(one.market.choices, candidates.PartialCandidates) for one in few.values())
    assert few["plain"].value == few["compiled"].value == whole.value
    assert few["plain"].gap == few["compiled"].gap == 0
    assert said(few["plain"]) == said(few["compiled"])


@pytest.mark.parametrize("seed", range(12))
def test_a_change_looks_beyond_what_is_kept(keeping_few: pytest.MonkeyPatch, seed: int) -> None:
    roster, needs = crowded_world(Random(seed), most_offers=9, most_needs=9)
    for way in WAYS:
        whole = solved(keeping_few, way, roster, needs, "fair", 10**9)
        few = solved(keeping_few, way, roster, needs, "fair", -1)
        for need in needs:
            for offer in few.market.offers:
                for kind in ("pin", "forbid"):
                    told = [_tried(roster, one, kind, (need.id, offer)) for one in (whole, few)]
                    assert told[0] == told[1]


@pytest.mark.parametrize("seed", range(12))
def test_who_waits_is_told_the_same_reasons(keeping_few: pytest.MonkeyPatch, seed: int) -> None:
    roster, needs = crowded_world(Random(seed), most_offers=9, most_needs=12)
    first = solved(keeping_few, "plain", roster, needs, "fair", 10**9)
    forbidden = [(pair.need, pair.offer) for pair in first.pairs]
    for way in WAYS:
        told = []
        for kept in (10**9, -1):
            solved(keeping_few, way, roster, needs, "fair", kept)
            told.append(why_waiting(roster, solve_round(roster, needs, forbidden=forbidden)))
        assert told[0] == told[1]


def _tried(roster: Roster, before: Round, kind: str, pair: tuple[str, str]) -> object:
    try:
        changed = change(roster, before, **{kind: pair})  # type: ignore[arg-type]
    except Refused as refused:
        return [str(fault) for fault in refused.faults]
    return changed.round.value, changed.round.gap, changed.cost


def test_the_fair_table_turned_round_is_its_own_inverse() -> None:
    least = LexicographicScale("fair", 1, 1).least_grains
    assert (fair_table(least) >= np.arange(FAIR_FULL + 1)).all()
    assert (fair_table(np.maximum(least - 1, 0))[1:] < np.arange(1, FAIR_FULL + 1)).all()
    assert len(LexicographicScale("total", 0, 1).least_grains) == 0
