"""One file, read and understood: its rows, what feeds each column, and everything that is wrong with its headings."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from operator import itemgetter
from pathlib import Path

from matcher.errors import NOTHING, Fault, Phrase, Place
from matcher.questionnaire.columns import SIDES
from matcher.questionnaire.schema import Question, Questionnaire, Side
from matcher.spreadsheets.cells import cell_writer, option_column_writer
from matcher.spreadsheets.column_maps import ColumnMap, SideMap
from matcher.spreadsheets.files import ColumnSource, Given, Row, Sheet, header_of, notes_of, read_table, rows_below
from matcher.spreadsheets.grids import grid_writer
from matcher.spreadsheets.headers import (
    HeaderReading,
    Heading,
    Names,
    fault_of_mapped,
    foreign_columns,
    label_of,
    names_of_contract,
    names_with_map,
    places_of,
    reason_of_foreign,
    understand_contract,
    understand_with_map,
)
from matcher.spreadsheets.xlsx_files import number_to_letters
from matcher.text import folded, heading_key, nearest

SWAPPED: Mapping[Side, str] = {"requester": "sheet.of_requesters_given", "supporter": "sheet.of_supporters_given"}
"""How a sheet of one side is refused that is given as the other's."""


def read_sheet(
    path: Path | str,
    questionnaire: Questionnaire,
    side: Side,
    *,
    ignore_extra: bool = False,
    columns: ColumnMap | None = None,
    tab: str | None = None,
    also: Collection[str] = (),
) -> Sheet:
    """Read one file and decide what each heading feeds. Raises Refused where it cannot be read as rows at all.

    Without a map the headings are the ids of the contract, exactly. With one, ids and labels are understood in any
    case, and what the map says counts before both. `tab` names the sheet of a workbook, `also` further
    columns that it may hold.
    """
    known = (
        names_of_contract(questionnaire, side, also)
        if columns is None
        else names_with_map(columns, questionnaire, side, also)
    )
    said = columns.side(side) if columns else SideMap()
    table = read_table(path, known, tab or said.sheet)
    header = header_of(table, known, said.header_row, said.first_row)
    reading = HeaderReading(table, header, questionnaire, side, columns, also)
    (understand_contract if columns is None else understand_with_map)(reading)
    _sort_out_blank_headings(reading)
    faults = [*_faults_of_swap(reading), *_faults_of_rows(reading), *_faults_of_ids(reading), *reading.faults]
    faults += _faults_of_spelling(reading) if ignore_extra else _faults_of_unknown(reading)
    return _sheet(reading, tuple(faults))


def _sheet(reading: HeaderReading, faults: tuple[Fault, ...]) -> Sheet:
    table, names = reading.table, reading.names
    rows, bad_rows = rows_below(table, reading.header)
    kept, left_out = _without_what_the_map_leaves_out(reading, rows)
    return Sheet(
        name=table.name,
        said=table.said,
        headings=reading.header.said,
        feeds={} if faults and reading.columns is None else {feed.column: feed for feed in _feeds(reading)},
        rows=kept,
        passed_over=tuple(names[place] for place in sorted(reading.passed_over)),
        unknown=tuple(label_of(reading, place) for place in sorted(reading.unknown)),
        left_out=left_out,
        notes=(*notes_of(table, reading.header), *_note_of_left_out(table.name, left_out)),
        faults=(*bad_rows, *_faults_of_merges(reading)),
        header_faults=faults,
    )


def _sort_out_blank_headings(reading: HeaderReading) -> None:
    """Pass over columns without a heading where nothing stands below."""
    below = reading.table.records[reading.header.answers :]
    for place in [place for place in reading.unknown if not reading.names[place]]:
        if not any(len(record) > place and record[place].strip() for record in below):
            del reading.unknown[place]


# Rows that are left out

Reason = tuple[int, str, str]
"""A column, its heading, and a text: a row that holds the text there is left out."""


def _without_what_the_map_leaves_out(
    reading: HeaderReading, rows: Sequence[Row]
) -> tuple[tuple[Row, ...], tuple[tuple[str, int], ...]]:
    """Return the rows that are kept, and each reason with how many it leaves out; the first reason of a row counts."""
    reasons = list(_reasons(reading))
    counts, kept = [0] * len(reasons), []
    for row in rows:
        found = next((n for n, (place, _, text) in enumerate(reasons) if folded(row.record[place]) == text), None)
        if found is None:
            kept.append(row)
        else:
            counts[found] += 1
    return tuple(kept), tuple(zip((said for _, said, _ in reasons), counts, strict=True))


def _reasons(reading: HeaderReading) -> Iterator[Reason]:
    for heading, texts in reading.said.leave_out.items():
        for place in places_of(reading, heading)[:1]:
            label = label_of(reading, place)
            yield from ((place, f"{label!r} {repr(text) if text.strip() else 'blank'}", folded(text)) for text in texts)


def _note_of_left_out(name: str, left_out: Sequence[tuple[str, int]]) -> Iterator[str]:
    if left_out:
        count = sum(number for _, number in left_out)
        rows = "1 row is" if count == 1 else f"{count} rows are"
        yield f"{name}: {rows} left out, as the map says: {told_of_left_out(left_out)}."


def told_of_left_out(left_out: Sequence[tuple[str, int]]) -> str:
    """List the reasons for which rows are left out, each with how many."""
    return ", ".join(f"{count} with {reason}" for reason, count in left_out)


# What is wrong


