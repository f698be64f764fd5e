"""The command supply as other programs use it: its document, its table, exit codes, and what is refused."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.matcher.worlds.commands import NEEDS, OFFERS, Said, given, inside, write_people, write_programme

KEYS = ["engine", "on", "questionnaire", "weights", "fit", "objective", "floor", "matched", "waiting", "folding"]
LISTS = ["lacking", "single", "gates", "kinds", "places"]
GAIN = ["matched", "points", "weeks", "needs", "value", "bound"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_programme(tmp_path_factory.mktemp("programme"))


def found(folder: Path, *more: str) -> Said:
    return inside(*given(folder, "supply", "--format", "json", *more))


def test_supply_writes_one_json_document_of_exactly_the_stated_keys(folder: Path) -> None:
    said = found(folder)
    assert said.code == 0
    assert list(said.json) == [*KEYS, *LISTS]
    lack = said.json["lacking"][1]
    assert list(lack) == ["combination", "count", "needs", "days"]
    assert lack == {
        "combination": [{"question": "tongues", "options": ["ojibwe"]}],
        "count": 1,
        "needs": ["r3"],
        "days": None,
    }
    assert [list(one) for one in said.json["gates"][:1]] == [
        ["gates", "count", "needs", "lets_in", "offers", "protects"]
    ]
    kind = said.json["kinds"][0]
    assert list(kind) == ["kind", "could_have", "waiting", "one", "two"]
    assert list(kind["one"]) == list(kind["two"]) == GAIN
    assert [list(one) for one in said.json["places"][:1]] == [["offer", "free", *GAIN]]
    assert (said.json["matched"], said.json["waiting"]) == (2, ["r3"])


def test_what_hangs_on_one_supporter_names_her(tmp_path: Path) -> None:
    write_programme(tmp_path)
    write_people(tmp_path, OFFERS[:1], NEEDS)
    single = found(tmp_path).json["single"]
    assert [(one["supporter"], one["combination"], one["count"]) for one in single] == [("bertha", [], 3)]


def test_with_need_the_document_holds_her_wishes_and_what_keeps_her_safe(folder: Path) -> None:
    said = found(folder, "--need", "r1").json
    assert list(said) == [*KEYS, *LISTS, "need", "now", "wishes", "safe"]
    assert (said["need"], said["now"]["passing"]) == ("r1", 3)
    wish = next(one for one in said["wishes"] if one["option"] == "same_faith")
    assert wish["said"] == "nice"
    assert {way: found["passing"] for way, found in wish["ways"].items()} == {"nice": 3, "must": 2, "left_out": 3}
    assert all(list(one) == ["gate", "away", "alone"] for one in said["safe"])


def test_a_protecting_gate_names_nobody_and_is_never_an_obstacle_to_remove(folder: Path, tmp_path: Path) -> None:
    write_programme(tmp_path)
    write_people(tmp_path, OFFERS, [{**NEEDS[0], "apart": "yes", "town": "Perth"}])
    (gate,) = [one for one in found(tmp_path).json["gates"] if one["gates"] == ["town"]]
    assert (gate["protects"], gate["offers"], gate["count"]) == (True, [], 1)
    assert gate["lets_in"] > 0
    said = inside(*given(tmp_path, "supply")).out
    assert said.index("Counted alone, and never to be opened") < said.index("      town\n")


def test_the_table_is_for_people(folder: Path) -> None:
    said = inside(*given(folder, "supply", "--need", "r1")).out
    assert said.startswith("Supply: in a round, 2 of 3 requests have a supporter.\n4 of 7 supporters are active")
    for words in ("brought by nobody", "What one new supporter would bring", "tongues: Ojibwe", "+1 woman, "):
        assert words.casefold() in said.casefold()
    assert "Request r1, waiting 53 days: 3 supporters are open to her" in said
    assert "as a nice wish 3 (best " in said


def lacking(folder: Path, **cells: str) -> tuple[list[dict[str, object]], str]:
    """Give what lacks for one woman alone, as programs and as people read it."""
    write_programme(folder)
    offers = [{**OFFERS[0], "topics": "alcohol; moving", "months_steady": "alcohol=3", "town": "Perth"}]
    write_people(folder, offers, [{**NEEDS[1], "wants": "-", **cells}])
    found_here = found(folder).json["lacking"]
    return [demand for one in found_here for demand in one["combination"]], inside(*given(folder, "supply")).out


def test_a_topic_that_must_have_been_steady_is_marked_so(tmp_path: Path) -> None:
    demands, said = lacking(tmp_path, topics="alcohol*")
    assert demands == [{"question": "topics", "options": ["alcohol"], "steady": True}]
    assert "topics: wine and beer (for long enough)" in said


def test_a_town_that_must_be_another_is_told_as_one_that_it_must_not_be(tmp_path: Path) -> None:
    demands, said = lacking(tmp_path, topics="alcohol", apart="yes", town="Perth")
    assert demands == [{"question": "town", "options": [], "text": "Perth", "differs": True}]
    assert "town: not Perth" in said


def test_a_town_that_says_nothing_is_nothing_to_look_for(tmp_path: Path) -> None:
    demands, said = lacking(tmp_path, topics="alcohol", apart="yes", town="n/a")
    assert demands == []
    assert "n/a" not in said


@pytest.mark.parametrize(
    ("hours", "parts", "beside", "words"),
    [
        ("weekend", ["weekend"], "", "hours: weekends (America/Toronto)"),
        ("Mon 03:00-05:00", [], "Mon 03:00-05:00", "hours: Mon 03:00 to 05:00"),
        ("weekend; Mon 03:00-05:00", ["weekend"], "Mon 03:00-05:00", "hours: weekends, or Mon 03:00 to 05:00 (A"),
    ],
)
def test_hours_are_told_as_parts_of_the_day_and_as_what_lies_beside_them(
    tmp_path: Path, hours: str, parts: list[str], beside: str, words: str
) -> None:
    demands, said = lacking(tmp_path, topics="alcohol", hours=hours)
    asked = {"question": "hours", "options": parts, "hours": beside, "zone": "America/Toronto"}
    assert demands == [asked]
    assert words in said


def test_the_table_says_how_many_places_of_a_supporter_are_free_now(tmp_path: Path) -> None:
    folder = write_programme(tmp_path)
    offers = [{**OFFERS[0], "capacity": "2", "load": "1"}]
    write_people(folder, offers, [{**NEEDS[0], "id": "a"}, {**NEEDS[0], "id": "b"}])
    said = inside(*given(folder, "supply")).out
    (row,) = [line for line in said.splitlines() if line.strip().startswith(OFFERS[0]["id"] + " ")]
    assert row.split()[1] == "1"


def test_csv_names_the_list_of_each_row(folder: Path) -> None:
    rows = inside(*given(folder, "supply", "--format", "csv", "--need", "r1")).out.splitlines()
    assert rows[0].startswith("list,what,way,supporter,count,needs,days,")
    assert {row.split(",")[0] for row in rows[1:]} == {"lacking", "gates", "kinds", "places", "wishes"}
    assert "lacking,tongues=ojibwe,,,1,r3,,,,,,," in rows


def test_objective_and_floor_are_those_of_a_round(folder: Path) -> None:
    said = found(folder, "--objective", "total", "--floor", "99.99999").json
    assert (said["objective"], said["matched"]) == ("total", 0)
    assert said["floor"] == Decimal("99.99999")


def test_nobody_at_all_is_no_fault(tmp_path: Path) -> None:
    write_programme(tmp_path)
    write_people(tmp_path, OFFERS[:1], NEEDS[:1])
    for name in ("offers.csv", "needs.csv"):
        path = tmp_path / name
        path.write_text(path.read_text().splitlines()[0] + "\n")
    said = found(tmp_path)
    assert (said.code, said.json["matched"], [said.json[name] for name in LISTS]) == (0, 0, [[]] * 5)
    assert inside(*given(tmp_path, "supply")).out.startswith("Supply: in a round, 0 of 0 requests")


def test_a_request_that_is_not_there_is_refused(folder: Path) -> None:
    said = found(folder, "--need", "r9")
    assert (said.code, said.out) == (1, "")
    assert "there is no request 'r9'" in said.err


@pytest.mark.parametrize("more", [("--floor", "101"), ("--objective", "best"), ("--need",), ("--pin", "r1=anna")])
def test_wrong_usage_ends_with_two(folder: Path, more: tuple[str, ...]) -> None:
    said = inside(*given(folder, "supply", *more))
    assert (said.code, said.out) == (2, "")
