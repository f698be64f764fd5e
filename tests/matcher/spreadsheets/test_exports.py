"""Exports of form tools, read with a column map: the same people as in the contract's own form, or a clear no."""

import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.availability import read_hours
from matcher.questionnaire.answers import Answered, write_answer
from matcher.questionnaire.loading import load
from matcher.questionnaire.schema import Side
from matcher.spreadsheets import column_maps
from matcher.spreadsheets.people import People, read_needs, read_offers
from tests.matcher.worlds.form_exports import MAP, as_form
from tests.matcher.worlds.generated import any_answer
from tests.matcher.worlds.small_programme import changed, faults_of, questionnaire, sheet, well_said, write

ON = date(2026, 11, 23)


def offers(folder: Path, content: str | bytes, columns: str = "", name: str = "offers.csv") -> People:
    """Read supporters with a map given as text."""
    said = column_maps.load(write(folder, "map.toml", columns), questionnaire())
    return read_offers(write(folder, name, content), questionnaire(), columns=said)


def needs(folder: Path, content: str | bytes, columns: str = "") -> People:
    """Read requests with a map given as text."""
    said = column_maps.load(write(folder, "map.toml", columns), questionnaire())
    return read_needs(write(folder, "needs.csv", content), questionnaire(), on=ON, columns=said)


def said(people: People) -> list[str]:
    return [str(fault) for fault in well_said(people.faults)]


# The same people


def _row(side: Side, number: int, draw: random.Random) -> dict[str, str]:
    cells = {"id": f"woman {number}", "time_zone": "America/Toronto"}
    for question in questionnaire().asked_of(side):
        answer = any_answer(draw, question)
        if question.kind == "choices" and question.most:
            answer = frozenset(sorted(answer)[: question.most])  # type: ignore[type-var,arg-type]
        stars = frozenset(sorted(answer)[:1]) if question.stars and side == "requester" else frozenset()  # type: ignore[type-var,arg-type]
        cells[question.id] = write_answer(question, Answered(answer, stars)) if draw.random() < 0.9 else ""  # type: ignore[arg-type]
    if side == "requester":
        return {**cells, "adult": "yes", "waiting_since": f"2026-0{draw.randint(1, 9)}-1{draw.randint(0, 9)}"}
    return {**cells, "trained_until": f"2027-01-0{draw.randint(1, 9)}", "capacity": str(draw.randint(0, 4))}


@settings(deadline=None, max_examples=60)
@given(draw=st.randoms(use_true_random=False))
def test_a_form_export_with_a_map_reads_as_the_plain_sheet_does(
    tmp_path_factory: pytest.TempPathFactory, draw: random.Random
) -> None:
    folder = tmp_path_factory.mktemp("forms")
    for side in ("requester", "supporter"):
        rows = [_row(side, number, draw) for number in range(3)]  # type: ignore[arg-type]
        form = sheet(*(as_form(row, side, draw) for row in rows), delimiter=draw.choice(",;\t"))  # type: ignore[arg-type]
        path = write(folder, "plain.csv", sheet(*rows))
        if side == "requester":
            plain, mapped = read_needs(path, questionnaire(), on=ON), needs(folder, form, MAP)
        else:
            plain, mapped = read_offers(path, questionnaire()), offers(folder, form, MAP)
        assert said(plain) == said(mapped) == []
        assert mapped.everyone == plain.everyone


