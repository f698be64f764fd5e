"""Sheets of people: how they may be saved, and how each bad file, column and cell is refused, by row and column."""

import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from matcher.availability import ALWAYS, read_hours
from matcher.people import Need, Offer
from matcher.questionnaire.loading import load
from matcher.spreadsheets.people import People, read_needs, read_offers
from tests.matcher.worlds.small_programme import (
    QUESTIONS,
    questionnaire,
    request,
    sheet,
    supporter,
    well_said,
    write,
)

ON = date(2026, 11, 23)
Content = str | bytes


def offers(folder: Path, content: Content, *, ignore_extra: bool = False) -> People:
    return read_offers(write(folder, "offers.csv", content), questionnaire(), on=ON, ignore_extra=ignore_extra)


def needs(folder: Path, content: Content, *, ignore_extra: bool = False) -> People:
    return read_needs(write(folder, "needs.csv", content), questionnaire(), on=ON, ignore_extra=ignore_extra)


def said(people: People) -> list[str]:
    return [str(fault) for fault in well_said(people.faults)]


FULL = supporter(
    never="r2; r3", past="r4", capacity="3", load="1", strain="0.25", status="active", last_matched="2026-09-01",
    trained_until="2027-01-31", cleared_until="", agreed_until="-", spare="1.5", card="show_topics",
    town="Trois-Rivières",
)  # fmt: skip


# What is taken


def test_every_column_of_a_supporter_is_read(tmp_path: Path) -> None:
    (offer,) = offers(tmp_path, sheet(FULL)).everyone
    assert offer == Offer(
        id="s1",
        answers={
            "tongues": frozenset({"english"}),
            "ways": frozenset({"chat", "phone"}),
            "hours": read_hours("Mon-Fri 18:00-21:00"),
            "topics": frozenset({"alcohol", "grief"}),
            "stage": frozenset({"helping"}),
            "town": "Trois-Rivières",
            "months_steady": {"alcohol": 24, "grief": 60},
            "spare": Decimal("1.5"),
            "card": frozenset({"show_topics"}),
        },
        time_zone="America/Toronto",
        never=frozenset({"r2", "r3"}),
        past=frozenset({"r4"}),
        until={"trained_until": date(2027, 1, 31), "cleared_until": None, "agreed_until": None},
        capacity=3,
        load=1,
        strain=Decimal("0.25"),
        last_matched=date(2026, 9, 1),
    )


def test_every_column_of_a_request_is_read(tmp_path: Path) -> None:
    row = request(wants="near=must", waiting_since="2026-11-23", safe_hours="Tue 18:00-19:00", never="s2", apart="no")
    (need,) = needs(tmp_path, sheet(row)).everyone
    assert need.answers["wants"] == {"near": "must"}
    assert need.answers["apart"] == {"no"}
    assert need.stars == {"topics": {"alcohol"}}
    assert need.safe_hours == read_hours("Tue 18:00-19:00")
    assert (need.waiting_since, need.never, need.past) == (ON, {"s2"}, frozenset())


def test_columns_that_are_not_there_give_the_defaults(tmp_path: Path) -> None:
    (offer,) = offers(tmp_path, "id\ns1\n").everyone
    (need,) = needs(tmp_path, "id\nr1\n").everyone
    assert offer == Offer(id="s1", time_zone="UTC", status="active", until={}, capacity=1, load=0)
    assert need == Need(id="r1", time_zone="UTC", safe_hours=ALWAYS, waiting_since=None)


def test_blank_cells_are_the_default_or_unknown(tmp_path: Path) -> None:
    blank = dict.fromkeys(("capacity", "load", "strain", "status", "trained_until", "last_matched", "time_zone"), " ")
    (offer,) = offers(tmp_path, sheet({"id": "s1", **blank})).everyone
    assert (offer.capacity, offer.load, offer.strain, offer.last_matched) == (1, 0, 0, None)
    assert (offer.status, offer.until, offer.time_zone) == (None, {"trained_until": None}, None)
    (need,) = needs(tmp_path, "id,safe_hours,waiting_since\nr1,,\n").everyone
    assert (need.safe_hours, need.waiting_since) == (frozenset(), None)


