"""The settings of a round: objective, floor, pinned and forbidden pairs, checked all at once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from matcher.errors import Fault, Place, Refused
from matcher.grains import FULL_SCORE, GRAINS_A_POINT
from matcher.hints import hint
from matcher.people import Need
from matcher.ranking.roster import Roster
from matcher.rounds.objectives import OBJECTIVES, Objective
from matcher.rules.gates import can_be_remedied

NeedOffer = tuple[str, str]


@dataclass(frozen=True)
class RoundSettings:
    """The checked settings of a round: `floor` in grains; pins and forbidden pairs as need and offer ids, ascending."""

    objective: Objective
    floor: int
    pins: tuple[NeedOffer, ...]
    forbidden: tuple[NeedOffer, ...]


def read_settings(
    roster: Roster,
    needs: Sequence[Need],
    objective: Objective,
    floor: Decimal | int,
    pins: Iterable[NeedOffer],
    forbidden: Iterable[NeedOffer],
) -> RoundSettings:
    """Check the settings of a round; `floor` is in points. Raises Refused with every fault."""
    pins, forbidden = tuple(sorted(set(pins))), tuple(sorted(set(forbidden)))
    by_id = {need.id: need for need in needs}
    if len(by_id) < len(needs):
        raise ValueError("two needs have the same id")
    wrong_floor = list(_of_floor(floor))
    faults = [*wrong_floor, *_of_dates(roster, needs), *_strangers(roster, by_id, pins, forbidden)]
    if objective not in OBJECTIVES:
        faults.append(Fault(Place(objective=objective), "round.no_such_objective", objectives=OBJECTIVES))
    grains = 0 if wrong_floor else int(floor * GRAINS_A_POINT)
    known = [(need, offer) for need, offer in pins if need in by_id and offer in roster.columns_.row_of]
    faults += [*_contradictions(pins, forbidden), *_crowded(roster, known)]
    faults += [fault for need, offer in dict.fromkeys(known) for fault in _unfit(roster, by_id[need], offer, grains)]
    if faults:
        raise Refused(faults)
    return RoundSettings(objective, grains, pins, forbidden)


def free_places(roster: Roster, offer_id: str) -> int:
    """Return how many more women a supporter can hold."""
    offer = roster.offer(offer_id)
    return max(0, offer.capacity - offer.load)


def _of_floor(floor: Decimal | int) -> Iterator[Fault]:
    grains = floor * GRAINS_A_POINT
    if not 0 <= grains <= FULL_SCORE or grains != int(grains):
        yield Fault(Place(floor=floor), "round.floor_no_points")


def _of_dates(roster: Roster, needs: Iterable[Need]) -> Iterator[Fault]:
    for need in needs:
        if need.waiting_since and need.waiting_since > roster.on:
            days = {"since": need.waiting_since, "on": roster.on}
            yield Fault(Place(request=need.id), "round.waits_from_later", **days)


def _strangers(
    roster: Roster, by_id: Mapping[str, Need], pins: Iterable[NeedOffer], forbidden: Iterable[NeedOffer]
) -> Iterator[Fault]:
    for word, pairs in (("pin", pins), ("forbid", forbidden)):
        for need, offer in pairs:
            if need not in by_id:
                yield no_such_request(_place(word, need, offer), need, by_id)
            if offer not in roster.columns_.row_of:
                near = hint(offer, roster.columns_.row_of)
                yield Fault(_place(word, need, offer), "round.no_such_supporter", supporter=offer, hint=near)


def no_such_request(place: Place, wrong: str, ids: Iterable[str]) -> Fault:
    """Say that nobody has the id of a request, and which was meant if only one is like it."""
    return Fault(place, "round.no_such_request", request=wrong, hint=hint(wrong, ids))


def _place(word: str, need: str, offer: str) -> Place:
    return Place(**{word: f"{need}={offer}"})


def _contradictions(pins: Sequence[NeedOffer], forbidden: Sequence[NeedOffer]) -> Iterator[Fault]:
    for need, offer in sorted(set(pins) & set(forbidden)):
        yield Fault(_place("pin", need, offer), "round.pinned_and_forbidden")
    for need, count in Counter(need for need, _ in pins).items():
        if count > 1:
            offers = [offer for one, offer in pins if one == need]
            yield Fault(Place(pin=need), "round.pinned_often", count=count, supporters=offers)


def _crowded(roster: Roster, pins: Iterable[NeedOffer]) -> Iterator[Fault]:
    for offer, count in Counter(offer for _, offer in pins).items():
        free = free_places(roster, offer)
        if count > max(free, 1):
            key = "round.more_pins_than_one_place" if free == 1 else "round.more_pins_than_places"
            yield Fault(Place(pin_to=offer), key, count=count, free=free)


def _unfit(roster: Roster, need: Need, offer: str, floor: int) -> Iterator[Fault]:
    place = _place("pin", need.id, offer)
    standing = roster.stand(need, offer)
    for gate in standing.gates:
        may_change = can_be_remedied(gate, roster.questionnaire)
        yield Fault(place, "round.ruled_out" if may_change else "round.ruled_out_for_good", gate=gate)
    if not standing.gates and standing.candidate.grains < floor:
        points = {"points": standing.candidate.points, "floor": floor / GRAINS_A_POINT}
        yield Fault(place, "round.below_floor", **points)
