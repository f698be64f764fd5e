"""What one more place, or one more supporter, brings to a round: a bound by its prices, and the exact gain by solving.

No round is worth more than its prices say, with or without some of its women (linear programming duality; Ahuja,
Magnanti and Orlin, Network Flows, 1993, section 9.4). So the prices bound every gain before anything is solved.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher import backends
from matcher.assignment.matching import NOBODY, Matching
from matcher.assignment.reduced_costs import Prices
from matcher.grains import Grains
from matcher.people import Need, Offer, longest_waiting_first
from matcher.questionnaire.schema import Questionnaire, Steady
from matcher.ranking.roster import Roster
from matcher.rounds.candidates import Candidates
from matcher.rounds.column_generation import MORE_CHOICES, best_matching
from matcher.rounds.market import Market, open_market
from matcher.rounds.objectives import Objective, lexicographic_scale, weeks_waiting
from matcher.rounds.settings import free_places, read_settings
from matcher.rounds.solve import Round, as_round

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

    def part(self, numbers: slice) -> "Newcomers":
        """Return some of them."""
        return Newcomers(self.ids[numbers], self.grains[:, numbers], self.reduced[:, numbers])

    def and_(self, others: "Newcomers") -> "Newcomers":
        """Return these and others of the same round, numbered after them."""
        grains, reduced = np.hstack([self.grains, others.grains]), np.hstack([self.reduced, others.reduced])
        return Newcomers((*self.ids, *others.ids), grains, reduced)

    def bound(self, number: int, places: int) -> int:
        """Bound what one newcomer with so many places brings: no more than her largest so many of `reduced`.

        Whoever comes to her leaves the round with her gain at its prices; the others are worth no more than the rest.
        """
        return int(np.sort(self.reduced[:, number])[::-1][:places].sum())

    def most_promising(self) -> list[int]:
        """List the newcomers, the highest bound with the most places first, then with one."""
        bounds = [(-self.bound(number, MORE_PLACES), -self.bound(number, 1)) for number, _ in enumerate(self.ids)]
        return sorted(range(len(self.ids)), key=lambda number: (bounds[number], number))


def round_with(
    roster: Roster,
    needs: Sequence[Need],
    offers: Sequence[Offer],
    *,
    objective: Objective,
    floor: Decimal | int,
    progress: Callable[[Sequence[Need]], Iterable[Need]] = iter,
) -> tuple[Round, Newcomers]:
    """Solve the round to which things are added, and score newcomers with its women in the same pass.

    One of `offers` who has the id of a supporter who is full is scored in her stead; in the round the supporter stays
    as she is. Raises Refused, as solve_round does.
    """
    settings = read_settings(roster, needs, objective, floor, (), ())
    changed = {offer.id for offer in offers}
    everyone = [*(offer for offer in roster.columns_.offers if offer.id not in changed), *offers]
    wide = open_market(
        _trial(roster, everyone),
        sorted(needs, key=longest_waiting_first),
        replace(settings, objective="total"),
        progress=progress,
        whole=True,
    )
    market = _without(wide, changed, roster, objective)
    before = as_round(settings, market, *best_matching(market))
    return before, added(before, [offer.id for offer in offers], _grains_of(wide, offers))


def _without(wide: Market, changed: Container[str], roster: Roster, objective: Objective) -> Market:
    """Take newcomers out of a market: the supporters of the roster stay, whoever is changed with nobody to choose her.

    The numbers are folded so that they stay in order with MORE_PLACES more.
    """
    ids = sorted(roster.columns_.row_of)
    places = tuple(free_places(roster, one) for one in ids)
    scale = lexicographic_scale(objective, wide.needs, sum(places) + MORE_PLACES, roster.on)
    number_of = {one: number for number, one in enumerate(ids) if one not in changed}
    column_of = np.array([number_of.get(one, OUT) for one in wide.offers], dtype=np.int64)
    choices = []
    for need, one in zip(wide.needs, wide.choices, strict=True):
        columns = column_of[one.columns]
        kept = columns > OUT
        grains, credit = one.grains[kept], scale.credit(need, roster.on)
        worth = scale.table(grains.astype(np.int64)).astype(np.uint32)
        choices.append(Candidates(columns[kept].astype(one.columns.dtype), grains, worth, credit))
    return Market(scale, wide.needs, tuple(ids), places, tuple(choices))


def _grains_of(wide: Market, offers: Sequence[Offer]) -> Grains:
    """Read the scores of newcomers out of a market, shape (needs, newcomers), -1 where a pair is out."""
    numbers = {offer.id: number for number, offer in enumerate(offers)}
    number_of = np.array([numbers.get(one, OUT) for one in wide.offers], dtype=np.int64)
    grains = np.full((len(wide.needs), len(offers)), OUT, dtype=np.int64)
    for row, choices in enumerate(wide.choices):
        number = number_of[choices.columns]
        grains[row, number[number > OUT]] = choices.grains[number > OUT]
    return grains


def _trial(roster: Roster, offers: Sequence[Offer]) -> Roster:
    """Make a roster of others; what the roster has learned stays as it is."""
    trial = Roster(questionnaire=roster.questionnaire, weights=roster.weights, on=roster.on)
    return trial.fit(offers, roster.learned_)


def newcomers(roster: Roster, before: Round, offers: Sequence[Offer]) -> Newcomers:
    """Score supporters who are not in a round with all its women, shape (needs, newcomers)."""
    trial, needs, rough = _trial(roster, offers), before.market.needs, _Rough(roster.questionnaire, offers)
    grains = np.full((len(needs), len(offers)), OUT, dtype=np.int64)
    for row in (row for row, need in enumerate(needs) if rough.may_pass(need)):
        scored = trial.scored(needs[row])
        kept = scored.grains >= before.settings.floor
        grains[row, scored.rows[kept]] = scored.grains[kept]
    return added(before, [offer.id for offer in offers], grains)


class _Rough:
    """A quick look that leaves out women with whom none of a few supporters shares a language, a way or her stars."""

    def __init__(self, questionnaire: Questionnaire, offers: Iterable[Offer]) -> None:
        self._shared = [question.id for question in questionnaire.with_rule("gate:any_shared")]
        self._steady = [(q.id, q.match) for q in questionnaire.question if isinstance(q.match, Steady)]
        self._brought = {self._brings(offer) for offer in offers}

    def _brings(self, offer: Offer) -> tuple[frozenset[str], ...]:
        answers: Mapping[str, Any] = offer.answers
        steady = (frozenset(answers.get(months, ())) for months, _ in self._steady)
        return (*(offer.marks(question) for question in self._shared), *steady)

    def may_pass(self, need: Need) -> bool:
        """Say whether she may pass with anybody; False where the gates of all would keep her out."""
        marked = [need.marks(question) for question in self._shared]
        stars = [(need.stars.get(rule.with_, frozenset()), rule.each) for _, rule in self._steady]
        return any(
            not any(hers.isdisjoint(theirs) for hers, theirs in zip(marked, brought, strict=False))
            and all(
                hers <= theirs if each else not hers or hers & theirs
                for (hers, each), theirs in zip(stars, brought[len(marked) :], strict=True)
            )
            for brought in self._brought
        )


def added(before: Round, ids: Sequence[str], grains: Grains) -> Newcomers:
    """Hold scores, shape (needs, newcomers), -1 where a pair is out, against the prices of a round."""
    gain = np.array(before.matching.gain, dtype=np.int64)[:, None]
    reduced = np.where(grains > OUT, np.maximum(_values(before, grains) - gain, 0), 0)
    return Newcomers(tuple(ids), grains, reduced)


def _values(before: Round, grains: Grains) -> NDArray[np.int64]:
    """Return what pairs with newcomers are worth in a round, shape (needs, newcomers); anything where one is out."""
    scale = before.market.scale
    credit = np.array([choices.credit for choices in before.market.choices], dtype=np.int64)[:, None]
    return scale.match + credit + scale.step * scale.table(np.maximum(grains, 0))


class Additions:
    """Adds to one round, each time anew, and solves it again; what every addition needs of it is laid out once.

    The round is one without pins, as round_with solves it.
    """

    def __init__(self, before: Round, on: date) -> None:
        market = before.market
        self.before = before
        self._column_of = {offer: column for column, offer in enumerate(market.offers)}
        self._at = np.array(before.matching.at, dtype=np.int64)
        self._weeks = [weeks_waiting(need, on) for need in market.needs]
        # Every pair of the market, row by row: so one pass of arrays prices them all.
        self._rows = np.repeat(np.arange(len(market.needs)), [len(one.columns) for one in market.choices])
        none = np.zeros(0, dtype=np.int64)
        self._columns = np.concatenate([none, *(one.columns for one in market.choices)])
        self._values = np.concatenate([none, *(market.values(row) for row, _ in enumerate(market.needs))])

    def bring_in(self, who: Newcomers, number: int, places: int) -> Gain:
        """Solve the round again with one newcomer and so many places (at most two); say what she brings."""
        bound = who.bound(number, places)
        if not bound:
            return Gain(0, 0, 0, 0, 0)
        matching, reduced = self.before.matching.copy(), who.reduced[:, number]
        her = _Newcomer(
            len(self._column_of), who.grains[:, number], _values(self.before, who.grains[:, number, None])[:, 0]
        )
        # At this price nobody gains by her; filling her places lowers it as far as it must go.
        matching.add_column(places, int(reduced.max()))
        for row in np.flatnonzero(reduced).tolist():
            matching.consider(row, [her.column], [int(her.values[row])])
        self._settle(matching, her)
        return self._gain(matching, bound, her.column, her)

    def one_more_place(self, offer_id: str) -> Gain:
        """Solve the round again with one more place of a supporter who is in it, at the scores that she has now.

        It brings no more than her price: with her price the same, that is by how much the bound of the round grows.
        """
        bound = self.before.prices[offer_id]
        if not bound:
            return Gain(0, 0, 0, 0, 0)
        matching, column = self.before.matching.copy(), self._column_of[offer_id]
        matching.add_place(column)
        self._settle(matching, None)
        return self._gain(matching, bound, column, None)

    def _settle(self, matching: Matching, her: "_Newcomer | None") -> None:
        """Do what pricing.settle does; only those who gain are looked at one by one."""
        rows: list[int] = []
        while True:
            matching.settle(rows)
            prices = np.array(matching.price, dtype=np.int64)
            rows = self._who_gains(matching, prices, her)
            if not rows:
                return
            for row in rows:
                self._consider_more(matching, row, prices, her)
                matching.release(row)

    def _who_gains(self, matching: Matching, prices: Prices, her: "_Newcomer | None") -> list[int]:
        """Price every pair, hers too, and list the rows to which any is worth more than what they gain."""
        gain = np.array(matching.gain, dtype=np.int64)
        gains = np.zeros(len(gain), dtype=bool)
        gains[self._rows[self._values - prices[self._columns] > gain[self._rows]]] = True
        if her is not None:
            gains |= (her.grains > OUT) & (her.values - prices[her.column] > gain)
        return np.flatnonzero(gains).tolist()

    def _consider_more(self, matching: Matching, row: int, prices: Prices, her: "_Newcomer | None") -> None:
        market = self.before.market
        columns, worth, base, step = market.worths(row)
        if her is not None and her.grains[row] > OUT:
            columns, worth = _with(columns, her.column), _with(worth, int(her.values[row] - base) // step)
        few = backends.current().best_k(columns, worth, base, step, prices, MORE_CHOICES)
        values = base + step * worth[few].astype(np.int64)
        matching.consider(row, columns[few].tolist(), values.tolist())

    def _gain(self, matching: Matching, bound: int, column: int, her: "_Newcomer | None") -> Gain:
        """Add up what changes for everyone who moves."""
        at = np.array(matching.at, dtype=np.int64)
        value = matched = grains = weeks = 0
        for row in np.flatnonzero(at != self._at).tolist():
            for sign, seat in ((1, int(at[row])), (-1, int(self._at[row]))):
                if seat != NOBODY:
                    worth, score = self._pair(row, seat, her)
                    value, grains = value + sign * worth, grains + sign * score
                    matched, weeks = matched + sign, weeks + sign * self._weeks[row]
        hers = tuple(self.before.market.needs[row].id for row in np.flatnonzero(at == column).tolist())
        return Gain(value, bound, matched, grains, weeks, hers)

    def _pair(self, row: int, column: int, her: "_Newcomer | None") -> tuple[int, int]:
        """Return value and grains of a pair."""
        if her is not None and column == her.column:
            return int(her.values[row]), int(her.grains[row])
        position = self.before.market.choices[row].at(column)
        return self.before.market.value(row, position), int(self.before.market.choices[row].grains[position])


@dataclass(frozen=True)
class _Newcomer:
    """One newcomer as a column of the market: grains and value with every woman, shape (needs,); -1 grains are out."""

    column: int
    grains: Grains
    values: NDArray[np.int64]


def _with(kept: NDArray[np.unsignedinteger], new: int) -> NDArray[np.unsignedinteger]:
    return np.append(kept, np.array(new, dtype=np.promote_types(kept.dtype, np.min_scalar_type(new))))
