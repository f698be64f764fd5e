"""Which heading feeds which column: by the contract alone, or by ids, labels and a column map."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matcher.errors import NOTHING, Fault, Phrase, Place
from matcher.hints import did_you_mean
from matcher.questionnaire.columns import SIDES
from matcher.questionnaire.schema import Question, Questionnaire, Side
from matcher.spreadsheets.cells import OptionTexts
from matcher.spreadsheets.column_maps import ColumnMap, SideMap, columns_of, empty
from matcher.spreadsheets.files import Header, Table
from matcher.spreadsheets.grids import half_of
from matcher.spreadsheets.xlsx_files import letters_to_number, number_to_letters
from matcher.text import heading_key

FOREIGN: Mapping[Side, tuple[str, str]] = {
    "requester": ("heading.of_requesters", "heading.of_requesters_in_map"),
    "supporter": ("heading.of_supporters", "heading.of_supporters_in_map"),
}
"""How a heading of the other side's sheet is refused, without a map and with one."""


@dataclass(frozen=True)
class Unknown:
    """Why a heading was not understood: the key of the fault, and its values."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Heading:
    """One heading that was understood: where it stands, the column that it feeds, and perhaps one option of it."""

    place: int
    text: str
    column: str
    found: str
    option: str | None = None


@dataclass
class HeaderReading:
    """One header as it is being understood, by one questionnaire and perhaps one map."""

    table: Table
    header: Header
    questionnaire: Questionnaire
    side: Side
    columns: ColumnMap | None = None
    also: Collection[str] = ()
    used: list[Heading] = field(default_factory=list)
    passed_over: list[int] = field(default_factory=list)
    unknown: dict[int, Unknown] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def own(self) -> dict[str, Question | None]:
        """List the columns that this sheet may hold, with the questions among them."""
        return columns_of(self.questionnaire, self.side, self.also)

    @property
    def names(self) -> tuple[str, ...]:
        """List the headings."""
        return self.header.names

    @property
    def place(self) -> Place:
        """Return the row of the headings."""
        return Place(self.table.name, **self.header.place.parts)

    def key_of_map(self, key: str) -> Place:
        """Return a place in the map: what it says of this sheet under a key."""
        return (self.columns or empty()).place.and_then(key=f"{self.side}.{key}")

    @property
    def said(self) -> SideMap:
        """Return what the map says of this sheet; nothing where there is no map."""
        return self.columns.side(self.side) if self.columns else SideMap()


# By the contract


def foreign_columns(questionnaire: Questionnaire, side: Side) -> list[str]:
    """List the columns that belong to the other side's sheet alone."""
    (other,) = (one for one in SIDES if one != side)
    own = columns_of(questionnaire, side)
    return [column for column in columns_of(questionnaire, other) if column not in own]


def names_of_contract(questionnaire: Questionnaire, side: Side, also: Collection[str] = ()) -> Callable[[str], bool]:
    """Return what knows the headings of the contract, those of the other side among them."""
    known = {*columns_of(questionnaire, side, also), *foreign_columns(questionnaire, side)}
    return lambda name: name.strip() in known


def understand_contract(reading: HeaderReading) -> None:
    """Take each heading that is a column of the contract, exactly."""
    own = reading.own
    foreign = foreign_columns(reading.questionnaire, reading.side)
    names = Names.of(own, reading.side)
    for place, name in enumerate(reading.names):
        if name in own:
            reading.used.append(Heading(place, name, name, "id"))
        elif name in foreign:
            reading.unknown[place] = reason_of_foreign(reading)
        else:
            reading.unknown[place] = Unknown("heading.a_label" if names.meanings(name) else "heading.no_id")
    for column in sorted(own):
        _refuse_twice(reading, [heading for heading in reading.used if heading.column == column])


def reason_of_foreign(reading: HeaderReading) -> Unknown:
    """Say that a column is the other side's."""
    alone, in_map = FOREIGN[_other(reading.side)]
    return Unknown(alone if reading.columns is None else in_map)


def _other(side: Side) -> Side:
    (other,) = (one for one in SIDES if one != side)
    return other


