"""Files that are no sheet, each refused with what it is and what to do; workbooks as people save them."""

import io
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.formula import ArrayFormula

from matcher.spreadsheets import column_maps, xlsx_files
from matcher.spreadsheets.people import read_needs, read_offers
from tests.matcher.spreadsheets.test_sheets import offers, said
from tests.matcher.worlds.commands import ROOT
from tests.matcher.worlds.small_programme import questionnaire, sheet, supporter, well_said, write


def hollow_workbook() -> bytes:
    """Make a zip file that has sheets but is no workbook."""
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    return book.getvalue()


PLAIN = sheet(supporter(town="Québec"))
SAVE = "Save the sheet as 'CSV UTF-8' and try again."
FILES = {
    "empty": (b"", "", "the file is empty", "Export the sheet again"),
    "only spaces": (b" \n\t \r\n ", "", "the file is empty", "Export the sheet again"),
    "only a byte order mark": (b"\xef\xbb\xbf", "", "the file is empty", "Export the sheet again"),
    "DOS code page": (PLAIN.encode("cp850"), " line 2", "the text is not UTF-8", SAVE),
    "old Mac letters": (PLAIN.encode("mac_roman"), " line 2", "the text is not UTF-8", SAVE),
    "UTF-8 with one letter broken": (PLAIN.encode() + b"s2\xe9\xc3", " line 3", "the text is not UTF-8", SAVE),
    "a byte that Windows-1252 has not": (PLAIN.encode() + b"\x81", " line 3", "the text is not UTF-8", SAVE),
    "UTF-16 cut short": (PLAIN.encode("utf-16")[:-1], "", "the UTF-16 text is damaged", SAVE),
    "UTF-16 without a mark": ("id\ns1\n".encode("utf-16-le"), " line 1", "a NUL character", "Export it again."),
    "a hollow workbook": (hollow_workbook(), "", "this is no workbook that can be read", "save it as .xlsx"),
    "XLS": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504, "", "of the old kind (.xls)", "save it as .xlsx"),
    "NUL": (PLAIN.replace("chat", "ch\0at").encode(), " line 2", "a NUL character: the file is damaged", "Export it"),
    "cut in a quoted cell": (b'id,town\ns1,"by the\nsea', " line 2", "the file breaks off or a quote", "Export it"),
    "cut in a row": (b"id,town,stage\ns1,x,steady\ns2,y", " row 3", "has 2 cells, the header 3", "The row is cut"),
    "a stray quote": (b'id,town\ns1,"by" the sea\n', " line 2", "a quote is not closed", 'is written "".'),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_sheet_is_refused(tmp_path: Path, name: str) -> None:
    content, place, problem, remedy = FILES[name]
    (fault,) = well_said(offers(tmp_path, content).faults)
    assert fault.place == f"offers.csv{place}"
    assert problem in fault.problem
    assert remedy in fault.remedy


@pytest.mark.parametrize("name", ["nothing.csv", ".", "offers.csv/inside", "x" * 300, "loop.csv"])
def test_a_path_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path, "offers.csv", PLAIN)
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    (fault,) = well_said(read_offers(tmp_path / name, questionnaire()).faults)
    assert fault.place == str(tmp_path / name)
    assert fault.problem.startswith("cannot be read (")
    assert fault.remedy == "Check the name and try again."


def test_a_file_of_more_than_256_megabytes_is_refused_unread(tmp_path: Path) -> None:
    with write(tmp_path, "offers.csv", "id\n").open("r+b") as file:
        file.truncate(256 * 1024 * 1024 + 1)  # a hole: it takes no room on the disk
    (fault,) = well_said(read_offers(tmp_path / "offers.csv", questionnaire()).faults)
    assert fault.problem == "the file is larger than 256 MB"


# Windows-1252


def test_windows_letters_are_read_and_it_is_said(tmp_path: Path) -> None:
    people = offers(tmp_path, sheet(supporter(town="L’Île-Perrot… “là”")).encode("cp1252"))
    assert people.everyone[0].answers["town"] == "L’Île-Perrot… “là”"
    assert people.sheet is not None
    assert people.sheet.notes == ("offers.csv: not UTF-8: read as Windows-1252. Look at the accents.",)