def test_a_sheet_is_read_as_it_stands_whatever_a_condition_says(tmp_path: Path) -> None:
    hangs = QUESTIONS.replace('"spare"\n', '"spare"\nasked_when = {question = "stage", has = "starting"}\n')
    (offer,) = read_offers(write(tmp_path, "o.csv", sheet(FULL)), load(write(tmp_path, "q.toml", hangs))).everyone
    assert (offer.answers["stage"], offer.answers["spare"]) == (frozenset({"helping"}), Decimal("1.5"))


SAVED: dict[str, Callable[[str], bytes]] = {
    "semicolons": lambda text: sheet(FULL, delimiter=";").encode(),
    "vertical bars": lambda text: sheet(FULL, delimiter="|").encode(),
    "tabs": lambda text: sheet(FULL, delimiter="\t").encode(),
    "a byte order mark": lambda text: text.encode("utf-8-sig"),
    "Windows line ends": lambda text: text.replace("\n", "\r\n").encode(),
    "old Mac line ends": lambda text: text.replace("\n", "\r").encode(),
    "no line end at the end": lambda text: text.rstrip("\n").encode(),
    "columns in another order": lambda text: sheet(FULL, columns=sorted(FULL, reverse=True)).encode(),
    "blank rows": lambda text: text.replace("\n", "\n\n  ,\t,\n" + "," * (len(FULL) - 1) + "\n").encode(),
    "Windows-1252": lambda text: text.encode("cp1252"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16, the other way round": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "a title above": lambda text: ("Our supporters,,\n\n" + text).encode(),
    "blank columns at the end": lambda text: "\n".join(line and line + ",," for line in text.split("\n")).encode(),
    "quoted and padded names": lambda text: sheet({f" {name} ": FULL[name] for name in FULL}).encode(),
}  # fmt: skip


@pytest.mark.parametrize("saved", SAVED)
def test_a_sheet_means_the_same_however_it_was_saved(tmp_path: Path, saved: str) -> None:
    plain = offers(tmp_path, sheet(FULL))
    other = offers(tmp_path, SAVED[saved](sheet(FULL)))
    assert said(other) == []
    assert other == plain


def test_a_cell_may_hold_line_ends_delimiters_quotes_and_any_letter(tmp_path: Path) -> None:
    town = 'St. John\'s;\r\n"by the sea", Ōtautahi 🌊'
    for delimiter in ",;\t":
        (offer,) = offers(tmp_path, sheet(supporter(town=town), delimiter=delimiter)).everyone
        assert offer.answers["town"] == town


def test_only_a_header_is_a_sheet_of_nobody(tmp_path: Path) -> None:
    assert offers(tmp_path, sheet(FULL).split("\n")[0]).everyone == ()
    assert needs(tmp_path, "id\n\n").everyone == ()


def test_twenty_thousand_rows_are_read(tmp_path: Path) -> None:
    header, row, _ = sheet(FULL).split("\n")
    content = "\n".join([header, *(row.replace("s1", f"s{number}", 1) for number in range(20_000))])
    started = time.perf_counter()
    everyone = offers(tmp_path, content).everyone
    sys.stdout.write(f"20,000 rows: {time.perf_counter() - started:.2f} s\n")
    assert [offer.id for offer in everyone] == [f"s{number}" for number in range(20_000)]


# What is refused: columns


def test_a_column_that_belongs_to_no_question_is_refused_by_name_with_the_nearest(tmp_path: Path) -> None:
    row = supporter(topisc="x", Notes="y", home="z", no_town="z")
    assert said(offers(tmp_path, sheet(row))) == [
        "offers.csv row 1 column 'topisc': no question has this id. Did you mean 'topics'? Rename it, take it out, "
        "or add --ignore-extra.",
        *(
            f"offers.csv row 1 column {name!r}: no question has this id. Rename it, take it out, or add --ignore-extra."
            for name in ("Notes", "home", "no_town")
        ),
    ]
    kept = offers(tmp_path, sheet(row), ignore_extra=True)
    assert kept == offers(tmp_path, sheet(supporter()))


@pytest.mark.parametrize("column", ["adult", "wants", "waiting_since", "safe_hours"])
def test_a_column_of_the_requests_is_refused_in_a_sheet_of_supporters(tmp_path: Path, column: str) -> None:
    (fault,) = well_said(offers(tmp_path, sheet(supporter(**{column: ""}))).faults)
    assert fault.place == f"offers.csv row 1 column {column!r}"
    assert fault.problem == "this column belongs to the requester's sheet"
    assert offers(tmp_path, sheet(supporter(**{column: "!"})), ignore_extra=True).faults == ()


@pytest.mark.parametrize("column", ["spare", "card", "capacity", "load", "strain", "status", "cleared_until"])
def test_a_column_of_the_supporters_is_refused_in_a_sheet_of_requests(tmp_path: Path, column: str) -> None:
    (fault,) = well_said(needs(tmp_path, sheet(request(**{column: ""}))).faults)
    assert fault.place == f"needs.csv row 1 column {column!r}"
    assert fault.problem == "this column belongs to the supporter's sheet"
    assert needs(tmp_path, sheet(request(**{column: "!"})), ignore_extra=True).faults == ()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            "name,topics\nx,y\n",
            "offers.csv row 1: there is no column 'id'. Add one, with an id of its own for each row.",
        ),
        ("id,topics, topics\ns1,,\n", "offers.csv row 1 column 'topics': the column stands there twice. Take one of"),
        ("id,id\ns1,s1\n", "offers.csv row 1 column 'id': the column stands there twice. Take one of them out."),
        ("ID,topics\ns1,\n", "offers.csv row 1: there is no column 'id'."),
        ("Our sheet,\nname,topics\nx,y\n", "offers.csv row 2: there is no column 'id'."),
    ],
)
def test_a_header_that_cannot_be_used_is_refused(tmp_path: Path, content: str, expected: str) -> None:
    people = offers(tmp_path, content)
    assert said(people)[0].startswith(expected)
    assert people.everyone == ()


