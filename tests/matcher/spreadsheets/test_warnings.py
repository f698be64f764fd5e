"""What is said beside a result: protecting columns that a sheet lacks, and ids that name nobody."""

from pathlib import Path

import pytest

from tests.matcher.worlds.commands import NEEDS, OFFERS, given, inside, write_people, write_programme
from tests.matcher.worlds.small_programme import MORE, QUESTIONS, changed, write


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_programme(tmp_path_factory.mktemp("programme"))


def test_a_missing_column_that_protects_is_noted_and_a_blank_one_is_not(folder: Path, tmp_path: Path) -> None:
    write_programme(tmp_path)
    without = [{column: cell for column, cell in row.items() if column != "ways"} for row in OFFERS]
    write_people(tmp_path, without)
    said = inside(*given(tmp_path, "check"))
    assert said.code == 0
    assert "offers.csv has no column never, cleared_until, agreed_until, supervised_until, ways:" in said.notes
    assert "ways" not in inside(*given(folder, "check")).notes


def test_without_the_answer_on_which_another_town_hangs_it_is_noted_for_the_requests_alone(tmp_path: Path) -> None:
    write_programme(tmp_path)
    asks = {**NEEDS[0], "apart": "yes", "town": "Perth", "never": "-", "safe_hours": "", "not_now": "-"}
    write_people(tmp_path, needs=[asks])
    assert "needs.csv has no column" not in inside(*given(tmp_path, "check")).notes
    write_people(tmp_path, needs=[{column: cell for column, cell in asks.items() if column != "apart"}])
    notes = inside(*given(tmp_path, "check")).notes
    assert "needs.csv has no column apart: what it would keep apart is not known." in notes
    (supporters,) = [line for line in notes.splitlines() if "offers.csv has no column" in line]
    assert "apart" not in supporters.partition(":")[0].partition("column")[2]


def test_a_sheet_without_the_column_of_safe_hours_is_noted_by_the_id_of_its_question(tmp_path: Path) -> None:
    write_programme(tmp_path)
    assert "no column safe_hours," in inside(*given(tmp_path, "check")).notes
    asked = (MORE % ("availability", "requester", "none", "")).replace('"more"', '"quiet"\nrole = "safe_hours"')
    write(tmp_path, "q.toml", QUESTIONS + asked)
    assert "no column quiet," in inside(*given(tmp_path, "check")).notes


@pytest.mark.parametrize(
    ("apart", "hers", "theirs", "told"),
    [
        ("yes", "Sudbury", "Sudbry", True),
        ("yes", "Windsor", "Windsr, ON", True),
        ("yes", "Windsor ON", "Windosr, Ontario", True),
        ("yes", "Kenora", "Kenroa", True),
        ("yes", "Ajax", "Ajxa", True),
        ("yes", "St. John", "Saint John", True),
        ("yes", "Ste-Anne", "Sainte Anne", True),
        ("yes", "N. Bay", "North Bay", True),
        ("yes", "Windsor / Tecumseh", "Tecumseh, Windsor", True),
        ("yes", "Windsor, Ontario", "London, Ontario", False),
        ("yes", "Windsor", "Windsor (ON)", False),
        ("yes", "sudbury", "SUDBURY.", False),
        ("yes", "Sudbury", "Perth", False),
        ("no", "Sudbury", "Sudbry", False),
    ],
)
def test_a_town_that_is_almost_hers_is_told_where_she_asks_for_another(
    tmp_path: Path, apart: str, hers: str, theirs: str, told: bool
) -> None:
    write_programme(tmp_path)
    write_people(tmp_path, [{**OFFERS[0], "town": theirs}], [{**NEEDS[0], "apart": apart, "town": hers}])
    notes = inside(*given(tmp_path, "check")).notes
    assert (f"needs.csv: town of {NEEDS[0]['id']} is almost that of {OFFERS[0]['id']}." in notes) is told
    assert theirs not in notes


NOTHING = [
    "n/a",
    "None",
    "unknown",
    "Prefer not to say",
    "Inconnue",
    "?",
    "nan",
    "#REF!",
    "TBD",
    "private",
    "idem",
    "x",
]


@pytest.mark.parametrize("theirs", [*NOTHING, "-", ""])
def test_a_town_that_says_nothing_is_not_another_town(tmp_path: Path, theirs: str) -> None:
    write_programme(tmp_path)
    write_people(tmp_path, [{**OFFERS[0], "town": theirs}], [{**NEEDS[0], "apart": "yes", "town": "Perth"}])
    said = inside(*given(tmp_path, "rank", "--excluded", "--format", "json"))
    assert "town" in said.json["rankings"][0]["excluded"][0]["gates"]
    note = "offers.csv: town of bertha says nothing: it counts as not known."
    assert (note in said.notes) is (theirs in NOTHING)


