"""One cell of an export: every text in it that is not known, guesses that are none, and boxes that nobody ticked."""

from datetime import date
from pathlib import Path

import pytest

from matcher.spreadsheets import column_maps
from matcher.spreadsheets.people import People, read_needs, read_offers
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


# Boxes that nobody ticked


BOXES = "id,topics/alcohol,topics/grief\ns1,0,0\n"
BY_A_MAP = '[supporter.columns.topics]\nalcohol = "Lived: (choice=Wine)"\ngrief = "Lived: (choice=Loss)"\n'


def lived(people: People) -> object:
    """Give what the only supporter has lived; None where she did not answer."""
    (offer,) = people.everyone
    return offer.answers.get("topics")


@pytest.mark.parametrize(
    ("columns", "answer"),
    [
        ("", None),
        ('all_no = "not_answered"\n', None),
        ('all_no = "none_of_these"\n', frozenset()),
        ('[supporter]\nall_no = "none_of_these"\n', frozenset()),
        ('[requester]\nall_no = "none_of_these"\n', None),
        ('all_no = "none_of_these"\n[supporter]\nall_no = "not_answered"\n', None),
    ],
)
def test_boxes_that_are_all_unticked_are_no_answer_unless_the_map_says_so(
    tmp_path: Path, columns: str, answer: object
) -> None:
    people = offers(tmp_path, BOXES, columns)
    assert well_said(people.faults) == ()
    assert lived(people) == answer


def test_redcap_by_labels_is_checked_and_unchecked(tmp_path: Path) -> None:
    headings = "id,Lived: (choice=Wine),Lived: (choice=Loss)\n"
    assert lived(offers(tmp_path, f"{headings}s1,Unchecked,Checked\n", BY_A_MAP)) == {"grief"}
    assert lived(offers(tmp_path, f"{headings}s1,Unchecked,Unchecked\n", BY_A_MAP)) is None
    (fault,) = offers(tmp_path, f"{headings}s1,,\n", 'all_no = "none_of_these"\n' + BY_A_MAP).faults
    assert fault.problem == "no question is answered in this row"


def test_redcap_by_names_is_one_and_nought(tmp_path: Path) -> None:
    columns = '[supporter.columns.topics]\nalcohol = "topics___alcohol"\ngrief = "topics___grief"\n'
    headings = "id,topics___alcohol,topics___grief\n"
    assert lived(offers(tmp_path, f"{headings}s1,1,0\n", columns)) == {"alcohol"}
    assert lived(offers(tmp_path, f"{headings}s1,0,0\n", columns)) is None


def test_who_says_none_of_these_in_words_has_answered(tmp_path: Path) -> None:
    assert lived(offers(tmp_path, BOXES.replace("0,0", "0,-"))) == frozenset()
    assert lived(offers(tmp_path, BOXES.replace("0,0", "1,-"))) == {"alcohol"}


def test_no_strength_in_any_box_is_no_wish_unless_the_map_says_so(tmp_path: Path) -> None:
    content = "id,adult,Wishes [same faith],Wishes [near]\nr1,yes,no,no\n"
    path = write(tmp_path, "needs.csv", content)
    for toml, answer in (("", None), ('all_no = "none_of_these"\n', {})):
        columns = column_maps.load(write(tmp_path, "map.toml", toml), questionnaire())
        (need,) = read_needs(path, questionnaire(), on=date(2026, 11, 23), columns=columns).everyone
        assert need.answers.get("wants") == answer


def test_months_that_are_all_0_are_months(tmp_path: Path) -> None:
    (offer,) = offers(tmp_path, "id,Steady for [mourning]\ns1,0\n").everyone
    assert offer.answers["months_steady"] == {"grief": 0}
