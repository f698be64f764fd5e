"""Time reading spreadsheets, plain, mapped and from a workbook, against csv.DictReader on the same rows in one run.

Run by `make bench`, which writes docs/benchmarks/spreadsheets.md.
"""

import csv
import io
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook

from benchmarks import invented
from benchmarks.measuring import DOCS
from matcher.people import Offer
from matcher.questionnaire import loading
from matcher.questionnaire.answers import Answered, write_answer
from matcher.questionnaire.schema import Question, Questionnaire
from matcher.spreadsheets import column_maps
from matcher.spreadsheets.people import People, read_offers

ROWS, TURNS = 10_000, 3
PAGE = DOCS / "benchmarks" / "spreadsheets.md"


def plain_rows(questions: Questionnaire, offers: list[Offer]) -> list[dict[str, str]]:
    """Write supporters as rows of the contract."""
    return [_plain_row(questions, offer) for offer in offers]


def _plain_row(questions: Questionnaire, offer: Offer) -> dict[str, str]:
    answers = {q.id: _cell(q, offer) for q in questions.asked_of("supporter")}
    kept = {"time_zone": offer.time_zone or "", "capacity": str(offer.capacity), "load": str(offer.load)}
    return {"id": offer.id, **answers, **kept, "strain": str(offer.strain), "status": offer.status or ""}


def _cell(question: Question, offer: Offer) -> str:
    answer = offer.answers.get(question.id)
    if answer is None:
        return ""
    if question.most is not None:
        answer = frozenset(sorted(offer.marks(question.id))[: question.most])
    return write_answer(question, Answered(answer))


def form_rows(questions: Questionnaire, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Write the same rows as a form tool would: questions as headings, labels as answers, a timestamp."""
    asked = {q.id: q for q in questions.asked_of("supporter")}
    headings = {q.id: (q.supporter.label if q.supporter else q.label)["en"] for q in asked.values()}
    return [
        {
            "Timestamp": "23/11/2026 10:15:32",
            **{headings.get(column, column): _texts(asked.get(column), cell) for column, cell in row.items()},
        }
        for row in rows
    ]


def _texts(question: Question | None, cell: str) -> str:
    if question is None or question.kind not in ("choice", "choices", "scale") or not cell:
        return cell
    return ", ".join(question.option(item).label["en"] for item in cell.split("; "))


def as_csv(rows: list[dict[str, str]]) -> str:
    """Write rows as CSV."""
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def median_time(act: Callable[[], object]) -> float:
    """Return the median of a few turns, in seconds of the processor."""
    times = []
    for _ in range(TURNS):
        started = time.process_time()
        act()
        times.append(time.process_time() - started)
    return statistics.median(times)


def _dict_reader(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def measure(folder: Path) -> list[list[str]]:
    """Write one roster in three ways, read each and return the rows of the table."""
    questions = loading.load()
    rows = plain_rows(questions, invented.offers(questions, ROWS))
    form = form_rows(questions, rows)
    plain_path, form_path, book_path = folder / "plain.csv", folder / "form.csv", folder / "form.xlsx"
    plain_path.write_text(as_csv(rows), encoding="utf-8")
    form_path.write_text(as_csv(form), encoding="utf-8")
    _save_workbook(book_path, form)
    (folder / "map.toml").write_text('[supporter]\npass_over = ["Timestamp"]\n', encoding="utf-8")
    columns = column_maps.load(folder / "map.toml", questions)
    same = _everyone(read_offers(plain_path, questions))
    assert _everyone(read_offers(form_path, questions, columns=columns)) == same
    assert _everyone(read_offers(book_path, questions, columns=columns)) == same
    ways: list[tuple[str, Path, Callable[[], object]]] = [
        ("plain CSV", plain_path, lambda: read_offers(plain_path, questions)),
        ("form export with a map", form_path, lambda: read_offers(form_path, questions, columns=columns)),
        ("the same as a workbook", form_path, lambda: read_offers(book_path, questions, columns=columns)),
    ]
    return [_row(name, path, act, len(rows[0])) for name, path, act in ways]


def _row(name: str, path: Path, act: Callable[[], object], columns: int) -> list[str]:
    beside, ours = median_time(lambda: _dict_reader(path)), median_time(act)
    return [name, f"{ROWS:,}", str(columns), f"{ours:.2f}", f"{ours / ROWS * 1e6:.0f}", f"{ours / beside:.1f}"]


def _everyone(people: People) -> tuple[Offer, ...]:
    assert not people.faults, people.faults[0]
    return people.everyone


def _save_workbook(path: Path, rows: list[dict[str, str]]) -> None:
    book = Workbook()
    page = book.active
    for row in [list(rows[0]), *(list(row.values()) for row in rows)]:
        page.append(row)
    book.save(path)


def main() -> None:
    """Measure and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder))
    header = ["sheet", "rows", "columns", "s", "ms a 1,000 rows", "times csv.DictReader"]
    table = "\n".join("| " + " | ".join(row) + " |" for row in [header, ["---", *["---:"] * 5], *rows])
    PAGE.write_text(TEMPLATE.format(table=table, turns=TURNS, version=platform.python_version()), encoding="utf-8")
    print(table)


TEMPLATE = """# Benchmarks: reading spreadsheets

Written by `make bench`; not typed by hand. Times of shared machines drift: what counts are the ratios within one run.

One invented roster on the default questionnaire (benchmarks/invented.py), written in three ways and read to the same
supporters; medians of {turns} turns in seconds of the processor, Python {version}. *Times csv.DictReader* compares
with the standard library reading the CSV file of the same rows into dictionaries of texts, without a look at answers.

{table}
"""

if __name__ == "__main__":
    main()
