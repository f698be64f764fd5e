"""Headings that stand in two rows, are blank or the same, and grids whose headings hold half of the answer."""

from pathlib import Path

import pytest

from matcher.availability import read_hours
from matcher.errors import Refused
from matcher.questionnaire.loading import load
from matcher.spreadsheets import column_maps
from matcher.spreadsheets.people import People, read_offers
from tests.matcher.spreadsheets.test_exports import needs, offers
from tests.matcher.spreadsheets.test_sheets import said
from tests.matcher.worlds.commands import inside, write_programme
from tests.matcher.worlds.small_programme import changed, questionnaire, well_said, write

TWO_ROWS = """\
Our answers,,,,,,,
Respondent ID,Are you an adult?,Languages,,Support with,,,Good times
,Response,English,French,wine and beer,mourning,Other (please specify),Open-Ended Response
11,Yes,English,,wine and beer,,,Mon 18:00-21:00
12,Yes,,French,,mourning,"shopping, cards",Tue 18:00-20:00
"""
READ_TOGETHER = """\
[requester]
header_row = [2, 3]
pass_over = ["Support with [Other (please specify)]"]
columns = {id = "Respondent ID"}
"""


# Two rows of headings


def test_two_rows_of_headings_are_read_together(tmp_path: Path) -> None:
    people = needs(tmp_path, TWO_ROWS, READ_TOGETHER)
    assert said(people) == []
    first, second = people.everyone
    assert (first.id, first.answers["tongues"], first.answers["topics"]) == ("11", {"english"}, {"alcohol"})
    assert (second.id, second.answers["tongues"], second.answers["topics"]) == ("12", {"french"}, {"grief"})
    assert first.answers["hours"] == read_hours("Mon 18:00-21:00")
    assert people.sheet is not None
    assert people.sheet.notes == ("needs.csv: the headings stand in rows 2 and 3; row 1 was passed over.",)


def test_columns_of_two_rows_are_named_together_where_they_are_not_understood(tmp_path: Path) -> None:
    people = needs(tmp_path, TWO_ROWS, READ_TOGETHER.replace("pass_over", "# pass_over"))
    (fault,) = well_said(people.faults)
    assert fault.place == "needs.csv rows 2 and 3 column 'Support with [Other (please specify)]'"
    people = needs(
        tmp_path, TWO_ROWS.replace("mourning,Other (please specify),O", "mourning,mourning,O"), READ_TOGETHER
    )
    assert any("the column stands there twice" in fault.problem for fault in people.faults)


@pytest.mark.parametrize("rows", ["[2, 2]", "[3, 2]", "[1, 2, 3]", "[]", "true", "0", '"1"'])
def test_rows_of_headings_that_make_no_sense_are_refused(tmp_path: Path, rows: str) -> None:
    with pytest.raises(Refused, match="a row is needed: 2, or"):
        needs(tmp_path, TWO_ROWS, f"[requester]\nheader_row = {rows}\n")


# Blank and repeated headings

UNNAMED = """\
ID,Response,Response,,,Response
11,Yes,English,wine and beer,x,mourning
12,Yes,French,,,
"""
BY_LETTER = """\
[requester]
pass_over = ["Column E"]
columns = {adult = "column B", tongues = "COLUMN c", topics = ["column D", "column F"]}
"""


def test_columns_are_named_by_their_letters_where_headings_are_blank_or_the_same(tmp_path: Path) -> None:
    people = needs(tmp_path, UNNAMED, BY_LETTER)
    assert said(people) == []
    first, second = people.everyone
    assert (first.id, first.answers["tongues"], first.answers["topics"]) == ("11", {"english"}, {"alcohol", "grief"})
    assert "topics" not in second.answers


def test_a_bad_cell_is_told_with_the_letter_of_its_column(tmp_path: Path) -> None:
    (fault,) = well_said(needs(tmp_path, UNNAMED.replace("beer,x,mourning", "beer,x,morning"), BY_LETTER).faults)
    assert fault.place == "needs.csv row 2 column 'column D + Response' value 'wine and beer morning'"


