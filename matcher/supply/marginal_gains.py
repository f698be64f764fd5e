"""Marginal gains of a round: an upper bound on what one more place or supporter brings, and the exact gain.

By weak duality the prices of a round bound its value, with or without some of its women (Ahuja, Magnanti and Orlin,
Network Flows, 1993, section 9.4): so they bound every gain before anything is solved. The exact gain is a warm start
from the round's matching.
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
"""The most places that are ever added to a round; its scale leaves room for them, so that values keep their order."""


@dataclass(frozen=True)
class Gain:
    """The gain of a change over the round before it: `value` and its upper `bound` in the objective's whole numbers.

    `matched`, `grains` and `weeks`, those waited by the women who are matched, are differences: they may be negative.
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
    """Supporters who are not in a round: their ids, and grains with every need, int64 (needs, newcomers), OUT for none.

    `reduced`, same shape, is the value of each pair less the need's gain at the prices of the round, 0 at least: what
    the pair could add to the round at most.
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
        """Return an upper bound on the gain of one newcomer: the sum of her largest so many of `reduced`.

        Whoever comes to her gives up her gain at the prices; by weak duality the prices still bound all the others.
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
    """Solve the round that gains are measured against, and score newcomers with its women in the same pass.

    One of `offers` with the id of a supporter who is full stands for her with a free place: she is scored with it, and
    stays full in the round. Raises Refused, as solve_round does.
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
    """Return a market without newcomers: the roster's supporters are its columns; one who is in `changed` has no pairs.

    Its scale is that of a round with MORE_PLACES more places, so that values keep their order when they are added.
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
    """Return the grains of newcomers in a market, int64 (needs, newcomers), OUT where there is no pair."""
    numbers = {offer.id: number for number, offer in enumerate(offers)}
    number_of = np.array([numbers.get(one, OUT) for one in wide.offers], dtype=np.int64)
    grains = np.full((len(wide.needs), len(offers)), OUT, dtype=np.int64)
    for row, choices in enumerate(wide.choices):
        number = number_of[choices.columns]
        grains[row, number[number > OUT]] = choices.grains[number > OUT]
    return grains


def _trial(roster: Roster, offers: Sequence[Offer]) -> Roster:
    """Return a roster of other supporters with what this one has learned, so that scores compare."""
    trial = Roster(questionnaire=roster.questionnaire, weights=roster.weights, on=roster.on)
    return trial.fit(offers, roster.learned_)


def newcomers(roster: Roster, before: Round, offers: Sequence[Offer]) -> Newcomers:
    """Score supporters who are not in a round with all its women."""
    trial, needs, rough = _trial(roster, offers), before.market.needs, _Rough(roster.questionnaire, offers)
    grains = np.full((len(needs), len(offers)), OUT, dtype=np.int64)
    for row in (row for row, need in enumerate(needs) if rough.may_pass(need)):
        scored = trial.scored(needs[row])
        kept = scored.grains >= before.settings.floor
        grains[row, scored.rows[kept]] = scored.grains[kept]
    return added(before, [offer.id for offer in offers], grains)


class _Rough:
    """A necessary condition for a need to have a pair with any of a few supporters: cheap, and never False for a pair.

    It reads the questions of which one answer must be shared, and stars behind which somebody must be steady.
    """

    def __init__(self, questionnaire: Questionnaire, offers: Iterable[Offer]) -> None:
        self._shared = [question.id for question in questionnaire.with_rule("gate:any_shared")]
        self._steady = [(q.id, q.match) for q in questionnaire.question if isinstance(q.match, Steady)]
        self._brought = {self._brings(offer) for offer in offers}

    def _brings(self, offer: Offer) -> tuple[frozenset[str], ...]:
        answers: Mapping[str, Any] = offer.answers
        steady = (frozenset(answers.get(months, ())) for months, _ in self._steady)
        return (*(offer.marks(question) for question in self._shared), *steady)

    def may_pass(self, need: Need) -> bool:
        """Say whether somebody may pass for her; False only where a gate rules out every one of them."""
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
    """Return newcomers by their grains, int64 (needs, newcomers), OUT where there is no pair, with reduced values."""
    gain = np.array(before.matching.gain, dtype=np.int64)[:, None]
    reduced = np.where(grains > OUT, np.maximum(_values(before, grains) - gain, 0), 0)
    return Newcomers(tuple(ids), grains, reduced)


def _values(before: Round, grains: Grains) -> NDArray[np.int64]:
    """Return the values of pairs with newcomers in a round, int64 (needs, newcomers); undefined where there is none."""
    scale = before.market.scale
    credit = np.array([choices.credit for choices in before.market.choices], dtype=np.int64)[:, None]
    return scale.match + credit + scale.step * scale.table(np.maximum(grains, 0))


class Additions:
    """One round, to which a supporter or a place is added at a time; each gain is solved from the round itself.

    The round must be one without pins, as round_with solves it. Its pairs are kept in flat arrays, shape (pairs,).
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
        """Return the exact gain of one newcomer with so many places, MORE_PLACES at most."""
        bound = who.bound(number, places)
        if not bound:
            return Gain(0, 0, 0, 0, 0)
        matching, reduced = self.before.matching.copy(), who.reduced[:, number]
        her = _Newcomer(
            len(self._column_of), who.grains[:, number], _values(self.before, who.grains[:, number, None])[:, 0]
        )
        # At her largest reduced value nobody gains by her: the dual is feasible, and settle fills her free places,
        # since they are at a price.
        matching.add_column(places, int(reduced.max()))
        for row in np.flatnonzero(reduced).tolist():
            matching.consider(row, [her.column], [int(her.values[row])])
        self._settle(matching, her)
        return self._gain(matching, bound, her.column, her)

    def one_more_place(self, offer_id: str) -> Gain:
        """Return the exact gain of one more place of a supporter who is in the round, at the scores that she has now.

        Its upper bound is her price: with the same prices, the dual value of the round grows by that.
        """
        bound = self.before.prices[offer_id]
        if not bound:
            return Gain(0, 0, 0, 0, 0)
        matching, column = self.before.matching.copy(), self._column_of[offer_id]
        matching.add_place(column)
        self._settle(matching, None)
        return self._gain(matching, bound, column, None)

    def _settle(self, matching: Matching, her: "_Newcomer | None") -> None:
        """Settle as column_generation.settle does, but price all pairs in one pass of arrays."""
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
        """List the rows that have a pair, hers too, with a reduced value above their gain."""
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
        """Return the gain, added up over the rows that move; `column` is whose women are listed."""
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
    """One newcomer as a column of the market: her grains and values, int64 (needs,); OUT grains are no pair."""

    column: int
    grains: Grains
    values: NDArray[np.int64]


def _with(kept: NDArray[np.unsignedinteger], new: int) -> NDArray[np.unsignedinteger]:
    return np.append(kept, np.array(new, dtype=np.promote_types(kept.dtype, np.min_scalar_type(new))))
