"""Verify a certificate by weak duality, from its pairs and prices alone, over every pair of the people.

Shares nothing with the solver but the roster's scores and the values of pairs: no market, no matching.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from matcher.errors import Fault, Place
from matcher.grains import GRAINS_A_POINT
from matcher.people import Need
from matcher.ranking.provenance import provenance
from matcher.ranking.roster import Roster
from matcher.rounds.certificate import digest
from matcher.rounds.objectives import OBJECTIVES, TOO_LARGE, LexicographicScale, lexicographic_scale

Kind = type | tuple[type, ...]
KINDS: Mapping[str, Kind] = {
    "engine": str, "on": str, "questionnaire": dict, "weights": dict, "fit": str, "people": str, "objective": str,
    "floor": (int, float, Decimal), "pins": list, "forbidden": list, "folding": dict, "pairs": list, "waiting": list,
    "matched": int, "total": (int, float, Decimal), "worst": (int, float, Decimal, type(None)), "value": int,
    "prices": dict, "bound": int, "gap": int,
}  # fmt: skip
MOST_POINTS = 100


def verify_certificate(roster: Roster, needs: Sequence[Need], document: Any) -> tuple[Fault, ...]:
    """Prove a certificate for these people, or say everything that is wrong with it; no fault means that it holds."""
    faults = tuple(_misshapen(document))
    if faults:
        return faults
    faults = tuple(_of_other_input(roster, needs, document))
    return faults or tuple(_Proof(roster, needs, document).faults())


def _misshapen(document: Any) -> Iterator[Fault]:
    if not isinstance(document, dict):
        yield Fault(Place(certificate=""), "certificate.no_object")
        return
    for key, kind in KINDS.items():
        if not isinstance(document.get(key, ...), kind) or isinstance(document[key], bool):
            yield _fault("certificate.not_of_its_kind", certificate=key)
    pairs = document.get("pairs")
    if isinstance(pairs, list) and not all(_is_pair(pair) for pair in pairs):
        yield _fault("certificate.not_pairs", certificate="pairs")
    for key in ("pins", "forbidden"):
        listed = document.get(key)
        if isinstance(listed, list) and not all(_is_texts(pair) and len(pair) == 2 for pair in listed):
            yield _fault("certificate.not_ids_of_two", certificate=key)
    if isinstance(document.get("waiting"), list) and not _is_texts(document["waiting"]):
        yield _fault("certificate.not_ids", certificate="waiting")
    if document.get("objective") not in OBJECTIVES:
        yield _fault("certificate.no_such_objective", certificate="objective")
    if isinstance(document.get("floor"), int | float | Decimal) and not _is_points(document["floor"]):
        yield _fault("certificate.no_points", certificate="floor")


def _is_points(number: int | float | Decimal) -> bool:
    if isinstance(number, bool) or not 0 <= number <= MOST_POINTS:
        return False
    return Decimal(str(number)) * GRAINS_A_POINT % 1 == 0


def _is_pair(pair: Any) -> bool:
    kinds: Mapping[str, Kind] = {"need": str, "offer": str, "score": (int, float, Decimal)}
    return isinstance(pair, dict) and all(
        isinstance(pair.get(key), kind) and not isinstance(pair[key], bool) for key, kind in kinds.items()
    )


def _is_texts(texts: Any) -> bool:
    return isinstance(texts, list) and all(isinstance(text, str) for text in texts)


def _fault(key: str, values: Mapping[str, Any] | None = None, /, **parts: Any) -> Fault:
    """Make a fault of a place inside the certificate: a key of its own, or `parts` that it shares with rounds."""
    return Fault(Place(**{"certificate": "", **parts}), key, **(values or {}))


def _of_other_input(roster: Roster, needs: Sequence[Need], document: Mapping[str, Any]) -> Iterator[Fault]:
    for key, ours in {**provenance(roster, roster.on), "people": digest(roster, needs)}.items():
        if _written(document[key]) != _written(ours):
            values = {"theirs": _said(document[key]), "ours": _said(ours)}
            yield _fault("certificate.of_other_input", values, certificate=key)


def _written(value: Any) -> str:
    """Write what a certificate says: there true and 1 are two things."""
    return json.dumps(value, sort_keys=True, default=str)


def _said(value: Any) -> str:
    return " ".join(str(one) for one in value.values()) if isinstance(value, Mapping) else str(value)


@dataclass(frozen=True)
class _Found:
    """What one pass over all pairs found: primal and dual value of a certificate, and the true scores of its pairs."""

    value: int
    bound: int
    grains: tuple[int, ...]
    faults: tuple[Fault, ...]


class _Proof:
    """One certificate held against the people."""

    def __init__(self, roster: Roster, needs: Sequence[Need], document: Mapping[str, Any]) -> None:
        self.roster, self.needs, self.document = roster, needs, document
        offers = roster.columns_.offers
        self.places = {offer.id: max(0, offer.capacity - offer.load) for offer in offers}
        self.floor = round(Decimal(str(document["floor"])) * GRAINS_A_POINT)
        self.scale = lexicographic_scale(document["objective"], needs, sum(self.places.values()), roster.on)
        self.pins = dict(document["pins"])
        self.forbidden = {(need, offer) for need, offer in document["forbidden"]}
        self._forbidden_to: dict[str, list[str]] = {}
        for need_id, offer_id in self.forbidden:
            self._forbidden_to.setdefault(need_id, []).append(offer_id)
        self.offered = {pair["need"]: pair for pair in document["pairs"]}

    def faults(self) -> Iterator[Fault]:
        """Say everything that is wrong: who is with whom, the prices, pairs that are not allowed, then the sums.

        Sums are checked only where nothing else is wrong: they could not be right. Where somebody is unknown, no pair
        is held against the gates.
        """
        unknown = [*self._of_strangers(), *self._of_prices()]
        faults = [*unknown, *self._of_pairs(), *self._of_places(), *self._of_pins()]
        yield from faults
        if not unknown:
            found = self._pass()
            yield from found.faults
            if not faults:
                yield from self._of_sums(found)

    def _of_strangers(self) -> Iterator[Fault]:
        needs = {need.id for need in self.needs}
        listed = [(pair["need"], pair["offer"]) for pair in self.document["pairs"]]
        pairs = [*listed, *self.document["pins"], *self.document["forbidden"]]
        for need in sorted({*(need for need, _ in pairs), *self.document["waiting"]} - needs):
            yield _fault("certificate.no_such_request", request=need)
        for offer in sorted({offer for _, offer in pairs} - self.places.keys()):
            yield _fault("certificate.no_such_supporter", supporter=offer)

    def _of_pairs(self) -> Iterator[Fault]:
        listed = [*(pair["need"] for pair in self.document["pairs"]), *self.document["waiting"]]
        expected = {need.id for need in self.needs}
        for need, count in sorted(Counter(listed).items()):
            if need in expected and count > 1:
                yield _fault("certificate.there_often", {"count": count}, request=need)
        for need in sorted(expected - set(listed)):
            yield _fault("certificate.left_out", request=need)

    def _of_places(self) -> Iterator[Fault]:
        taken = Counter(pair["offer"] for pair in self.document["pairs"])
        for offer, count in sorted(taken.items()):
            if offer in self.places and count > self.places[offer]:
                values = {"places": self.places[offer], "count": count}
                yield _fault("certificate.more_than_places", values, supporter=offer)

    def _of_pins(self) -> Iterator[Fault]:
        for need, offer in self.document["pins"]:
            if self.offered.get(need, {}).get("offer") != offer:
                yield _fault("certificate.pin_not_kept", pin=f"{need}={offer}")

    def _of_prices(self) -> Iterator[Fault]:
        for offer, price in self.document["prices"].items():
            if offer not in self.places:
                yield _fault("certificate.no_such_supporter", price_of=offer)
            elif not isinstance(price, int) or isinstance(price, bool) or not 0 <= price < TOO_LARGE:
                yield _fault("certificate.no_price", price_of=offer)

    def _pass(self) -> _Found:
        """Score all pairs once: check those of the round, and add up its value and the bound that the prices prove."""
        ids = [offer.id for offer in self.roster.columns_.offers]
        prices = np.array([self.document["prices"].get(one, 0) for one in ids], dtype=np.int64)
        left = Counter(self.places)
        left.subtract(self.pins.values())
        value, bound = 0, sum(places * self.document["prices"].get(one, 0) for one, places in left.items())
        grains, faults = list[int](), list[Fault]()
        for need in self.needs:
            allowed = self._allowed(need)
            values = allowed.values(self.scale, self.roster, need)
            pair = self.offered.get(need.id)
            if pair is not None:
                position = allowed.position(self.roster.columns_.row_of[pair["offer"]])
                if position is None:
                    faults.append(self._why_not_allowed(need, pair["offer"]))
                    continue
                value += int(values[position])
                grains.append(int(allowed.grains[position]))
                faults.extend(_of_score(pair, grains[-1]))
            if need.id in self.pins:
                pinned = allowed.position(self.roster.columns_.row_of[self.pins[need.id]])
                bound += 0 if pinned is None else int(values[pinned])
            else:
                bound += max(0, int((values - prices[allowed.rows]).max(initial=0)))
        return _Found(value, bound, tuple(grains), tuple(faults))

    def _allowed(self, need: Need) -> "_Allowed":
        scored = self.roster.scored(need)
        row_of = self.roster.columns_.row_of
        never = [row_of[offer] for offer in self._forbidden_to.get(need.id, ()) if offer in row_of]
        keep = (scored.grains >= self.floor) & ~np.isin(scored.rows, never)
        return _Allowed(scored.rows[keep], scored.grains[keep])

    def _why_not_allowed(self, need: Need, offer: str) -> Fault:
        pair = need.id, offer
        if pair in self.forbidden:
            return _fault("certificate.pair_forbidden", pair=pair)
        gates = self.roster.stand(need, offer).gates
        if gates:
            return _fault("certificate.pair_ruled_out", {"gates": list(gates)}, pair=pair)
        return _fault("certificate.pair_below_floor", pair=pair)

    def _of_sums(self, found: _Found) -> Iterator[Fault]:
        worst = min(found.grains, default=None)
        true = {
            "folding": {"match": self.scale.match, "step": self.scale.step},
            "matched": len(found.grains),
            "total": Decimal(sum(found.grains)) / GRAINS_A_POINT,
            "worst": None if worst is None else Decimal(worst) / GRAINS_A_POINT,
            "value": found.value,
            "bound": found.bound,
            "gap": found.bound - found.value,
        }
        for key, ours in true.items():
            theirs = self.document[key]
            if (Decimal(str(theirs)) if isinstance(theirs, float) else theirs) != ours:
                values = {"theirs": _said(theirs), "ours": _said(ours)}
                yield _fault("certificate.says_else", values, certificate=key)
        if found.bound != found.value and not found.faults:
            yield _fault("certificate.left_open", {"gap": found.bound - found.value}, certificate="prices")


@dataclass(frozen=True)
class _Allowed:
    """The candidates of one need: rows of the roster, ascending, and grains, both (pairs,)."""

    rows: Any
    grains: Any

    def position(self, row: int) -> int | None:
        """Return the position of a row, None if it is no candidate."""
        here = int(np.searchsorted(self.rows, row))
        return here if here < len(self.rows) and self.rows[here] == row else None

    def values(self, scale: LexicographicScale, roster: Roster, need: Need) -> Any:
        return scale.match + scale.credit(need, roster.on) + scale.step * scale.table(self.grains)


def _of_score(pair: Mapping[str, Any], grains: int) -> Iterator[Fault]:
    if Decimal(str(pair["score"])) * GRAINS_A_POINT != grains:
        values = {"theirs": pair["score"], "ours": Decimal(grains) / GRAINS_A_POINT}
        yield _fault("certificate.says_other_points", values, pair=(pair["need"], pair["offer"]))