EVENINGS = read_hours("Mon-Fri 18:00-21:00")
KINDS = {
    "yes_no": ("adult", "Are you an adult?", "Oui", frozenset({"yes"})),
    "choice": ("faith", "Faith", "La voie du cedre", frozenset({"cedar"})),
    "scale": ("stage", "Where you are", "Helping", frozenset({"helping"})),
    "choices": ("topics", "Soutien", "Wine and beer, Deuil", frozenset({"alcohol", "grief"})),
    "availability": ("hours", "Good times", "Evenings;weekends;", EVENINGS | read_hours("Sat-Sun 10:00-16:00")),
    "hours": ("hours", "Good times", "Evenings, Sun 18:00-19:00", EVENINGS | read_hours("Sun 18:00-19:00")),
    "wishes": ("wants", "Wishes", "Même foi; near: must", {"same_faith": "nice", "near": "must"}),
    "text": ("town", "Town", " St. John’s,\xa0East ", "St. John’s, East"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_question_is_read_from_the_texts_of_its_options(tmp_path: Path, kind: str) -> None:
    question, heading, cell, answer = KINDS[kind]
    row = {"ID": "r1", "Are you an adult?": "yes", heading: cell}
    people = needs(tmp_path, sheet(row))
    assert said(people) == []
    assert people.everyone[0].answers[question] == answer


def test_months_and_numbers_are_read_as_people_write_them(tmp_path: Path) -> None:
    row = {"id": "s1", "Steady for": "Wine and beer: 2 years, pilules = 18 mois, deuil: 7", "Temps libre": "1,5"}
    (offer,) = offers(tmp_path, sheet(row)).everyone
    assert offer.answers["months_steady"] == {"alcohol": 24, "drugs": 18, "grief": 7}
    assert str(offer.answers["spare"]) == "1.5"


# Form tools


def test_google_forms(tmp_path: Path) -> None:
    content = (
        'Timestamp,Languages,Lived,Good times,"How should we call you?"\n'
        '"2026/11/23 10:15:32 a.m. EST",English,"wine and beer, a new town","evenings, weekends",Ann\n'
    )
    said_of = '[supporter]\npass_over = ["Timestamp"]\ncolumns = {id = "How should we call you?"}\n'
    (offer,) = offers(tmp_path, content, said_of).everyone
    assert (offer.id, offer.answers["topics"]) == ("Ann", {"alcohol", "moving"})


def test_microsoft_forms_ends_every_option_with_a_semicolon(tmp_path: Path) -> None:
    row = {
        "ID": "1",
        "Completion time": "11/23/26 10:15:32",
        "Lived\xa0": "wine and beer;mourning;",
        "Ways to talk": "chat;",
    }
    columns = '[supporter]\ndates = "mm/dd/yy"\ncolumns = {last_matched = "Completion time"}\n'
    (offer,) = offers(tmp_path, sheet(row), columns).everyone
    assert (offer.answers["topics"], offer.answers["ways"]) == ({"alcohol", "grief"}, {"chat"})
    assert offer.last_matched == ON


@pytest.mark.parametrize(
    ("headings", "yes", "no"),
    [
        (("topics[alcohol]", "topics[grief]", "topics[moving]"), "Yes", ""),
        (("topics[alcohol]", "topics[grief]", "topics[moving]"), "Y", "N"),
        (("Lived [Wine and beer]", "Lived [mourning]", "Vécu [Une nouvelle ville]"), "Oui", "Non"),
        (("topics/alcohol", "topics/grief", "topics/moving"), "1", "0"),
    ],
)
def test_one_column_for_each_option(tmp_path: Path, headings: tuple[str, str, str], yes: str, no: str) -> None:
    first, second, third = headings
    rows = [{"id": "s1", "ways": "", first: yes, second: no, third: yes}, {"id": "s2", "ways": "chat"}]
    some, none = offers(tmp_path, sheet(*rows)).everyone
    assert some.answers["topics"] == {"alcohol", "moving"}
    assert "topics" not in none.answers


def test_kobo_exports_the_whole_answer_too_and_the_option_columns_count(tmp_path: Path) -> None:
    people = offers(tmp_path, "id,topics,topics/alcohol,topics/grief\ns1,alcohol grief,1,1\n")
    assert people.everyone[0].answers["topics"] == {"alcohol", "grief"}
    assert people.sheet is not None
    assert people.sheet.passed_over == ("topics",)


def test_one_column_for_each_option_of_months_and_wishes(tmp_path: Path) -> None:
    (offer,) = offers(tmp_path, "id,Steady for [wine and beer],Steady for [mourning]\ns1,24,\n").everyone
    assert offer.answers["months_steady"] == {"alcohol": 24}
    content = "id,adult,Wishes [same faith],Wishes [near]\nr1,yes,Essential,Rather\n"
    (need,) = needs(tmp_path, content, 'must = ["essential"]\nnice = ["rather"]\n').everyone
    assert need.answers["wants"] == {"same_faith": "must", "near": "nice"}


def test_a_bad_cell_of_one_option_is_named_by_its_own_heading(tmp_path: Path) -> None:
    (fault,) = well_said(offers(tmp_path, "id,topics/alcohol,topics/grief\ns1,1,perhaps\n").faults)
    assert fault.place == "offers.csv row 2 column 'topics/grief' value 'perhaps'"
    assert fault.problem == "this is neither yes nor no"


def test_headings_of_the_map_may_stand_for_single_options(tmp_path: Path) -> None:
    columns = '[supporter.columns.topics]\nalcohol = "Drink?"\ngrief = "Loss?"\n'
    (offer,) = offers(tmp_path, "id,Drink?,Loss?\ns1,no,x\n", columns).everyone
    assert offer.answers["topics"] == {"grief"}


# Separators


COMMAS = """\
[supporter.options.topics]
"Drink, or pills" = ["alcohol", "drugs"]
"Drink" = "alcohol"
"pills, and loss" = ["drugs", "grief"]
"loss" = "grief"
"Nothing of that" = []
"""


@pytest.mark.parametrize(
    ("cell", "topics"),
    [
        ("Drink, or pills", {"alcohol", "drugs"}),
        ("Drink, or pills, loss", {"alcohol", "drugs", "grief"}),
        ("Drink, pills, and loss", {"alcohol", "drugs", "grief"}),
        ("drink,loss", {"alcohol", "grief"}),
        ("loss, nothing of that", {"grief"}),
    ],
)
def test_an_option_that_holds_the_separator_is_read_rightly(tmp_path: Path, cell: str, topics: set[str]) -> None:
    (offer,) = offers(tmp_path, sheet({"id": "s1", "topics": cell}), COMMAS).everyone
    assert offer.answers["topics"] == topics


def test_the_longest_text_counts_first_and_is_left_where_it_leads_nowhere(tmp_path: Path) -> None:
    columns = '[supporter.options.topics]\n"a" = "alcohol"\n"a, b" = "drugs"\n"b" = "grief"\n"b, c" = "moving"\n'
    for cell, topics in (("a, b", {"drugs"}), ("a, b, c", {"alcohol", "moving"}), ("b, a", {"grief", "alcohol"})):
        (offer,) = offers(tmp_path, sheet({"id": "s1", "topics": cell}), columns).everyone
        assert offer.answers["topics"] == topics, cell


def test_a_separator_of_its_own(tmp_path: Path) -> None:
    columns = 'separator = "/"\n[supporter.separators]\ntopics = " "\n'
    (offer,) = offers(tmp_path, "id,topics,ways\ns1,alcohol grief,chat/telephone\n", columns).everyone
    assert (offer.answers["topics"], offer.answers["ways"]) == ({"alcohol", "grief"}, {"chat", "phone"})


# What is refused


def test_an_unknown_text_is_refused_with_the_nearest_and_where_to_say_it(tmp_path: Path) -> None:
    (fault,) = well_said(offers(tmp_path, sheet({"id": "s1", "Lived": "mourning, Whine and beer"})).faults)
    assert fault.place == "offers.csv row 2 column 'Lived' value 'mourning, Whine and beer'"
    assert fault.problem == "'Whine and beer' is not an option of 'topics'"
    assert fault.remedy.startswith(
        "Did you mean 'wine and beer'? Correct it, or say what it means under map.toml [supp"
    )


def test_beside_an_unknown_text_an_option_that_holds_the_separator_stays_whole(tmp_path: Path) -> None:
    for cell in ("Drink, or pills, whine", "whine, Drink, or pills", "loss, Drink, or pills, whine, Drink"):
        (fault,) = well_said(offers(tmp_path, sheet({"id": "s1", "topics": cell}), COMMAS).faults)
        assert fault.problem == "'whine' is not an option of 'topics'"


def test_a_text_that_may_mean_two_options_is_refused_until_the_map_says_which(tmp_path: Path) -> None:
    twice = changed('label = {en = "pills", fr = "pilules"}', 'label = {en = "Wine and  beer", fr = "p"}')
    questions = load(write(tmp_path, "q.toml", twice))
    path = write(tmp_path, "offers.csv", "id,topics\ns1,wine and beer\n")
    (fault,) = well_said(read_offers(path, questions, columns=column_maps.empty()).faults)
    assert fault.problem == "'wine and beer' may be alcohol or drugs"
    toml = write(tmp_path, "m.toml", '[supporter.options.topics]\n"Wine and beer" = "drugs"\n')
    (offer,) = read_offers(path, questions, columns=column_maps.load(toml, questions)).everyone
    assert offer.answers["topics"] == {"drugs"}


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        ("topics", "None of these, mourning", "'none of these' stands beside others"),
        ("faith", "the cedar way; the river way", "2 options are marked"),
        ("town", "x" * 10_001, "the text is longer"),
        ("spare", "some", "'some' is not a number"),
        ("months_steady", "mourning: long", "'long' is not a number of months"),
        ("last_matched", "23/11/2026", "this is not a date"),
        ("capacity", "two", "this is not a whole number"),
        ("hours", "Mon 18:00-21:15", "is not on the hour"),
        ("hours", "Evenings, Mon 9:00-5:00", "'Mon 9:00-5:00' is 20 hours, over midnight"),
    ],
)
def test_what_cannot_be_told_is_refused(tmp_path: Path, column: str, cell: str, problem: str) -> None:
    (fault,) = well_said(offers(tmp_path, sheet({"id": "s1", column: cell})).faults)
    assert problem in fault.problem