def test_a_title_above_the_headings_is_passed_over_and_said(tmp_path: Path) -> None:
    people = offers(tmp_path, "Our supporters,\n,\nid,town\ns1,x\n,\ns2,y\n")
    assert [offer.id for offer in people.everyone] == ["s1", "s2"]
    assert people.sheet is not None
    assert people.sheet.notes == ("offers.csv: the headings stand in row 3; row 1 was passed over.",)
    (fault,) = well_said(offers(tmp_path, "Our supporters,\n,\nid,topics\ns1,x\n").faults)
    assert fault.place == "offers.csv row 4 column 'topics' value 'x'"


# Workbooks


Cells = list[list[object]]
ROWS: Cells = [["id", "capacity", "strain", "trained_until", "town"], ["s1", 2.0, 0.25, date(2027, 1, 31), "Québec"]]


def saved(folder: Path, rows: Cells, *, above: Cells | None = None, tabs: tuple[str, ...] = ("Form",)) -> Path:
    """Save rows as a workbook, as a spreadsheet program would; `above` stands merged over the whole width."""
    book = Workbook()
    for number, tab in enumerate(tabs):
        page = book.active if number == 0 else book.create_sheet()
        page.title = tab
        for row in [*(above or []), *rows] if number == len(tabs) - 1 else []:
            page.append(row)
        if above:
            page.merge_cells("A1:E1")
    book.save(folder / "offers.xlsx")
    return folder / "offers.xlsx"


def test_a_workbook_reads_as_the_same_rows_in_a_csv_file(tmp_path: Path) -> None:
    plain = offers(tmp_path, "id,capacity,strain,trained_until,town\ns1,2,0.25,2027-01-31,Québec\n")
    people = read_offers(saved(tmp_path, [*ROWS, [None] * 5, [None]]), questionnaire())
    assert said(people) == []
    assert people == plain
    assert people == read_offers(saved(tmp_path, ROWS, above=[["Our supporters"]]), questionnaire())


def test_dates_times_and_ticks_of_a_workbook(tmp_path: Path) -> None:
    rows: Cells = [["id", "adult", "waiting_since"], [7, True, datetime(2026, 11, 20, 9, 30)]]
    path = saved(tmp_path, rows)
    said_of = column_maps.load(write(tmp_path, "m.toml", ""), questionnaire())
    (need,) = read_needs(path, questionnaire(), on=date(2026, 11, 23), columns=said_of).everyone
    assert (need.id, need.answers["adult"], need.waiting_since) == ("7", {"yes"}, date(2026, 11, 20))


def test_a_sheet_of_a_workbook_is_named_or_the_first(tmp_path: Path) -> None:
    path = saved(tmp_path, ROWS, tabs=("Notes", "Women"))
    (fault,) = well_said(read_offers(path, questionnaire()).faults)
    assert fault.problem == "there is no column 'id'"
    assert [offer.id for offer in read_offers(path, questionnaire(), tab="women ").everyone] == ["s1"]
    (fault,) = well_said(read_offers(path, questionnaire(), tab="Men").faults)
    assert str(fault) == "offers.xlsx: there is no sheet 'Men'. Name one of: Notes, Women."


def test_a_formula_without_a_stored_result_is_refused_by_its_cell(tmp_path: Path) -> None:
    (fault,) = well_said(read_offers(saved(tmp_path, [*ROWS, ["s2", "=1+1"]]), questionnaire()).faults)
    assert fault.place == "offers.xlsx row 3 cell B3"
    assert fault.problem == "the formula has no stored result"


def test_a_formula_over_several_cells_without_a_stored_result_is_refused_too(tmp_path: Path) -> None:
    over_two = ArrayFormula("B3:B4", "=1+1")
    (fault,) = well_said(read_offers(saved(tmp_path, [*ROWS, ["s2", over_two]]), questionnaire()).faults)
    assert (fault.place, fault.problem) == ("offers.xlsx row 3 cell B3", "the formula has no stored result")


def test_cells_merged_over_several_rows_are_said(tmp_path: Path) -> None:
    path = saved(tmp_path, [*ROWS, ["s2"]])
    book = load_workbook(path)
    book.active.merge_cells("E2:E3")
    book.save(path)
    sheet_read = read_offers(path, questionnaire()).sheet
    assert sheet_read is not None
    assert "cells are merged over several rows" in sheet_read.notes[0]


def _rewritten(path: Path, part: str, old: bytes, new: bytes) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_a_workbook_with_wrong_dimensions_is_read_whole(tmp_path: Path) -> None:
    path = _rewritten(saved(tmp_path, ROWS), "xl/worksheets/sheet1.xml", b'ref="A1:E2"', b'ref="A1"')
    assert read_offers(path, questionnaire()).everyone[0].answers["town"] == "Québec"


