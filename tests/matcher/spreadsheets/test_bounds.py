"""Days and numbers that nobody can have meant: where belief ends, and what is refused beyond it."""

from datetime import date
from pathlib import Path

import pytest

from matcher.spreadsheets.people import read_needs, read_offers
from tests.matcher.worlds.small_programme import questionnaire, request, sheet, supporter, well_said, write

ON = date(2026, 11, 23)


def test_days_and_numbers_are_believed_up_to_their_bounds(tmp_path: Path) -> None:
    far = {"trained_until": "2036-11-23", "cleared_until": "1990-01-01", "last_matched": "2026-11-23"}
    most = {"capacity": "100", "load": "100", "months_steady": "alcohol=1200"}
    path = write(tmp_path, "offers.csv", sheet(supporter(**far, **most)))
    (offer,) = read_offers(path, questionnaire(), on=ON).everyone
    assert offer.until == {"trained_until": date(2036, 11, 23), "cleared_until": date(1990, 1, 1)}
    assert (offer.capacity, offer.load, offer.last_matched) == (100, 100, ON)
    assert offer.answers["months_steady"] == {"alcohol": 1200}
    path = write(tmp_path, "needs.csv", sheet(request(waiting_since="2016-11-24")))
    (need,) = read_needs(path, questionnaire(), on=ON).everyone
    assert need.waiting_since == date(2016, 11, 24)


def test_without_a_day_to_judge_by_only_the_day_0_of_computers_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "offers.csv", "id,trained_until,last_matched\ns1,2199-01-01,2199-01-01\ns2,1900-01-01,\n")
    (fault,) = well_said(read_offers(path, questionnaire()).faults)
    assert fault.place == "offers.csv row 3 column 'trained_until' value '1900-01-01'"


BEYOND = [
    ("last_matched", "2026-11-24", "the day is after 2026-11-23", "Write the day of her last match"),
    ("last_matched", "1899-12-30", "the day is before 1990", "or leave the cell blank"),
    ("last_matched", "1989-12-31", "the day is before 1990", "or leave the cell blank"),
    ("trained_until", "2199-01-01", "the day is more than ten years after 2026-11-23", "Write the day on which it is"),
    ("agreed_until", "2036-11-24", "the day is more than ten years after 2026-11-23", "Write the day on which it is"),
    ("cleared_until", "1900-01-01", "the day is before 1990", "or leave the cell blank"),
    ("supervised_until", "1970-01-01", "the day is before 1990", "or leave the cell blank"),
    ("months_steady", "grief=1300", "'1300' is not a number of months up to 1200", "Write whole months"),
]


@pytest.mark.parametrize(("column", "value", "problem", "remedy"), BEYOND)
def test_what_a_supporter_cannot_have_meant_is_refused(
    tmp_path: Path, column: str, value: str, problem: str, remedy: str
) -> None:
    path = write(tmp_path, "offers.csv", sheet({**supporter(), column: value}))
    (fault,) = well_said(read_offers(path, questionnaire(), on=ON).faults)
    assert fault.place == f"offers.csv row 2 column {column!r} value {value!r}"
    assert problem in fault.problem
    assert remedy in fault.remedy


@pytest.mark.parametrize(
    ("since", "problem"),
    [
        ("2046-01-01", "the day is after 2026-11-23"),
        ("1900-01-01", "the day is before 1990"),
        ("1970-01-01", "the day is before 1990"),
        ("2016-11-23", "the day is ten years or more before 2026-11-23"),
    ],
)
def test_nobody_waits_from_a_day_to_come_or_for_ten_years(tmp_path: Path, since: str, problem: str) -> None:
    path = write(tmp_path, "needs.csv", sheet(request(waiting_since=since)))
    (fault,) = well_said(read_needs(path, questionnaire(), on=ON).faults)
    assert fault.place == f"needs.csv row 2 column 'waiting_since' value {since!r}"
    assert fault.problem == problem
