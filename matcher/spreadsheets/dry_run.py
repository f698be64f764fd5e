"""The dry run: what was understood of a sheet, before anybody is matched by it."""

from collections import Counter
from collections.abc import Iterator

from matcher.errors import BadAnswer
from matcher.questionnaire.schema import Questionnaire
from matcher.spreadsheets.files import ColumnSource, Row, Sheet
from matcher.spreadsheets.people import People
from matcher.spreadsheets.sheets import told_of_left_out

SAMPLES, MOST_VALUES, LONGEST = 3, 6, 40
PERSONAL = frozenset({"id", "never", "past"})


def report(people: People, questionnaire: Questionnaire) -> str:
    """Tell how one file was read: its kind, each heading, how often each question was answered, three rows.

    Texts in a person's own words and ids are counted, not listed, except in the rows shown.
    """
    sheet = people.sheet
    if sheet is None:
        return "Nothing could be read; the faults say why."
    return "\n".join([*_file(sheet), *_headings(sheet), *_answers(sheet, questionnaire), *_samples(sheet)]) + "\n"


def _file(sheet: Sheet) -> Iterator[str]:
    count = len(sheet.rows)
    yield f"{sheet.name}: {sheet.said}; headings in {sheet.headings}; {count} {'row' if count == 1 else 'rows'}"


def _headings(sheet: Sheet) -> Iterator[str]:
    yield "  What each heading feeds:"
    for feed in sheet.feeds.values():
        yield f"    {_short(feed.place) if feed.headings else '(no heading)'} -> {feed.column} (by {feed.found})"
    for title, names in (("Passed over", sheet.passed_over), ("Not understood", sheet.unknown)):
        if names:
            yield f"  {title}: {', '.join(map(_short, names))}"
    if sheet.left_out:
        yield f"  Left out: {told_of_left_out(sheet.left_out)}"


def _short(text: str) -> str:
    tidy = " ".join(text.split())
    return repr(tidy if len(tidy) <= 60 else tidy[:57] + "...")


def _answers(sheet: Sheet, questionnaire: Questionnaire) -> Iterator[str]:
    yield "  What was answered, and most often:"
    for feed in sheet.feeds.values():
        texts = [_text(feed, row) for row in sheet.rows]
        filled, bad = sum(bool(text) for text in texts), texts.count(None)
        question = questionnaire.by_id.get(feed.column)
        is_listed = feed.column not in PERSONAL and not (question and question.kind == "text")
        most = _most_often(text for text in texts if text) if is_listed else ""
        refused = f", {bad} not readable" if bad else ""
        yield f"    {feed.column}: {filled} of {len(texts)}{refused}{': ' if most else ''}{most}"


def _most_often(texts: Iterator[str]) -> str:
    counted = Counter(item.strip() for text in texts for item in text.split(";") if item.strip())
    first = sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:MOST_VALUES]
    more = ", ..." if len(counted) > MOST_VALUES else ""
    return ", ".join(f"{value[:LONGEST]} {count}" for value, count in first) + more


def _text(feed: ColumnSource, row: Row) -> str | None:
    """Return a cell as a cell of the contract; None where it cannot be read."""
    try:
        return feed.text(feed.given(row.record)).strip()
    except BadAnswer:
        return None


def _samples(sheet: Sheet) -> Iterator[str]:
    yield "  The first rows as read:"
    for row in sheet.rows[:SAMPLES]:
        read = ((feed.column, _text(feed, row)) for feed in sheet.feeds.values())
        said = (f"{column}={'?' if text is None else text[:LONGEST]}" for column, text in read if text != "")
        yield f"    row {row.number}: {' | '.join(said)}"
