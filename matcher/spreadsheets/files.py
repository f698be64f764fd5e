"""A spreadsheet file as rows of texts under headings, whatever kind of file it is.

Which heading feeds which column is decided in headers.py; what the cells mean for a person, in people.py.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from matcher.errors import Fault, Place, Refused, reason_of
from matcher.spreadsheets.csv_files import LOOKED_AT, decode, records
from matcher.spreadsheets.xlsx_files import Merged, is_workbook, read_workbook
from matcher.text import composed, heading_key

LARGEST_FILE = 256 * 1024 * 1024
ANY_ANSWER = frozenset({"response", "open-ended response", "reponse", "reponse libre", "reponse ouverte"})
"""What tools write below a question that has no columns of its own for its options."""
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
Given = str | tuple[str, ...]
"""What a row holds for one column: one text, or one for each of its headings."""


@dataclass(frozen=True)
class Table:
    """The cells of one file; `said` tells how they were read. `is_even` where no row can be cut short."""

    name: str
    records: Sequence[Sequence[str]]
    said: str
    is_even: bool = False
    notes: tuple[str, ...] = ()
    merged: tuple[Merged, ...] = ()


@dataclass(frozen=True)
class Header:
    """The headings: what they are, in which rows they stand, and where the answers begin; rows count from 0."""

    names: tuple[str, ...]
    rows: tuple[int, ...]
    answers: int

    @property
    def said(self) -> str:
        """Name its rows as a spreadsheet does."""
        return str(self.place)

    @property
    def place(self) -> Place:
        """Return its rows as a place in its file."""
        rows = [row + 1 for row in self.rows]
        return Place(row=rows[0]) if len(rows) == 1 else Place(rows=rows)


@dataclass(frozen=True)
class Row:
    """One person's cells; `number` counts as a spreadsheet does, from 1."""

    number: int
    record: Sequence[str]


@dataclass(frozen=True)
class ColumnSource:
    """How one column is filled: from which headings, and how what stands there becomes a cell of the contract.

    `text` raises BadAnswer. `found` says how the headings were known: by id, label or map; a constant has none.
    """

    column: str
    headings: tuple[str, ...]
    given: Callable[[Sequence[str]], Given]
    text: Callable[[Any], str]
    found: str

    @property
    def place(self) -> str:
        """Name the column as the sheet does."""
        return " + ".join(self.headings) or self.column


@dataclass(frozen=True)
class Sheet:
    """One file as it was understood. Where `header_faults` is not empty, its rows should not be read.

    `left_out` tells why rows are left out that the map does not want, and how many each time.
    """

    name: str
    said: str
    headings: str
    feeds: Mapping[str, ColumnSource]
    rows: tuple[Row, ...] = ()
    passed_over: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    header_faults: tuple[Fault, ...] = ()


def read_table(path: Path | str, is_known: Callable[[str], bool], tab: str | None = None) -> Table:
    """Read a delimited text file or a workbook; `is_known` knows headings and so helps to find the delimiter.

    Raises Refused where the file cannot be read as rows at all.
    """
    path = Path(path)
    raw = _read(path)
    if is_workbook(raw):
        worksheet = read_workbook(path, raw, tab)
        rows = [[_tidy(cell) for cell in row] for row in worksheet.records]
        said = f"workbook, sheet {worksheet.tab!r}"
        return Table(path.name, _evened(rows), said, True, worksheet.notes, worksheet.merged)
    text, encoding = decode(path.name, raw)
    cut, delimiter = records(path.name, composed(text), is_known)
    if _ESCAPE.search(text):
        cut = [[_tidy(cell) for cell in record] for record in cut]
    notes = () if encoding != "Windows-1252" else ("not UTF-8: read as Windows-1252. Look at the accents.",)
    return Table(path.name, cut, f"{encoding}, {delimiter}", notes=notes)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Refused([Fault(path.name, "sheet.too_large")])
        return path.read_bytes()
    except OSError as error:
        raise Refused([Fault(str(path), "file.cannot_be_read", reason=reason_of(error))]) from None


