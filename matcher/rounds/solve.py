"""A round: a whole waiting list assigned at once within everyone's places, optimal by an objective, and its proof."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from matcher.assignment.matching import NOBODY, Matching
from matcher.grains import GRAINS_A_POINT
from matcher.people import Need, longest_waiting_first
from matcher.ranking.roster import Roster
from matcher.rounds.column_generation import best_matching
from matcher.rounds.market import Market, open_market
from matcher.rounds.objectives import Objective
from matcher.rounds.settings import NeedOffer, RoundSettings, read_settings


@dataclass(frozen=True)
class Pair:
    """One woman with one supporter, and the score of the two in grains."""

    need: str
    offer: str
    grains: int
    pinned: bool = False

    @property
    def points(self) -> float:
        """Return the score in points, 0 to 100."""
        return self.grains / GRAINS_A_POINT


@dataclass(frozen=True)
class Round:
    """Who is with whom and who keeps waiting, each longest waiting first, then by id.

    `value` and `bound` are in the objective's whole numbers; no round of the same settings is worth more than `bound`.
    `prices` are the dual values by offer id: what one more place of hers is worth at most, 0 where one is left.
    """

    settings: RoundSettings
    pairs: tuple[Pair, ...]
    waiting: tuple[str, ...]
    value: int
    bound: int
    prices: dict[str, int]
    market: Market = field(repr=False, compare=False)
    matching: Matching = field(repr=False, compare=False)

    @property
    def gap(self) -> int:
        """Return the duality gap: 0 proves the round optimal."""
        return self.bound - self.value

    @property
    def matched(self) -> int:
        """Return how many have a supporter."""
        return len(self.pairs)

    @property
    def grains(self) -> int:
        """Return the sum of all scores in grains."""
        return sum(pair.grains for pair in self.pairs)

    @property
    def worst(self) -> int | None:
        """Return the lowest score in grains, None where nobody has a supporter."""
        return min((pair.grains for pair in self.pairs), default=None)


def solve_round(
    roster: Roster,
    needs: Sequence[Need],
    *,
    objective: Objective = "fair",
    floor: Decimal | int = 0,
    pins: Iterable[NeedOffer] = (),
    forbidden: Iterable[NeedOffer] = (),
    progress: Callable[[Sequence[Need]], Iterable[Need]] = iter,
) -> Round:
    """Assign all needs at once on the roster's date: the best that the objective knows within everyone's free places.

    `floor` is in points; pairs below it are not used. `pins` and `forbidden` are pairs of need and offer ids.
    `progress` is given the needs in order and yields them, to show how far it is.
    Raises Refused with every fault of the settings.
    """
    settings = read_settings(roster, needs, objective, floor, pins, forbidden)
    market = open_market(roster, sorted(needs, key=longest_waiting_first), settings, progress=progress)
    return as_round(settings, market, *best_matching(market))


def as_round(settings: RoundSettings, market: Market, matching: Matching, bound: int) -> Round:
    """Read an optimal matching of a market, and the bound that proves it, as a round."""
    pairs = dict[int, Pair]()
    value = 0
    for pin in market.pinned:
        pairs[pin.row] = Pair(market.needs[pin.row].id, market.offers[pin.column], pin.grains, pinned=True)
        value += pin.value
    for row, column in enumerate(matching.at):
        if column != NOBODY:
            choices = market.choices[row]
            position = choices.at(column)
            pairs[row] = Pair(market.needs[row].id, market.offers[column], int(choices.grains[position]))
            value += market.value(row, position)
    prices = dict(zip(market.offers, matching.price, strict=True))
    waiting = tuple(need.id for row, need in enumerate(market.needs) if row not in pairs)
    return Round(settings, tuple(pairs[row] for row in sorted(pairs)), waiting, value, bound, prices, market, matching)