def test_a_heading_counts_before_a_letter(tmp_path: Path) -> None:
    columns = '[requester.columns]\nid = "Column B"\nadult = "column c"\n'
    (need,) = needs(tmp_path, "Column B,Languages,x\nr1,English,yes\n", columns).everyone
    assert (need.id, need.answers["tongues"], need.answers["adult"]) == ("r1", {"english"}, {"yes"})


@pytest.mark.parametrize(
    ("columns", "place", "told"),
    [
        ('adult = "Response"', "map.toml key 'requester.columns.adult'", "3 times (columns B, C, F)"),
        ('adult = "column B"', "needs.csv row 1 column 'Response' (C, F)", "no question has this id or label"),
        ('adult = "column B"', "needs.csv row 1 column D, E without a heading", "no question has this id or label"),
        ('adult = "column G"', "map.toml key 'requester.columns.adult'", "has no heading 'column G'"),
    ],
)
def test_what_is_not_named_is_told_with_its_letters(tmp_path: Path, columns: str, place: str, told: str) -> None:
    people = needs(tmp_path, UNNAMED, f"[requester.columns]\n{columns}\n")
    assert any(fault.place == place and told in fault.problem for fault in well_said(people.faults)), people.faults


def test_one_heading_three_times_is_refused_until_the_map_names_each(tmp_path: Path) -> None:
    content = "id,adult,Support with,support with,SUPPORT WITH:\nr1,yes,mourning,,wine and beer\n"
    (fault,) = well_said(needs(tmp_path, content).faults)
    assert fault.problem.startswith("the column stands there 3 times")
    assert "column C and column D and column E" in fault.remedy
    (need,) = needs(tmp_path, content, '[requester.columns]\ntopics = ["column C", "column D", "column E"]\n').everyone
    assert need.answers["topics"] == {"alcohol", "grief"}


# Grids

DAYPARTS = """\
[options.hours]
"In the evening" = ["evening", "weekend"]
"Evenings" = "evening"
"""


def hours_of(folder: Path, headings: str, cells: str, columns: str = DAYPARTS) -> People:
    return offers(folder, f"id,tongues,{headings}\ns1,english,{cells}\n", columns)


GRIDS = {
    "days with hours": ("[Monday],[Wed]", "18:00-20:00,09:00-10:00", "Mon 18:00-20:00; Wed 09:00-10:00"),
    "days with several hours": ("[Monday]", '"18:00-19:00, 20:00-21:00"', "Mon 18:00-19:00; Mon 20:00-21:00"),
    "days with parts of a day": ("[Mon],[Sat]", "Evenings,In the evening", "Mon 18:00-21:00; Sat 10:00-16:00"),
    "days with ids": ("[tuesday]", "evening", "Tue 18:00-21:00"),
    "French days": ("[lundi],[dim.]", "18:00-19:00,18:00-19:00", "Mon 18:00-19:00; Sun 18:00-19:00"),
    "several days in a heading": ("[Mon-Wed]", "18:00-19:00", "Mon-Wed 18:00-19:00"),
    "hours with days": (
        "[18:00-19:00],[22:00-00:00]",
        '"Monday, Tuesday",Sun',
        "Mon-Tue 18:00-19:00; Sun 22:00-24:00",
    ),
    "hours with spans of days": ("[18:00 - 19:00]", "Mon-Fri", "Mon-Fri 18:00-19:00"),
    "parts with days": ("[evenings]", '"Monday; Friday"', "Mon 18:00-21:00; Fri 18:00-21:00"),
    "a text of several options": ("[In the evening]", '"mardi, samedi"', "Tue 18:00-21:00; Sat 10:00-16:00"),
    "a text of several options, ticked": ("[In the evening]", "x", "Mon-Fri 18:00-21:00; Sat-Sun 10:00-16:00"),
    "parts with yes": ("[evenings],[weekends]", "yes,", "Mon-Fri 18:00-21:00"),
    "some blank": ("[Monday],[Tuesday]", ",18:00-19:00", "Tue 18:00-19:00"),
    "days that are no": ("[Monday],[Tuesday]", "no,-", "-"),
    "over midnight": ("[Monday]", "22:00-01:00", "Mon 22:00-01:00"),
}  # fmt: skip


