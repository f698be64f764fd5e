"""Column maps: each that cannot be used is refused with its file, key and remedy, all faults in one pass.

How the cells of an export are read with one: spreadsheets/test_exports.py.
"""

import re
from datetime import date
from pathlib import Path

import pytest

from matcher.questionnaire.loading import load as load_questionnaire
from matcher.spreadsheets.column_maps import load
from matcher.spreadsheets.people import read_needs, read_offers
from tests.matcher.worlds.commands import ROOT
from tests.matcher.worlds.form_exports import MAP
from tests.matcher.worlds.small_programme import faults_of, questionnaire, write

ON = date(2026, 11, 23)
BAD = [
    ('seperator = ","', "seperator", "this key is not known", "Did you mean 'separator'?"),
    ("[suporter]\n", "suporter", "this key is not known", "Did you mean 'supporter'?"),
    ('[supporter]\npassover = ["x"]', "supporter.passover", "this key is not known", "Did you mean 'pass_over'?"),
    ("[supporter]\ncolumns = {topics = 3}", "supporter.columns.topics", "a heading is needed", "docs/spreadsheets.md"),
    ('[supporter]\ncolumns = {topcs = "x"}', "supporter.columns.topcs", "no such question or column", "'topics'"),
    ('[supporter]\ncolumns = {adult = "x"}', "supporter.columns.adult", "no such question or column", "Use one of"),
    ('[supporter.columns.topics]\nwine = "x"', "supporter.columns.topics.wine", "topics has no such option", "alcohol"),
    ('[supporter.columns.capacity]\na = "x"', "supporter.columns.capacity.a", "capacity has no such option", "Use"),
    ('[supporter.options.topics]\nx = "grif"', "supporter.options.topics.x", "topics has no option 'grif'", "'grief'"),
    ("[supporter.options.topics]\nx = 1", "supporter.options.topics.x", "an option id is needed", "Correct"),
    ('[supporter.options.town]\nx = "y"', "supporter.options.town", "of the kind text has no options", "Take it out."),
    ('[options.topcs]\nx = "y"', "options.topcs", "no such question or column", "'topics'"),
    ('[options.wants]\nx = "near=please"', "options.wants.x", "neither must nor nice", "same_faith=nice"),
    ('[options.topics]\n"Ça" = "grief"\n"ca" = "drugs"', "options.topics.ca", "is the same text", "Take one of them"),
    ('dates = "dd/mm"', "dates", "'dd/mm' is not a way to write dates", "dd/mm/yyyy"),
    ('[requester]\ndates = "soon"', "requester.dates", "not a way to write dates", "dd/mm/yyyy"),
    ('all_no = "maybe"', "all_no", "input should be 'not_answered' or 'none_of_these'", "Correct the value"),
    ('separator = ""', "separator", "the separator is empty", "Write for example"),
    ('[supporter.separators]\ntopcs = ","', "supporter.separators.topcs", "no such question or column", "'topics'"),
    ('yes = ["Oui"]\nno = ["oui"]', "yes", "'oui' stands under yes and under no", "Take it out of one."),
    (
        '[supporter]\ncolumns = {id = "A"}\nconstants = {id = "x"}',
        "supporter.constants.id",
        "read from a heading",
        "one",
    ),
    ('[supporter]\npass_over = ["a "]\ncolumns = {id = "A"}', "supporter.pass_over", "'A' is read for 'id'", "Take it"),
    ("[supporter]\nheader_row = 0", "supporter.header_row", "a row is needed", "Correct the value"),
    ('[supporter]\nconstants = {zone = "UTC"}', "supporter.constants.zone", "no such question or column", "time_zone"),
]


@pytest.mark.parametrize(("toml", "key", "problem", "remedy"), BAD, ids=lambda value: value[:24])
def test_a_bad_map_is_refused_with_file_key_and_remedy(
    tmp_path: Path, toml: str, key: str, problem: str, remedy: str
) -> None:
    (fault,) = faults_of(lambda: load(write(tmp_path, "map.toml", toml), questionnaire()))
    assert fault.place == f"map.toml key {key!r}"
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_every_fault_of_a_map_is_found_in_one_pass(tmp_path: Path) -> None:
    toml = 'dates = "x"\n[supporter.columns]\ntopcs = "a"\n[requester.options.topics]\nx = "y"\n'
    places = [fault.place for fault in faults_of(lambda: load(write(tmp_path, "map.toml", toml), questionnaire()))]
    assert places == [
        f"map.toml key '{key}'" for key in ("dates", "requester.options.topics.x", "supporter.columns.topcs")
    ]