def _tidy(cell: str) -> str:
    r"""Undo what spreadsheet programs write for letters that their files cannot hold, and compose accents.

    >>> _tidy("r1_x000D_"), _tidy("_xD83D__xDC3B_"), _tidy("_xD83D_")
    ('r1\r', '🐻', '_xD83D_')
    """
    undone = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), cell) if "_x" in cell else cell
    try:
        return composed(undone if undone is cell else undone.encode("utf-16", "surrogatepass").decode("utf-16"))
    except UnicodeDecodeError:
        return composed(cell)


def _evened(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    width = max(map(len, rows), default=0)
    return [[*row, *[""] * (width - len(row))] for row in rows]


def header_of(
    table: Table, is_known: Callable[[str], bool], rows: Sequence[int] = (), first: int | None = None
) -> Header:
    """Find the headings: in the rows given, counted from 1, or in the one among the first with most known names.

    Two rows are read together. `first` is the row of the first answers, counted from 1, where more stands between.
    """
    if rows and max(rows) > len(table.records):
        raise Refused([Fault(table.name, "sheet.no_row_of_headings", row=max(rows))])
    found = tuple(row - 1 for row in rows) or (_row_of_headings(table.records[:LOOKED_AT], is_known),)
    names = [[name.strip() for name in table.records[row]] for row in found if row < len(table.records)]
    read = _together(*names) if len(names) > 1 else names[0] if names else []
    return Header(tuple(read), found, found[-1] + 1 if first is None else first - 1)


def _row_of_headings(first: Sequence[Sequence[str]], is_known: Callable[[str], bool]) -> int:
    known = [sum(map(is_known, record)) for record in first]
    if any(known):
        return known.index(max(known))
    return next((number for number, record in enumerate(first) if any(map(str.strip, record))), 0)


def _together(above: Sequence[str], below: Sequence[str]) -> Iterator[str]:
    """Read two rows of headings as one: `Question [Option]`; a question holds for the blank cells to its right."""
    question = ""
    for upper, lower in zip_longest(above, below, fillvalue=""):
        question = upper or (question if lower else "")
        says_nothing = not lower or lower == question or heading_key(lower) in ANY_ANSWER
        if not question:
            yield lower
        else:
            yield question if says_nothing else f"{question} [{lower}]"


def rows_below(table: Table, header: Header) -> tuple[tuple[Row, ...], tuple[Fault, ...]]:
    """Return the rows of answers without the blank ones, and a fault for each of another length than the headings."""
    width = max((place for place, name in enumerate(header.names, start=1) if name), default=0)
    rows, faults = [], []
    for number, record in enumerate(table.records[header.answers :], start=header.answers + 1):
        if not any(record) or not any(map(str.strip, record)):
            continue
        if len(record) < width or any(map(str.strip, record[len(header.names) :])):
            faults.append(_fault_of_length(table.name, number, len(record), len(header.names)))
        else:
            rows.append(Row(number, record))
    return tuple(rows), tuple(faults)


def _fault_of_length(name: str, number: int, cells: int, columns: int) -> Fault:
    return Fault(Place(name, row=number), "row.of_other_length", cells=cells, columns=columns)


def notes_of(table: Table, header: Header) -> Iterator[str]:
    """Say what a reader of the file should know."""
    yield from (f"{table.name}: {note}" for note in table.notes)
    above = _passed_over(table, range(header.rows[0]))
    if above:
        yield f"{table.name}: the headings stand in {header.said}; {above}."
    between = _passed_over(table, range(header.rows[-1] + 1, header.answers))
    if between:
        yield f"{table.name}: the answers begin in row {header.answers + 1}; {between}."


def _passed_over(table: Table, rows: range) -> str:
    """Name those of some rows in which anything stands."""
    records = enumerate(table.records[rows.start : rows.stop], start=rows.start + 1)
    filled = [str(number) for number, record in records if any(map(str.strip, record))]
    one = f"row {filled[0]} was passed over" if filled else ""
    return one if len(filled) < 2 else f"rows {', '.join(filled)} were passed over"
