"""A starting map for sheets whose headings are not all known, to be completed by hand."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from matcher.errors import Fault, Refused, reason_of
from matcher.questionnaire.schema import Question, Questionnaire, Side
from matcher.spreadsheets import column_maps
from matcher.spreadsheets.cells import OptionTexts
from matcher.spreadsheets.column_maps import ColumnMap
from matcher.spreadsheets.files import ColumnSource, Sheet
from matcher.spreadsheets.sheets import read_sheet
from matcher.text import heading_key, nearest

MOST_TEXTS = 60
TIMES = ("timestamp", "horodateur", "start time", "completion time", "submitdate", "date submitted", "submission time")
HEAD = """\
# A starting map. What the program understood by itself needs no line. Take the # away where a line is right, complete
# the others, then look at the result: python -m matcher check ... --columns {name} --dry-run
# Every key is explained in docs/spreadsheets.md.
"""


def write(
    target: Path,
    offers: Path | None,
    needs: Path | None,
    questionnaire: Questionnaire,
    columns: ColumnMap | None = None,
    tab: str | None = None,
) -> str:
    """Write a starting map for the sheets that are given and say what is left to do. Raises Refused."""
    if not (offers or needs):
        raise Refused([Fault(str(target), "draft.no_sheet")])
    if target.exists():
        raise Refused([Fault(str(target), "draft.there_already")])
    known = columns or column_maps.empty()
    given: tuple[tuple[Side, Path | None], ...] = (("supporter", offers), ("requester", needs))
    sheets = {side: read_sheet(path, questionnaire, side, columns=known, tab=tab) for side, path in given if path}
    pieces = [HEAD.format(name=target.name)]
    pieces += ["\n".join(_section(sheet, questionnaire, side, known)) for side, sheet in sheets.items()]
    try:
        target.write_text("\n".join(pieces), encoding="utf-8")
    except OSError as error:
        raise Refused([Fault(str(target), "draft.not_written", reason=reason_of(error))]) from None
    left = sum(len(sheet.unknown) for sheet in sheets.values())
    return f"{target.name} is written: {left} headings are not understood yet. Complete it by hand."


def _section(sheet: Sheet, questionnaire: Questionnaire, side: Side, known: ColumnMap) -> Iterator[str]:
    columns = column_maps.columns_of(questionnaire, side)
    labels = {heading_key(text): column for column, q in columns.items() if q for text in q.label.values()}
    labels |= {heading_key(column): column for column in columns}
    yield f"[{side}]  # {sheet.name}: {sheet.said}, headings in {sheet.headings}"
    yield "# pass_over = [" + ", ".join(_quoted(name) for name in sheet.unknown) + "]"
    yield '# dates = "dd/mm/yyyy"'
    yield f"\n[{side}.columns]"
    for feed in sheet.feeds.values():
        yield f"# understood: {feed.column} = {' + '.join(map(_quoted, feed.headings)) or 'a constant'}"
    for name in sheet.unknown:
        yield f"# {_guess(name, labels, side)} = {_quoted(name)}"
    if "id" not in sheet.feeds:
        yield '# id = ["First name", "Last name"]  # needed: one heading, or several that are joined'
    if "time_zone" not in sheet.feeds:
        yield f'\n[{side}.constants]\n# time_zone = "Europe/London"'
    for feed in sheet.feeds.values():
        question = columns.get(feed.column)
        if question is not None and question.option_ids and feed.headings and feed.found != "option column":
            yield from _options(sheet, feed, question, side, known)
    yield ""


def _guess(name: str, labels: dict[str, str], side: Side) -> str:
    key = heading_key(name)
    if key in TIMES and side == "requester":
        return "waiting_since"
    near = nearest(key, labels)
    return labels[near] if near else "question_or_column"


def _options(sheet: Sheet, feed: ColumnSource, question: Question, side: Side, known: ColumnMap) -> Iterator[str]:
    """List the texts of one question that mean no option yet."""
    texts = OptionTexts(question, known.manner(side, question.id))
    given = [cell for row in sheet.rows if isinstance(cell := feed.given(row.record), str)]
    cut = Counter(piece.strip() for cell in given for piece in texts.split(cell.strip()))
    strange = [text for text, _ in cut.most_common() if not texts.knows(text) and not _reads(feed.text, text)]
    if strange:
        yield f"\n[{side}.options.{_quoted(question.id)}]  # one of: {', '.join(question.option_ids)}"
        yield from (f'# {_quoted(text)} = ""' for text in strange[:MOST_TEXTS])


def _reads(read: Callable[[str], str], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def _quoted(text: str) -> str:
    """Write a TOML string; JSON's escapes are TOML's."""
    return json.dumps(text, ensure_ascii=False)
