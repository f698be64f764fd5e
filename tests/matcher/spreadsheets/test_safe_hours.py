"""Her safe hours in a sheet: their column, or the question that asks for them, whatever its id."""

from datetime import date
from pathlib import Path

import pytest

from matcher.availability import ALWAYS, read_hours
from matcher.questionnaire.loading import load
from matcher.spreadsheets.people import People, read_needs
from tests.matcher.worlds.small_programme import MORE, QUESTIONS, questionnaire, well_said, write

ON = date(2026, 11, 23)


@pytest.mark.parametrize(("cells", "hours"), [("id\nr1\n", ALWAYS), ("id,safe_hours\nr1,\n", frozenset())])
def test_without_a_column_every_hour_is_safe_and_in_a_blank_cell_none(
    tmp_path: Path, cells: str, hours: frozenset[int]
) -> None:
    (need,) = read_needs(write(tmp_path, "n.csv", cells), questionnaire(), on=ON).everyone
    assert need.safe_hours == hours


@pytest.mark.parametrize(("cell", "hours"), [("", ""), ("-", ""), ("late", "Mon 21:00-24:00"), ("Tue 1:00-2:00",) * 2])
def test_safe_hours_that_are_asked_may_be_day_parts_and_a_blank_is_no_hour(
    tmp_path: Path, cell: str, hours: str
) -> None:
    for identity in ("safe_hours", "quiet"):
        (need,) = needs_of(tmp_path, identity, f"id,tongues,{identity}\nr1,english,{cell}\n").everyone
        assert need.safe_hours == read_hours(hours)


def needs_of(folder: Path, identity: str, content: str) -> People:
    """Read requests where a question with this id asks for safe hours."""
    parts = 'options = [{id = "late", hours = "Mon 21:00-24:00", label = {en = "x", fr = "x"}}]\n[question.match]'
    asked = (MORE % ("availability", "requester", "none", "")).replace("[question.match]", parts)
    asked = asked.replace('"more"', f'"{identity}"\nrole = "safe_hours"')
    return read_needs(write(folder, "n.csv", content), load(write(folder, "q.toml", QUESTIONS + asked)), on=ON)


def test_where_safe_hours_are_asked_under_another_id_no_other_column_holds_them(tmp_path: Path) -> None:
    assert needs_of(tmp_path, "quiet", "id,topics\nr1,grief\n").everyone[0].safe_hours == ALWAYS
    (fault,) = needs_of(tmp_path, "quiet", "id,safe_hours\nr1,Mon 18:00-21:00\n").faults
    assert (fault.place, fault.problem) == ("n.csv row 1 column 'safe_hours'", "no question has this id")


def test_safe_hours_that_are_asked_are_no_longer_over_midnight_than_half_a_day(tmp_path: Path) -> None:
    (fault,) = well_said(needs_of(tmp_path, "safe_hours", "id,safe_hours\nr1,late; Mon 9:00-5:00\n").faults)
    assert fault.place == "n.csv row 2 column 'safe_hours' value 'late; Mon 9:00-5:00'"
    assert "'Mon 9:00-5:00' is 20 hours, over midnight" in fault.problem
