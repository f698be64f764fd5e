"""Who is who: ids that may be one person's, on one sheet, under never and past, and on both sheets."""

from pathlib import Path

import pytest

from tests.matcher.spreadsheets.test_sheets import needs, offers, said
from tests.matcher.worlds.commands import NEEDS, OFFERS, Said, given, inside, write_people, write_programme
from tests.matcher.worlds.small_programme import request, sheet, supporter, well_said

ALIKE = {
    "capitals": ("ana@example.org", "Ana@Example.org"),
    "a blank more": ("Ana Maria", "Ana  Maria"),
    "a blank less": ("555 0100", "5550100"),
    "a sign": ("Ana-Maria", "Ana Maria"),
    "an accent": ("José", "Jose"),
    "opening zeros": ("007", "7"),
    "opening zeros after a letter": ("S-031", "s31"),
    "a number of a workbook": ("7", "7.0"),
    "a number of a workbook, padded": ("12", "012.00"),
    "wide letters": ("s1", "ｓ１"),
    "joined letters": ("Cœur", "coeur"),
}
APART = [("s1", "s2"), ("s1", "s11"), ("s1", "s10"), ("7", "70"), ("7.0", "70"), ("1-23", "12-3"), ("1.1", "11"),
         ("1.1", "1.10"), ("2026-11-02 21:01:10", "2026-11-02 21:01:11"), ("Ana", "Anna"), ("🐻", "🐼")]  # fmt: skip


@pytest.mark.parametrize("kind", ALIKE)
def test_two_ids_of_one_sheet_that_may_be_one_persons_are_refused_with_both_rows(tmp_path: Path, kind: str) -> None:
    first, second = ALIKE[kind]
    for read, row in ((offers, supporter), (needs, request)):
        for one, other in ((first, second), (second, first)):
            people = read(tmp_path, sheet(row(id=one, adult="yes"), row(id=other)) if row is request else
                          sheet(row(id=one), row(id=other)))  # fmt: skip
            (fault,) = [fault for fault in well_said(people.faults) if "column 'id'" in fault.place]
            assert fault.place.endswith(f" row 3 column 'id' value {other!r}")
            assert fault.problem.startswith(f"row 2 has {one!r}, the same id but for capitals, accents")
            assert "If it is one person" in fault.remedy


@pytest.mark.parametrize(("one", "other"), APART)
def test_ids_of_two_people_are_not_refused(tmp_path: Path, one: str, other: str) -> None:
    assert said(offers(tmp_path, sheet(supporter(id=one), supporter(id=other)))) == []


@pytest.mark.parametrize("column", ["id", "never", "past"])
def test_an_id_with_letters_of_two_alphabets_in_a_word_is_refused(tmp_path: Path, column: str) -> None:
    (fault,) = well_said(offers(tmp_path, sheet(supporter(**{"never": "", "past": "", column: "\u0410na"}))).faults)
    assert fault.place == f"offers.csv row 2 column {column!r} value '\u0410na'"
    assert fault.problem == "this cannot be an id: letters of two alphabets stand in one word"
    whole = "\u0410\u043d\u043d\u0430 Smith"
    assert said(offers(tmp_path, sheet(supporter(**{"never": "", "past": "", column: whole})))) == []


# Under never and past


def ranked(folder: Path, offers: list[dict[str, str]], needs: list[dict[str, str]]) -> Said:
    write_programme(folder)
    write_people(folder, offers, needs)
    return inside(*given(folder, "rank", "--excluded", "--format", "json"))


def test_a_supporter_is_never_given_to_the_twin_of_the_woman_whom_she_named(tmp_path: Path) -> None:
    asking = [{**NEEDS[0], "id": "ana@example.org"}, {**NEEDS[0], "id": "Ana@Example.org"}]
    heard = ranked(tmp_path, [{**OFFERS[0], "never": "ana@example.org"}], asking)
    assert (heard.code, heard.out) == (1, "")
    assert "needs.csv row 3 column 'id' value 'Ana@Example.org': row 2 has 'ana@example.org'" in heard.err


