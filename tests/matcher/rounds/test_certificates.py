"""A certificate holds as it was written, and whatever is altered in it, or given beside it, is told."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from matcher.people import Need
from matcher.ranking.roster import Roster
from matcher.rounds.certificate import certificate, digest
from matcher.rounds.objectives import OBJECTIVES
from matcher.rounds.solve import Round, solve_round
from matcher.rounds.verification import verify_certificate
from tests.matcher.oracles.every_round import scores_of
from tests.matcher.worlds.markets import EVERY_WAY, crowded_world
from tests.matcher.worlds.pairs import need as default_need
from tests.matcher.worlds.pairs import offer as default_offer
from tests.matcher.worlds.pairs import roster as default_roster

Document = dict[str, Any]
Programme = tuple[Roster, tuple[Need, ...]]


@EVERY_WAY
def test_every_certificate_holds_after_being_written_and_read() -> None:
    rng = Random(3)
    for case in range(15):
        roster, needs = crowded_world(rng, 7, 7)
        solved = solve_round(roster, needs, objective=OBJECTIVES[case % 3], floor=rng.choice((0, 40)))
        pins = [(pair.need, pair.offer) for pair in solved.pairs[:1]]
        for one in (solved, solve_round(roster, needs, objective=OBJECTIVES[case % 3], pins=pins)):
            document = json.loads(json.dumps(certificate(roster, one)))
            assert verify_certificate(roster, rng.sample(needs, len(needs)), document) == ()


@pytest.fixture(scope="module")
def proved() -> tuple[Programme, Document]:
    """Give a round with pairs, somebody who waits, and a price."""
    rng = Random(8)
    while True:
        roster, needs = crowded_world(rng, 7, 7)
        solved = solve_round(roster, needs)
        document = certificate(roster, solved)
        if solved.matched > 2 and solved.waiting and document["prices"] and _spare(roster, needs, solved):
            return (roster, needs), document


def _spare(roster: Roster, needs: tuple[Need, ...], solved: Round) -> bool:
    """Say whether somebody who waits could be with one of the others' supporters."""
    taken = {pair.offer for pair in solved.pairs}
    return any(taken & set(scores_of(roster, need)) for need in needs if need.id in solved.waiting)


def faults_after(proved: tuple[Programme, Document], alter: Callable[[Document], object]) -> str:
    (roster, needs), document = proved
    altered = deepcopy(document)
    alter(altered)
    return "\n".join(map(str, verify_certificate(roster, needs, altered)))


def _first_price(document: Document, by: int) -> None:
    offer = next(iter(document["prices"]))
    document["prices"][offer] += by


def _leave_out(document: Document) -> None:
    document["waiting"].append(document["pairs"].pop()["need"])


def _one_more_woman(document: Document) -> None:
    document["pairs"].append({**document["pairs"][0], "need": document["waiting"].pop()})


def _exchange(document: Document) -> None:
    first = document["pairs"][0]
    second = next(pair for pair in document["pairs"] if pair["offer"] != first["offer"])
    first["offer"], second["offer"] = second["offer"], first["offer"]