@pytest.mark.parametrize("name", GRIDS)
def test_a_grid_joins_into_the_one_answer(tmp_path: Path, name: str) -> None:
    halves, cells, meant = GRIDS[name]
    people = hours_of(tmp_path, halves.replace("[", "Good times ["), cells)
    assert said(people) == []
    assert people == hours_of(tmp_path, halves.replace("[", "hours/").replace("]", ""), cells)
    assert people.everyone[0].answers["hours"] == read_hours("" if meant == "-" else meant)


def test_a_grid_that_is_blank_is_not_answered(tmp_path: Path) -> None:
    people = hours_of(tmp_path, "Good times [Monday],Good times [Tuesday]", ",")
    assert said(people) == []
    assert "hours" not in people.everyone[0].answers


def test_a_grid_of_which_every_cell_is_no_is_not_answered_unless_the_map_says_so(tmp_path: Path) -> None:
    headings, cells = "Good times [Monday],Good times [Tuesday]", "no,No"
    assert "hours" not in hours_of(tmp_path, headings, cells).everyone[0].answers
    (offer,) = hours_of(tmp_path, headings, cells, 'all_no = "none_of_these"\n').everyone
    assert offer.answers["hours"] == frozenset()


def test_the_headings_of_a_grid_may_stand_in_two_rows_or_in_the_map(tmp_path: Path) -> None:
    content = "id,tongues,Good times,,\n,Response,Monday,Tuesday,18:00-19:00\ns1,english,evening,,Sun\n"
    (offer,) = offers(tmp_path, content, "[supporter]\nheader_row = [1, 2]\n").everyone
    assert offer.answers["hours"] == read_hours("Mon 18:00-21:00; Sun 18:00-19:00")
    columns = '[supporter.columns.hours]\nMon = "On Mondays"\nsunday = "column D"\n'
    columns += '"20:00-21:00" = "At eight"\nevening = "Evenings"\n'
    content = "id,tongues,On Mondays,,At eight,Evenings\ns1,english,18:00-19:00,10:00-11:00,Tue,\ns2,english,,,,yes\n"
    first, second = offers(tmp_path, content, columns).everyone
    assert first.answers["hours"] == read_hours("Mon 18:00-19:00; Sun 10:00-11:00; Tue 20:00-21:00")
    assert second.answers["hours"] == read_hours("Mon-Fri 18:00-21:00")


BAD = [
    ("Good times [Monday]", "yes", "'yes' is no hours of a day", "map.toml [supporter.options.hours]"),
    ("Good times [Monday]", "sometimes", "'sometimes' is no hours of a day", "map.toml [supporter.options.hours]"),
    ("Good times [Monday]", "18:00-18:15", "is not on the hour", "18:00-21:00"),
    ("Good times [Saturday]", "Evenings", "'Evenings' means no hours on Sat", "map.toml [supporter.options.hours]"),
    ("Good times [18:00-19:00]", "yes", "'yes' is no day", "Monday, Tuesday"),
    ("Good times [18:00-19:00]", "Mon, holidays", "'holidays' is no day", "Monday, Tuesday"),
    ("Good times [evenings]", "Saturday", "'evening' means no hours on Sat", "map.toml [supporter.options.hours]"),
    ("Good times [evenings]", "Monday, perhaps", "'perhaps' is no day", "Monday, Tuesday"),
    ("Good times [evenings]", "perhaps", "'perhaps' is no day", "Monday, Tuesday"),
]  # fmt: skip


