"""Which rows are people: totals and remarks are refused, and what the map leaves out is counted."""

from datetime import date
from pathlib import Path

import pytest

from matcher.spreadsheets import column_maps
from matcher.spreadsheets.people import People, read_needs, read_offers
from tests.matcher.spreadsheets.test_sheets import said
from tests.matcher.worlds.commands import NEEDS, OFFERS, given, inside, write_people, write_programme
from tests.matcher.worlds.small_programme import questionnaire, sheet, supporter, well_said, write
from tests.matcher.worlds.workbooks import page, row, workbook

ON = date(2026, 11, 23)


def offers(folder: Path, content: str, columns: str | None = None) -> People:
    return read_offers(write(folder, "offers.csv", content), questionnaire(), columns=map_of(folder, columns))


def map_of(folder: Path, columns: str | None) -> column_maps.ColumnMap | None:
    return None if columns is None else column_maps.load(write(folder, "map.toml", columns), questionnaire())


# Totals and remarks

USUAL = {**supporter(), "status": "active", "capacity": "2", "spare": "1", "town": "Perth"}
TOTALS = {
    "an id alone": {"id": "Total"},
    "a count": {"id": "2"},
    "a sum of places": {"id": "Total", "capacity": "3"},
    "a sum without an id": {"capacity": "3"},
    "sums of numbers that were asked": {"id": "Total", "capacity": "3", "spare": "12"},
    "a remark": {"id": "* places were asked by phone"},
    "a remark with a state": {"id": "see below", "status": "active", "time_zone": "UTC", "never": "r1"},
    "a remark in another column": {"town": "Towns are as of autumn"},
}


@pytest.mark.parametrize("name", TOTALS)
def test_a_row_that_answers_nothing_is_refused_once_by_its_row(tmp_path: Path, name: str) -> None:
    columns = [*USUAL, "never"]
    content = sheet(USUAL, {**USUAL, "id": "s2"}, TOTALS[name], columns=columns)
    (fault,) = well_said(offers(tmp_path, content).faults)
    assert fault.place == "offers.csv row 4"
    assert fault.problem == "no question is answered in this row"
    assert "a total or a remark, take it out" in fault.remedy


def test_a_total_of_a_workbook_is_refused_too(tmp_path: Path) -> None:
    counted = '<c r="A3"><f>COUNTA(A2:A2)</f><v>1</v></c>'
    content = workbook(page(row(1, "id", "tongues"), row(2, "s1", "english"), row(3, counted)))
    (fault,) = read_offers(write(tmp_path, "offers.xlsx", content), questionnaire()).faults
    assert (fault.place, fault.problem) == ("offers.xlsx row 3", "no question is answered in this row")


def test_a_constant_of_the_map_is_no_answer(tmp_path: Path) -> None:
    columns = '[supporter.constants]\nstatus = "active"\ntongues = "english"\n'
    (fault,) = offers(tmp_path, "id,topics\ns1,grief\nTotal,\n", columns).faults
    assert (fault.place, fault.problem) == ("offers.csv row 3", "no question is answered in this row")


def test_a_row_that_answers_nothing_of_the_requests_is_told_once(tmp_path: Path) -> None:
    content = "id,adult,topics\nr1,yes,grief\nTotal: 2,,\n"
    (fault,) = read_needs(write(tmp_path, "needs.csv", content), questionnaire(), on=ON).faults
    assert fault.place == "needs.csv row 3"


@pytest.mark.parametrize("answer", [{"tongues": "english"}, {"topics": "-"}, {"hours": "evening"}])
def test_one_answer_is_enough_and_none_of_these_is_one(tmp_path: Path, answer: dict[str, str]) -> None:
    content = sheet(USUAL, {"id": "s2", **answer}, columns=list(USUAL))
    assert [one.id for one in offers(tmp_path, content).everyone] == ["s1", "s2"]


@pytest.mark.parametrize("content", ["id\ns1\n", "id,capacity,never\ns1,,\n", "id,town\ns1,x\n", "id,spare\ns1,2\n"])
def test_a_sheet_that_asks_less_is_read_by_what_it_asks(tmp_path: Path, content: str) -> None:
    assert said(offers(tmp_path, content)) == []


def test_scores_with_a_total_that_is_left_out_are_those_of_the_clean_sheet(tmp_path: Path) -> None:
    write_programme(tmp_path)
    map_file = write(tmp_path, "map.toml", '[supporter.leave_out]\nid = "Total"\n')
    more = ("--columns", str(map_file), "--format", "json")
    clean = inside(*given(tmp_path, "rank", *more))
    write_people(tmp_path, [*OFFERS, {"id": "Total", "status": "active", "capacity": "9"}], NEEDS)
    assert inside(*given(tmp_path, "rank", *more)).out == clean.out
    assert inside(*given(tmp_path, "rank", "--format", "json")).code == 1


# Rows that the map leaves out