ALTERED: dict[str, tuple[Callable[[Document], object], str]] = {
    "value": (lambda d: d.update(value=d["value"] + 1), "certificate value: it says"),
    "value and bound": (lambda d: d.update(value=d["value"] + 1, bound=d["bound"] + 1), "certificate bound: it says"),
    "bound": (lambda d: d.update(bound=d["bound"] - 1), "certificate bound: it says"),
    "gap": (lambda d: d.update(gap=1), "certificate gap: it says 1"),
    "total": (lambda d: d.update(total=d["total"] + 0.00001), "certificate total: it says"),
    "worst": (lambda d: d.update(worst=None), "certificate worst: it says"),
    "matched": (lambda d: d.update(matched=0), "certificate matched: it says 0"),
    "folding": (lambda d: d["folding"].update(match=1), "certificate folding: it says"),
    "a lower price": (lambda d: _first_price(d, -1), "certificate bound: it says"),
    "a higher price": (lambda d: _first_price(d, 2**40), "certificate bound: it says"),
    "no prices": (lambda d: d.update(prices={}), "a better round is not ruled out"),
    "a price below 0": (lambda d: d["prices"].update(dict.fromkeys(d["prices"], -1)), "whole number of 0 or more"),
    "a price beyond reckoning": (lambda d: d["prices"].update(dict.fromkeys(d["prices"], 2**70)), "whole number of 0"),
    "a price that is a word": (lambda d: d["prices"].update(dict.fromkeys(d["prices"], "1")), "whole number of 0"),
    "a price of nobody": (lambda d: d["prices"].update(nobody=1), "there is no such supporter"),
    "a score": (lambda d: d["pairs"][0].update(score=d["pairs"][0]["score"] - 1), "points, and has"),
    "a pair left out": (lambda d: d["pairs"].pop(), "she has no supporter and is not waiting"),
    "somebody left waiting": (_leave_out, "certificate value: it says"),
    "one woman twice": (lambda d: d["pairs"].append(d["pairs"][0]), "she stands there 2 times"),
    "one woman too many": (_one_more_woman, "her free places are"),
    "two supporters exchanged": (_exchange, "certificate"),
    "a woman who is not there": (lambda d: d["pairs"][0].update(need="nobody"), "there is no such request"),
    "a supporter who is not there": (lambda d: d["pairs"][0].update(offer="nobody"), "there is no such supporter"),
    "a pin that was not kept": (lambda d: d["pins"].append([d["waiting"][0], "o3"]), "the pair is not in the round"),
    "a pair forbidden later": (
        lambda d: d["forbidden"].append([d["pairs"][0]["need"], d["pairs"][0]["offer"]]), "it is forbidden"
    ),
    "a floor that was not kept": (lambda d: d.update(floor=round(d["worst"] + 0.00001, 5)), "it is below the floor"),
    "a floor finer than scores": (lambda d: d.update(floor=1.000001), "with five decimals at most"),
    "another objective": (lambda d: d.update(objective="most"), "certificate folding: it says"),
    "other people": (lambda d: d.update(people="0" * 32), "certificate people: it was made with"),
    "another fit": (lambda d: d.update(fit="0"), "certificate fit: it was made with"),
    "other weights": (lambda d: d["weights"].update(hash="0"), "certificate weights: it was made with"),
    "another day": (lambda d: d.update(on="2026-01-01"), "certificate on: it was made with 2026-01-01"),
    "another engine": (lambda d: d.update(engine="0.1"), "certificate engine: it was made with 0.1"),
    "a key left out": (lambda d: d.pop("value"), "certificate value: it is missing"),
    "a value that is a word": (lambda d: d.update(value="many"), "certificate value: it is missing or not"),
    "a floor that is no number": (lambda d: d.update(floor=float("nan")), "it is not points from 0 to 100"),
    "a floor that is true": (lambda d: d.update(floor=True), "certificate floor: it is not points"),
    "a version that is true": (lambda d: d["questionnaire"].update(version=True), "made with invented True, here"),
    "a score that is true": (lambda d: d["pairs"][0].update(score=True), "each must be an object"),
    "a forbidden stranger": (lambda d: d["forbidden"].append(["nobody", "o1"]), "there is no such request"),
    "forbidden to nobody": (lambda d: d["forbidden"].append(["n1", "nobody"]), "there is no such supporter"),
    "pairs that are none": (lambda d: d.update(pairs=[1]), "each must be an object"),
    "a pin that is no pair": (lambda d: d.update(pins=[1]), "certificate pins: each must be a list of need and"),
    "a pin of three": (lambda d: d.update(pins=[["n0", "o0", "o1"]]), "certificate pins: each must be a list of"),
    "a pin of numbers": (lambda d: d.update(pins=[[0, 1]]), "certificate pins: each must be a list of need and"),
    "a forbidden word": (lambda d: d.update(forbidden=["no"]), "certificate forbidden: each must be a list of need"),
    "a forbidden list": (lambda d: d.update(forbidden=[[["n0"], "o0"]]), "certificate forbidden: each must be a"),
    "a number that waits": (lambda d: d.update(waiting=[1]), "certificate waiting: each must be the id of"),
}  # fmt: skip


def test_the_digest_of_the_same_people_stays_the_same_so_that_certificates_hold_for_years() -> None:
    assert digest(default_roster(default_offer("a", load=1)), [default_need()]) == "308bb8269ab278b8752c22d4ae9e5934"


@pytest.mark.parametrize("name", ALTERED)
def test_whatever_is_altered_is_told(proved: tuple[Programme, Document], name: str) -> None:
    alter, told = ALTERED[name]
    assert faults_after(proved, lambda document: None) == ""
    assert told in faults_after(proved, alter)


def test_a_pair_that_is_not_allowed_is_told_beside_what_else_is_wrong(proved: tuple[Programme, Document]) -> None:
    def alter(document: Document) -> None:
        first = document["pairs"][0]
        document["forbidden"].append([first["need"], first["offer"]])
        document["waiting"].append(first["need"])

    told = faults_after(proved, alter)
    assert "she stands there 2 times" in told
    assert "it is forbidden" in told


def test_a_certificate_of_other_people_is_told(proved: tuple[Programme, Document]) -> None:
    (roster, needs), document = proved
    others = (replace(needs[0], never=needs[0].never | {"o0"}), *needs[1:])
    (fault,) = verify_certificate(roster, others, document)
    assert fault.place == "certificate people"


@pytest.mark.parametrize("document", [None, [], {}, "round", {"value": 1}])
def test_what_is_no_certificate_is_told(proved: tuple[Programme, Document], document: Any) -> None:
    (roster, needs), _ = proved
    assert verify_certificate(roster, needs, document)


def test_a_pair_that_fails_a_gate_is_told_with_the_gate(proved: tuple[Programme, Document]) -> None:
    (roster, needs), document = proved
    for row, pair in enumerate(document["pairs"]):
        need = next(need for need in needs if need.id == pair["need"])
        for offer in roster.columns_.offers:
            gates = roster.stand(need, offer.id).gates
            if gates and "capacity" not in gates and offer.id not in {p["offer"] for p in document["pairs"]}:
                altered = deepcopy(document)
                altered["pairs"][row]["offer"] = offer.id
                told = "\n".join(map(str, verify_certificate(roster, needs, altered)))
                assert f"it fails: {', '.join(gates)}" in told
