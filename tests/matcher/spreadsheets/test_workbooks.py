"""Workbooks as other programs write them: nothing that protects somebody vanishes; what cannot be read is named."""

from pathlib import Path

import pytest

from matcher.spreadsheets.people import People, read_offers
from tests.matcher.spreadsheets.test_sheets import offers, said
from tests.matcher.worlds.small_programme import questionnaire, well_said, write
from tests.matcher.worlds.workbooks import MAIN, STRICT, page, row, text, workbook

HEAD = row(1, "id", "never", "town")
FORMULA = '<c r="B2"><f>CONCATENATE("r","1")</f><v/></c>'
DOCTYPE = f'<!DOCTYPE worksheet><worksheet xmlns="{MAIN}"><sheetData/></worksheet>'


def read(folder: Path, content: bytes, **how: str) -> People:
    return read_offers(write(folder, "offers.xlsx", content), questionnaire(), **how)  # type: ignore[arg-type]


def notes_of(people: People) -> tuple[str, ...]:
    assert people.sheet is not None
    return people.sheet.notes


@pytest.mark.parametrize("prefix", ["", "x", "main"])
def test_a_formula_without_a_result_is_refused_by_its_cell_whatever_prefix_the_names_have(
    tmp_path: Path, prefix: str
) -> None:
    content = workbook(page(HEAD, row(2, "s1", FORMULA, "Perth"), prefix=prefix))
    (fault,) = well_said(read(tmp_path, content).faults)
    assert (fault.place, fault.problem) == ("offers.xlsx row 2 cell B2", "the formula has no stored result")


def test_a_workbook_with_prefixes_and_one_without_references_read_as_the_usual_one(tmp_path: Path) -> None:
    usual = workbook(page(HEAD, row(2, "s1", "r1", "Perth"), row(3, "s2", "", "Ajax")))
    bare = page(HEAD, row(2, "s1", "r1", "Perth"), row(3, "s2", "", "Ajax"))
    for number in range(1, 4):
        bare = bare.replace(f' r="{number}"', "")
        for column in "ABC":
            bare = bare.replace(f' r="{column}{number}"', "")
    assert ' r="' not in bare
    prefixed = page(HEAD, row(2, "s1", "r1", "Perth"), row(3, "s2", "", "Ajax"), prefix="x")
    everyone = read(tmp_path, usual).everyone
    assert [(one.id, one.never) for one in everyone] == [("s1", {"r1"}), ("s2", frozenset())]
    assert read(tmp_path, workbook(bare)).everyone == everyone
    assert read(tmp_path, workbook(prefixed)).everyone == everyone


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/media/other.bin"])
@pytest.mark.parametrize(
    "written",
    [DOCTYPE.encode(), b"<!--" + b"x" * 9_000 + b"-->" + DOCTYPE.encode(), DOCTYPE.encode("utf-16")],
    ids=["plain", "behind a long comment", "in UTF-16"],
)
def test_a_doctype_is_found_wherever_and_however_it_stands(tmp_path: Path, part: str, written: bytes) -> None:
    content = workbook(page(HEAD, row(2, "s1", "", "Perth")), parts={part: written})
    (fault,) = well_said(read(tmp_path, content).faults)
    assert "a DOCTYPE" in fault.problem


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B2" t="inlineStr"><v>r1</v></c>',
        '<c r="B2"><is><t>r1</t></is></c>',
        '<c r="B2" t="str"><x xmlns="urn:other">r1</x></c>',
    ],
)
def test_a_cell_that_holds_something_that_cannot_be_read_is_refused(tmp_path: Path, cell: str) -> None:
    (fault,) = well_said(read(tmp_path, workbook(page(HEAD, row(2, "s1", cell, "Perth")))).faults)
    assert (fault.place, fault.problem) == ("offers.xlsx row 2 cell B2", "what the cell holds cannot be read")


@pytest.mark.parametrize("formula", ["", "<f>A1</f>"])
def test_an_error_in_a_cell_is_refused_with_or_without_a_formula(tmp_path: Path, formula: str) -> None:
    cell = f'<c r="B2" t="e">{formula}<v>#REF!</v></c>'
    (fault,) = well_said(read(tmp_path, workbook(page(HEAD, row(2, "s1", cell, "Perth")))).faults)
    assert fault.place == "offers.xlsx row 2 cell B2"
    assert fault.problem == ("the formula gives #REF!" if formula else "the cell holds the error #REF!")


def test_cells_in_another_order_are_all_read(tmp_path: Path) -> None:
    mixed = f'<row r="2">{text("C2", "Perth")}{text("B2", "r1")}{text("A2", "s1")}</row>'
    (offer,) = read(tmp_path, workbook(page(HEAD, mixed))).everyone
    assert (offer.id, offer.never, offer.answers["town"]) == ("s1", {"r1"}, "Perth")


BROKEN = {
    "rows in another order": [row(3, "s2", "", "Ajax"), row(2, "s1", "r1", "Perth")],
    "one row twice": [row(2, "s1", "r1", "Perth"), row(2, "s1", "", "Perth")],
    "one cell twice": [f'<row r="2">{text("A2", "s1")}{text("B2", "r1")}{text("B2", "r2")}</row>'],
    "a row beyond every sheet": [row(2, "s1", "r1", "Perth"), '<row r="4000000000"><c r="A4000000000"/></row>'],
}