def _faults_of_rows(reading: HeaderReading) -> Iterator[Fault]:
    for heading in reading.said.leave_out:
        places = places_of(reading, heading)
        if len(places) != 1:
            yield fault_of_mapped(reading, "leave_out", heading, places)
    if reading.columns is not None and reading.header.answers <= reading.header.rows[-1]:
        values = {"row": reading.header.answers + 1, "headings": reading.header.place}
        yield Fault(reading.key_of_map("first_row"), "heading.below_answers", **values)


def _faults_of_ids(reading: HeaderReading) -> Iterator[Fault]:
    if not any(heading.column == "id" for heading in reading.used):
        key = "heading.id_missing_in_map" if reading.columns else "heading.id_missing"
        yield Fault(reading.place, key, side=reading.side)


def _faults_of_unknown(reading: HeaderReading) -> Iterator[Fault]:
    own = reading.own
    known = {column: column for column in own}
    if reading.columns:
        known = {key: meant[0][0] for key, meant in Names.of(own, reading.side).by_key.items()}
    for name, places in _unknown_by_name(reading).items():
        reason, near = reading.unknown[places[0]], nearest(name, known)
        hint = Phrase.of("did_you_mean", near=known[near]) if near else NOTHING
        yield Fault(_place_of(reading, name, places), reason.key, **reason.values, hint=hint, side=reading.side)


def _faults_of_spelling(reading: HeaderReading) -> Iterator[Fault]:
    """Refuse what differs from a column by capitals, blanks or signs alone: passed over, it would be lost unseen."""
    by_key = {heading_key(column): column for column in reading.own}
    for name, places in _unknown_by_name(reading).items():
        column = by_key.get(heading_key(name))
        if column:
            yield Fault(_place_of(reading, name, places), "heading.spelt_otherwise", column=column)


def _place_of(reading: HeaderReading, name: str, places: Sequence[int]) -> Place:
    letters = [number_to_letters(place + 1) for place in places]
    if not name:
        return reading.place.and_then(blank_column=letters)
    named = reading.place.and_then(column=name)
    return named.and_then(letters=letters) if len(places) > 1 else named


def _unknown_by_name(reading: HeaderReading) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place in sorted(reading.unknown):
        found.setdefault(reading.names[place], []).append(place)
    return found


def _faults_of_swap(reading: HeaderReading) -> Iterator[Fault]:
    """Say first of all that a sheet of the other side was given, where nothing in it is of this side alone."""
    reason = reason_of_foreign(reading)
    foreign = sum(one.key == reason.key for one in reading.unknown.values())
    (other,) = (one for one in SIDES if one != reading.side)
    own_alone = set(foreign_columns(reading.questionnaire, other))
    if foreign >= 2 and not any(heading.column in own_alone for heading in reading.used):
        yield Fault(reading.table.name, SWAPPED[other], count=foreign)


def _faults_of_merges(reading: HeaderReading) -> Iterator[Fault]:
    """Refuse an answer that is merged over several rows: it would be that of the first alone."""
    used = {heading.place for heading in reading.used}
    for merged in reading.table.merged:
        first, column = merged.rows[0], merged.columns[0]
        is_answer = len(merged.rows) > 1 and first > reading.header.rows[-1] and not used.isdisjoint(merged.columns)
        if is_answer and first < len(reading.table.records) and reading.table.records[first][column].strip():
            yield Fault(Place(reading.table.name, row=first + 1, cells=merged.reference), "row.merged")


# Feeds


def _feeds(reading: HeaderReading) -> Iterator[ColumnSource]:
    questions = reading.own
    for column in dict.fromkeys(heading.column for heading in reading.used):
        headings = [heading for heading in reading.used if heading.column == column]
        if reading.columns is None:
            yield ColumnSource(column, (headings[0].text,), itemgetter(headings[0].place), str.strip, "id")
        else:
            yield _feed_with_map(reading, reading.columns, headings, questions[column])
    if reading.columns is not None:
        for column, text in reading.said.constants.items():
            write = cell_writer(column, questions[column], reading.columns.manner(reading.side, column))
            yield ColumnSource(column, (), partial(_always, text), write, "constant of the map")


def _feed_with_map(
    reading: HeaderReading, columns: ColumnMap, headings: Sequence[Heading], question: Question | None
) -> ColumnSource:
    column, texts = headings[0].column, tuple(heading.text for heading in headings)
    manner = columns.manner(reading.side, column)
    given = itemgetter(*(heading.place for heading in headings))
    options = [heading.option for heading in headings if heading.option]
    write: Callable[..., str] = cell_writer(column, question, manner)
    if options and question is not None:
        writer = grid_writer if question.kind == "availability" else option_column_writer
        write = _of_tuple(writer(question, manner, options, texts))
    elif len(headings) > 1:
        write = partial(_joined, write, _glue(question, manner.separators[0]))
    return ColumnSource(column, texts, given, write, headings[0].found)


def _glue(question: Question | None, separator: str) -> str:
    return separator if question is not None and question.kind not in ("text", "number") else " "


def _joined(write: Callable[[str], str], glue: str, cells: Iterable[str]) -> str:
    return write(glue.join(cell.strip() for cell in cells if cell.strip()))


def _of_tuple(write: Callable[[tuple[str, ...]], str]) -> Callable[[Given], str]:
    return lambda given: write((given,) if isinstance(given, str) else given)


def _always(text: str, record: Sequence[str]) -> str:
    return text