@pytest.mark.parametrize(
    ("form", "cell", "day"),
    [
        ("dd/mm/yyyy", "1/2/2026", "2026-02-01"),
        ("mm/dd/yyyy", "1/2/2026 9:30:00 AM", "2026-01-02"),
        ("d mmmm yyyy", "1er août 2026", "2026-08-01"),
        ("mmmm d, yyyy", "August 3rd, 2026", "2026-08-03"),
        ("dd-mmm-yy", "05-févr.-26", "2026-02-05"),
        ("dd/mm/yyyy", "2026-11-23", "2026-11-23"),
        ("dd/mm/yyyy", "31/02/2026", None),
        ("d mmmm yyyy", "1 brumaire 2026", None),
        ("d mmmm yyyy", "1 décembre 2026", "2026-12-01"),
        ("mmm d, yyyy", "Jan 1, 2026", "2026-01-01"),
        ("dd/mm/yyyy", "12/31/2026", None),
        ("d mmmm yyyy", "1er   août 2026", "2026-08-01"),
        ("mmmm d, yyyy", "August 3,2026", "2026-08-03"),
    ],
)
def test_dates_are_read_as_the_map_says(tmp_path: Path, form: str, cell: str, day: str | None) -> None:
    people = offers(tmp_path, sheet({"id": "s1", "last_matched": cell}), f'dates = "{form}"\n')
    assert [str(offer.last_matched) for offer in people.everyone] == [str(day)]
    assert [fault.problem for fault in people.faults] == ([] if day else [f"this is not a date written {form}"])