@pytest.mark.parametrize("name", BROKEN)
def test_rows_and_cells_that_would_hide_each_other_are_refused(tmp_path: Path, name: str) -> None:
    (fault,) = well_said(read(tmp_path, workbook(page(HEAD, *BROKEN[name]))).faults)
    assert fault.problem == "the workbook is damaged"


def test_a_workbook_without_one_of_its_sheets_is_damaged(tmp_path: Path) -> None:
    other = page(HEAD, row(2, "s1", "r1", "Perth"))
    content = workbook(other, other, parts={"xl/worksheets/sheet1.xml": None})
    (fault,) = well_said(read(tmp_path, content).faults)
    assert fault.problem == "the workbook is damaged"


# Merged cells


def merged(*references: str) -> str:
    return f"<mergeCells>{''.join(f'<mergeCell ref={one!r}/>' for one in references)}</mergeCells>".replace("'", '"')


@pytest.mark.parametrize("prefix", ["", "x"])
def test_an_answer_that_is_merged_over_several_rows_is_refused_by_its_cells(tmp_path: Path, prefix: str) -> None:
    rows = [HEAD, row(2, "s1", "r1", "Perth"), row(3, "s2", "", "Ajax")]
    (fault,) = well_said(read(tmp_path, workbook(page(*rows, below=merged("B2:B3"), prefix=prefix))).faults)
    assert fault.place == "offers.xlsx row 2 cells B2:B3"
    assert fault.problem == "the cells are merged over several rows, and the first alone holds the answer"


def test_merged_cells_that_hide_no_answer_are_noted(tmp_path: Path) -> None:
    rows = [
        row(1, "Our list"),
        row(2, ""),
        row(3, "id", "never", "town"),
        row(4, "s1", "", "Perth"),
        row(5, "s2", "", "Ajax"),
    ]
    people = read(tmp_path, workbook(page(*rows, below=merged("A1:C2", "B4:B5", "F4:F9", "A4:C4"))))
    assert said(people) == []
    assert any("cells are merged over several rows (A1:C2, B4:B5, F4:F9)" in note for note in notes_of(people))


# Hidden sheets and rows

OLD, NEW = page(HEAD, row(2, "old", "", "Perth")), page(HEAD, row(2, "new", "", "Perth"))


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_not_read_unless_it_is_named_and_both_are_said(tmp_path: Path, state: str) -> None:
    content = workbook(OLD, NEW, OLD, names=("2025", "2026", "Old"), states=(state, "visible", "visible"))
    people = read(tmp_path, content)
    assert [one.id for one in people.everyone] == ["new"]
    told = "offers.xlsx: the sheet '2026' was read; there are also '2025' (hidden), 'Old' (--sheet NAME)."
    assert notes_of(people) == (told,)
    people = read(tmp_path, content, tab="2025")
    assert [one.id for one in people.everyone] == ["old"]
    assert notes_of(people) == ("offers.xlsx: the sheet '2025' is hidden in the workbook, and was read.",)


def test_a_workbook_whose_sheets_are_all_hidden_is_refused(tmp_path: Path) -> None:
    (fault,) = well_said(read(tmp_path, workbook(OLD, states=("hidden",))).faults)
    assert fault.problem == "every sheet of the workbook is hidden"
    assert "--sheet" in fault.remedy


def test_hidden_rows_are_read_and_it_is_said(tmp_path: Path) -> None:
    rows = [HEAD, row(2, "s1", "", "Perth"), row(3, "s2", "", "Ajax", attributes=' hidden="1"')]
    people = read(tmp_path, workbook(page(*rows)))
    assert [one.id for one in people.everyone] == ["s1", "s2"]
    assert notes_of(people) == ("offers.xlsx: 1 row is hidden in the workbook (by a filter, perhaps), and was read.",)


# Escapes


@pytest.mark.parametrize("way", ["inline", "shared", "csv"])
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("r1_x000D_", {"r1"}),
        ("r1_x000D_\n; r2_x000d_", {"r1", "r2"}),
        ("_x0072_1", {"r1"}),
        ("r1_x0009_;r2", {"r1", "r2"}),
        ("r_x1_", {"r_x1_"}),
        ("_xD83D__xDC3B_", {"🐻"}),
    ],
)
def test_escapes_of_spreadsheet_programs_are_undone(tmp_path: Path, way: str, written: str, meant: set[str]) -> None:
    if way == "csv":
        people = offers(tmp_path, f'id,never\ns1,"{written}"\n')
    elif way == "inline":
        people = read(tmp_path, workbook(page(HEAD, row(2, "s1", written, "Perth"))))
    else:
        people = read(
            tmp_path, workbook(page(HEAD, row(2, "s1", '<c r="B2" t="s"><v>0</v></c>', "Perth")), strings=[written])
        )
    assert said(people) == []
    assert people.everyone[0].never == meant


def test_an_escape_that_stands_for_no_letter_stays_as_it_is(tmp_path: Path) -> None:
    (offer,) = read(tmp_path, workbook(page(HEAD, row(2, "s1", "r_xD83D_1", "Perth")))).everyone
    assert offer.never == {"r_xD83D_1"}


# Other kinds


def test_strict_open_xml_is_named_with_its_remedy(tmp_path: Path) -> None:
    content = workbook(page(HEAD, row(2, "s1", "", "Perth"), namespace=STRICT), namespace=STRICT)
    (fault,) = well_said(read(tmp_path, content).faults)
    assert str(fault) == (
        "offers.xlsx: this workbook is saved as 'Strict Open XML', which is not read. "
        "Save it as 'Excel Workbook (.xlsx)', or as 'CSV UTF-8', and try again."
    )
