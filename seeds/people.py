"""The invented people as the spreadsheets have them, with every date moved so that the list is of today."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
WRITTEN_ON = date(2026, 11, 23)
"""The day for which the dates in the sheets were written."""
UNTIL = ("trained_until", "cleared_until", "agreed_until", "supervised_until")


@dataclass(frozen=True)
class Row:
    """One person: her id, her cells, and the day that counts as today."""

    id: str
    cells: Mapping[str, str]
    today: date

    def day(self, column: str) -> date | None:
        """Return a date of the sheet, moved to today."""
        text = self.cells.get(column, "")
        return date.fromisoformat(text) + (self.today - WRITTEN_ON) if text and text != "-" else None

    def number(self, column: str, default: str) -> str:
        """Return a number as it is written."""
        return self.cells.get(column) or default


def read(sheet: str, today: date) -> Iterator[Row]:
    """Go through the rows of a sheet: supporters or requests."""
    with (HERE / f"{sheet}.csv").open(encoding="utf-8-sig", newline="") as file:
        for cells in csv.DictReader(file):
            yield Row(cells["id"], cells, today)
