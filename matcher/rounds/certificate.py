"""The certificate of a round: everything that another needs to prove that the round is the best there is."""

import hashlib
import json
from collections.abc import Mapping, Sequence, Set
from decimal import Decimal
from typing import Any

from matcher.grains import points
from matcher.people import Need, Offer
from matcher.ranking.provenance import provenance
from matcher.ranking.roster import Roster
from matcher.rounds.solve import Round


def certificate(roster: Roster, round_: Round) -> dict[str, Any]:
    """Write a round with its settings, its prices and a digest of the people whom it is about, ready for JSON.

    `prices` leaves out those that are 0. Pairs are in the order of the round; `score`, `total` and `worst` are points.
    """
    settings, scale = round_.settings, round_.market.scale
    return {
        **provenance(roster, roster.on),
        "people": digest(roster, round_.market.needs),
        "objective": settings.objective,
        "floor": points(settings.floor),
        "pins": [list(pair) for pair in settings.pins],
        "forbidden": [list(pair) for pair in settings.forbidden],
        "folding": {"match": scale.match, "step": scale.step},
        "pairs": [{"need": p.need, "offer": p.offer, "score": p.points} for p in round_.pairs],
        "waiting": list(round_.waiting),
        **totals(round_),
        "value": round_.value,
        "prices": {offer: price for offer, price in round_.prices.items() if price},
        "bound": round_.bound,
        "gap": round_.gap,
    }


def totals(round_: Round) -> dict[str, Any]:
    """Say how many are matched, and the sum and the lowest of their points."""
    worst = None if round_.worst is None else points(round_.worst)
    return {"matched": round_.matched, "total": points(round_.grains), "worst": worst}


def digest(roster: Roster, needs: Sequence[Need]) -> str:
    """Hash everything that is known of the people, whatever their order."""
    people: list[Need | Offer] = [*needs, *roster.columns_.offers]
    lines = sorted(json.dumps([type(one).__name__, _plain(vars(one))]) for one in people)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return sorted([key, _plain(one)] for key, one in value.items())
    if isinstance(value, Set):
        return sorted(value)
    if isinstance(value, Decimal):
        return str(value.normalize())
    return value if value is None or isinstance(value, int | str) else str(value)
