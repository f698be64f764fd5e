"""Workbooks part by part, as programs other than the usual ones write them, and as no program should."""

import io
import zipfile
from collections.abc import Mapping, Sequence

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def text(cell: str, said: str) -> str:
    """Write one cell that holds its text itself."""
    return f'<c r="{cell}" t="inlineStr"><is><t>{said}</t></is></c>'


def row(number: int, *cells: str, attributes: str = "") -> str:
    """Write one row of cells; a text stands in the next column, what begins with `<` is written as it is."""
    written = [cell if cell.startswith("<") else text(f"{chr(65 + n)}{number}", cell) for n, cell in enumerate(cells)]
    return f'<row r="{number}"{attributes}>{"".join(written)}</row>'


def page(*rows: str, below: str = "", prefix: str = "", namespace: str = MAIN) -> str:
    """Write a sheet of rows; with a prefix, as some libraries do."""
    inside = f"<sheetData>{''.join(rows)}</sheetData>{below}"
    if not prefix:
        return f'<worksheet xmlns="{namespace}">{inside}</worksheet>'
    named = inside.replace("</", f"\0{prefix}:").replace("<", f"<{prefix}:").replace("\0", "</")
    return f'<{prefix}:worksheet xmlns:{prefix}="{namespace}">{named}</{prefix}:worksheet>'


def workbook(
    *pages: str | bytes,
    names: Sequence[str] = ("Form", "Other", "Third"),
    states: Sequence[str] = ("visible",) * 3,
    strings: Sequence[str] = (),
    parts: Mapping[str, str | bytes | None] | None = None,
    namespace: str = MAIN,
) -> bytes:
    """Write a workbook of some sheets; `parts` replaces a part, or leaves it out where it is None."""
    numbers = range(1, len(pages) + 1)
    sheets = "".join(
        f'<sheet name="{names[n - 1]}" sheetId="{n}" state="{states[n - 1]}" r:id="r{n}"/>' for n in numbers
    )
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{KIND}.worksheet+xml"/>' for n in numbers
    )
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{DOCUMENT}/worksheet" Target="/xl/worksheets/sheet{n}.xml"/>' for n in numbers
    )
    items = "".join(f"<si><t>{one}</t></si>" for one in strings)
    all_parts: dict[str, str | bytes | None] = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{KIND}.sharedStrings+xml"/>{types}</Types>',
        "xl/workbook.xml": f'<workbook xmlns="{namespace}" xmlns:r="{DOCUMENT}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}">{relations}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"/>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{items}</sst>',
        **{f"xl/worksheets/sheet{n}.xml": one for n, one in zip(numbers, pages, strict=True)},
        **(parts or {}),
    }
    return zipped({name: content for name, content in all_parts.items() if content is not None})


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Pack parts into one file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()