def _refuse_twice(reading: HeaderReading, headings: Sequence[Heading]) -> None:
    if len(headings) > 1:
        texts = dict.fromkeys(heading.text for heading in headings)
        column = headings[0].column
        named = NOTHING if len(texts) == 1 else Phrase.of("column_under", column=column, headings=list(texts))
        times = Phrase.of("twice") if len(headings) == 2 else Phrase.of("times", count=len(headings))
        letters = [f"column {number_to_letters(heading.place + 1)}" for heading in headings]
        where = reading.place.and_then(column=headings[0].text)
        key = "heading.there_often" if reading.columns is None else "heading.there_often_in_map"
        reading.faults.append(Fault(where, key, times=times, named=named, letters=letters))


# By ids, labels and the map


@dataclass(frozen=True)
class Names:
    """The headings that are understood without being listed: folded, each with the columns that it may mean."""

    by_key: Mapping[str, tuple[tuple[str, str], ...]]

    @classmethod
    def of(cls, columns: Mapping[str, Question | None], side: Side) -> "Names":
        """Collect ids first, then labels; a label that is also an id means the id."""
        found: dict[str, dict[str, str]] = {heading_key(column): {column: "id"} for column in columns}
        ids = set(found)
        for column, question in columns.items():
            for text in _labels(question, side) if question else ():
                if heading_key(text) not in ids:
                    found.setdefault(heading_key(text), {}).setdefault(column, "label")
        return cls({key: tuple(some.items()) for key, some in found.items()})

    def meanings(self, text: str) -> tuple[tuple[str, str], ...]:
        """Return the columns that a heading may mean, each with how it was found."""
        return self.by_key.get(heading_key(text), ())


def _labels(question: Question, side: Side) -> Iterator[str]:
    yield from question.label.values()
    if side == "supporter" and question.supporter:
        yield from question.supporter.label.values()


def names_with_map(
    columns: ColumnMap, questionnaire: Questionnaire, side: Side, also: Collection[str] = ()
) -> Callable[[str], bool]:
    """Return what knows the headings that the map names, and ids and labels of this side."""
    names = Names.of(columns_of(questionnaire, side, also), side)
    said = columns.side(side)
    mapped = {heading_key(text) for _, _, text in mapped_headings(said)} | {heading_key(t) for t in said.pass_over}
    return lambda text: bool(text.strip()) and (heading_key(text) in mapped or bool(names.meanings(text)))


def mapped_headings(said: SideMap) -> Iterator[tuple[str, str | None, str]]:
    """Go through the headings that a map names: column, perhaps option, heading."""
    for column, headings in said.columns.items():
        if isinstance(headings, dict):
            yield from ((column, option, text) for option, text in headings.items())
        else:
            yield from ((column, None, text) for text in headings)


def understand_with_map(reading: HeaderReading) -> None:
    """Take what the map names, then ids, labels and one column for each option."""
    _take_mapped(reading)
    names = Names.of(reading.own, reading.side)
    passed = {place for text in reading.said.pass_over for place in places_of(reading, text)}
    taken = {heading.place for heading in reading.used}
    for place, text in enumerate(reading.names):
        if place not in taken and place in passed:
            reading.passed_over.append(place)
        elif place not in taken:
            _take_unmapped(reading, names, place, text)
    for place in {place for text in reading.said.leave_out for place in places_of(reading, text)}:
        if reading.unknown.pop(place, None):
            reading.passed_over.append(place)
    _prefer_option_columns(reading)
    for column in dict.fromkeys(heading.column for heading in reading.used if heading.found != "map"):
        for option in dict.fromkeys(h.option for h in reading.used if h.column == column):
            _refuse_twice(reading, [h for h in reading.used if (h.column, h.option) == (column, option)])


def places_of(reading: HeaderReading, text: str) -> list[int]:
    """Find where a heading of the map stands: exactly, else but for capitals and signs, else as `column C`."""
    exact = [place for place, name in enumerate(reading.names) if name == text.strip()]
    key = heading_key(text)
    alike = [place for place, name in enumerate(reading.names) if key and heading_key(name) == key]
    letters = re.fullmatch(r"column ([a-z]{1,3})", key)
    place = letters_to_number(letters[1]) - 1 if letters else len(reading.names)
    named = [place] if place < len(reading.names) else []
    return exact if len(exact) == 1 else alike or named


