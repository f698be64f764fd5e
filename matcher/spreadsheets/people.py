"""Rows of a spreadsheet as needs and offers: every bad cell with its row, column, value and remedy, in one pass."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from matcher import availability
from matcher.errors import BadAnswer, Fault, Place, Refused
from matcher.people import Need, Offer, Person
from matcher.questionnaire import time_zones
from matcher.questionnaire.answers import NONE_OF_THESE, Answered, read_answer
from matcher.questionnaire.columns import UNTIL, safe_hours_column
from matcher.questionnaire.schema import Questionnaire, Side
from matcher.spreadsheets.cells import BadCell
from matcher.spreadsheets.column_maps import ColumnMap
from matcher.spreadsheets.dates import read_past, read_until, read_wait
from matcher.spreadsheets.files import ColumnSource, Given, Row, Sheet
from matcher.spreadsheets.identities import Register, read_id, read_ids
from matcher.spreadsheets.sheets import read_sheet

Also = Mapping[str, Callable[[str], Any]]
"""Columns that a sheet may hold for one purpose alone, each with how its cells are read (BadAnswer refuses one)."""


@dataclass(frozen=True)
class People:
    """Everyone of one sheet whose row could be read, every fault, how the file was understood, and `also` columns."""

    everyone: tuple[Any, ...] = ()
    columns: frozenset[str] = frozenset()
    faults: tuple[Fault, ...] = ()
    sheet: Sheet | None = field(default=None, compare=False, repr=False)
    also: tuple[Mapping[str, Any], ...] = ()


Outcome = tuple[Any, BadAnswer | None]
MOST_PLACES = 100
"""Nobody holds more women at once; above it stands a year, or a day as a spreadsheet keeps it."""
MOST_REMEMBERED = 10_000
"""Cells of one column; beyond that they hardly repeat."""


@dataclass
class _Reader:
    """Reads the cells of one sheet and collects what is wrong."""

    sheet: Sheet
    questionnaire: Questionnaire
    side: Side
    register: Register
    faults: list[Fault] = field(default_factory=list)
    memory: dict[tuple[str, str], dict[Given, Outcome]] = field(default_factory=lambda: defaultdict(dict))

    def cell(
        self, row: Row, column: str, read: Callable[[str], Any], default: Any = None, *, sense: str = "column"
    ) -> Any:
        """Read one cell; a column that is not there gives the default, a bad cell is noted.

        Most cells repeat: what a column's text means, as an answer or as a column, is worked out once.
        """
        feed = self.sheet.feeds.get(column)
        if feed is None:
            return default
        given, memory = feed.given(row.record), self.memory[sense, column]
        if given in memory:
            outcome = memory[given]
        else:
            outcome = _outcome(feed, given, read, default)
            if len(memory) < MOST_REMEMBERED:
                memory[given] = outcome
        value, bad = outcome
        if bad is not None:
            self.faults.append(_fault_of_cell(self.sheet.name, row.number, feed, given, bad))
        return value

    @cached_property
    def readers(self) -> Mapping[str, Callable[[str], Answered | None]]:
        """Tell how the cells of each question are read that the sheet has."""
        asked = (question for question in self.questionnaire.asked_of(self.side) if question.id in self.sheet.feeds)
        return {question.id: partial(read_answer, question, side=self.side) for question in asked}

    @cached_property
    def telling(self) -> list[ColumnSource]:
        """List the columns of which one must be filled in a person's row: questions, not by sums or remarks alone."""
        asked = [q for q in self.questionnaire.asked_of(self.side) if q.id in self.sheet.feeds]
        read = [question for question in asked if self.sheet.feeds[question.id].headings]
        told = [question for question in read if question.kind not in ("text", "number")] or read
        return [self.sheet.feeds[question.id] for question in told]

    def is_person(self, row: Row) -> bool:
        """Say whether a row answers anything; if not, it is refused. A sheet that asks nothing holds people alone."""
        if not self.telling or any("".join(feed.given(row.record)).strip() for feed in self.telling):
            return True
        self.faults.append(Fault(Place(self.sheet.name, row=row.number), "row.without_answers"))
        return False

    def answers(self, row: Row) -> dict[str, Answered]:
        """Read every question's cell; blank and bad ones are left out."""
        read = {column: self.cell(row, column, reader, sense="answer") for column, reader in self.readers.items()}
        return {question_id: answered for question_id, answered in read.items() if answered is not None}

    def identity(self, row: Row) -> str:
        """Read the id, which must be there and be nobody else's."""
        identity = str(self.cell(row, "id", read_id, ""))
        wrong = self.register.problem_of(identity, row.number) if identity else None
        if wrong:
            column = self.sheet.feeds["id"].place
            self.faults.append(wrong.at(Place(self.sheet.name, row=row.number, column=column, value=identity)))
        return identity

    def common(self, row: Row, answers: Mapping[str, Answered]) -> dict[str, Any]:
        """Read what needs and offers both have."""
        return {
            "id": self.identity(row),
            "answers": {question_id: answered.answer for question_id, answered in answers.items()},
            "time_zone": self.cell(row, "time_zone", _read_zone, "UTC"),
            "never": self.cell(row, "never", read_ids, frozenset()),
            "past": self.cell(row, "past", read_ids, frozenset()),
        }


def _outcome(feed: ColumnSource, given: Given, read: Callable[[str], Any], default: Any) -> Outcome:
    try:
        return read(feed.text(given)), None
    except BadAnswer as bad:
        return default, bad


