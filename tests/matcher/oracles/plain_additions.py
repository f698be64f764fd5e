"""What one more place or supporter brings, worked out plainly: the whole round read again, every pair priced again."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from matcher.grains import Grains
from matcher.people import Need, longest_waiting_first
from matcher.ranking.roster import Roster
from matcher.rounds.column_generation import best_matching, settle
from matcher.rounds.market import Candidates, open_market
from matcher.rounds.objectives import Objective, lexicographic_scale, weeks_waiting
from matcher.rounds.settings import read_settings
from matcher.rounds.solve import Round, as_round
from matcher.supply.marginal_gains import Gain, Newcomers

OUT = -1


def round_before(roster: Roster, needs: Sequence[Need], objective: Objective, floor: Decimal | int) -> Round:
    """Solve the round alone, its numbers folded for two more places."""
    terms = read_settings(roster, needs, objective, floor, (), ())
    market = open_market(roster, sorted(needs, key=longest_waiting_first), terms)
    market = replace(market, scale=lexicographic_scale(objective, market.needs, sum(market.places) + 2, roster.on))
    return as_round(terms, market, *best_matching(market))


def bring_in(roster: Roster, before: Round, who: Newcomers, number: int, places: int) -> Gain:
    """Add one newcomer to the market with everyone whom she could have, and settle it as any other market."""
    bound = who.bound(number, places)
    if not bound:
        return Gain(0, 0, 0, 0, 0)
    matching, market = before.matching.copy(), before.market
    column = len(market.offers)
    matching.add_column(places, int(who.reduced[:, number].max()))
    choices, gain = list(market.choices), matching.gain
    for row in np.flatnonzero(who.grains[:, number] > OUT).tolist():
        grains = who.grains[row, number : number + 1]
        choices[row] = _with(choices[row], column, grains, market.scale.table(grains))
        if who.reduced[row, number]:
            matching.consider(row, [column], [int(who.reduced[row, number]) + gain[row]])
    market = replace(
        market, offers=(*market.offers, who.ids[number]), places=(*market.places, places), choices=tuple(choices)
    )
    after = as_round(before.settings, market, matching, settle(market, matching, ()))
    return _gain(roster, before, after, bound, who.ids[number])


def one_more_place(roster: Roster, before: Round, offer_id: str) -> Gain:
    """Give one supporter a place more, and settle the market as any other."""
    bound = before.prices[offer_id]
    if not bound:
        return Gain(0, 0, 0, 0, 0)
    matching, market = before.matching.copy(), before.market
    column = market.offers.index(offer_id)
    matching.add_place(column)
    places = (*market.places[:column], market.places[column] + 1, *market.places[column + 1 :])
    market = replace(market, places=places)
    after = as_round(before.settings, market, matching, settle(market, matching, ()))
    return _gain(roster, before, after, bound, offer_id)


def _with(choices: Candidates, column: int, grains: Grains, worth: Grains) -> Candidates:
    columns, worths = np.append(choices.columns.astype(np.uint32), column), np.append(choices.worth, worth)
    return Candidates(
        columns, np.append(choices.grains, grains).astype(np.uint32), worths.astype(np.uint32), choices.credit
    )


def _gain(roster: Roster, before: Round, after: Round, bound: int, offer_id: str) -> Gain:
    weeks = {need.id: weeks_waiting(need, roster.on) for need in before.market.needs}
    ended = sum(weeks[one] for one in before.waiting) - sum(weeks[one] for one in after.waiting)
    hers = tuple(pair.need for pair in after.pairs if pair.offer == offer_id)
    more = after.matched - before.matched
    return Gain(after.value - before.value, bound, more, after.grains - before.grains, ended, hers)
