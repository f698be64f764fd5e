"""A round as an assignment problem: needs are rows, supporters columns, pairs that pass the gates are arcs."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matcher import backends
from matcher.assignment.reduced_costs import Columns, Worths
from matcher.grains import Grains
from matcher.people import Need
from matcher.ranking.compiler import Program
from matcher.ranking.roster import Roster
from matcher.roster.columns import Words
from matcher.rounds.candidates import Candidates, PartialCandidates, packed, partial_candidates, two_or_four_bytes
from matcher.rounds.objectives import LexicographicScale, lexicographic_scale
from matcher.rounds.rescoring import Pairs, RescoredPairs, StoredPairs
from matcher.rounds.settings import RoundSettings

WHOLE_UP_TO = 50_000_000
"""So many cells, needs times supporters, may be kept with all their pairs: some hundred megabytes."""


@dataclass(frozen=True)
class Pinned:
    """A pair that was set by hand: its row is closed, its place taken. `value` is in the objective's units."""

    row: int
    column: int
    grains: int
    value: int


@dataclass(frozen=True)
class Market:
    """The assignment problem of a round: needs, longest waiting first, then by id; offer ids, ascending; free places.

    `choices` are the candidates of each need. Where the list is too long to keep every pair they are partial, and
    `widen` prices all others.
    """

    scale: LexicographicScale
    needs: tuple[Need, ...]
    offers: tuple[str, ...]
    places: tuple[int, ...]
    choices: tuple[Candidates, ...] | PartialCandidates
    pinned: tuple[Pinned, ...] = ()

    def values(self, row: int) -> Grains:
        """Return the values of a need's candidates, int64 (pairs,), in the objective's units."""
        return self._base(row) + self.scale.step * self.choices[row].worth.astype(np.int64)

    def value(self, row: int, position: int) -> int:
        """Return the value of one of a need's candidates, in the objective's units."""
        return self._base(row) + self.scale.step * int(self.choices[row].worth[position])

    def worths(self, row: int) -> Worths:
        """Return a need's candidates as assignment/reduced_costs.py takes them: columns, worths, base and step."""
        choices = self.choices[row]
        return choices.columns, choices.worth, self._base(row), self.scale.step

    def _base(self, row: int) -> int:
        return self.scale.match + self.choices[row].credit

    def bound(self, gains: int, prices: Iterable[int]) -> int:
        """Return the dual value, an upper bound on the value of every round, in the objective's units.

        It adds up `gains`, the sum of each row's largest reduced value, 0 at least; places x price; and the pins.
        """
        paid = sum(places * price for places, price in zip(self.places, prices, strict=True))
        return gains + paid + sum(pin.value for pin in self.pinned)

    def position(self, row: int, column: int) -> int:
        """Return the position of a pair among a need's candidates, and keep it. Raises KeyError if it is none."""
        if isinstance(self.choices, PartialCandidates):
            self.choices.keep(row, column, self.scale)
        return self.choices[row].at(column)

    def every_choice(self, row: int) -> Candidates:
        """Return all candidates of a need, kept or not."""
        return self.choices.every(row, self.scale) if isinstance(self.choices, PartialCandidates) else self.choices[row]

    def pin(self, row: int, column: int) -> "Market":
        """Return the market with one pair set by hand. Raises KeyError if it is no candidate."""
        position = self.position(row, column)
        value = self.value(row, position)
        pinned = Pinned(row, column, int(self.choices[row].grains[position]), value)
        places = (*self.places[:column], self.places[column] - 1, *self.places[column + 1 :])
        return replace(self, choices=self._closed(row), places=places, pinned=(*self.pinned, pinned))

    def _closed(self, row: int) -> tuple[Candidates, ...] | PartialCandidates:
        if isinstance(self.choices, PartialCandidates):
            return self.choices.close(row)
        return _replaced(self.choices, row, self.choices[row].none())

    def forbid(self, row: int, column: int) -> "Market":
        """Return the market with one pair forbidden."""
        if isinstance(self.choices, PartialCandidates):
            return replace(self, choices=self.choices.without(row, column))
        return replace(self, choices=_replaced(self.choices, row, self.choices[row].without(column)))

    def widen(self, prices: Sequence[int], gains: Sequence[int]) -> bool:
        """Keep more pairs where some that are left out have a reduced value above their row's gain; say if so."""
        if not isinstance(self.choices, PartialCandidates):
            return False
        return self.choices.widen(self.scale, np.array(prices, dtype=np.int64), gains)

    def place_of(self, pair: tuple[str, str]) -> tuple[int, int]:
        """Return row and column of a pair of need and offer ids, which must be there."""
        row = next(row for row, need in enumerate(self.needs) if need.id == pair[0])
        return row, bisect_left(self.offers, pair[1])