def _fault_of_cell(name: str, number: int, feed: ColumnSource, given: Given, bad: BadAnswer) -> Fault:
    heading, text = feed.place, (given if isinstance(given, str) else " ".join(filter(None, given))).strip()
    if isinstance(bad, BadCell):
        heading, text = bad.heading, bad.value
    shown = text if len(text) <= 60 else text[:57] + "..."
    return bad.at(Place(name, row=number, column=heading, value=shown))


def read_needs(
    path: Path | str,
    questionnaire: Questionnaire,
    *,
    on: date | None,
    ignore_extra: bool = False,
    columns: ColumnMap | None = None,
    tab: str | None = None,
    also: Also | None = None,
    may_repeat: bool = False,
) -> People:
    """Read requests from a spreadsheet; a day of waiting after `on`, or ten years before, is refused.

    With `columns`, the sheet is an export of another tool, read as the map says; `tab` names a workbook's sheet.
    `may_repeat` lets one person stand in several rows, by the same id.
    """
    read_safe_hours = partial(_read_safe_hours, questionnaire=questionnaire)
    safe_hours_in = safe_hours_column(questionnaire)

    def need(reader: _Reader, row: Row) -> Need:
        answers = reader.answers(row)
        stars = {question_id: answered.stars for question_id, answered in answers.items() if answered.stars}
        since = reader.cell(row, "waiting_since", partial(read_wait, on=on))
        safe_hours = reader.cell(row, safe_hours_in, read_safe_hours, availability.ALWAYS)
        return Need(**reader.common(row, answers), stars=stars, waiting_since=since, safe_hours=safe_hours)

    opened = partial(read_sheet, path, ignore_extra=ignore_extra, columns=columns, tab=tab, also=frozenset(also or ()))
    return _read(opened, questionnaire, "requester", need, also or {}, Register(may_repeat))


def read_offers(
    path: Path | str,
    questionnaire: Questionnaire,
    *,
    on: date | None = None,
    ignore_extra: bool = False,
    columns: ColumnMap | None = None,
    tab: str | None = None,
    also: Also | None = None,
) -> People:
    """Read supporters from a spreadsheet, as read_needs reads requests; without `on` no day is too late."""
    opened = partial(read_sheet, path, ignore_extra=ignore_extra, columns=columns, tab=tab, also=frozenset(also or ()))
    return _read(opened, questionnaire, "supporter", partial(_offer, on=on), also or {}, Register())


def _offer(reader: _Reader, row: Row, on: date | None) -> Offer:
    kept = [name for name in UNTIL if name in reader.sheet.feeds]
    return Offer(
        **reader.common(row, reader.answers(row)),
        status=reader.cell(row, "status", _read_status, "active"),
        until={name: reader.cell(row, name, partial(read_until, on=on)) for name in kept},
        capacity=reader.cell(row, "capacity", lambda text: _read_whole(text, 1), 1),
        load=reader.cell(row, "load", lambda text: _read_whole(text, 0), 0),
        strain=reader.cell(row, "strain", _read_strain, Decimal(0)),
        last_matched=reader.cell(row, "last_matched", partial(read_past, on=on)),
    )


def _read(
    open_sheet: Callable[[Questionnaire, Side], Sheet],
    questionnaire: Questionnaire,
    side: Side,
    person: Callable[[_Reader, Row], Person],
    also: Also,
    register: Register,
) -> People:
    try:
        sheet = open_sheet(questionnaire, side)
    except Refused as refused:
        return People(faults=refused.faults)
    if sheet.header_faults:
        return People(faults=sheet.header_faults, sheet=sheet)
    reader = _Reader(sheet, questionnaire, side, register, list(sheet.faults))
    rows = [row for row in sheet.rows if reader.is_person(row)]
    everyone = tuple(person(reader, row) for row in rows)
    besides = tuple({name: reader.cell(row, name, read) for name, read in also.items()} for row in rows)
    faults = tuple(dict.fromkeys(sorted(reader.faults, key=_row_of)))
    return People(everyone, frozenset(sheet.feeds), faults, sheet, besides)


def _row_of(fault: Fault) -> int:
    return int(fault.where.parts.get("row", 0))


def _read_status(text: str) -> str | None:
    return None if text in ("", NONE_OF_THESE) else text.lower()


def _read_zone(text: str) -> str | None:
    if text in ("", NONE_OF_THESE):
        return None
    if not time_zones.is_zone(text):
        raise time_zones.refusal_of(text)
    return text


def _read_safe_hours(text: str, questionnaire: Questionnaire) -> availability.HalfHours:
    """Read the hours in which contact outside the site is safe; a blank means that none is."""
    question = questionnaire.of_role("safe_hours", "requester")
    if question is not None:
        answered = read_answer(question, text, "requester")
        return answered.answer if answered else frozenset()  # type: ignore[return-value]
    return availability.read_hours("" if text == NONE_OF_THESE else text)


def _read_whole(text: str, default: int) -> int:
    if text in ("", NONE_OF_THESE):
        return default
    if not re.fullmatch(r"[0-9]{1,3}", text) or int(text) > MOST_PLACES:
        raise BadAnswer("cell.no_whole_number", most=MOST_PLACES)
    return int(text)


def _read_strain(text: str) -> Decimal:
    if text in ("", NONE_OF_THESE):
        return Decimal(0)
    if not re.fullmatch(r"0|1|0?\.[0-9]{1,4}|[01]\.0{1,4}", text):
        raise BadAnswer("cell.no_strain")
    return Decimal(text)