# What is refused: cells

BAD = [
    ("id", "", "the id is missing", "Give each row an id of its own"),
    ("id", "-", "the id is missing", "Give each row an id of its own"),
    ("id", "a;b", "this cannot be an id: it holds ';'", "Take it out."),
    ("never", "o1, o2", "this cannot be an id: it holds ','", "Put ';' between two ids."),
    ("capacity", "\u0663", "this is not a whole number", "Write 0, 1, 2"),
    ("id", "a\u200bb", "this cannot be an id: it holds '\\u200b'", "Take it out."),
    ("id", "=a", "this cannot be an id: it begins with '='", "Begin with a letter"),
    ("id", "x" * 101, "this cannot be an id: it has 101 characters", "Use 100 at most."),
    ("time_zone", "Toronto", "this is not a time zone", "America/Toronto"),
    ("time_zone", "EST", "this names no place", "Write a place, for example America/Toronto or America/New_York."),
    ("time_zone", "Etc/GMT+5", "this is a distance from UTC: no place", "Write a place, for example"),
    ("time_zone", "america/toronto", "this is not a time zone", "Did you mean 'America/Toronto'?"),
    ("capacity", "two", "this is not a whole number", "Write 0, 1, 2"),
    ("capacity", "-1", "this is not a whole number", "Write 0, 1, 2"),
    ("load", "1.5", "this is not a whole number", "Write 0, 1, 2"),
    ("load", "101", "this is not a whole number up to 100", "Write 0, 1, 2 ... up to 100."),
    ("capacity", "4000", "this is not a whole number up to 100", "up to 100"),
    ("capacity", "46347", "this is not a whole number up to 100", "up to 100"),
    ("strain", "1.1", "this is not between 0 and 1", "Write for example 0.25"),
    ("strain", "-0.1", "this is not between 0 and 1", "Write for example 0.25"),
    ("strain", "0.12345", "this is not between 0 and 1", "at most four decimals"),
    ("strain", "0,25", "this is not between 0 and 1", "Write for example 0.25"),
    ("strain", "25%", "this is not between 0 and 1", "Write for example 0.25"),
    ("trained_until", "31/01/2027", "this is not a date", "Write year-month-day, for example 2026-11-23"),
    ("trained_until", "2027-02-30", "this is not a date", "Write year-month-day"),
    ("cleared_until", "20270131", "this is not a date", "Write year-month-day"),
    ("last_matched", "2027-1-31", "this is not a date", "Write year-month-day"),
    ("topics", "alcool", "'alcool' is not an option of 'topics'", "Did you mean 'alcohol'?"),
    ("hours", "Mon", "'Mon' is not a day and hours", "Mon 18:00-21:00"),
    ("months_steady", "alcohol", "'alcohol' has no '='", "alcohol=24"),
    ("spare", "some", "'some' is not a number", "Write digits"),
]


