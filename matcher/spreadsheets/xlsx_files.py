"""XLSX workbooks: one sheet's cells as the texts that a CSV file would hold.

The library is loaded here and only when a workbook comes, so that nobody pays for it who has none.
"""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from matcher.errors import Fault, Refused

LARGEST_UNPACKED = 512 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 200_000, 2_000
AS_XLSX = "Open it in your spreadsheet program, save it as .xlsx or as 'CSV UTF-8', and try again."
OLE, ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_ERRORS = {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"}
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, SyntaxError),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError),
)
"""What the library raises on damaged files; XML faults are SyntaxErrors."""
_DEEP_MERGE = re.compile(rb'<mergeCell ref="[A-Z]+(\d+):[A-Z]+(?!\1")\d+"')


@dataclass(frozen=True)
class Worksheet:
    """One sheet of a workbook: its cells as texts, its name, and what should be said about it."""

    records: list[list[str]]
    tab: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Inside:
    """What the parts of a workbook hold, seen before it is opened."""

    has_formulas: bool
    has_deep_merges: bool


def is_workbook(raw: bytes) -> bool:
    """Say whether a file begins like a workbook of any kind, old, new or locked."""
    return raw.startswith((OLE, ZIP))


def read_workbook(path: Path, raw: bytes, tab: str | None) -> Worksheet:
    """Read the first sheet of a workbook, or the one named. Raises Refused."""
    if raw.startswith(OLE):
        raise Refused([_fault_of_old(path.name, raw)])
    try:
        inside = _look_through(path.name, raw)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(path.name, raw, tab, inside)
    except _BROKEN:
        raise Refused([Fault(path.name, "the workbook is damaged", AS_XLSX)]) from None


def _fault_of_old(name: str, raw: bytes) -> Fault:
    if "EncryptedPackage".encode("utf-16-le") in raw:
        return Fault(name, "the workbook is locked with a password", "Save a copy without a password and try again.")
    return Fault(name, "this is a workbook of the old kind (.xls)", AS_XLSX)


def _look_through(name: str, raw: bytes) -> _Inside:
    """Refuse what is no workbook or would unpack to too much, and see what the sheets hold."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names:
            kinds = {"content.xml": "an OpenDocument file (.ods)", "xl/workbook.bin": "a binary workbook (.xlsb)"}
            kind = next((kind for part, kind in kinds.items() if part in names), "no workbook that can be read")
            raise Refused([Fault(name, f"this is {kind}", AS_XLSX)])
        if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
            raise Refused([Fault(name, "the workbook unpacks to more than 512 MB", "Save the one sheet as CSV.")])
        return _look_into(name, archive)


def _look_into(name: str, archive: zipfile.ZipFile) -> _Inside:
    has_formulas = has_deep_merges = False
    for part in archive.namelist():
        if part.endswith((".xml", ".rels")):
            content = archive.read(part)
            if b"<!DOCTYPE" in content[:4096]:
                raise Refused([Fault(name, "the workbook holds what no workbook should (a DOCTYPE)", AS_XLSX)])
            if part.startswith("xl/worksheets/"):
                has_formulas |= b"<f>" in content or b"<f " in content
                has_deep_merges |= _DEEP_MERGE.search(content) is not None
    return _Inside(has_formulas, has_deep_merges)


def _read(name: str, raw: bytes, tab: str | None, inside: _Inside) -> Worksheet:
    title, titles, values = _values(name, raw, tab, results=True)
    notes = []
    if inside.has_formulas:
        faults = list(_faults_of_formulas(name, values, _values(name, raw, tab, results=False)[2]))
        if faults:
            raise Refused(faults)
    if inside.has_deep_merges:
        notes.append("cells are merged over several rows: only the first holds the value, the others are blank.")
    if len(titles) > 1 and tab is None:
        notes.append(f"the sheet {title!r} was read; there are also {', '.join(titles[1:])} (--sheet NAME).")
    return Worksheet([[_as_text(value) for value in row] for row in values], title, tuple(notes))


def _values(name: str, raw: bytes, tab: str | None, *, results: bool) -> tuple[str, list[str], list[tuple[Any, ...]]]:
    """Return the name of the sheet, those of all sheets, and its values; formulas as their results, if asked."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(raw), read_only=True, data_only=results)
    try:
        titles = [sheet.title for sheet in book.worksheets]
        title = _choose(name, titles, tab)
        sheet = book.worksheets[titles.index(title)]
        sheet.reset_dimensions()  # some programs write wrong ones, and rows would be cut short
        return title, titles, list(_bounded(name, sheet.iter_rows(values_only=True)))
    finally:
        book.close()


def _choose(name: str, titles: list[str], tab: str | None) -> str:
    if not titles:
        raise Refused([Fault(name, "the workbook has no sheet of cells", AS_XLSX)])
    if tab is None:
        return titles[0]
    for title in titles:
        if title.strip().casefold() == tab.strip().casefold():
            return title
    raise Refused([Fault(name, f"there is no sheet {tab!r}", f"Name one of: {', '.join(titles)}.")])


def _bounded(name: str, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    filled = 0
    for row in rows:
        filled += any(value is not None for value in row)
        if filled > MOST_ROWS or len(row) > MOST_COLUMNS:
            problem = f"the sheet has more than {MOST_ROWS:,} rows or {MOST_COLUMNS:,} columns"
            raise Refused([Fault(name, problem, "Delete what is not needed, or save it as CSV.")])
        yield row


def _faults_of_formulas(name: str, results: list[tuple[Any, ...]], formulas: list[tuple[Any, ...]]) -> Iterator[Fault]:
    for number, (row, written) in enumerate(zip(results, formulas, strict=False), start=1):
        for place, (value, formula) in enumerate(zip(row, written, strict=False), start=1):
            if _is_formula(formula) and (value is None or value in _ERRORS):
                problem = "the formula has no stored result" if value is None else f"the formula gives {value}"
                remedy = "Open the workbook, let it reckon, save it and try again; or paste the values."
                yield Fault(f"{name} row {number} cell {number_to_letters(place)}{number}", problem, remedy)


def _is_formula(written: Any) -> bool:
    return (isinstance(written, str) and written.startswith("=")) or type(written).__name__.endswith("Formula")


def number_to_letters(place: int) -> str:
    """Name a column as spreadsheets do.

    >>> number_to_letters(1), number_to_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value)