def test_a_number_with_a_decimal_comma_is_the_same_number(tmp_path: Path) -> None:
    people = offers(tmp_path, sheet({"id": "s1", "strain": "0,25", "capacity": "2,0", "load": "1.0"}))
    assert people.faults == ()
    (offer,) = people.everyone
    assert (str(offer.strain), offer.capacity, offer.load) == ("0.25", 2, 1)


def test_headings_that_nobody_knows_are_refused_until_they_are_passed_over(tmp_path: Path) -> None:
    row = {"id": "s1", "Lived": "mourning", "Livd": "", "Are you an adult?": "yes"}
    remedy = "Say in the map what it feeds, put it under pass_over in [supporter], or add --ignore-extra."
    assert said(offers(tmp_path, sheet(row))) == [
        f"offers.csv row 1 column 'Livd': no question has this id or label. Did you mean 'topics'? {remedy}",
        f"offers.csv row 1 column 'Are you an adult?': this column belongs to the requester's sheet. {remedy}",
    ]
    passed = offers(tmp_path, sheet(row), '[supporter]\npass_over = ["livd", "are you an adult"]\n')
    assert said(passed) == []


def test_two_headings_for_one_column_are_refused(tmp_path: Path) -> None:
    (fault,) = well_said(offers(tmp_path, "id,Lived,Vécu\ns1,mourning,deuil\n").faults)
    assert fault.problem == "the column stands there twice ('topics', as 'Lived' and 'Vécu')"
    mapped = '[supporter.columns]\nid = "First name"\n'
    (fault,) = well_said(offers(tmp_path, "ID,First name\n1,Ann\n", mapped).faults)
    assert (fault.place, fault.problem) == ("offers.csv row 1 column 'ID'", "the map fills 'id' from elsewhere")
    passed = offers(
        tmp_path,
        "ID,First name\n1,Ann\n",
        mapped.replace("[supporter.", "[supporter]\npass_over = ['id']\n[supporter."),
    )
    assert [offer.id for offer in passed.everyone] == ["Ann"]


def test_the_headings_of_supporters_are_found_by_what_supporters_were_asked(tmp_path: Path) -> None:
    people = offers(tmp_path, "id,of the form\n,\nid,Lived\ns1,mourning\n")
    assert people.faults == ()
    assert [offer.answers["topics"] for offer in people.everyone] == [{"grief"}]


def test_what_the_map_names_must_stand_in_the_sheet(tmp_path: Path) -> None:
    (fault,) = offers(tmp_path, "id,Lived then\ns1,mourning\n", '[supporter.columns]\ntopics = "Livd then"\n').faults[
        :1
    ]
    assert fault.place == "map.toml key 'supporter.columns.topics'"
    assert str(fault).endswith("Did you mean 'Lived then'? Write it as it stands in the sheet.")
    assert faults_of(lambda: column_maps.load(tmp_path / "none.toml", questionnaire()))


def test_a_question_as_it_is_asked_is_led_to_the_map_where_none_is_given(tmp_path: Path) -> None:
    (tmp_path / "needs.csv").write_text('id,"What would you like support with?"\na,grief\n', encoding="utf-8")
    (fault,) = well_said(read_needs(tmp_path / "needs.csv", load(), on=date(2026, 11, 23)).faults)
    assert "read with a column map alone" in fault.problem
    assert "--write-columns" in fault.remedy
