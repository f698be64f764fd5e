"""Rows of a spreadsheet as needs and offers: every bad cell with its row, column, value and remedy, in one pass."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from matcher import availability
from matcher.answers import NONE_OF_THESE, Answered, BadAnswer, read_answer
from matcher.people import UNTIL, Need, Offer, Person
from matcher.questions import Questionnaire, Side
from matcher.refusals import Fault, Refused
from matcher.sheets import Row, Sheet, read_sheet

SAFE_HOURS = "safe_hours"
COLUMNS: Mapping[Side, frozenset[str]] = {
    "requester": frozenset({"id", "never", "past", "time_zone", "waiting_since", SAFE_HOURS}),
    "supporter": frozenset(
        {"id", "never", "past", "time_zone", "capacity", "load", "strain", "status", "last_matched", *UNTIL}
    ),
}
"""What a sheet of each side may hold beside the questions."""


@dataclass(frozen=True)
class People:
    """Everyone of one sheet whose row could be read, and every fault that was found."""

    everyone: tuple[Any, ...] = ()
    columns: frozenset[str] = frozenset()
    faults: tuple[Fault, ...] = ()


@dataclass
class _Reader:
    """Reads the cells of one sheet and collects what is wrong."""

    sheet: Sheet
    questionnaire: Questionnaire
    side: Side
    faults: list[Fault] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def cell(self, row: Row, column: str, read: Callable[[str], Any], default: Any = None) -> Any:
        """Read one cell; a column that is not there gives the default, a bad cell is noted."""
        if column not in row.cells:
            return default
        text = row.cells[column].strip()
        try:
            return read(text)
        except BadAnswer as bad:
            shown = text if len(text) <= 60 else text[:57] + "..."
            where = f"{self.sheet.name} row {row.number} column {column!r} value {shown!r}"
            self.faults.append(Fault(where, bad.problem, bad.remedy))
            return default

    def answers(self, row: Row) -> dict[str, Answered]:
        """Read every question's cell; blank and bad ones are left out."""
        read = {
            question.id: self.cell(row, question.id, partial(read_answer, question, side=self.side))
            for question in self.questionnaire.asked_of(self.side)
        }
        return {question_id: answered for question_id, answered in read.items() if answered is not None}

    def identity(self, row: Row) -> str:
        """Read the id, which must be there and be the only one of its kind."""
        identity = str(self.cell(row, "id", _read_id, ""))
        if identity in self.seen and identity:
            where = f"{self.sheet.name} row {row.number} column 'id' value {identity!r}"
            problem = f"row {self.seen[identity]} has this id already"
            self.faults.append(Fault(where, problem, "Give each row an id of its own."))
        self.seen.setdefault(identity, row.number)
        return identity

    def common(self, row: Row, answers: Mapping[str, Answered]) -> dict[str, Any]:
        """Read what needs and offers both have."""
        return {
            "id": self.identity(row),
            "answers": {question_id: answered.answer for question_id, answered in answers.items()},
            "time_zone": self.cell(row, "time_zone", _read_zone, "UTC"),
            "never": self.cell(row, "never", _read_ids, frozenset()),
            "past": self.cell(row, "past", _read_ids, frozenset()),
        }


def read_needs(path: Path | str, questionnaire: Questionnaire, *, on: date, ignore_extra: bool = False) -> People:
    """Read requests from a spreadsheet; a date of waiting after `on` is refused."""
    read_safe_hours = partial(_read_safe_hours, questionnaire=questionnaire)

    def need(reader: _Reader, row: Row) -> Need:
        answers = reader.answers(row)
        stars = {question_id: answered.stars for question_id, answered in answers.items() if answered.stars}
        since = reader.cell(row, "waiting_since", partial(_read_past_date, on=on))
        safe_hours = reader.cell(row, SAFE_HOURS, read_safe_hours, availability.ALWAYS)
        return Need(**reader.common(row, answers), stars=stars, waiting_since=since, safe_hours=safe_hours)

    return _read(path, questionnaire, "requester", need, ignore_extra)


def read_offers(path: Path | str, questionnaire: Questionnaire, *, ignore_extra: bool = False) -> People:
    """Read supporters from a spreadsheet."""
    return _read(path, questionnaire, "supporter", _offer, ignore_extra)