def _take_mapped(reading: HeaderReading) -> None:
    for column, option, text in mapped_headings(reading.said):
        places = places_of(reading, text)
        half = _half_of_map(reading, column, option)
        if half is None and option is not None:
            reading.faults.append(_fault_of_option(reading, column, option))
        elif len(places) == 1:
            place = places[0]
            reading.used.append(Heading(place, label_of(reading, place), column, "map", half))
        else:
            reading.faults.append(fault_of_mapped(reading, f"columns.{column}", text, places))


def _half_of_map(reading: HeaderReading, column: str, option: str | None) -> str | None:
    """Read what the map says that a heading stands for: an option, or a day or hours of a grid of times."""
    question = reading.questionnaire.by_id.get(column)
    if option is None or question is None or question.kind != "availability" or option in question.option_ids:
        return option
    return half_of(option, _texts_of(reading, question))


def _fault_of_option(reading: HeaderReading, column: str, option: str) -> Fault:
    return Fault(reading.key_of_map(f"columns.{column}.{option}"), "heading.no_such_half", column=column)


def _texts_of(reading: HeaderReading, question: Question) -> OptionTexts:
    assert reading.columns is not None
    return OptionTexts(question, reading.columns.manner(reading.side, question.id))


def label_of(reading: HeaderReading, place: int) -> str:
    """Name a column by its heading, or by its letter where that is blank."""
    return reading.names[place] or f"column {number_to_letters(place + 1)}"


def fault_of_mapped(reading: HeaderReading, key: str, text: str, places: Sequence[int]) -> Fault:
    """Refuse a heading of the map that the sheet does not have, or has several times."""
    where, told = reading.key_of_map(key), {"row": reading.place, "heading": text}
    if places:
        letters = [number_to_letters(place + 1) for place in places]
        return Fault(where, "heading.mapped_often", **told, count=len(places), letters=letters, first=letters[0])
    return Fault(where, "heading.not_there", **told, hint=did_you_mean([text], filter(None, reading.names)))


def _take_unmapped(reading: HeaderReading, names: Names, place: int, text: str) -> None:
    meanings = names.meanings(text)
    mapped = {heading.column for heading in reading.used if heading.found == "map"} | reading.said.constants.keys()
    if len(meanings) > 1:
        several = [column for column, _ in meanings]
        reading.unknown[place] = Unknown("heading.label_of_several", {"columns": several})
    elif meanings and meanings[0][0] in mapped:
        reading.unknown[place] = Unknown("heading.filled_elsewhere", {"column": meanings[0][0]})
    elif meanings:
        reading.used.append(Heading(place, text, *meanings[0]))
    elif option := _option_column(reading, names, text):
        if option[0] in mapped:
            reading.unknown[place] = Unknown("heading.filled_elsewhere", {"column": option[0]})
        else:
            reading.used.append(Heading(place, text, option[0], "option column", option[1]))
    else:
        is_foreign = _is_foreign(reading, text)
        reading.unknown[place] = reason_of_foreign(reading) if is_foreign else Unknown("heading.no_id_or_label")


def _is_foreign(reading: HeaderReading, text: str) -> bool:
    other = _other(reading.side)
    names = Names.of(columns_of(reading.questionnaire, other), other)
    return bool(names.meanings(text))


def _option_column(reading: HeaderReading, names: Names, text: str) -> tuple[str, str] | None:
    """Read `topics[alcohol]` or `topics/alcohol`: one column for each option, or for each day of a grid."""
    for base, option in _parted(text):
        meanings = names.meanings(base)
        question = reading.questionnaire.by_id.get(meanings[0][0]) if len(meanings) == 1 else None
        if question is None or not (question.option_ids or question.kind == "availability"):
            continue
        half = half_of(option, texts := _texts_of(reading, question))
        if half is not None and (question.kind == "availability" or half in texts.question.option_ids):
            return question.id, half
    return None


def _parted(text: str) -> Iterator[tuple[str, str]]:
    base, bracket, option = text.strip().partition("[")
    if bracket and option.endswith("]"):
        yield base, option[:-1]
    for place, letter in enumerate(text):
        if letter == "/":
            yield text[:place], text[place + 1 :]


def _prefer_option_columns(reading: HeaderReading) -> None:
    """Where a tool exports the whole answer and one column for each option too, keep the second."""
    parted = {heading.column for heading in reading.used if heading.option and heading.found != "map"}
    double = [h for h in reading.used if h.column in parted and not h.option and h.found != "map"]
    reading.passed_over += [heading.place for heading in double]
    reading.used = [heading for heading in reading.used if heading not in double]