@pytest.mark.parametrize(("heading", "cell", "problem", "remedy"), BAD)
def test_a_cell_of_a_grid_that_cannot_be_told_is_refused_by_its_own_heading(
    tmp_path: Path, heading: str, cell: str, problem: str, remedy: str
) -> None:
    (fault,) = well_said(hours_of(tmp_path, f"{heading},Good times [Sunday]", f'"{cell}",10:00-11:00').faults)
    assert fault.place == f"offers.csv row 2 column {heading!r} value {cell!r}"
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_a_day_of_another_question_and_a_strange_half_stay_unknown(tmp_path: Path) -> None:
    for heading in ("topics[Monday]", "Good times [soon]", "Good times [25:00-26:00]", "Good times [Monday and later]"):
        people = hours_of(tmp_path, heading, "x")
        assert any(fault.place == f"offers.csv row 1 column {heading!r}" for fault in people.faults), heading


def test_the_map_names_days_and_hours_of_hours_alone(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="topics has no such option"):
        offers(tmp_path, "id,x\ns1,x\n", '[supporter.columns]\ntopics = {Mon = "x"}\n')
    for key in ("someday", "9-17"):
        (fault,) = well_said(offers(tmp_path, "id,x\ns1,x\n", f'[supporter.columns.hours]\n{key} = "x"\n').faults[:1])
        assert (fault.place, fault.problem) == (
            f"map.toml key 'supporter.columns.hours.{key}'",
            "hours has no such option",
        )


def test_a_dry_run_shows_what_a_grid_comes_to(tmp_path: Path) -> None:
    write_programme(tmp_path)
    path = write(tmp_path, "export.csv", "id,Good times [Monday],Good times [Sat]\ns1,evening,10:00-11:00\n")
    files = ("--offers", str(path), "--columns", str(write(tmp_path, "m.toml", "")))
    heard = inside(
        "check", "--questionnaire", str(tmp_path / "q.toml"), "--weights", str(tmp_path / "w.toml"), *files, "--dry-run"
    )
    assert "    'Good times [Monday] + Good times [Sat]' -> hours (by option column)\n" in heard.out
    assert "hours=Mon 18:00-21:00; Sat 10:00-11:00" in heard.out


# Headings that may be two things


def test_a_heading_that_two_questions_have_as_their_label_is_refused(tmp_path: Path) -> None:
    text = changed('label = {en = "Where you are"', 'label = {en = "Ways to talk"')
    columns = column_maps.load(write(tmp_path, "map.toml", ""), questions := load(write(tmp_path, "q.toml", text)))
    sheet_file = write(tmp_path, "offers.csv", "id,Ways to talk\ns1,chat\n")
    (fault,) = well_said(read_offers(sheet_file, questions, columns=columns).faults)
    assert fault.problem == "this is the label of 'ways' and 'stage'"


def test_a_heading_that_may_be_two_options_is_refused(tmp_path: Path) -> None:
    twice = changed('label = {en = "pills", fr = "pilules"}', 'label = {en = "Wine and  beer", fr = "p"}')
    questions = load(write(tmp_path, "q.toml", twice))
    path = write(tmp_path, "offers.csv", "id,topics[wine and beer],topics[grief]\ns1,1,1\n")
    (fault,) = well_said(read_offers(path, questions, columns=column_maps.empty()).faults)
    assert fault.place == "offers.csv row 1 column 'topics[wine and beer]'"


@pytest.mark.parametrize("heading", ["Topics", "TOPICS", " topics ", "topics:", "Topics*"])
def test_a_column_that_is_only_spelt_otherwise_is_never_passed_over(tmp_path: Path, heading: str) -> None:
    path = write(tmp_path, "offers.csv", f"id,tongues,{heading},remark\ns1,english,grief,x\n")
    faults = well_said(read_offers(path, questionnaire(), ignore_extra=True).faults)
    expected = (
        []
        if heading.strip() == "topics"
        else ["this is the column 'topics', spelt otherwise, and would be passed over"]
    )
    assert [fault.problem for fault in faults] == expected
