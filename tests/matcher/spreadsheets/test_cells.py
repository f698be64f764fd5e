"""One cell of an export: every text in it that is not known, guesses that are none, and boxes that nobody ticked."""

from datetime import date
from pathlib import Path

import pytest

from matcher.spreadsheets import column_maps
from matcher.spreadsheets.people import People, read_offers
from tests.matcher.worlds.small_programme import questionnaire, sheet, well_said, write


def offers(folder: Path, content: str, columns: str = "") -> People:
    """Read supporters with a map given as text."""
    said = column_maps.load(write(folder, "map.toml", columns), questionnaire())
    return read_offers(write(folder, "offers.csv", content), questionnaire(), on=date(2026, 11, 23), columns=said)


@pytest.mark.parametrize(
    ("column", "cell", "unknown", "guesses"),
    [
        (
            "topics",
            "mourning, Whine and beer, gambling",
            "'Whine and beer' and 'gambling'",
            "'wine and beer' for 'Whine and",
        ),
        ("months_steady", "pils: 4, gambling: 3", "'pils' and 'gambling'", "'pills' for 'pils'? Correct it"),
        ("hours", "evenngs; Mon 18:00-19:00; nights", "'evenngs' and 'nights'", "'evenings' for 'evenngs'? Correct it"),
    ],
)
def test_every_unknown_text_of_a_cell_is_told_with_the_answers_that_there_are(
    tmp_path: Path, column: str, cell: str, unknown: str, guesses: str
) -> None:
    (fault,) = well_said(offers(tmp_path, sheet({"id": "s1", column: cell})).faults)
    assert fault.problem == f"{unknown} are not options of {column!r}"
    assert fault.remedy.startswith(f"Did you mean {guesses}")
    assert fault.remedy.endswith(f" Its options: {', '.join(questionnaire().by_id[column].option_ids)}.")


def test_an_opposite_is_not_offered_as_what_was_meant(tmp_path: Path) -> None:
    for cell in ("No mourning", "not a new town", "unpills"):
        (fault,) = well_said(offers(tmp_path, sheet({"id": "s1", "Lived": cell})).faults)
        assert fault.remedy.startswith("Correct it, or say"), cell


def test_a_heading_that_is_not_near_gets_no_guess(tmp_path: Path) -> None:
    for heading in ("topics___grief", "Lived [beer]", "Not now?!?", "No town"):
        (fault,) = well_said(offers(tmp_path, sheet({"id": "s1", heading: "1"})).faults)
        assert "Did you mean" not in fault.remedy, heading
    (fault,) = well_said(offers(tmp_path, "id\ns1\n", '[supporter.columns]\ntopics = "No id"\n').faults)
    assert fault.remedy == "Write it as it stands in the sheet."


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        ("months_steady", "mourning: 101 years", "'1212' is not a number of months up to 1200"),
        ("months_steady", "mourning: 46347", "'46347' is not a number of months up to 1200"),
        ("Steady for [mourning]", "46347", "'46347' is not a number of months up to 1200"),
        ("trained_until", "1/1/2199", "the day is more than ten years after 2026-11-23"),
        ("last_matched", "30/12/1899", "the day is before 1990"),
        ("capacity", "4000.0", "this is not a whole number up to 100"),
    ],
)
def test_beyond_belief_is_beyond_belief_in_an_export_too(tmp_path: Path, column: str, cell: str, problem: str) -> None:
    people = offers(tmp_path, sheet({"id": "s1", column: cell}), 'dates = "dd/mm/yyyy"\n')
    assert [fault.problem for fault in well_said(people.faults)] == [problem]
