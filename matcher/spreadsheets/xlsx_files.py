"""XLSX workbooks: one sheet's cells as the texts that a CSV file would hold.

The library is loaded here and only when a workbook comes, so that nobody pays for it who has none. It passes in silence
over what it cannot read, so each cell is asked whether it holds more than was read of it.
"""

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element
from xml.parsers import expat

from matcher.errors import BadAnswer, Fault, Place, Refused

LARGEST_UNPACKED = 512 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 200_000, 2_000
LAST_ROW = 1_048_576
"""No spreadsheet has more, blank ones among them."""
OLE, ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/"
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, SyntaxError),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError),
)
"""What the library raises on damaged files; XML faults are SyntaxErrors."""
_OLD_KINDS = {
    "EncryptedPackage": "kind.locked",
    "WordDocument": "kind.old_word",
}
_PACKAGES = {
    "content.xml": "kind.opendocument",
    "xl/workbook.bin": "kind.binary",
    "word/document.xml": "kind.word",
    "Index/Document.iwa": "kind.apple",
}


@dataclass(frozen=True)
class Merged:
    """Cells that are merged into one: their reference, and the rows and columns that they cover, counted from 0."""

    reference: str
    rows: range
    columns: range


@dataclass(frozen=True)
class Worksheet:
    """One sheet of a workbook: its cells as texts, its name, what should be said about it, and what is merged."""

    records: list[list[str]]
    tab: str
    notes: tuple[str, ...]
    merged: tuple[Merged, ...]


def is_workbook(raw: bytes) -> bool:
    """Say whether a file begins like a workbook of any kind, old, new or locked."""
    return raw.startswith((OLE, ZIP))


def read_workbook(path: Path, raw: bytes, tab: str | None) -> Worksheet:
    """Read the first sheet of a workbook that is not hidden, or the one named. Raises Refused."""
    if raw.startswith(OLE):
        raise Refused([_fault_of_old(path.name, raw)])
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            _check_parts(path.name, archive)
            names = _names_of_sheets(archive)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(path.name, raw, tab, names)
    except _BROKEN:
        raise Refused([Fault(path.name, "book.damaged")]) from None


def _fault_of_old(name: str, raw: bytes) -> Fault:
    kind = next((kind for stream, kind in _OLD_KINDS.items() if stream.encode("utf-16-le") in raw), "kind.old_book")
    return Fault(name, kind)


# Parts


def _check_parts(name: str, archive: zipfile.ZipFile) -> None:
    """Refuse what is no workbook that is read, or would unpack to too much."""
    parts = archive.namelist()
    if "xl/workbook.xml" not in parts:
        kind = next((kind for part, kind in _PACKAGES.items() if part in parts), "kind.no_book")
        raise Refused([Fault(name, kind)])
    if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
        raise Refused([Fault(name, "book.unpacks_too_large")])
    for part in parts:
        with archive.open(part) as source:
            root = _root_of(source)
        if root is None:
            raise Refused([Fault(name, "book.doctype")])
        if part == "xl/workbook.xml" and root.startswith(STRICT):
            raise Refused([Fault(name, "book.strict")])


def _root_of(source: IO[bytes]) -> str | None:
    """Name the first element of a part, empty where it is no XML; None where a DOCTYPE stands before it."""
    found: list[str | None] = []
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartDoctypeDeclHandler = lambda *_: found.append(None)
    parser.StartElementHandler = lambda name, _: found.append("{" + name)
    try:
        while not found and (piece := source.read(1 << 16)):
            parser.Parse(piece)
    except expat.ExpatError:
        pass  # a picture, say; what should be XML and is not is refused where it is read
    return found[0] if found else ""


def _names_of_sheets(archive: zipfile.ZipFile) -> list[str]:
    from openpyxl.xml.functions import fromstring

    root = fromstring(archive.read("xl/workbook.xml"))
    return [sheet.attrib["name"] for sheet in root.iter(f"{MAIN}sheet")]


# One sheet


def _read(name: str, raw: bytes, tab: str | None, names: Sequence[str]) -> Worksheet:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    try:
        if sorted(book.sheetnames) != sorted(names):
            raise ValueError("a sheet is missing")
        sheet = _choose(name, book.worksheets, tab)
        cells = _Cells(name)
        cells.read(book, sheet)
    finally:
        book.close()
    if cells.faults:
        raise Refused(cells.faults)
    records = [[_as_text(value) for value in row] for row in cells.rows]
    return Worksheet(records, sheet.title, tuple(_notes(book.worksheets, sheet, tab, cells)), tuple(cells.merged))