@pytest.mark.parametrize(
    ("content", "problem"), [(b"= x", "this is not valid TOML"), (b'a = "\xff"', "the text is not UTF-8")]
)
def test_a_file_that_is_no_map_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    (fault,) = faults_of(lambda: load(write(tmp_path, "map.toml", content), questionnaire()))
    assert problem in fault.problem


def test_what_is_said_of_one_side_counts_before_what_is_said_of_both(tmp_path: Path) -> None:
    toml = (
        MAP.replace("[supporter]\n", '[supporter]\ndates = "mm/dd/yyyy"\nno = ["1"]\n')
        + '[options.status]\nOn = "active"\n'
    )
    columns = load(write(tmp_path, "map.toml", toml), questionnaire())
    forms = [columns.manner(side, "status").dates for side in ("requester", "supporter")]  # type: ignore[arg-type]
    assert [form and form.form for form in forms] == ["dd/mm/yyyy", "mm/dd/yyyy"]
    supporter = columns.manner("supporter", "status")
    assert supporter.options == {"on": ("active",)}
    assert "1" in supporter.no - supporter.yes


@pytest.mark.parametrize("place", ["above both", "its own side"])
def test_words_of_the_map_count_beside_the_usual_ones_wherever_they_stand(tmp_path: Path, place: str) -> None:
    words = 'yes = ["Ja"]\nno = ["Nein"]\nmust = ["Muss"]\nnice = ["Gern"]\nnone = ["Nichts"]\n'
    sides = ("", "") if place == "above both" else ("[requester]\n", "[supporter]\n")
    asking, offering = (load(write(tmp_path, "map.toml", side + words), questionnaire()) for side in sides)
    rows = "r1,ja,NEIN,Muss,gern,nichts\nr2,yes,no,must,nice,none of these\n"
    needs = write(tmp_path, "needs.csv", f"id,adult,apart,Wishes [same faith],Wishes [near],topics\n{rows}")
    for need in read_needs(needs, questionnaire(), on=ON, columns=asking).everyone:
        assert need.marks("apart") == {"no"}
        assert need.answers["wants"] == {"same_faith": "must", "near": "nice"}
        assert need.answers["topics"] == frozenset()
    offers = write(tmp_path, "offers.csv", "id,topics/alcohol,topics/grief\ns1,Ja,Nein\ns2,x,no\n")
    both = read_offers(offers, questionnaire(), columns=offering).everyone
    assert [offer.marks("topics") for offer in both] == [{"alcohol"}, {"alcohol"}]


def test_the_headings_stand_in_the_row_that_the_map_gives_whatever_stands_above(tmp_path: Path) -> None:
    sheet = write(tmp_path, "offers.csv", "id,topics,pastimes\nWho,Lived,Pastimes\ns1,mourning,music\n")
    toml = '[supporter]\nheader_row = 2\n[supporter.columns]\nid = "Who"\n'
    given = load(write(tmp_path, "map.toml", toml), questionnaire())
    (offer,) = read_offers(sheet, questionnaire(), columns=given).everyone
    assert (offer.id, offer.answers["topics"], offer.answers["pastimes"]) == ("s1", {"grief"}, {"music"})
    sought = load(write(tmp_path, "map.toml", toml.replace("header_row = 2", "")), questionnaire())
    assert read_offers(sheet, questionnaire(), columns=sought).faults


def test_the_map_of_the_docs_is_a_map_of_the_default_questionnaire(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "spreadsheets.md").read_text("utf-8"), re.DOTALL)
    columns = load(write(tmp_path, "map.toml", example), load_questionnaire())
    assert columns.side("supporter").constants["status"] == "active"
    assert columns.manner("requester", "topics").options["drinking, or pills"] == ("alcohol", "other_drugs")
