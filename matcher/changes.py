"""What a hand-made change of a round costs: one pair pinned, forbidden or swapped, the rest as well as can be."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from matcher.assignment import Pair, Round, as_round
from matcher.market import Market
from matcher.matching import NOBODY, Matching
from matcher.pricing import settle
from matcher.ranking import Roster
from matcher.refusals import Fault, Refused
from matcher.scoring import GRAINS_A_POINT
from matcher.terms import NeedOffer, read_terms


@dataclass(frozen=True)
class Move:
    """What a change does to one woman: her pair before and after, None while she waits."""

    need: str
    before: Pair | None
    after: Pair | None

    @property
    def grains(self) -> int:
        """Return what she gains, in grains; below 0 she loses. Waiting counts 0."""
        return (self.after.grains if self.after else 0) - (self.before.grains if self.before else 0)


@dataclass(frozen=True)
class Change:
    """The best round that respects a change, everyone whom it moves, and what it costs in the objective's numbers."""

    round: Round
    moves: tuple[Move, ...]
    cost: int


def change(
    roster: Roster,
    before: Round,
    *,
    pin: NeedOffer | None = None,
    forbid: NeedOffer | None = None,
    swap: tuple[str, str] | None = None,
) -> Change:
    """Find the best round that respects one more change: a pair of need and offer ids, or two needs that swap.

    Begins from the prices of the round, so it is much quicker than a new one, and is proved in the same way. Who need
    not move for it does not. The roster must be as it was for the round. Raises Refused, as solve_round does.
    """
    pins = [*([pin] if pin else []), *(_swapped(before, *swap) if swap else [])]
    forbidden = [forbid] if forbid else []
    terms = read_terms(
        roster,
        before.market.needs,
        before.terms.objective,
        Decimal(before.terms.floor) / GRAINS_A_POINT,
        [*before.terms.pins, *pins],
        [*before.terms.forbidden, *forbidden],
    )
    market, matching = before.market, before.matching.copy()
    freed = set[int]()
    for one in forbidden:
        market = _forbid(market, matching, one, freed)
    for one in pins:
        market = _pin(market, matching, one, freed)
    bound = settle(market, matching, sorted(freed))
    after = as_round(terms, market, matching, bound)
    return Change(after, tuple(_moves(before, after)), before.value - after.value)


def _swapped(before: Round, one: str, other: str) -> list[NeedOffer]:
    offers = {pair.need: pair.offer for pair in before.pairs}
    lacking = [need for need in (one, other) if need not in offers]
    if lacking:
        remedy = "Swap two women who both have a supporter in the round, or pin one."
        raise Refused([Fault(f"swap {one} {other}", f"{need!r} has no supporter", remedy) for need in lacking])
    return [(one, offers[other]), (other, offers[one])]


def _forbid(market: Market, matching: Matching, pair: NeedOffer, freed: set[int]) -> Market:
    row, column = market.place_of(pair)
    if matching.at[row] == column:
        freed.add(row)
    matching.drop(row, column)
    return market.forbid(row, column)


def _pin(market: Market, matching: Matching, pair: NeedOffer, freed: set[int]) -> Market:
    """Close her row, take one place away, and free the last who came if that leaves one too many."""
    row, column = market.place_of(pair)
    matching.close(row)
    freed.discard(row)
    last = matching.take_place(column)
    if last != NOBODY:
        freed.add(last)
    return market.pin(row, column)


def _moves(before: Round, after: Round) -> Iterable[Move]:
    then, now = ({pair.need: pair for pair in one.pairs} for one in (before, after))
    for need in (need.id for need in after.market.needs):
        old, new = then.get(need), now.get(need)
        if (old and old.offer) != (new and new.offer):
            yield Move(need, old, new)
