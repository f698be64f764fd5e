"""The command change as other programs use it: every change is the best fresh round that keeps to it, or is refused."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from matcher.rounds.certificate import certificate as certificate_of
from matcher.rounds.objectives import OBJECTIVES
from matcher.rounds.resume import resume
from matcher.rounds.solve import solve_round
from matcher.rounds.what_if import change
from tests.matcher.oracles.every_round import best_of_all, scores_of
from tests.matcher.worlds.commands import (
    BERTHA,
    KEPT,
    NEEDS,
    OFFERS,
    ON,
    Said,
    given,
    inside,
    write_people,
    write_programme,
)
from tests.matcher.worlds.markets import EVERY_WAY, crowded_world, said
from tests.matcher.worlds.small_programme import request

KEYS = ["engine", "on", "questionnaire", "weights", "fit", "objective", "floor", "pins", "forbidden", "before"]
FIGURES = ["matched", "total", "worst", "value", "bound", "gap"]
WOMEN = [
    *NEEDS,
    request(id="r4", waiting_since="2026-11-20", topics="alcohol*; moving", pastimes="music"),
    request(id="r5", waiting_since="2026-09-20", topics="moving", stage="steady"),
]
CROWDED = [{**BERTHA, **KEPT, "id": name, "capacity": "1", "pastimes": fun} for name, fun in
           (("anna", "music"), ("bertha", "books"), ("zoe", "walks"))]  # fmt: skip
CROWDED[2] |= {"stage": "starting", "faith": "river"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_programme(tmp_path_factory.mktemp("programme"))
    write_people(folder, [*CROWDED, *OFFERS[3:]], WOMEN)
    return folder


def tried(folder: Path, *more: str) -> Said:
    return inside(*given(folder, "change", "--format", "json", *more))


def anew(folder: Path, *more: str) -> Any:
    return inside(*given(folder, "round", "--format", "json", *more)).json


def offers_of(document: Any) -> dict[str, tuple[str, Decimal]]:
    return {pair["need"]: (pair["offer"], pair["score"]) for pair in document["pairs"]}


# What it says


def test_the_document_has_exactly_the_stated_keys(folder: Path) -> None:
    found = tried(folder, "--try-pin", "r1=anna", "--try-swap", "r1", "r5", "--try-forbid", "r1=zoe").json
    assert list(found) == [*KEYS, "changes"]
    assert list(found["before"]) == FIGURES
    assert [(one["change"], one["ids"]) for one in found["changes"]] == [
        ("pin", ["r1", "anna"]),
        ("swap", ["r1", "r5"]),
        ("forbid", ["r1", "zoe"]),
    ]
    first = found["changes"][0]
    assert list(first) == ["change", "ids", "moves", "points", *FIGURES, "cost"]
    assert [list(move) for move in first["moves"]] == [["need", "before", "after", "points"]] * len(first["moves"])
    assert {move["need"]: (move["before"]["offer"], move["after"]["offer"]) for move in first["moves"]} == {
        "r1": ("zoe", "anna"),
        "r4": ("anna", "zoe"),
    }


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_every_change_is_as_good_as_a_fresh_round_that_keeps_to_it(folder: Path, objective: str) -> None:
    terms = ("--objective", objective, "--floor", "20.5")
    before = anew(folder, *terms)
    pairs = [f"{need}={offer}" for need in ("r1", "r2", "r4", "r5") for offer in ("anna", "bertha", "zoe")]
    asked = [(kind, pair) for pair in pairs for kind in ("pin", "forbid")]
    found = tried(folder, *terms, *(part for kind, pair in asked for part in (f"--try-{kind}", pair))).json
    assert {key: found["before"][key] for key in FIGURES} == {key: before[key] for key in FIGURES}
    moved = 0
    for (kind, pair), one in zip(asked, found["changes"], strict=True):
        fresh = anew(folder, *terms, f"--{kind}", pair)
        assert {key: one[key] for key in FIGURES[3:]} == {key: fresh[key] for key in FIGURES[3:]}
        assert (one["cost"], one["gap"]) == (before["value"] - fresh["value"], 0)
        assert one["points"] == one["total"] - before["total"] == sum(move["points"] for move in one["moves"])
        after = offers_of(before)
        for move in one["moves"]:
            then = after.pop(move["need"], None)
            assert move["before"] == (then and {"offer": then[0], "score": then[1]})
            if move["after"]:
                after[move["need"]] = move["after"]["offer"], move["after"]["score"]
            moved += 1
        assert (sum(score for _, score in after.values()), len(after)) == (one["total"], one["matched"])
        need, offer = pair.split("=")
        assert (after.get(need, ("",))[0] == offer) == (kind == "pin")
    assert moved > len(asked)


def test_a_swap_gives_each_the_others_supporter(folder: Path) -> None:
    then = offers_of(anew(folder))
    one, other = sorted(then)[:2]
    (swap,) = tried(folder, "--try-swap", one, other).json["changes"]
    now = {move["need"]: move["after"]["offer"] for move in swap["moves"]}
    assert (now[one], now[other]) == (then[other][0], then[one][0])
    assert swap["value"] == anew(folder, "--pin", f"{one}={now[one]}", "--pin", f"{other}={now[other]}")["value"]


def test_csv_has_a_row_for_the_round_each_change_and_each_woman_moved(folder: Path) -> None:
    asked = ("--try-pin", "r1=zoe", "--try-forbid", "r5=anna")
    rows = list(csv.DictReader(io.StringIO(inside(*given(folder, "change", "--format", "csv", *asked)).out)))
    document = tried(folder, *asked).json
    assert [row["change"] for row in rows if not row["need"]] == ["", "pin r1=zoe", "forbid r5=anna"]
    assert [row["need"] for row in rows if row["need"]] == [m["need"] for c in document["changes"] for m in c["moves"]]
    assert [row["cost"] for row in rows if row["cost"]] == [str(one["cost"]) for one in document["changes"]]
    assert Decimal(rows[1]["points"]) == document["changes"][0]["points"]


def test_the_table_says_who_moves_what_it_costs_and_that_it_is_proved(folder: Path) -> None:
    said = inside(*given(folder, "change", "--try-pin", "r1=anna", "--try-forbid", "r1=full")).out
    assert said.startswith("Round: 3 of 5 requests have a supporter, with ")
    first, second = said.split("\n\n")[1:3]
    assert first.startswith("If r1 had anna: ")
    assert "  r1       53 days  " in first
    assert "  Proved: no other round that keeps to it is better (value " in first
    assert second.startswith("If r1 did not have full: nobody moves, it is so already.\n  In all: as many women")
    assert "  Proved: it costs nothing (value " in second
    assert "At a glance, beside the round as it is:" in said
    assert "At a glance" not in inside(*given(folder, "change", "--try-pin", "r1=anna")).out


# What is refused


def test_faults_of_the_terms_and_of_all_changes_are_refused_in_one_pass(folder: Path) -> None:
    wrong = ("--pin", "r9=anna", "--try-pin", "r1=full", "--try-forbid", "r8=anna", "--try-swap", "r1", "r7")
    said = tried(folder, *wrong)
    assert (said.code, said.out) == (1, "")
    assert [line.partition(". ")[0] for line in said.err.splitlines()[:-1]] == [
        "refused: pin r9=anna: there is no request 'r9'",
        "refused: pin r1=full: she is ruled out by the gate 'capacity'",
        "refused: forbid r8=anna: there is no request 'r8'",
        "refused: swap r1 r7: there is no request 'r7'",
    ]
    assert said.err.endswith("4 faults; nothing was done.\n")


def test_a_swap_with_somebody_who_waits_is_refused_and_no_other_change_is_told(folder: Path) -> None:
    said = tried(folder, "--try-pin", "r1=zoe", "--try-swap", "r3", "r1")
    assert (said.code, said.out) == (1, "")
    assert "refused: swap r3 r1: 'r3' has no supporter. Swap two women who have supporters in the round" in said.err


def test_what_a_change_cannot_do_is_said_of_the_change_and_not_of_the_pins_that_it_makes(folder: Path) -> None:
    said = tried(folder, "--pin", "r1=zoe", "--try-forbid", "r1=zoe", "--try-pin", "r1=zoe")
    assert said.err.startswith("refused: forbid r1=zoe: pin r1=zoe: the same pair is forbidden. ")
    said = tried(folder, "--pin", "r1=zoe", "--try-swap", "r1", "r5")
    assert said.err.startswith("refused: swap r1 r5: pin r1: she is pinned 2 times (bertha, zoe). Swap two women who ")


def test_an_id_typed_almost_right_is_told_in_a_change_too(folder: Path) -> None:
    said = tried(folder, "--pin", "R-01=Anna", "--try-swap", "r1", "R05")
    assert "pin R-01=Anna: there is no request 'R-01'. Did you mean 'r1'? Give the id of a request." in said.err
    assert "pin R-01=Anna: there is no supporter 'Anna'. Did you mean 'anna'? Give the id of a supporter." in said.err
    assert "swap r1 R05: there is no request 'R05'. Did you mean 'r5'? Give the id of a request." in said.err


WRONG_USAGE = [
    (), ("--try-pin", "r1"), ("--try-pin", "=anna"), ("--try-forbid", "r1="), ("--try-swap", "r1"),
    ("--try-swap", "r1", "r1"), ("--try-swap", "r1", " "), ("--try-pin", "r1=anna", "--floor", "101"),
    ("--try-pin", "r1=anna", "--from", "c.json", "--objective", "fair"),
    ("--try-pin", "r1=anna", "--from", "c.json", "--floor", "0"),
    ("--try-pin", "r1=anna", "--from", "c.json", "--pin", "r1=anna"),
]  # fmt: skip


@pytest.mark.parametrize("more", WRONG_USAGE, ids=" ".join)
def test_wrong_usage_ends_with_two(folder: Path, more: tuple[str, ...]) -> None:
    said = inside(*given(folder, "change", *more))
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("usage: python -m matcher change")


def test_terms_beside_a_certificate_are_all_named(folder: Path) -> None:
    more = ("--try-pin", "r1=anna", "--from", "c.json", "--floor", "1", "--pin", "r1=anna")
    assert "has its own terms: leave out --floor and --pin, or --from" in inside(*given(folder, "change", *more)).err


# From a certificate


@pytest.fixture(scope="module")
def kept(folder: Path) -> Path:
    path = folder / "certificate.json"
    terms = ("--objective", "most", "--floor", "12.5", "--pin", "r4=bertha", "--forbid", "r5=anna")
    assert inside(*given(folder, "round", *terms, "--certificate", str(path))).code == 0
    return path


def test_a_certificate_gives_the_round_its_terms_and_its_date(folder: Path, kept: Path) -> None:
    arguments = [part for part in given(folder, "change", "--format", "json") if part not in ON]
    found = inside(*arguments, "--from", str(kept), "--try-pin", "r1=zoe")
    assert found.code == 0, found.err
    assert (found.json["on"], found.json["objective"], found.json["floor"]) == ("2026-11-23", "most", Decimal("12.5"))
    assert (found.json["pins"], found.json["forbidden"]) == ([["r4", "bertha"]], [["r5", "anna"]])
    terms = ("--objective", "most", "--floor", "12.5", "--pin", "r4=bertha", "--forbid", "r5=anna")
    assert found.json == tried(folder, *terms, "--try-pin", "r1=zoe").json


def test_a_certificate_that_does_not_hold_is_refused(folder: Path, kept: Path, tmp_path: Path) -> None:
    document = json.loads(kept.read_text())
    altered = tmp_path / "altered.json"
    altered.write_text(json.dumps({**document, "value": document["value"] + 1}))
    for path in (altered, tmp_path / "nothing.json", folder / "q.toml"):
        said = tried(folder, "--from", str(path), "--try-pin", "r1=zoe")
        assert (said.code, said.out) == (1, "")
    said = tried(folder, "--from", str(altered), "--try-pin", "r1=zoe")
    assert said.err.startswith("refused: certificate value: it says")


@EVERY_WAY
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_a_round_from_its_certificate_is_the_same_and_so_is_every_change_of_it(objective: Any) -> None:
    rng = Random(8)
    for _ in range(12):
        roster, needs = crowded_world(rng, 6, 6)
        solved = solve_round(roster, needs, objective=objective)
        pairs = [(need.id, offer) for need in needs for offer in sorted(scores_of(roster, need))]
        if pairs:
            solved = change(roster, solved, pin=rng.choice(pairs)).round
        resumed = resume(roster, needs, certificate_of(roster, solved))
        assert (resumed.settings, said(resumed)) == (solved.settings, said(solved))
        for pair in rng.sample(pairs, min(3, len(pairs))):
            if pair not in solved.settings.pins:
                changed = change(roster, resumed, forbid=pair).round
                assert changed.value == change(roster, solved, forbid=pair).round.value
                assert changed.gap == 0


def test_of_two_rounds_that_are_as_good_the_one_of_the_certificate_is_kept(tmp_path: Path) -> None:
    write_programme(tmp_path)
    write_people(tmp_path, [{**CROWDED[0], "id": one} for one in ("a", "b")], [{**NEEDS[0], "id": o} for o in "xy"])
    path = tmp_path / "c.json"
    inside(*given(tmp_path, "round", "--certificate", str(path)))
    document = json.loads(path.read_text())
    one, other = document["pairs"]
    one["offer"], other["offer"] = other["offer"], one["offer"]
    path.write_text(json.dumps(document))
    pair = f"{one['need']}={one['offer']}"
    assert tried(tmp_path, "--from", str(path), "--try-pin", pair).json["changes"][0]["moves"] == []
    assert len(tried(tmp_path, "--try-pin", pair).json["changes"][0]["moves"]) == 2


def test_the_best_of_every_round_by_brute_force() -> None:
    rng = Random(4)
    for _ in range(10):
        roster, needs = crowded_world(rng, 5, 5)
        before = solve_round(roster, needs, objective="most")
        for need in needs:
            for offer in sorted(scores_of(roster, need))[:2]:
                found = change(roster, before, pin=(need.id, offer)).round
                best = best_of_all(roster, needs, "most", pins=[(need.id, offer)])
                assert (found.matched, found.grains) == best
