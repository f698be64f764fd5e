"""Column maps: a TOML file that says how somebody else's export is to be read. The format is in docs/spreadsheets.md.

Here it is loaded and checked whole against the questionnaire; headers.py and cells.py act on it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, ValidationError

from matcher.errors import BadAnswer, Fault, Place, Refused
from matcher.hints import did_you_mean
from matcher.questionnaire.columns import SIDES, columns_beside
from matcher.questionnaire.loading import parse_toml, read_toml_text
from matcher.questionnaire.locations import problem_of
from matcher.questionnaire.schema import Question, Questionnaire, Shape, Side
from matcher.spreadsheets.dates import DateForm
from matcher.text import folded, heading_key

YES = ("yes", "true", "y", "1", "oui", "vrai", "x", "checked")
NO = ("no", "false", "n", "0", "non", "faux", "unchecked")
NONE = ("-", "none of these", "none of the above", "aucune de ces réponses", "aucun de ces choix")
SEPARATORS = (";", ",", "\n")
STRENGTHS = ("must", "nice")
MOST_LISTED = 60


def _heading(value: Any) -> tuple[str, ...] | dict[str, str]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return tuple(value)
    if isinstance(value, dict) and value and all(isinstance(one, str) for one in value.values()):
        return value
    raise BadAnswer("map.no_heading")


def _items(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise BadAnswer("map.no_option_id")


def _rows(value: Any) -> tuple[int, ...]:
    rows = value if isinstance(value, list) else [value]
    if all(type(row) is int and row > 0 for row in rows) and len(rows) in (1, 2) and rows == sorted(set(rows)):
        return tuple(rows)
    raise BadAnswer("map.no_row")


def _texts(value: Any) -> tuple[str, ...]:
    texts = [value] if isinstance(value, str) else value
    if isinstance(texts, list) and texts and all(isinstance(one, str) for one in texts):
        return tuple(texts)
    raise BadAnswer("map.no_text")


Headings = Annotated[Any, PlainValidator(_heading)]
Items = Annotated[Any, PlainValidator(_items)]
Rows = Annotated[Any, PlainValidator(_rows)]
Texts = Annotated[Any, PlainValidator(_texts)]
Words = Annotated[tuple[str, ...], Field(strict=False)]


class CellFormats(Shape):
    """How answers are written; what stands under a side counts before what stands above both."""

    separator: str | None = None
    separators: dict[str, str] = Field(default_factory=dict)
    dates: str | None = None
    yes: Words = ()
    no: Words = ()
    none: Words = ()
    must: Words = ()
    nice: Words = ()
    all_no: Literal["not_answered", "none_of_these"] | None = None
    options: dict[str, dict[str, Items]] = Field(default_factory=dict)


class SideMap(CellFormats):
    """What is said of one sheet."""

    sheet: str | None = None
    header_row: Rows = ()
    first_row: Annotated[int, Field(gt=0)] | None = None
    pass_over: Words = ()
    leave_out: dict[str, Texts] = Field(default_factory=dict)
    columns: dict[str, Headings] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)


class MapFile(CellFormats):
    """The whole file."""

    requester: SideMap = SideMap()
    supporter: SideMap = SideMap()


@dataclass(frozen=True)
class CellFormat:
    """How one column of one sheet is written. Words are folded; `options` holds folded texts with their items.

    A form tool exports unticked boxes alike whether she passed the question over or ticked none: `none_if_all_no` says
    which it is.
    """

    where: Place
    separators: tuple[str, ...] = SEPARATORS
    dates: DateForm | None = None
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    none: frozenset[str] = frozenset()
    must: frozenset[str] = frozenset()
    nice: frozenset[str] = frozenset()
    none_if_all_no: bool = False
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class ColumnMap:
    """A checked map; an empty one understands ids and labels alone."""

    place: Place
    file: MapFile

    def side(self, side: Side) -> SideMap:
        """Return what the map says of one sheet."""
        said: SideMap = getattr(self.file, side)
        return said

    def manner(self, side: Side, column: str) -> CellFormat:
        """Return how one column of one sheet is written."""
        own, both = self.side(side), self.file
        separator = own.separators.get(column) or both.separators.get(column) or own.separator or both.separator
        dates = own.dates or both.dates
        said = {**both.options.get(column, {}), **own.options.get(column, {})}
        return CellFormat(
            where=self.place.and_then(table=f"{side}.options.{column}"),
            separators=(separator,) if separator else SEPARATORS,
            dates=DateForm.of(dates) if dates else None,
            yes=_words(YES, own.yes, both.yes, without=(*own.no, *both.no)),
            no=_words(NO, own.no, both.no, without=(*own.yes, *both.yes)),
            none=_words(NONE, own.none, both.none),
            must=_words(("must",), own.must, both.must),
            nice=_words(("nice",), own.nice, both.nice),
            none_if_all_no=(own.all_no or both.all_no) == "none_of_these",
            options={folded(text): items for text, items in said.items()},
        )


def _words(*groups: Any, without: Any = ()) -> frozenset[str]:
    return frozenset(folded(word) for group in groups for word in group) - {folded(word) for word in without}


def empty() -> ColumnMap:
    """Return the map that says nothing."""
    return ColumnMap(Place(the_map=True), MapFile())


def load(path: Path | str, questionnaire: Questionnaire) -> ColumnMap:
    """Load a map and check it against the questionnaire. Raises Refused with every fault: file, key and remedy."""
    path = Path(path)
    raw = parse_toml(path, read_toml_text(path))
    try:
        file = MapFile.model_validate(raw)
    except ValidationError as errors:
        raise Refused([_fault_of_shape(path.name, error) for error in errors.errors()]) from None
    faults = [bad.at(Place(path.name, key=key)) for key, bad in _check(file, questionnaire)]
    if faults:
        raise Refused(faults)
    return ColumnMap(Place(path.name), file)


def _fault_of_shape(name: str, error: Any) -> Fault:
    place = Place(name, key=".".join(map(str, error["loc"])))
    if error["type"] == "extra_forbidden":
        model = SideMap if error["loc"][0] in ("requester", "supporter") else MapFile
        return Fault(place, "map.key_not_known", **_near(error["loc"][-1], model.model_fields))
    told = error.get("ctx", {}).get("error")
    return told.at(place) if isinstance(told, BadAnswer) else Fault(place, "map.bad_value", problem=problem_of(error))


def _near(word: Any, known: Iterable[str]) -> dict[str, Any]:
    """Give the values of a fault that says what could have been meant."""
    return {"hint": did_you_mean([str(word)], known := list(known)), "known": known[:MOST_LISTED]}


Finding = tuple[str, BadAnswer]


def _check(file: MapFile, questionnaire: Questionnaire) -> Iterator[Finding]:
    yield from _of_manners("", file, questionnaire, set().union(*(columns_of(questionnaire, side) for side in SIDES)))
    for side in SIDES:
        said: SideMap = getattr(file, side)
        columns = columns_of(questionnaire, side)
        yield from _of_manners(f"{side}.", said, questionnaire, columns)
        yield from _of_columns(f"{side}.", said, questionnaire, columns)


def columns_of(questionnaire: Questionnaire, side: Side, also: Collection[str] = ()) -> dict[str, Question | None]:
    """List what a sheet of this side may hold: the questions in file order, then the other columns."""
    asked: dict[str, Question | None] = {question.id: question for question in questionnaire.asked_of(side)}
    beside = sorted({*columns_beside(questionnaire, side), *also})
    return {**asked, **{column: asked.get(column) for column in beside}}


def _of_manners(under: str, said: CellFormats, questionnaire: Questionnaire, columns: Any) -> Iterator[Finding]:
    if said.dates is not None and not DateForm.is_form(said.dates):
        yield f"{under}dates", BadAnswer("map.no_form_of_dates", form=said.dates)
    if said.separator == "" or "" in said.separators.values():
        yield f"{under}separator", BadAnswer("map.separator_empty")
    both = {folded(word) for word in said.yes} & {folded(word) for word in said.no}
    if both:
        yield f"{under}yes", BadAnswer("map.yes_and_no", word=min(both))
    for column in (column for column in said.separators if column not in columns):
        yield f"{under}separators.{column}", BadAnswer("map.no_such_column", **_near(column, columns))
    for column, texts in said.options.items():
        if column not in columns:
            yield f"{under}options.{column}", BadAnswer("map.no_such_column", **_near(column, columns))
        else:
            yield from _of_options(f"{under}options.{column}", texts, questionnaire.by_id.get(column))


def _of_options(key: str, texts: Mapping[str, tuple[str, ...]], question: Question | None) -> Iterator[Finding]:
    if question is not None and not question.option_ids:
        yield key, BadAnswer("map.kind_without_options", kind=question.kind)
        return
    seen: dict[str, str] = {}
    for text, items in texts.items():
        twin = seen.setdefault(folded(text), text)
        if texts[twin] != items:
            yield f"{key}.{text}", BadAnswer("map.text_twice", text=twin)
        if question is not None:
            yield from _of_items(f"{key}.{text}", items, question)


def _of_items(key: str, items: tuple[str, ...], question: Question) -> Iterator[Finding]:
    for item in items:
        option, _, strength = item.partition("=")
        if option not in question.option_ids:
            values = _near(option, question.option_ids)
            yield key, BadAnswer("map.no_such_option_of", question=question.id, option=option, **values)
        elif strength and (question.kind != "wishes" or strength not in STRENGTHS):
            yield key, BadAnswer("map.no_strength", strength=strength)


def _of_columns(under: str, said: SideMap, questionnaire: Questionnaire, columns: Any) -> Iterator[Finding]:
    for table in ("columns", "constants"):
        for column in (column for column in getattr(said, table) if column not in columns):
            yield f"{under}{table}.{column}", BadAnswer("map.no_such_column", **_near(column, columns))
    for column in sorted(said.columns.keys() & said.constants.keys()):
        yield f"{under}constants.{column}", BadAnswer("map.constant_and_heading")
    passed = {heading_key(heading) for heading in said.pass_over}
    for column, headings in said.columns.items():
        if isinstance(headings, dict):
            yield from _of_option_columns(f"{under}columns.{column}", headings, column, columns.get(column))
        for heading in headings.values() if isinstance(headings, dict) else headings:
            if heading_key(heading) in passed:
                yield f"{under}pass_over", BadAnswer("map.passed_over_and_read", heading=heading, column=column)


def _of_option_columns(
    key: str, headings: Mapping[str, str], column: str, question: Question | None
) -> Iterator[Finding]:
    """Find what is no option; of hours it may be a day or hours of a grid, which headers.py knows."""
    known = question.option_ids if question else ()
    if question is None or question.kind != "availability":
        for option in (option for option in headings if option not in known):
            yield f"{key}.{option}", BadAnswer("map.no_such_option", column=column, **_near(option, known))
