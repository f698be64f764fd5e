"""What the roster lacks, for whoever decides whom to recruit and train next: from a round, its prices and the gates."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from matcher.additions import MORE_PLACES, OUT, Gain, Newcomers, bring_in, newcomers, one_more_place, round_before
from matcher.assignment import Round
from matcher.demands import GENERAL, NOBODY_IN_PARTICULAR, failed_gates
from matcher.lacks import Lacks, lacks
from matcher.objectives import Objective
from matcher.obstacles import Obstacle, obstacles
from matcher.people import Need
from matcher.preferences import Preferences, preferences
from matcher.ranking import Roster
from matcher.recruits import Kind, as_offer, how_often, kind_for, merged
from matcher.refusals import Fault, Refused
from matcher.terms import free_places

Order = tuple[int, int, int, int]
KINDS_TOLD = 10
KINDS_MERGED = 40
NO_ID = "kind;"
"""What the ids of made-up supporters begin with: nobody's id may hold a semicolon."""


@dataclass(frozen=True)
class KindGain:
    """What one more supporter of a kind would bring with one place and with two.

    `could_have` counts all women who pass with her, `waiting` those of them who keep waiting in the round.
    """

    kind: Kind
    could_have: int
    waiting: int
    one: Gain
    two: Gain


@dataclass(frozen=True)
class PlaceGain:
    """What one more place of a supporter would bring; `free` are the places that she has, `price` hers in the round."""

    offer: str
    free: int
    price: int
    gain: Gain


@dataclass(frozen=True)
class Supply:
    """Everything that is told of what the roster lacks. `before` is the round to which things are added."""

    before: Round
    lacks: Lacks
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
    through: Callable[[Sequence[Need]], Iterable[Need]] = iter,
) -> Supply:
    """Find what the roster lacks for these needs; with `need_id`, also what that woman's wishes cost her.

    `objective`, `floor` (points) and `through` are those of a round. Raises Refused where the terms cannot be kept or
    nobody has the id.
    """
    asked = next((need for need in needs if need.id == need_id), None)
    if need_id is not None and asked is None:
        raise Refused([Fault(f"request {need_id!r}", "there is no such request", "Give the id of one of the rows.")])
    before = round_before(roster, needs, objective, floor, through)
    return Supply(
        before,
        lacks(roster, needs),
        obstacles(roster, needs),
        _kinds(roster, before),
        _places(roster, before),
        preferences(roster, asked) if asked else None,
    )


# New supporters


def _kinds(roster: Roster, before: Round) -> tuple[KindGain, ...]:
    """Draw a kind from each woman, merge the most promising, and solve in the order of what the prices allow."""
    needs, questionnaire = before.market.needs, roster.questionnaire
    asked = how_often(needs, questionnaire)
    drawn = sorted({kind_for(need, questionnaire, asked) for need in needs} - {()})
    single = _scored(roster, before, drawn)
    promising = single.most_promising()[:KINDS_MERGED]
    known = frozenset(drawn)
    more = sorted(set(merged([drawn[number] for number in promising], questionnaire)) - known)
    kinds = [*drawn, *more]
    return best_kinds(roster, before, kinds, _scored(roster, before, kinds))


def _scored(roster: Roster, before: Round, kinds: Sequence[Kind]) -> Newcomers:
    needs = before.market.needs
    made_up = [as_offer(kind, f"{NO_ID}{n}", roster.questionnaire, needs) for n, kind in enumerate(kinds)]
    return newcomers(roster, before, made_up)


def best_kinds(roster: Roster, before: Round, kinds: Sequence[Kind], who: Newcomers) -> tuple[KindGain, ...]:
    """Tell the ten kinds that bring most; `who` are they as newcomers to the round, in the same order.

    Solve kind after kind, the highest bound first, until no other can be among the best by its bound. Of kinds that
    would be there for the same women, the best alone is told.
    """
    found = dict[tuple[str, ...], tuple[Order, KindGain]]()
    best: list[tuple[Order, KindGain]] = []
    for number in who.most_promising():
        bound = who.bound(number, MORE_PLACES)
        if not bound or (len(best) == KINDS_TOLD and bound < best[-1][1].two.value):
            break
        told = _told(roster, before, kinds[number], who, number)
        order = (-told.two.value, -told.one.value, len(kinds[number]), number)
        women = told.two.needs
        if told.two.value and (women not in found or order < found[women][0]):
            found[women] = (order, told)
            best = sorted(found.values(), key=lambda one: one[0])[:KINDS_TOLD]
    return tuple(told for _, told in best)


def _told(roster: Roster, before: Round, kind: Kind, who: Newcomers, number: int) -> KindGain:
    passing = who.grains[:, number] > OUT
    still = frozenset(before.waiting)
    waiting = sum(
        1 for need, may in zip(before.market.needs, passing.tolist(), strict=True) if may and need.id in still
    )
    one, two = (bring_in(roster, before, who, number, places) for places in range(1, MORE_PLACES + 1))
    return KindGain(kind, int(passing.sum()), waiting, one, two)


# Supporters who are here


def _places(roster: Roster, before: Round) -> tuple[PlaceGain, ...]:
    """Price one more place of all who are active and in date; one who is full is scored as if she had that place."""
    failed = failed_gates(roster, NOBODY_IN_PARTICULAR)
    general = {
        offer.id: failed.get(offer.id, frozenset()) & frozenset(GENERAL[:-1]) for offer in roster.columns_.offers
    }
    here = sorted(offer for offer, gates in general.items() if not gates)
    free = {offer: free_places(roster, offer) for offer in here}
    full = [roster.offer(offer) for offer in here if not free[offer]]
    who = newcomers(roster, before, [replace(offer, capacity=offer.load + 1) for offer in full])
    gains = {offer.id: bring_in(roster, before, who, number, 1) for number, offer in enumerate(full)}
    gains |= {offer: one_more_place(roster, before, offer) for offer in here if free[offer]}
    listed = (PlaceGain(offer, free[offer], before.prices[offer], gains[offer]) for offer in here)
    return tuple(sorted(listed, key=lambda one: (-one.gain.value, -one.gain.bound, one.offer)))