def test_a_workbook_that_would_unpack_to_too_much_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path, ROWS)
    monkeypatch.setattr(xlsx_files, "LARGEST_UNPACKED", 2_000)
    assert "unpacks to more than" in read_offers(path, questionnaire()).faults[0].problem
    monkeypatch.undo()
    monkeypatch.setattr(xlsx_files, "MOST_ROWS", 1)
    assert "has more than 1 rows" in read_offers(path, questionnaire()).faults[0].problem


def _locked() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le")


def _zipped(**parts: str) -> bytes:
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return book.getvalue()


NO_SHEETS = {
    "locked": (_locked(), "locked with a password", "without a password"),
    "ods": (_zipped(content_xml="<x/>"), "OpenDocument file (.ods)", "save it as .xlsx"),
    "xlsb": (_zipped(xl__workbook_bin="x"), "binary workbook (.xlsb)", "save it as .xlsx"),
    "damaged": (_zipped(xl__workbook_xml="<x"), "the workbook is damaged", "save it as .xlsx"),
    "cut short": (_zipped(xl__workbook_xml="<x/>")[:40], "the workbook is damaged", "save it as .xlsx"),
    "DOCTYPE": (_zipped(xl__workbook_xml="<!DOCTYPE a><x/>"), "a DOCTYPE", "save it as .xlsx"),
}


AGAIN, AS_SHEET = "Export the answers again, as CSV or XLSX.", "save it as .xlsx or as 'CSV UTF-8'"
OTHER_KINDS = {
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "this is a PDF, and no spreadsheet", AGAIN),
    "a PDF behind a blank line": (b"\r\n%PDF-1.4", "this is a PDF", AGAIN),
    "a table as HTML": (b"<table><tr><td>id</td></tr></table>", "this is a web page (HTML)", AS_SHEET),
    "a page of signing in": (b"\xef\xbb\xbf\n<!DOCTYPE html>\n<html>", "this is a web page (HTML)", "signing in"),
    "HTML of an office program": ("<HTML xmlns:x='urn'>".encode("utf-16"), "this is a web page (HTML)", AS_SHEET),
    "an XML spreadsheet": (
        b"<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?><Workbook/>",
        "this is a spreadsheet of 2003 as XML",
        AS_SHEET,
    ),
    "XML": (b"<?xml version='1.0'?><answers/>", "this is XML", AGAIN),
    "a list as JSON": (b' [\n{"id": "s1"}]', "this is JSON", AGAIN),
    "an object as JSON": (b'{"responses": [1, 2]}\n', "this is JSON", AGAIN),
    "JSON line by line": (b'{"id": "s1"}\n{"id": "s2"}\n', "this is JSON", AGAIN),
    "RTF": (b"{\\rtf1\\ansi", "this is a text document (.rtf)", AGAIN),
    "a picture": (b"\x89PNG\r\n\x1a\n\0", "this is a picture", AGAIN),
    "a photograph": (b"\xff\xd8\xff\xe0\0", "this is a picture", AGAIN),
    "a packed file": (b"\x1f\x8b\x08\0", "this is a packed file (.gz)", "Unpack it"),
    "a Word document": (_zipped(word__document_xml="<x/>"), "this is a Word document (.docx)", AS_SHEET),
    "an old Word document": (
        b"\xd0\xcf\x11\xe0" + b"\0" * 512 + "WordDocument".encode("utf-16-le"),
        "this is a Word document of the old kind (.doc)",
        AS_SHEET,
    ),
}
NO_SHEETS |= OTHER_KINDS


@pytest.mark.parametrize("start", ["{a},", "[x],", "<p>,", "<3 id,", "{,", "[1],"])
def test_a_heading_that_begins_like_another_kind_is_a_heading(tmp_path: Path, start: str) -> None:
    (fault,) = well_said(offers(tmp_path, f"{start}id,town\n-,s1,x\n").faults)
    assert fault.place.startswith("offers.csv row 1 column ")


@pytest.mark.parametrize("name", NO_SHEETS)
def test_a_workbook_that_cannot_be_read_is_named_with_its_remedy(tmp_path: Path, name: str) -> None:
    content, problem, remedy = NO_SHEETS[name]
    (fault,) = well_said(offers(tmp_path, content).faults)
    assert fault.place == "offers.csv"
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_who_reads_csv_files_does_not_load_the_library_of_workbooks() -> None:
    code = "import sys, matcher.spreadsheets.people; sys.exit('openpyxl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