QUALTRICS = """\
StartDate,Status,Finished,ResponseId,Q2
Start Date,Response Type,Finished,Response ID,Languages
"{""ImportId"":""startDate""}","{""ImportId"":""status""}","{""ImportId"":""finished""}","{""ImportId"":""_recordId""}","{""ImportId"":""QID2""}"
2026-11-02,Survey Preview,True,R_test,English
2026-11-03,IP Address,True,R_a1,English
2026-11-04,IP Address,False,R_a2,French
2026-11-05, survey preview ,False,R_a3,French
2026-11-05,,True,R_a4,French
"""
LEFT_OUT = """\
[supporter]
header_row = 1
first_row = 4
pass_over = ["StartDate", "Status"]
columns = {id = "ResponseId", tongues = "Q2"}
[supporter.leave_out]
Status = ["Survey Preview", "Survey Test", ""]
finished = "FALSE"
"""


def test_rows_are_left_out_by_what_stands_in_a_column_and_counted(tmp_path: Path) -> None:
    people = offers(tmp_path, QUALTRICS, LEFT_OUT)
    assert said(people) == []
    assert [one.id for one in people.everyone] == ["R_a1"]
    assert people.sheet is not None
    assert people.sheet.notes == (
        "offers.csv: the answers begin in row 4; rows 2, 3 were passed over.",
        "offers.csv: 4 rows are left out, as the map says: 2 with 'Status' 'Survey Preview', "
        "0 with 'Status' 'Survey Test', 1 with 'Status' blank, 1 with 'Finished' 'FALSE'.",
    )


def test_a_dry_run_says_how_many_rows_are_left_out_and_why(tmp_path: Path) -> None:
    write_programme(tmp_path)
    files = (
        "--offers",
        str(write(tmp_path, "export.csv", QUALTRICS)),
        "--columns",
        str(write(tmp_path, "m.toml", LEFT_OUT)),
    )
    heard = inside("check", "--questionnaire", str(tmp_path / "q.toml"), "--weights", str(tmp_path / "w.toml"),
                   *files, "--dry-run")  # fmt: skip
    assert heard.code == 0
    assert heard.out.startswith("export.csv: UTF-8, comma; headings in row 1; 1 row\n")
    assert (
        "  Left out: 2 with 'Status' 'Survey Preview', 0 with 'Status' 'Survey Test', 1 with 'Status' blank, 1 with"
        in heard.out
    )
    assert "  Passed over: 'StartDate', 'Status', 'Finished'\n" in heard.out
    assert "note: export.csv: 4 rows are left out, as the map says: 2 with 'Status' 'Survey Preview'" in heard.notes


def test_a_column_by_which_rows_are_left_out_may_be_read_as_well(tmp_path: Path) -> None:
    columns = '[supporter.leave_out]\nstatus = "archived"\nid = ["Total"]\n'
    people = offers(tmp_path, "id,topics,status\ns1,grief,active\ns2,grief,archived\nTotal,,\n", columns)
    assert [(one.id, one.status) for one in people.everyone] == [("s1", "active")]


def test_one_file_may_hold_both_sides_where_the_map_parts_them(tmp_path: Path) -> None:
    write_programme(tmp_path)
    roles = [{**OFFERS[0], "Role": "gives"}, {**NEEDS[0], "id": "r9", "Role": "asks"}]
    path = write(tmp_path, "all.csv", sheet(*({k: v for k, v in one.items() if k in COMMON} for one in roles)))
    columns = write(tmp_path, "m.toml", '[requester.leave_out]\nRole = "gives"\n[supporter.leave_out]\nRole = "asks"\n')
    heard = inside("rank", "--questionnaire", str(tmp_path / "q.toml"), "--weights", str(tmp_path / "w.toml"), "--on",
                   "2026-11-23", "--offers", str(path), "--needs", str(path), "--columns", str(columns), "--format",
                   "json")  # fmt: skip
    assert [one["need"] for one in heard.json["rankings"]] == ["r9"]


COMMON = ("id", "Role", "tongues", "ways", "hours", "topics", "stage", "time_zone")

BAD = [
    ('[supporter.leave_out]\nColour = "red"', "map.toml key 'supporter.leave_out'", "has no heading 'Colour'"),
    ('[supporter.leave_out]\nStatus = 3', "map.toml key 'supporter.leave_out.Status'", "a text is needed"),
    ('[supporter.leave_out]\nStatus = []', "map.toml key 'supporter.leave_out.Status'", "a text is needed"),
    ("[supporter]\nheader_row = 2\nfirst_row = 2", "map.toml key 'supporter.first_row'", "not below the headings"),
    ("[supporter]\nfirst_row = 1", "map.toml key 'supporter.first_row'", "not below the headings"),
]  # fmt: skip


@pytest.mark.parametrize(("columns", "place", "problem"), BAD)
def test_what_leaves_rows_out_wrongly_is_refused(tmp_path: Path, columns: str, place: str, problem: str) -> None:
    from matcher.errors import Refused

    try:
        faults = offers(tmp_path, "id,tongues,Status\ns1,english,x\n", columns + "\n").faults
    except Refused as refused:
        faults = refused.faults
    (fault,) = [fault for fault in well_said(faults) if fault.place == place]
    assert problem in fault.problem
