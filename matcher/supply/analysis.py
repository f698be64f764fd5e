"""What the roster lacks, for whoever decides whom to recruit and train next: from a round, its prices and the gates."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from matcher.errors import Fault, Place, Refused
from matcher.people import Need, Offer
from matcher.ranking.gate_counts import Gatekeeper
from matcher.ranking.roster import Roster
from matcher.roster import bitmaps
from matcher.rounds.objectives import Objective
from matcher.rounds.settings import free_places
from matcher.rounds.solve import Round
from matcher.supply.blockers import Obstacle, obstacles
from matcher.supply.demands import who_is_here
from matcher.supply.gaps import Gaps, gaps
from matcher.supply.marginal_gains import MORE_PLACES, OUT, Additions, Gain, Newcomers, newcomers, round_with
from matcher.supply.preference_costs import Preferences, preferences
from matcher.supply.recruits import Kind, as_offer, how_often, kind_for, merged

Order = tuple[int, int, int, int]
KINDS_TOLD = 10
KINDS_MERGED = 40
NO_ID = "kind;"
"""What the ids of made-up supporters begin with: nobody's id may hold a semicolon."""


@dataclass(frozen=True)
class KindGain:
    """The marginal gain of one more supporter of a kind, with one place and with two.

    `could_have` counts all women who pass with her, `waiting` those of them who keep waiting in the round.
    """

    kind: Kind
    could_have: int
    waiting: int
    one: Gain
    two: Gain


@dataclass(frozen=True)
class PlaceGain:
    """The marginal gain of one more place of a supporter, her free places, and her price: the round's dual value."""

    offer: str
    free: int
    price: int
    gain: Gain


@dataclass(frozen=True)
class Supply:
    """The whole analysis, each list with the most pressing first. Gains are over the round `before`."""

    before: Round
    gaps: Gaps
    obstacles: tuple[Obstacle, ...]
    kinds: tuple[KindGain, ...]
    places: tuple[PlaceGain, ...]
    preferences: Preferences | None


def supply(
    roster: Roster,
    needs: Sequence[Need],
    *,
    objective: Objective = "fair",
    floor: Decimal | int = 0,
    need_id: str | None = None,
    progress: Callable[[Sequence[Need]], Iterable[Need]] = iter,
) -> Supply:
    """Find what the roster lacks for these needs; with `need_id`, also what that woman's wishes cost her.

    `objective`, `floor` (points) and `progress` are those of a round. Raises Refused, as solve_round does, and where
    nobody has the id.
    """
    asked = next((need for need in needs if need.id == need_id), None)
    if need_id is not None and asked is None:
        raise Refused([Fault(Place(request=need_id), "supply.no_such_request")])
    drawn, full = _drawn(roster, needs), _full(roster)
    offers = [*_made_up(roster, needs, drawn), *full]
    before, who = round_with(roster, needs, offers, objective=objective, floor=floor, progress=progress)
    additions = Additions(before, roster.on)
    return Supply(
        before,
        gaps(roster, needs),
        obstacles(roster, _without_anybody(before)),
        _kinds(roster, additions, drawn, who.part(slice(len(drawn)))),
        _places(roster, additions, who.part(slice(len(drawn), None))),
        preferences(roster, asked) if asked else None,
    )


def _without_anybody(before: Round) -> list[Need]:
    """List the women for whom nobody passes every gate at or above the floor."""
    market = before.market
    return [need for need, choices in zip(market.needs, market.choices, strict=True) if not len(choices.columns)]


# New supporters


def _drawn(roster: Roster, needs: Sequence[Need]) -> list[Kind]:
    """Derive a kind from each woman; equal ones are one."""
    asked = how_often(needs, roster.questionnaire)
    return sorted({kind_for(need, roster.questionnaire, asked) for need in needs} - {()})


def _made_up(roster: Roster, needs: Sequence[Need], kinds: Sequence[Kind]) -> list[Offer]:
    return [as_offer(kind, f"{NO_ID}{n}", roster.questionnaire, needs) for n, kind in enumerate(kinds)]


def _kinds(roster: Roster, additions: Additions, drawn: Sequence[Kind], single: Newcomers) -> tuple[KindGain, ...]:
    """Merge the kinds with the highest bounds, two by two; return the best of all. `single` are the `drawn` ones."""
    promising = [drawn[number] for number in single.most_promising()[:KINDS_MERGED]]
    more = sorted(set(merged(promising, roster.questionnaire)) - {*drawn})
    made_up = _made_up(roster, additions.before.market.needs, more)
    both = single.and_(newcomers(roster, additions.before, made_up))
    return best_kinds(additions, [*drawn, *more], both)


def best_kinds(additions: Additions, kinds: Sequence[Kind], who: Newcomers) -> tuple[KindGain, ...]:
    """Return the KINDS_TOLD kinds that bring most; `who` are they as newcomers to the round, in the same order.

    Branch and bound over a list: kind after kind is solved, the highest bound first, until no bound left exceeds the
    worst of the best. Of kinds that would be there for the same women only the best is returned.
    """
    found = dict[tuple[str, ...], tuple[Order, KindGain]]()
    best: list[tuple[Order, KindGain]] = []
    for number in who.most_promising():
        bound = who.bound(number, MORE_PLACES)
        if not bound or (len(best) == KINDS_TOLD and bound < best[-1][1].two.value):
            break
        gained = _gained(additions, kinds[number], who, number)
        order = (-gained.two.value, -gained.one.value, len(kinds[number]), number)
        women = gained.two.needs
        if gained.two.value and (women not in found or order < found[women][0]):
            found[women] = (order, gained)
            best = sorted(found.values(), key=lambda one: one[0])[:KINDS_TOLD]
    return tuple(gained for _, gained in best)


def _gained(additions: Additions, kind: Kind, who: Newcomers, number: int) -> KindGain:
    passing = who.grains[:, number] > OUT
    still, needs = frozenset(additions.before.waiting), additions.before.market.needs
    waiting = sum(1 for need, may in zip(needs, passing.tolist(), strict=True) if may and need.id in still)
    one, two = (additions.bring_in(who, number, places) for places in range(1, MORE_PLACES + 1))
    return KindGain(kind, int(passing.sum()), waiting, one, two)


# Supporters who are here


def _here(roster: Roster) -> list[str]:
    """List, by id, all who are active and in date."""
    rows = bitmaps.rows_of(who_is_here(Gatekeeper(roster)), roster.columns_.count)
    return sorted(offer.id for offer in roster.columns_.offers[rows])


def _full(roster: Roster) -> list[Offer]:
    """Return all who are active, in date and full, each with one place more: so they can be scored."""
    offers = [roster.offer(offer) for offer in _here(roster) if not free_places(roster, offer)]
    return [replace(offer, capacity=offer.load + 1) for offer in offers]


def _places(roster: Roster, additions: Additions, full: Newcomers) -> tuple[PlaceGain, ...]:
    """Return the gain of one more place of all who are active and in date; `full` are those without a free one."""
    prices, here = additions.before.prices, _here(roster)
    gains = {offer: additions.bring_in(full, number, 1) for number, offer in enumerate(full.ids)}
    gains |= {offer: additions.one_more_place(offer) for offer in here if offer not in gains}
    listed = (PlaceGain(offer, free_places(roster, offer), prices[offer], gains[offer]) for offer in here)
    return tuple(sorted(listed, key=lambda one: (-one.gain.value, -one.gain.bound, one.offer)))