@pytest.mark.parametrize(("column", "value", "problem", "remedy"), BAD, ids=lambda value: str(value)[:30])
def test_a_bad_cell_is_refused_with_its_row_column_value_and_remedy(
    tmp_path: Path, column: str, value: str, problem: str, remedy: str
) -> None:
    bad = {**supporter(id="s2"), column: value}
    (fault,) = well_said(offers(tmp_path, sheet({**dict.fromkeys(bad, ""), **supporter()}, {}, bad)).faults)
    shown = value if len(value) <= 60 else value[:57] + "..."
    assert fault.place == f"offers.csv row 4 column {column!r} value {shown!r}"
    assert problem in fault.problem
    assert remedy in fault.remedy


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("waiting_since", "2026-11-24", "the day is after 2026-11-23"),
        ("waiting_since", "yesterday", "this is not a date"),
        ("safe_hours", "at night", "'at night' is not a day and hours"),
        ("safe_hours", "Mon 9:00-5:00", "'Mon 9:00-5:00' is 20 hours, over midnight"),
        ("hours", "evening; Tue 21:00-18:00", "'Tue 21:00-18:00' is 21 hours, over midnight"),
        ("topics", "alcohol*; drugs*; grief*", "3 options carry a star"),
        ("wants", "near=please", "'please' is neither must nor nice"),
        ("adult", "no", "only 'yes' can be taken here"),
    ],
)
def test_a_bad_cell_of_a_request_is_refused(tmp_path: Path, column: str, value: str, problem: str) -> None:
    (fault,) = well_said(needs(tmp_path, sheet({**request(), column: value})).faults)
    assert fault.place == f"needs.csv row 2 column {column!r} value {value!r}"
    assert problem in fault.problem


def test_an_id_that_stands_there_twice_is_refused_with_both_rows(tmp_path: Path) -> None:
    people = offers(tmp_path, sheet(supporter(), {}, supporter(id="s2"), supporter(id=" s1 ")))
    assert said(people) == [
        "offers.csv row 5 column 'id' value 's1': row 2 has this id already. Give each row an id of its own."
    ]


def test_every_fault_of_a_sheet_is_found_in_one_pass_in_the_order_of_rows(tmp_path: Path) -> None:
    rows = sheet(supporter(topics="x"), supporter(stage="y"), supporter(id="", hours="z", tongues="?"))
    people = offers(tmp_path, rows + "s9,english\n" + sheet(supporter(id="s8", ways="w")).split("\n")[1])
    places = [fault.place.removeprefix("offers.csv ").partition(" value")[0] for fault in people.faults]
    third = [f"row 4 column {column!r}" for column in ("id", "hours", "tongues")]
    assert sorted(places[:3]) == ["row 2 column 'topics'", "row 3 column 'id'", "row 3 column 'stage'"]
    assert sorted(places[3:6]) == sorted(third)
    assert places[6:] == ["row 5", "row 6 column 'ways'"]


def test_a_row_with_too_few_or_too_many_cells_is_refused(tmp_path: Path) -> None:
    people = offers(tmp_path, 'id,town,stage\ns1,"a\nb",steady\ns2,x\ns3,x,steady,more\n')
    remedy = "The row is cut short or holds a stray delimiter: mend or export again."
    assert said(people) == [
        f"offers.csv row 3: the row has 2 cells, the header 3. {remedy}",
        f"offers.csv row 4: the row has 4 cells, the header 3. {remedy}",
    ]


def test_a_cell_of_a_million_letters_is_refused_like_any_other(tmp_path: Path) -> None:
    people = offers(tmp_path, sheet(supporter(town="x" * 1_000_000), supporter(id="s2", topics="x")))
    assert [place.partition(" value ")[0] for place in (fault.place for fault in people.faults)] == [
        "offers.csv row 2 column 'town'",
        "offers.csv row 3 column 'topics'",
    ]
    assert max(len(str(fault)) for fault in people.faults) < 500