def test_her_own_town_that_says_nothing_is_told_and_lets_nobody_pass(tmp_path: Path) -> None:
    write_programme(tmp_path)
    write_people(tmp_path, [OFFERS[0]], [{**NEEDS[0], "apart": "yes", "town": "ne souhaite pas répondre"}])
    said = inside(*given(tmp_path, "rank", "--excluded", "--format", "json"))
    assert "town" in said.json["rankings"][0]["excluded"][0]["gates"]
    assert "needs.csv: town of r2 says nothing: it counts as not known." in said.notes
    assert "souhaite" not in said.notes


def test_a_text_that_a_wish_looks_at_is_told_too_and_one_that_no_rule_looks_at_is_not(tmp_path: Path) -> None:
    places = 'id = "place"\nkind = "text"\nasked = "both"\nlabel = {en = "Place", fr = "Lieu"}\n'
    wish = '  {id = "same_place", of = "place", label = {en = "same place", fr = "même lieu"}},\n  {id = "near"'
    write_programme(tmp_path, changed('  {id = "near"', wish) + f"\n[[question]]\n{places}")
    rows = [{**OFFERS[0], "place": "private", "town": "Perth"}]
    write_people(tmp_path, rows)
    assert (
        "offers.csv: place of bertha says nothing: it counts as not known." in inside(*given(tmp_path, "check")).notes
    )
    write_programme(tmp_path, f"{QUESTIONS}\n[[question]]\n{places}")
    write_people(tmp_path, rows)
    assert "says nothing" not in inside(*given(tmp_path, "check")).notes


@pytest.mark.parametrize("never", ["anna bertha", "anna/bertha", "anna (before)", "anna | nobody"])
def test_ids_that_are_not_parted_as_they_should_be_are_refused(tmp_path: Path, never: str) -> None:
    write_programme(tmp_path)
    write_people(tmp_path, needs=[{**NEEDS[0], "never": never}])
    said = inside(*given(tmp_path, "rank"))
    assert said.code == 1
    assert "nobody has this id, and 'anna' stands in it. Write the ids alone, with ';' between two." in said.err


def test_every_id_under_never_that_is_nobodys_is_named(tmp_path: Path) -> None:
    write_programme(tmp_path)
    strangers = [f"x{number:02}" for number in range(15)]
    write_people(tmp_path, needs=[{**NEEDS[0], "never": "; ".join(strangers), "past": "; ".join(strangers)}])
    notes = inside(*given(tmp_path, "rank")).notes
    assert f"never names nobody of the other sheet by {', '.join(strangers)}.\n" in notes
    assert f"past names nobody of the other sheet by {', '.join(strangers[:10])} and 5 more.\n" in notes


def test_an_id_that_names_nobody_is_noted_and_one_in_other_capitals_is_refused(tmp_path: Path) -> None:
    write_programme(tmp_path)
    write_people(tmp_path, needs=[{**NEEDS[0], "never": "nobody"}])
    assert "never names nobody of the other sheet by nobody." in inside(*given(tmp_path, "rank")).notes
    write_people(tmp_path, needs=[{**NEEDS[0], "never": "Anna"}])
    said = inside(*given(tmp_path, "rank"))
    assert said.code == 1
    assert "Did you mean 'anna'?" in said.err


@pytest.mark.parametrize(
    ("never", "is_refused"), [("Zoe\u0301", False), ("Zoe", True), ("zo\u00e9.", True), ("zo", False)]
)
def test_an_id_that_looks_like_somebodys_never_goes_by_unseen(tmp_path: Path, never: str, is_refused: bool) -> None:
    write_programme(tmp_path)
    write_people(tmp_path, offers=[{**OFFERS[0], "id": "Zo\u00e9"}], needs=[{**NEEDS[0], "never": never}])
    said = inside(*given(tmp_path, "rank", "--excluded", "--format", "json"))
    assert (said.code == 1) is is_refused
    if is_refused:
        assert "Did you mean 'Zo\u00e9'?" in said.err
    else:
        (ruled_out,) = said.json["rankings"][0]["excluded"] or [{"gates": []}]
        assert ("never" in ruled_out["gates"]) is (never != "zo")


def test_two_ways_to_write_one_id_are_one_id(tmp_path: Path) -> None:
    write_programme(tmp_path)
    write_people(tmp_path, offers=[{**OFFERS[0], "id": "Zo\u00e9"}, {**OFFERS[1], "id": "Zoe\u0301"}])
    assert inside(*given(tmp_path, "rank")).code == 1
    write_people(tmp_path, offers=[{**OFFERS[0], "id": "Zo\u00e9"}])
    asked = ("--need", "r1", "--offer", "Zoe\u0301")
    assert inside(*given(tmp_path, "explain", *asked)).code == 0
