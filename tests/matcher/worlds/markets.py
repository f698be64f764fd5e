"""Markets for the tests of rounds: straight from numbers, or from an invented programme whose people are easy to read.

A market of numbers has no people behind it, so that structure, ties and overload can be laid out at will.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from matcher import backends
from matcher.assignment.matching import Matching
from matcher.availability import ALWAYS
from matcher.people import Need, Offer
from matcher.ranking.roster import Roster
from matcher.rounds.candidates import Candidates
from matcher.rounds.column_generation import best_matching, by_augmenting
from matcher.rounds.market import Market
from matcher.rounds.objectives import Objective, lexicographic_scale
from matcher.rounds.settings import NeedOffer
from matcher.rounds.solve import Round
from tests.matcher.worlds.generated import World, world

EVERY_WAY = pytest.mark.usefixtures("each_way")
ON = date(2026, 11, 23)
OUT = -1
Matrix = NDArray[np.int64]


@pytest.fixture(params=["plain", "compiled"])
def each_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Go the plain way, then the compiled one."""
    way = backends.PLAIN if request.param == "plain" else backends.compiled()
    monkeypatch.setattr(backends, "current", lambda: way)


def market_of(
    grains: Matrix, places: Sequence[int], objective: Objective = "fair", weeks: Sequence[int] | None = None
) -> Market:
    """Lay out a market: a row of grains for each need, -1 where the pair is out."""
    weeks = weeks if weeks is not None else [0] * len(grains)
    needs = [
        Need(id=f"n{row:05d}", safe_hours=ALWAYS, waiting_since=ON - timedelta(weeks=w)) for row, w in enumerate(weeks)
    ]
    scale = lexicographic_scale(objective, needs, sum(places), ON)
    choices = []
    for need, row in zip(needs, grains, strict=True):
        columns = np.flatnonzero(row > OUT)
        worth = scale.table(row[columns])
        packed = columns.astype(np.uint16), row[columns].astype(np.uint32), worth.astype(np.uint32)
        choices.append(Candidates(*packed, scale.credit(need, ON)))
    offers = tuple(f"s{column:05d}" for column in range(len(places)))
    return Market(scale, tuple(needs), offers, tuple(places), tuple(choices))


def solved_value(market: Market) -> int:
    """Solve a market in both ways and return its value, after checking the matchings, their prices and bounds."""
    value = _proved_value(market, *by_augmenting(market))
    assert _proved_value(market, *best_matching(market)) == value
    return value


def _proved_value(market: Market, matching: Matching, bound: int) -> int:
    value = 0
    for row, column in enumerate(matching.at):
        if column >= 0:
            value += int(market.values(row)[market.choices[row].at(column)])
    taken = np.bincount([column for column in matching.at if column >= 0], minlength=len(market.places))
    assert (taken <= np.array(market.places)).all()
    assert min(matching.price, default=0) >= 0
    assert bound == value, "the prices do not prove it"
    return value


def crowded_world(rng: Random, most_offers: int = 5, most_needs: int = 5) -> tuple[Roster, tuple[Need, ...]]:
    """Invent a programme with few gates, so that its women compete for places."""
    invented = world(rng, gated=rng.random() < 0.3, most_offers=most_offers, most_needs=most_needs)
    if rng.random() < 0.7:
        invented = replace(invented, offers=tuple(_few_places(rng, offer) for offer in invented.offers))
    return fitted(invented), invented.needs


def _few_places(rng: Random, offer: Offer) -> Offer:
    free = rng.choice((0, 1, 1, 2))
    return replace(offer, capacity=offer.load + free)


def fitted(invented: World) -> Roster:
    """Fit the roster of an invented world."""
    roster = Roster(questionnaire=invented.questionnaire, weights=invented.weights, on=invented.on)
    return roster.fit(invented.offers)


def said(solved: Round) -> tuple[object, ...]:
    """Give everything that a round says, for comparing two."""
    pairs: list[NeedOffer] = [(pair.need, pair.offer) for pair in solved.pairs]
    return pairs, solved.waiting, solved.value, solved.bound, solved.prices, solved.grains