def _replaced(choices: tuple[Candidates, ...], row: int, other: Candidates) -> tuple[Candidates, ...]:
    return (*choices[:row], other, *choices[row + 1 :])


def open_market(
    roster: Roster,
    needs: Sequence[Need],
    settings: RoundSettings,
    *,
    progress: Callable[[Sequence[Need]], Iterable[Need]] = iter,
    whole: bool = False,
) -> Market:
    """Score every need with everyone, keep the pairs at or above the floor, then set what was pinned or forbidden.

    Of a list with more than WHOLE_UP_TO cells only the best pairs are kept, unless it must be `whole`. `progress` is
    given the needs and yields them, to show how far it is. Raises Refused where the objective's values grow too large.
    """
    offers = roster.columns_.offers
    ids = [offer.id for offer in offers]
    by_id = sorted(range(len(ids)), key=ids.__getitem__)
    places = tuple(max(offers[row].capacity - offers[row].load, 0) for row in by_id)
    scale = lexicographic_scale(settings.objective, needs, sum(places), roster.on)
    column_of = np.empty(len(ids), dtype=two_or_four_bytes(len(ids)))
    column_of[by_id] = np.arange(len(ids))
    is_whole = whole or len(needs) * len(ids) <= WHOLE_UP_TO
    lay_out = _every_choice if is_whole else _best_choices
    choices = lay_out(roster, progress(needs), settings.floor, scale, column_of)
    market = Market(scale, tuple(needs), tuple(ids[row] for row in by_id), places, choices)
    for pair in settings.forbidden:
        market = market.forbid(*market.place_of(pair))
    for pair in settings.pins:
        market = market.pin(*market.place_of(pair))
    return market


def _every_choice(
    roster: Roster, needs: Iterable[Need], floor: int, scale: LexicographicScale, column_of: Columns
) -> tuple[Candidates, ...]:
    return tuple(
        packed(*_pairs(roster, need, floor, column_of), scale, scale.credit(need, roster.on)) for need in needs
    )


def _best_choices(
    roster: Roster, needs: Iterable[Need], floor: int, scale: LexicographicScale, column_of: Columns
) -> PartialCandidates:
    scan, held, pairs, credits_ = backends.current().scan, list[Program](), list[Pairs](), list[int]()
    shared: dict[bytes, Words] = {}
    for need in needs:
        credits_.append(scale.credit(need, roster.on))
        program = roster.program(need) if scan else None
        if program:
            held.append(program.sharing(shared))
        else:
            pairs.append(_pairs(roster, need, floor, column_of))
    if scan and held:
        source = RescoredPairs(held, roster.packed, column_of, floor, scale.least_grains, scan)
        return partial_candidates(source, credits_, scale)
    return partial_candidates(StoredPairs(pairs), credits_, scale)


def _pairs(roster: Roster, need: Need, floor: int, column_of: Columns) -> Pairs:
    scored = roster.scored(need)
    kept = scored.grains >= floor
    return column_of[scored.rows[kept]], scored.grains[kept]
