"""What a change by hand costs: one pair pinned, forbidden or swapped, and the round optimised again around it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from matcher.assignment.matching import NOBODY, Matching
from matcher.errors import Fault, Place, Refused
from matcher.grains import GRAINS_A_POINT
from matcher.people import Need
from matcher.ranking.roster import Roster
from matcher.rounds.column_generation import settle
from matcher.rounds.market import Market
from matcher.rounds.objectives import Objective
from matcher.rounds.settings import NeedOffer, no_such_request, read_settings
from matcher.rounds.solve import Pair, Round, as_round


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
    """A change to try on a round: `ids` are a need and an offer, or two needs that swap."""

    kind: Literal["pin", "forbid", "swap"]
    ids: tuple[str, str]

    @property
    def place(self) -> Place:
        """Name it as faults do: pin NEED=OFFER, forbid NEED=OFFER, swap NEED NEED."""
        return Place(**{self.kind: (" " if self.kind == "swap" else "=").join(self.ids)})

    def __str__(self) -> str:
        """Write its place in English."""
        return str(self.place)


@dataclass(frozen=True)
class ChangedRound:
    """The optimal round with a change, everyone whom it moves, and its cost in the objective's whole numbers."""

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
) -> ChangedRound:
    """Find the optimal round with one more change: a pair of need and offer ids, or two needs that swap.

    Starts from the matching and prices of the round (a warm start), so it is much quicker than a new one, and is proved
    alike; whoever need not move for it does not. The roster must be as it was for the round. Raises Refused, as
    solve_round does.
    """
    pins = [*([pin] if pin else []), *(_swapped(before, *swap) if swap else [])]
    forbidden = [forbid] if forbid else []
    settings = read_settings(
        roster,
        before.market.needs,
        before.settings.objective,
        Decimal(before.settings.floor) / GRAINS_A_POINT,
        [*before.settings.pins, *pins],
        [*before.settings.forbidden, *forbidden],
    )
    market, matching = before.market, before.matching.copy()
    freed = set[int]()
    for one in forbidden:
        market = _forbid(market, matching, one, freed)
    for one in (pin for pin in pins if pin not in before.settings.pins):
        market = _pin(market, matching, one, freed)
    bound = settle(market, matching, sorted(freed))
    after = as_round(settings, market, matching, bound)
    return ChangedRound(after, tuple(_moves(before, after)), before.value - after.value)


def check_tries(
    roster: Roster,
    needs: Sequence[Need],
    tries: Sequence[Change],
    *,
    objective: Objective,
    floor: Decimal | int,
    pins: Sequence[NeedOffer] = (),
    forbidden: Sequence[NeedOffer] = (),
) -> None:
    """Check the settings of a round, as solve_round takes them, with each change to be tried; nothing is solved.

    Of a swap it checks only that both needs exist: whom they have is known once the round is solved. Raises Refused
    with every fault.
    """

    def faults_with(more_pins: Sequence[NeedOffer] = (), more_forbidden: Sequence[NeedOffer] = ()) -> tuple[Fault, ...]:
        try:
            read_settings(roster, needs, objective, floor, [*pins, *more_pins], [*forbidden, *more_forbidden])
        except Refused as refused:
            return refused.faults
        return ()

    found = list(faults_with())
    for one in tries:
        match one.kind:
            case "pin":
                faults = faults_with([one.ids])
            case "forbid":
                faults = faults_with((), [one.ids])
            case "swap":
                faults = _strangers(needs, *one.ids)
        found += _because_of(one, [fault for fault in faults if fault not in found])
    if found:
        raise Refused(dict.fromkeys(found))


def _because_of(one: Change, faults: Iterable[Fault]) -> Iterator[Fault]:
    """Name the change that was tried before what is wrong with the pins that it makes."""
    for fault in faults:
        place = Place(tried=one.place, inside=fault.where)
        if fault.where == one.place:
            yield fault
        elif one.kind == "swap":
            yield Fault(place, "round.swap_refused", problem=fault)
        else:
            yield Fault(place, fault.key, **fault.values)


def try_each(roster: Roster, before: Round, tries: Iterable[Change]) -> list[ChangedRound]:
    """Try each change alone on the same round, in order. Raises Refused with the faults of all of them."""
    found, faults = list[ChangedRound](), list[Fault]()
    for one in tries:
        try:
            wish: Any = {one.kind: one.ids}
            found.append(change(roster, before, **wish))
        except Refused as refused:
            faults += _because_of(one, refused.faults)
    if faults:
        raise Refused(dict.fromkeys(faults))
    return found


def _swapped(before: Round, one: str, other: str) -> list[NeedOffer]:
    offers = {pair.need: pair.offer for pair in before.pairs}
    faults = _strangers(before.market.needs, one, other)
    if not faults:
        lacking = [need for need in (one, other) if need not in offers]
        faults = tuple(Fault(Place(swap=f"{one} {other}"), "round.nobody_to_swap", request=need) for need in lacking)
    if faults:
        raise Refused(faults)
    return [(one, offers[other]), (other, offers[one])]


def _strangers(needs: Sequence[Need], one: str, other: str) -> tuple[Fault, ...]:
    known = {need.id for need in needs}
    lacking = [need for need in (one, other) if need not in known]
    return tuple(no_such_request(Place(swap=f"{one} {other}"), need, known) for need in lacking)


def _forbid(market: Market, matching: Matching, pair: NeedOffer, freed: set[int]) -> Market:
    row, column = market.place_of(pair)
    if matching.at[row] == column:
        freed.add(row)
    matching.drop(row, column)
    return market.forbid(row, column)


def _pin(market: Market, matching: Matching, pair: NeedOffer, freed: set[int]) -> Market:
    """Close the need's row and take one place away; if that leaves one holder too many, free the last who came."""
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
