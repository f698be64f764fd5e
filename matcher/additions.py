"""What one more place, or one more supporter, brings to a round: a bound by its prices, and the exact gain by solving.

No round is worth more than its prices say, with or without some of its women (linear programming duality; Ahuja,
Magnanti and Orlin, Network Flows, 1993, section 9.4). So the prices bound every gain before anything is solved.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from matcher.assignment import Round, as_round
from matcher.choices import Choices
from matcher.grains import Grains
from matcher.market import longest_waiting_first, open_market
from matcher.objectives import Objective, fold, weeks_waiting
from matcher.people import Need, Offer
from matcher.pricing import best_matching, settle
from matcher.ranking import Roster
from matcher.terms import read_terms

OUT = -1
MORE_PLACES = 2
"""The most places that are ever added to a round; its numbers are folded so that they stay in order with these."""


@dataclass(frozen=True)
class Gain:
    """What a change brings beyond the round before it: `value` and `bound` in the objective's whole numbers.

    `needs` are the women whom the round after it gives to the supporter who was changed.
    """

    value: int
    bound: int
    matched: int
    grains: int
    weeks: int
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Newcomers:
    """Supporters who are not in a round: their ids, and grains with every woman, shape (needs, newcomers), -1 is out.

    `reduced` is what each pair is worth beyond what the woman gains in the round at its prices; 0 where it is less.
    """

    ids: tuple[str, ...]
    grains: Grains
    reduced: NDArray[np.int64]

    def bound(self, number: int, places: int) -> int:
        """Bound what one newcomer with so many places brings: no more than her largest so many of `reduced`.

        Whoever comes to her leaves the round with her gain at its prices; the others are worth no more than the rest.
        """
        return int(np.sort(self.reduced[:, number])[::-1][:places].sum())

    def most_promising(self) -> list[int]:
        """List the newcomers, the highest bound with the most places first, then with one."""
        bounds = [(-self.bound(number, MORE_PLACES), -self.bound(number, 1)) for number, _ in enumerate(self.ids)]
        return sorted(range(len(self.ids)), key=lambda number: (bounds[number], number))


def round_before(
    roster: Roster,
    needs: Sequence[Need],
    objective: Objective,
    floor: Decimal | int,
    through: Callable[[Sequence[Need]], Iterable[Need]] = iter,
) -> Round:
    """Solve the round to which things are added. Raises Refused, as solve_round does."""
    terms = read_terms(roster, needs, objective, floor, (), ())
    market = open_market(roster, sorted(needs, key=longest_waiting_first), terms, through=through, whole=True)
    market = replace(market, folding=fold(objective, market.needs, sum(market.places) + MORE_PLACES, roster.on))
    return as_round(terms, market, *best_matching(market))


def newcomers(roster: Roster, before: Round, offers: Sequence[Offer]) -> Newcomers:
    """Score supporters who are not in a round with all its women; what the roster has learned stays as it is."""
    trial = Roster(questionnaire=roster.questionnaire, weights=roster.weights, on=roster.on)
    trial.fit(offers, roster.learned_)
    market = before.market
    grains = np.full((len(market.needs), len(offers)), OUT, dtype=np.int64)
    for row, need in enumerate(market.needs):
        scored = trial.scored(need)
        kept = scored.grains >= before.terms.floor
        grains[row, scored.rows[kept]] = scored.grains[kept]
    return added(before, [offer.id for offer in offers], grains)


def added(before: Round, ids: Sequence[str], grains: Grains) -> Newcomers:
    """Hold scores, shape (needs, newcomers), -1 where a pair is out, against the prices of a round."""
    market, folding = before.market, before.market.folding
    credit = np.array([choices.credit for choices in market.choices], dtype=np.int64)[:, None]
    gain = np.array(before.matching.gain, dtype=np.int64)[:, None]
    values = folding.match + credit + folding.step * folding.table(np.maximum(grains, 0))
    reduced = np.where(grains > OUT, np.maximum(values - gain, 0), 0)
    return Newcomers(tuple(ids), grains, reduced)


def bring_in(roster: Roster, before: Round, who: Newcomers, number: int, places: int) -> Gain:
    """Solve the round again with one newcomer and so many places (at most two); say what she brings."""
    bound = who.bound(number, places)
    if not bound:
        return Gain(0, 0, 0, 0, 0)
    matching, market = before.matching.copy(), before.market
    column = len(market.offers)
    # At this price nobody gains by her; filling her places lowers it as far as it must go.
    matching.add_column(places, int(who.reduced[:, number].max()))
    choices, gain = list(market.choices), matching.gain
    for row in np.flatnonzero(who.grains[:, number] > OUT).tolist():
        grains = int(who.grains[row, number])
        choices[row] = _with(choices[row], column, grains, int(market.folding.table(np.array([grains]))[0]))
        if who.reduced[row, number]:
            matching.consider(row, [column], [int(who.reduced[row, number]) + gain[row]])
    market = replace(
        market, offers=(*market.offers, who.ids[number]), places=(*market.places, places), choices=tuple(choices)
    )
    after = as_round(before.terms, market, matching, settle(market, matching, ()))
    return _gain(roster, before, after, bound, who.ids[number])


def one_more_place(roster: Roster, before: Round, offer_id: str) -> Gain:
    """Solve the round again with one more place of a supporter who is in it, at the scores that she has now.

    It brings no more than her price: with her price the same, that is by how much the bound of the round grows.
    """
    bound = before.prices[offer_id]
    if not bound:
        return Gain(0, 0, 0, 0, 0)
    matching, market = before.matching.copy(), before.market
    column = market.offers.index(offer_id)
    matching.add_place(column)
    places = (*market.places[:column], market.places[column] + 1, *market.places[column + 1 :])
    market = replace(market, places=places)
    after = as_round(before.terms, market, matching, settle(market, matching, ()))
    return _gain(roster, before, after, bound, offer_id)


def _with(choices: Choices, column: int, grains: int, worth: int) -> Choices:
    columns, worths = (
        np.append(kept, np.array(new, dtype=np.promote_types(kept.dtype, np.min_scalar_type(new))))
        for kept, new in ((choices.columns, column), (choices.worth, worth))
    )
    return Choices(
        columns, np.append(choices.grains, np.array(grains, dtype=choices.grains.dtype)), worths, choices.credit
    )


def _gain(roster: Roster, before: Round, after: Round, bound: int, offer_id: str) -> Gain:
    weeks = {need.id: weeks_waiting(need, roster.on) for need in before.market.needs}
    ended = sum(weeks[one] for one in before.waiting) - sum(weeks[one] for one in after.waiting)
    more = after.matched - before.matched
    hers = tuple(pair.need for pair in after.pairs if pair.offer == offer_id)
    return Gain(after.value - before.value, bound, more, after.grains - before.grains, ended, hers)
