"""Pairs found anew at prices: none that is worth it is passed over, and none is told that a gate rules out."""

import numpy as np
import pytest

from matcher import backends
from matcher.rounds.rescoring import PricingQuery, RescoredPairs, StoredPairs
from tests.matcher.roster.test_columns import filled, fitted

COUNTS = (150, 1300)
A_STEP = 1_000_000


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("seed", range(25))
def test_every_pair_that_is_worth_it_is_found_with_its_score(
    seed: int, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = backends.compiled()
    monkeypatch.setattr(backends, "_current", [compiled])
    invented, draw = filled(seed, count), np.random.default_rng(seed)
    held = fitted(invented)
    programs = [program for need in invented.needs if (program := held.program(need))]
    column_of, dearer = draw.permutation(count), draw.integers(0, 6, count) * A_STEP
    scored = [held.scored(need) for need in invented.needs]
    pairs = [(column_of[one.rows], one.grains) for one in scored]
    # What is wanted is what some pair is worth to the grain, so that ties at the edge are among the cases.
    wanted = [
        PricingQuery(row, int(grains[place] - dearer[columns[place]]), int(grains[draw.integers(len(grains))]))
        for row, (columns, grains) in enumerate(pairs)
        if len(columns)
        for place in draw.integers(len(columns), size=4).tolist()
    ]
    assert compiled.scan
    anew = RescoredPairs(programs, held.packed, column_of, 0, np.empty(0, dtype=np.int64), compiled.scan)
    for asked in wanted:
        every = dict(zip(*(numbers.tolist() for numbers in pairs[asked.row]), strict=True))
        worth_it = {
            column: earned for column, earned in every.items() if asked.least + dearer[column] <= earned <= asked.most
        }
        for source in (anew, StoredPairs(pairs)):
            told = dict(source.gaining([asked], dearer))
            found = told.get(asked.row, (np.empty(0), np.empty(0)))
            got = dict(zip(*(numbers.tolist() for numbers in found), strict=True))
            assert worth_it.items() <= got.items() <= every.items()
