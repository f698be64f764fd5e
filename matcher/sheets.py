"""Read a spreadsheet export as rows of named cells, and say everything that is wrong with the file itself.

What the cells mean for a person lives in people_sheets.py.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from matcher.refusals import Fault, Refused

csv.field_size_limit(64 * 1024 * 1024)  # one long cell is refused as a cell, not as a broken file
LARGEST_FILE = 256 * 1024 * 1024
DELIMITERS = (",", ";", "\t")
SAVE_AS = "Save the sheet as 'CSV UTF-8' and try again."


@dataclass(frozen=True)
class Row:
    """One person's cells by column; `number` counts as a spreadsheet does, the header being row 1."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """All rows of one file, its columns, and the faults of single rows. Blank rows are left out."""

    name: str
    columns: frozenset[str]
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]


def read_sheet(path: Path | str, known: Mapping[str, str], *, ignore_extra: bool = False) -> Sheet:
    """Read a CSV file whose columns are `known`, each with "" or with the reason why it does not belong.

    Comma, semicolon or tab, with or without a byte order mark, columns in any order. Raises Refused where the file
    cannot be read as rows at all.
    """
    path = Path(path)
    text = _decode(path.name, _read(path))
    records = _records(path.name, text, known.keys())
    header = [name.strip() for name in next(records)]
    faults = list(_faults_of_header(path.name, header, known, ignore_extra))
    if faults:
        raise Refused(faults)
    rows = []
    for number, record in enumerate(records, start=2):
        if not any(cell.strip() for cell in record):
            continue
        if len(record) != len(header):
            faults.append(_fault_of_length(path.name, number, len(record), len(header)))
        else:
            rows.append(Row(number, {name: c for name, c in zip(header, record, strict=True) if name in known}))
    return Sheet(path.name, frozenset(header) & known.keys(), tuple(rows), tuple(faults))


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            problem = "the file is larger than 256 MB"
            raise Refused([Fault(path.name, problem, "Split it, or check that it is the right file.")])
        return path.read_bytes()
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
        raise Refused([Fault(str(path), problem, "Check the name and try again.")]) from None


def _decode(name: str, raw: bytes) -> str:
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refused([Fault(name, "this is a workbook, not a CSV file", SAVE_AS)])
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused([Fault(name, "the text is UTF-16", SAVE_AS)])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Refused([Fault(f"{name} line {line}", "the text is not UTF-8", SAVE_AS)]) from None
    if not text.strip():
        raise Refused([Fault(name, "the file is empty", "Export the sheet again; its first row names the columns.")])
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Refused([Fault(f"{name} line {line}", "a NUL character: the file is damaged", "Export it again.")])
    return text


def _records(name: str, text: str, known: AbstractSet[str]) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, known), strict=True)
    begun = 1
    try:
        for record in reader:
            yield record
            begun = reader.line_num + 1
    except csv.Error as error:
        where = f"{name} line {begun}"
        problem = f"the file breaks off or a quote is not closed ({error})"
        raise Refused([Fault(where, problem, 'Export it again; a quote inside a cell is written "".')]) from None


def _delimiter(text: str, known: AbstractSet[str]) -> str:
    """Choose the delimiter that makes the most known columns of the first line."""
    first = text.split("\n", 1)[0]

    def columns_known(delimiter: str) -> int:
        return sum(cell.strip().strip('"') in known for cell in first.split(delimiter))

    return max(DELIMITERS, key=columns_known)


def _faults_of_header(
    name: str, header: Sequence[str], known: Mapping[str, str], ignore_extra: bool
) -> Iterator[Fault]:
    if "id" not in header:
        yield Fault(f"{name} row 1", "there is no column 'id'", "Add one, with an id of its own for each row.")
    for column in sorted({column for column in header if header.count(column) > 1 and (column in known)}):
        yield Fault(f"{name} row 1 column {column!r}", "the column stands there twice", "Take one of them out.")
    for column in dict.fromkeys(header):
        if not ignore_extra and known.get(column, "no question has this id"):
            problem = known.get(column) or "no question has this id"
            near = get_close_matches(column, [one for one, reason in known.items() if not reason], n=1)
            hint = f"Did you mean {near[0]!r}? " if near else ""
            yield Fault(
                f"{name} row 1 column {column!r}", problem, f"{hint}Rename it, take it out, or add --ignore-extra."
            )


def _fault_of_length(name: str, number: int, cells: int, columns: int) -> Fault:
    problem = f"the row has {cells} cells, the header {columns}"
    return Fault(
        f"{name} row {number}", problem, "The row is cut short or holds a stray delimiter: mend or export again."
    )
