"""Additions to a round: exact, and to the last digit what solving and pricing the whole market again comes to."""

from dataclasses import replace
from itertools import product
from random import Random

import numpy as np
import pytest

from matcher.ranking.roster import Roster
from matcher.rounds.column_generation import best_matching, by_augmenting
from matcher.rounds.objectives import OBJECTIVES
from matcher.rounds.settings import RoundSettings
from matcher.rounds.solve import as_round
from matcher.supply import marginal_gains
from matcher.supply.marginal_gains import Additions, added, newcomers, round_with
from matcher.supply.recruits import as_offer
from tests.matcher.oracles.plain_additions import bring_in, one_more_place, round_before
from tests.matcher.supply.test_properties import CASES, NO_WEIGHTS, crowded, every_kind
from tests.matcher.worlds.markets import EVERY_WAY, ON, OUT, market_of, solved_value
from tests.matcher.worlds.small_programme import questionnaire


@EVERY_WAY
@pytest.mark.parametrize("seed", range(2 * CASES))
def test_a_newcomer_among_many_who_compete_is_worth_the_difference_of_two_rounds(seed: int) -> None:
    draw = np.random.default_rng(seed)
    rows, columns, objective = int(draw.integers(1, 30)), int(draw.integers(0, 12)), OBJECTIVES[seed % 3]
    grains = draw.integers(1, 40, (rows, columns + 1)) * 250_000
    grains[draw.random(grains.shape) < draw.choice((0.0, 0.5, 0.8))] = OUT
    places, weeks = draw.integers(0, 4, columns).tolist(), draw.integers(0, 20, rows).tolist()
    full = market_of(grains, [*places, 2], objective, weeks)
    open_ = replace(market_of(grains[:, :columns], places, objective, weeks), scale=full.scale)
    before = as_round(RoundSettings(objective, 0, (), ()), open_, *best_matching(open_))
    roster = Roster(questionnaire=questionnaire(), weights=NO_WEIGHTS, on=ON)
    who, more = added(before, ["new"], grains[:, columns:]), Additions(before, ON)
    for number_of_places in (1, 2):
        gain = more.bring_in(who, 0, number_of_places)
        assert gain == bring_in(roster, before, who, 0, number_of_places)
        after = replace(full, places=(*places, number_of_places))
        assert gain.value == solved_value(after) - before.value
        assert gain.value <= gain.bound
    for column, offer in enumerate(open_.offers):
        gain = more.one_more_place(offer)
        assert gain == one_more_place(roster, before, offer)
        after = replace(open_, places=tuple(count + (at == column) for at, count in enumerate(places)))
        assert gain.value == solved_value(after) - before.value
        assert gain.value <= gain.bound == before.prices[offer]


@EVERY_WAY
@pytest.mark.parametrize("seed", range(CASES))
def test_pairs_that_were_not_considered_at_first_are_found_as_by_pricing_the_whole_market(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for few in (
        "rounds.column_generation.FIRST_CHOICES",
        "rounds.column_generation.MORE_CHOICES",
        "supply.marginal_gains.MORE_CHOICES",
    ):
        monkeypatch.setattr(f"matcher.{few}", 1)
    draw = np.random.default_rng(seed)
    grains = draw.integers(1, 400, (40, 15)) * 25_000
    grains[draw.random(grains.shape) < 0.3] = OUT
    market = market_of(grains[:, :12], draw.integers(0, 4, 12).tolist(), OBJECTIVES[seed % 3])
    before = as_round(RoundSettings(OBJECTIVES[seed % 3], 0, (), ()), market, *by_augmenting(market))
    roster = Roster(questionnaire=questionnaire(), weights=NO_WEIGHTS, on=ON)
    who, more = added(before, ["new0", "new1", "new2"], grains[:, 12:]), Additions(before, ON)
    for number, places in product(range(3), (1, 2)):
        assert more.bring_in(who, number, places) == bring_in(roster, before, who, number, places)
    for offer in market.offers:
        assert more.one_more_place(offer) == one_more_place(roster, before, offer)


def test_a_newcomer_is_priced_with_everybody_who_may_have_her() -> None:
    market = market_of(np.array([[OUT], [OUT], [OUT]]), [0])
    before = as_round(RoundSettings("fair", 0, (), ()), market, *best_matching(market))
    matching, grains = before.matching.copy(), np.array([5_000_000, OUT, 10])
    matching.add_column(1, 0)
    her = marginal_gains._Newcomer(1, grains, np.array([50, 50, 1]))
    assert marginal_gains.Additions(before, ON)._who_gains(matching, np.zeros(2, dtype=np.int64), her) == [0, 2]


@EVERY_WAY
@pytest.mark.parametrize("seed", range(CASES))
def test_a_round_solved_with_newcomers_scored_beside_it_is_the_round_alone(seed: int) -> None:
    roster, needs, objective = crowded(seed)
    kinds = every_kind(roster, needs)
    offers = [as_offer(kind, f"kind;{n}", roster.questionnaire, needs) for n, kind in enumerate(kinds)]
    full = [offer for offer in roster.columns_.offers if offer.load >= offer.capacity]
    offers += [replace(offer, capacity=offer.load + 1) for offer in full]
    floor = Random(seed).choice((0, 30, 60))
    before, who = round_with(roster, needs, offers, objective=objective, floor=floor)
    alone = round_before(roster, needs, objective, floor)
    assert before == alone
    assert before.market.scale == alone.market.scale
    for one, other in zip(before.market.choices, alone.market.choices, strict=True):
        assert (one.columns.tolist(), one.grains.tolist(), one.worth.tolist(), one.credit) == (
            other.columns.tolist(),
            other.grains.tolist(),
            other.worth.tolist(),
            other.credit,
        )
    plain = newcomers(roster, alone, offers)
    assert (who.ids, who.grains.tolist(), who.reduced.tolist()) == (
        plain.ids,
        plain.grains.tolist(),
        plain.reduced.tolist(),
    )