@pytest.mark.parametrize("column", ["never", "past"])
@pytest.mark.parametrize(("named", "identity"), [("7.0", "7"), ("7", "7.0"), ("007.0", "7"), ("S-031.0", "s31")])
def test_a_number_as_a_workbook_writes_it_never_goes_by_unseen(
    tmp_path: Path, column: str, named: str, identity: str
) -> None:
    heard = ranked(tmp_path, [{**OFFERS[0], column: named}], [{**NEEDS[0], "id": identity}])
    assert heard.code == 1
    assert f"column 'never' or 'past' value {named!r}: nobody has this id. Did you mean {identity!r}?" in heard.err


def test_a_name_that_could_be_one_of_two_is_refused_with_both(tmp_path: Path) -> None:
    asking = [{**NEEDS[0], "id": one} for one in ("1-23", "12-3", "5")]
    heard = ranked(tmp_path, [{**OFFERS[0], "never": "123"}], asking)
    assert heard.code == 1
    assert "nobody has this id. Did you mean '1-23' or '12-3'?" in heard.err


# On both sheets


def gates_of(heard: Said, need: str, offer: str) -> list[str]:
    (ranking,) = [one for one in heard.json["rankings"] if one["need"] == need]
    return next((one["gates"] for one in ranking["excluded"] if one["offer"] == offer), [])


def test_a_woman_is_never_her_own_supporter_and_it_is_noted(tmp_path: Path) -> None:
    heard = ranked(tmp_path, [{**OFFERS[0], "id": "ann"}, OFFERS[1]], [{**NEEDS[0], "id": "ann"}])
    assert heard.code == 0
    assert gates_of(heard, "ann", "ann") == ["never"]
    assert gates_of(heard, "ann", "anna") == []
    assert (
        "note: the id ann stands on both sheets: nobody is matched with her own id. "
        "If they are two people, number one of the sheets otherwise.\n" in heard.notes
    )
    solved = inside(*given(tmp_path, "round", "--format", "json")).json
    assert [(pair["need"], pair["offer"]) for pair in solved["pairs"]] == [("ann", "anna")]


def test_an_id_that_may_be_hers_counts_as_hers(tmp_path: Path) -> None:
    heard = ranked(
        tmp_path, [{**OFFERS[0], "id": "Ann@Example.org"}, OFFERS[1]], [{**NEEDS[0], "id": "ann@example.org"}]
    )
    assert gates_of(heard, "ann@example.org", "Ann@Example.org") == ["never"]
    assert "note: the id ann@example.org (Ann@Example.org) stands on both sheets" in heard.notes


def test_many_ids_on_both_sheets_are_counted(tmp_path: Path) -> None:
    numbers = [str(number) for number in range(1, 16)]
    heard = ranked(
        tmp_path, [{**OFFERS[0], "id": one} for one in numbers], [{**NEEDS[0], "id": one} for one in numbers]
    )
    assert all(gates_of(heard, one, one) == ["never"] for one in numbers)
    assert "note: the ids 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 5 more stand on both sheets: nobody" in heard.notes


def test_without_an_id_on_both_sheets_nothing_is_noted(tmp_path: Path) -> None:
    assert "both sheets" not in ranked(tmp_path, OFFERS, NEEDS).notes


@pytest.mark.parametrize("needs_name", ["offers.csv", "./offers.csv", "copy.csv"])
def test_one_sheet_given_for_both_sides_is_refused_first(tmp_path: Path, needs_name: str) -> None:
    write_programme(tmp_path)
    for content in (sheet(*OFFERS), "id,tongues,ways,hours\na,english,chat,evening\nb,english,chat,evening\n"):
        (tmp_path / "offers.csv").write_text(content)
        (tmp_path / "copy.csv").write_text(content)
        files = ("--offers", str(tmp_path / "offers.csv"), "--needs", f"{tmp_path}/{needs_name}")
        heard = inside("check", "--questionnaire", str(tmp_path / "q.toml"), *files)
        name = Path(needs_name).name
        assert heard.code == 1
        assert heard.err.splitlines()[0] == (
            f"refused: {name}: this is the sheet that is given as that of the supporters, too. "
            "Give --offers and --needs a sheet each."
        )
