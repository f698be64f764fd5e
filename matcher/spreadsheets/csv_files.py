"""Delimited text files: bytes to text, whatever a spreadsheet program saved them as, and text to records.

A file of another kind may bear the name of a sheet: it is told for what it is.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from itertools import islice

from matcher.errors import Fault, Phrase, Place, Refused

csv.field_size_limit(64 * 1024 * 1024)  # one long cell is refused as a cell, not as a broken file
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
LOOKED_AT = 30
"""The records among which the headings are looked for."""

_SIGNATURES = {
    b"%PDF-": "kind.pdf",
    b"{\\rtf": "kind.rtf",
    b"\x89PNG": "kind.picture",
    b"\xff\xd8\xff": "kind.picture",
    b"\x1f\x8b": "kind.packed",
}
_PAGE = re.compile(r"<(!doctype html|(html|head|body|table|meta)[\s>])", re.IGNORECASE)

# What other code pages and broken UTF-8 look like when they are read as Windows-1252: signs and capitals inside words.
_UNCLEAN = re.compile(
    r"(?<=[^\W\d_])[^\w\s\x00-\x7f’–—·](?=[^\W\d_])"
    r"|[a-zß-öø-ÿ][ŠŒŽŸÀ-ÖØ-Þ][a-zß-öø-ÿ]"
    r"|[ÂÃâ][^\w\s\x00-\x7f]"
)


def decode(name: str, raw: bytes) -> tuple[str, str]:
    """Return the text of a file and the name of its encoding.

    UTF-8 strictly first (with or without a mark), UTF-16 by its mark, Windows-1252 only where it reads cleanly.
    Raises Refused.
    """
    for signature, kind in _SIGNATURES.items():
        if raw[:100].lstrip().startswith(signature):
            raise Refused([Fault(name, kind)])
    text, encoding = _text(name, raw)
    other = _kind_of(text.lstrip("\ufeff \t\r\n"))
    if other is not None:
        raise Refused([Fault(name, other)])
    if not text.strip():
        raise Refused([Fault(name, "sheet.empty")])
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Refused([Fault(Place(name, line=line), "sheet.nul")])
    return text, encoding


def _kind_of(text: str) -> str | None:
    """Say by the key of a fault what a text is, where it is no delimited one."""
    if text.startswith("<?xml"):
        is_sheet = "Excel.Sheet" in text[:1000] or "office:spreadsheet" in text[:1000]
        return "kind.xml_of_2003" if is_sheet else "kind.xml"
    if _PAGE.match(text):
        return "kind.web_page"
    return "kind.json" if _is_json(text) else None


def _is_json(text: str) -> bool:
    """Say whether a text is one object or list, or one a line."""
    try:
        _, end = json.JSONDecoder().raw_decode(text if text[:1] in ("{", "[") else "")
    except (ValueError, RecursionError):
        return False
    return not text[end:].strip() or text[end:].lstrip(" \t\r")[:1] == "\n"


def _text(name: str, raw: bytes) -> tuple[str, str]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return raw.decode("utf-16"), "UTF-16"
        except UnicodeDecodeError:
            raise Refused([Fault(name, "sheet.utf16_damaged")]) from None
    try:
        return raw.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        text = _windows(raw)
        if text is not None:
            return text, "Windows-1252"
        line = raw.count(b"\n", 0, error.start) + 1
        raise Refused([Fault(Place(name, line=line), "sheet.not_utf8")]) from None


def _windows(raw: bytes) -> str | None:
    """Read as Windows-1252, or not at all where a word would hold what no word holds."""
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return None if _UNCLEAN.search(text) else text


def records(name: str, text: str, is_known: Callable[[str], bool]) -> tuple[list[list[str]], str]:
    """Cut a text into records, by the delimiter that makes the most known headings. Raises Refused."""
    delimiter = _delimiter(text, is_known)
    return list(_records(name, text, delimiter)), DELIMITERS[delimiter]


def _records(name: str, text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begun = 1
    try:
        for record in reader:
            yield record
            begun = reader.line_num + 1
    except csv.Error as error:
        raise Refused(
            [Fault(Place(name, line=begun), "sheet.breaks_off", error=Phrase.of("in_english", words=str(error)))]
        ) from None


def _delimiter(text: str, is_known: Callable[[str], bool]) -> str:
    def promise(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            first = list(islice(reader, LOOKED_AT))
        except csv.Error:
            return 0, 0
        return max(sum(map(is_known, record)) for record in first), max(map(len, first))

    return max(DELIMITERS, key=promise)