def _offer(reader: _Reader, row: Row) -> Offer:
    kept = [name for name in UNTIL if name in row.cells]
    return Offer(
        **reader.common(row, reader.answers(row)),
        status=reader.cell(row, "status", _read_status, "active"),
        until={name: reader.cell(row, name, _read_date) for name in kept},
        capacity=reader.cell(row, "capacity", lambda text: _read_whole(text, 1), 1),
        load=reader.cell(row, "load", lambda text: _read_whole(text, 0), 0),
        strain=reader.cell(row, "strain", _read_strain, Decimal(0)),
        last_matched=reader.cell(row, "last_matched", _read_date),
    )


def _read(
    path: Path | str,
    questionnaire: Questionnaire,
    side: Side,
    person: Callable[[_Reader, Row], Person],
    ignore_extra: bool,
) -> People:
    try:
        sheet = read_sheet(path, _known_columns(questionnaire, side), ignore_extra=ignore_extra)
    except Refused as refused:
        return People(faults=refused.faults)
    reader = _Reader(sheet, questionnaire, side, list(sheet.faults))
    everyone = tuple(person(reader, row) for row in sheet.rows)
    return People(everyone, sheet.columns, tuple(sorted(reader.faults, key=_row_of)))


def _row_of(fault: Fault) -> int:
    found = re.search(r" row (\d+)", fault.place)
    return int(found[1]) if found else 0


def _known_columns(questionnaire: Questionnaire, side: Side) -> dict[str, str]:
    """Name the columns that a sheet may hold, and those of the other side with the reason why they may not."""
    other: Side = "supporter" if side == "requester" else "requester"
    foreign = [question.id for question in questionnaire.asked_of(other)] + sorted(COLUMNS[other])
    known = dict.fromkeys(foreign, f"this column belongs to the {other}'s sheet")
    ours: Iterable[str] = [*(question.id for question in questionnaire.asked_of(side)), *sorted(COLUMNS[side])]
    return {**known, **dict.fromkeys(ours, "")}


def _read_id(text: str) -> str:
    if not text or text == NONE_OF_THESE:
        raise BadAnswer("the id is missing", "Give each row an id of its own.")
    return _checked_id(text)


def _checked_id(text: str) -> str:
    if not text.isprintable() or {";", ","} & set(text) or text[:1] in set("=+@") or len(text) > 100:
        raise BadAnswer("this cannot be an id", "Use up to 100 letters and digits, without ';' or ','. ';' parts two.")
    return text


def _read_ids(text: str) -> frozenset[str]:
    return frozenset(_checked_id(one.strip()) for one in text.split(";") if one.strip() not in ("", NONE_OF_THESE))


def _read_status(text: str) -> str | None:
    return None if text in ("", NONE_OF_THESE) else text.lower()


def _read_zone(text: str) -> str | None:
    if text in ("", NONE_OF_THESE):
        return None
    if not availability.is_zone(text):
        raise BadAnswer("this is not a time zone", "Use an IANA name, for example America/Toronto.")
    return text


def _read_safe_hours(text: str, questionnaire: Questionnaire) -> availability.HalfHours:
    """Read the hours in which contact outside the site is safe; a blank means that none is."""
    question = questionnaire.by_id.get(SAFE_HOURS)
    if question is not None:
        answered = read_answer(question, text, "requester")
        return answered.answer if answered else frozenset()  # type: ignore[return-value]
    try:
        return availability.read_hours("" if text == NONE_OF_THESE else text)
    except ValueError as error:
        raise BadAnswer(str(error), "Write for example 'Mon 18:00-21:00; Sat 09:00-12:00'.") from None


def _read_date(text: str) -> date | None:
    if text in ("", NONE_OF_THESE):
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise BadAnswer("this is not a date", "Write year-month-day, for example 2026-11-23.") from None


def _read_past_date(text: str, on: date) -> date | None:
    day = _read_date(text)
    if day is not None and day > on:
        raise BadAnswer(f"the date is after {on}", "Write the day since when she waits.")
    return day


def _read_whole(text: str, default: int) -> int:
    if text in ("", NONE_OF_THESE):
        return default
    if not re.fullmatch(r"\d{1,4}", text):
        raise BadAnswer("this is not a whole number", "Write 0, 1, 2 ... up to 9999.")
    return int(text)


def _read_strain(text: str) -> Decimal:
    if text in ("", NONE_OF_THESE):
        return Decimal(0)
    if not re.fullmatch(r"0|1|0?\.\d{1,4}|[01]\.0{1,4}|0\.\d{1,4}", text):
        raise BadAnswer("this is not between 0 and 1", "Write for example 0.25, with at most four decimals.")
    return Decimal(text)