def _choose(name: str, sheets: Sequence[Any], tab: str | None) -> Any:
    if not sheets:
        raise Refused([Fault(name, "book.without_cells")])
    for sheet in sheets:
        if _is_hidden(sheet) if tab is None else sheet.title.strip().casefold() != tab.strip().casefold():
            continue
        return sheet
    titles = [sheet.title for sheet in sheets]
    if tab is None:
        raise Refused([Fault(name, "book.hidden", titles=titles)])
    raise Refused([Fault(name, "book.no_such_sheet", tab=tab, titles=titles)])


def _is_hidden(sheet: Any) -> bool:
    return bool(sheet.sheet_state != "visible")


def _notes(sheets: Sequence[Any], chosen: Any, tab: str | None, cells: "_Cells") -> Iterator[str]:
    others = [f"{one.title!r}{' (hidden)' * _is_hidden(one)}" for one in sheets if one is not chosen]
    if others and tab is None:
        yield f"the sheet {chosen.title!r} was read; there are also {', '.join(others)} (--sheet NAME)."
    if _is_hidden(chosen):
        yield f"the sheet {chosen.title!r} is hidden in the workbook, and was read."
    if cells.hidden:
        rows = "1 row is" if cells.hidden == 1 else f"{cells.hidden} rows are"
        was = "was" if cells.hidden == 1 else "were"
        yield f"{rows} hidden in the workbook (by a filter, perhaps), and {was} read."
    deep = [one.reference for one in cells.merged if len(one.rows) > 1]
    if deep:
        listed = ", ".join(deep[:10]) + ", ..." * (len(deep) > 10)
        yield f"cells are merged over several rows ({listed}): only the first holds the value, the others are blank."


@dataclass
class _Cells:
    """The cells of one sheet as they are read, and everything that would be lost by their values alone."""

    name: str
    rows: list[list[Any]] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    hidden: int = 0
    filled: int = 0

    def read(self, book: Any, sheet: Any) -> None:
        """Read every row. Raises Refused where they are too many, ValueError where they make no sense."""
        from openpyxl.worksheet._reader import WorkSheetParser
        from openpyxl.xml.functions import iterparse

        formats = {"date_formats": book._date_formats, "timedelta_formats": book._timedelta_formats}
        with sheet._get_source() as source:
            parser = WorkSheetParser(source, sheet._shared_strings, data_only=True, epoch=book.epoch, **formats)
            for _, element in iterparse(source):
                if element.tag == f"{MAIN}row":
                    self._take_row(element, *parser.parse_row(element))
                    element.clear()
                elif element.tag == f"{MAIN}mergeCell":
                    self.merged.append(_merged(element.attrib["ref"]))

    def _take_row(self, element: Element, number: int, cells: Sequence[dict[str, Any]]) -> None:
        if not len(self.rows) < number <= LAST_ROW:
            raise ValueError(f"row {number} stands where it cannot")
        self.rows.extend([] for _ in range(len(self.rows) + 1, number))
        held: dict[int, Any] = {}
        for written, cell in zip(element, cells, strict=True):
            if (bad := _problem_of(written, cell)) is not None:
                where = f"{number_to_letters(cell['column'])}{number}"
                self.faults.append(bad.at(Place(self.name, row=number, cell=where)))
            elif cell["value"] is not None and held.setdefault(cell["column"], cell["value"]) is not cell["value"]:
                raise ValueError("one cell stands there twice")
        self._check_size(held)
        self.rows.append([held.get(column) for column in range(1, max(held, default=0) + 1)])
        self.hidden += bool(held) and element.get("hidden") in ("1", "true")

    def _check_size(self, held: Iterable[int]) -> None:
        self.filled += any(held)
        if self.filled > MOST_ROWS or max(held, default=0) > MOST_COLUMNS:
            most = {"rows": f"{MOST_ROWS:,}", "columns": f"{MOST_COLUMNS:,}"}
            raise Refused([Fault(self.name, "book.too_many_cells", **most)])


def _problem_of(written: Element, cell: dict[str, Any]) -> BadAnswer | None:
    """Say what a cell holds that its value does not tell, and what to do; None where nothing is lost."""
    formula, value = written.find(f"{MAIN}f") is not None, cell["value"]
    if cell["data_type"] == "e" and value is not None:
        return BadAnswer("book.formula_fails" if formula else "book.error", error=str(value))
    if value is not None:
        return None
    if formula:
        return BadAnswer("book.formula_without_result")
    if "".join(written.itertext()).strip():
        return BadAnswer("book.cell_not_read")
    return None


def _merged(reference: str) -> Merged:
    from openpyxl.utils.cell import range_boundaries

    first_column, first_row, last_column, last_row = range_boundaries(reference)
    return Merged(reference, range(first_row - 1, last_row), range(first_column - 1, last_column))


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


def letters_to_number(letters: str) -> int:
    """Count a column as spreadsheets name it.

    >>> letters_to_number("A"), letters_to_number("ab")
    (1, 28)
    """
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - ord("A") + 1
    return place


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
