"""Every pair that a round may use, packed: needs with the supporters who pass, and what each pair is worth."""

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
    """A pair that was set by hand: row, column, grains and value. It uses a place and is out of the market."""

    row: int
    column: int
    grains: int
    value: int


@dataclass(frozen=True)
class Market:
    """Needs as rows, longest waiting first, then by id; supporters as columns, by id; free places of each column.

    Where the list is too long to keep every pair, `choices` are narrow; `widen` looks at all others.
    """

    scale: LexicographicScale
    needs: tuple[Need, ...]
    offers: tuple[str, ...]
    places: tuple[int, ...]
    choices: tuple[Candidates, ...] | PartialCandidates
    pinned: tuple[Pinned, ...] = ()

    def values(self, row: int) -> Grains:
        """Return the value of each of a row's choices."""
        return self._base(row) + self.scale.step * self.choices[row].worth.astype(np.int64)

    def value(self, row: int, position: int) -> int:
        """Return the value of one of a row's choices."""
        return self._base(row) + self.scale.step * int(self.choices[row].worth[position])

    def worths(self, row: int) -> Worths:
        """Return what assignment/reduced_costs.py makes the values of a row's choices of."""
        choices = self.choices[row]
        return choices.columns, choices.worth, self._base(row), self.scale.step

    def _base(self, row: int) -> int:
        return self.scale.match + self.choices[row].credit

    def bound(self, gains: int, prices: Iterable[int]) -> int:
        """Bound the value of every round: the sum of each row's max(0, best net), of places x price, and the pins."""
        paid = sum(places * price for places, price in zip(self.places, prices, strict=True))
        return gains + paid + sum(pin.value for pin in self.pinned)

    def position(self, row: int, column: int) -> int:
        """Return the position of a pair among a row's choices, where it is kept from now on. Raises KeyError."""
        if isinstance(self.choices, PartialCandidates):
            self.choices.keep(row, column, self.scale)
        return self.choices[row].at(column)

    def every_choice(self, row: int) -> Candidates:
        """Return all of a row's choices, kept or not."""
        return self.choices.every(row, self.scale) if isinstance(self.choices, PartialCandidates) else self.choices[row]

    def pin(self, row: int, column: int) -> "Market":
        """Return the market with one pair set by hand: her row closed, one place taken. Raises KeyError if unfit."""
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
        """Return the market without one pair."""
        if isinstance(self.choices, PartialCandidates):
            return replace(self, choices=self.choices.without(row, column))
        return replace(self, choices=_replaced(self.choices, row, self.choices[row].without(column)))

    def widen(self, prices: Sequence[int], gains: Sequence[int]) -> bool:
        """Keep more pairs, where some that are not kept are worth more at these prices than a row gains; say if so."""
        if not isinstance(self.choices, PartialCandidates):
            return False
        return self.choices.widen(self.scale, np.array(prices, dtype=np.int64), gains)

    def place_of(self, pair: tuple[str, str]) -> tuple[int, int]:
        """Return row and column of need and offer ids."""
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

    Of a list beyond WHOLE_UP_TO cells the best pairs are kept alone, unless it must be `whole`. `progress` is given the
    needs and yields them, to show how far it is.
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
    way, held, pairs, credits_ = backends.current().scan, list[Program](), list[Pairs](), list[int]()
    shared: dict[bytes, Words] = {}
    for need in needs:
        credits_.append(scale.credit(need, roster.on))
        program = roster.program(need) if way else None
        if program:
            held.append(program.sharing(shared))
        else:
            pairs.append(_pairs(roster, need, floor, column_of))
    if way and held:
        source = RescoredPairs(held, roster.packed, column_of, floor, scale.least_grains, way)
        return partial_candidates(source, credits_, scale)
    return partial_candidates(StoredPairs(pairs), credits_, scale)


def _pairs(roster: Roster, need: Need, floor: int, column_of: Columns) -> Pairs:
    scored = roster.scored(need)
    kept = scored.grains >= floor
    return column_of[scored.rows[kept]], scored.grains[kept]
