"""What stands in a cell of somebody else's export, written anew as a cell of the contract (docs/command-line.md).

Whatever cannot be told for certain is refused with BadAnswer; nothing is guessed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any

from matcher.errors import BadAnswer, Phrase
from matcher.hints import did_you_mean, some_of
from matcher.questionnaire.answers import NONE_OF_THESE, listed
from matcher.questionnaire.columns import DATES, LISTS
from matcher.questionnaire.schema import Question
from matcher.spreadsheets.column_maps import CellFormat
from matcher.text import folded

_MONTHS_IN = {"month": 1, "mois": 1, "m": 1, "": 1, "year": 12, "an": 12, "annee": 12, "y": 12}
_HOURS = re.compile(r"\d:\d\d")
_LENGTH = re.compile(r"(\d{1,3})(?:\.0)? ?(month|mois|m|year|annee|an|y|)s?")


class BadCell(BadAnswer):
    """A cell among several that fill one column: which heading it stands under, and what it holds."""

    def __init__(self, heading: str, value: str, key: str, /, **values: Any) -> None:
        super().__init__(key, **values)
        self.heading, self.value = heading, value


@dataclass(frozen=True)
class OptionTexts:
    """Every text that stands for an option of one question: of the map first, then ids, then labels."""

    question: Question
    manner: CellFormat

    @cached_property
    def items(self) -> Mapping[str, frozenset[tuple[str, ...]]]:
        """Map each folded text to what it may mean; more than one meaning is ambiguous."""
        meanings: dict[str, frozenset[tuple[str, ...]]] = {}
        for layer in (self.manner.options.items(), self._ids(), self._labels()):
            found: dict[str, set[tuple[str, ...]]] = {}
            for text, items in layer:
                found.setdefault(text, set()).add(items)
            meanings = {**{text: frozenset(some) for text, some in found.items()}, **meanings}
        return meanings

    def _ids(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        return ((folded(option), (option,)) for option in self.question.option_ids)

    def _labels(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for option in self.question.options:
            for wording in (option.label, option.short or {}):
                yield from ((folded(text), (option.id,)) for text in wording.values() if folded(text))

    def knows(self, text: str) -> bool:
        """Say whether this text stands for something here."""
        return folded(text.strip().removesuffix("*")) in self.items

    def read(self, text: str) -> list[str]:
        """Return the options that one text stands for, each with its star if it has one. Raises BadAnswer."""
        self.refuse_unknown([text])
        bare = text.strip().removesuffix("*").strip()
        meanings = self.items[folded(bare)]
        if len(meanings) > 1:
            several = [Phrase.of("together", options=list(items)) for items in sorted(meanings)]
            raise BadAnswer("cell.may_be_several", text=some_of([bare]), meanings=several, where=self.manner.where)
        star = "*" if text.strip().endswith("*") else ""
        return [item + star for item in next(iter(meanings))]

    def refuse_unknown(self, texts: Iterable[str]) -> None:
        """Raise BadAnswer with all texts that stand for nothing here."""
        bare = (text.strip().removesuffix("*").strip() for text in texts if not self.knows(text))
        unknown = list(dict.fromkeys(bare))
        if unknown:
            told = {
                "unknown": some_of(unknown),
                "question": self.question.id,
                "hint": did_you_mean(unknown, self.items),
            }
            known = {"where": self.manner.where, "options": listed(self.question)}
            raise BadAnswer("cell.not_an_option" if len(unknown) == 1 else "cell.not_options", **told, **known)

    @cached_property
    def widest(self) -> Mapping[str, int]:
        """Tell for each separator into how many pieces it would cut the text that holds most of it."""
        return {
            one: max((text.count(folded(one) or one) for text in self.items), default=0) + 1
            for one in self.manner.separators
        }

    def split(self, text: str) -> list[str]:
        """Cut a cell into the texts of options, the longest that is known first; an unknown one stays a piece."""
        for separator in self.manner.separators:
            found = self._known_cut([piece for piece in text.split(separator) if piece.strip()], separator)
            if found is not None:
                return found
        separator = next((one for one in self.manner.separators if one in text), self.manner.separators[0])
        return self._greedy_cut([piece for piece in text.split(separator) if piece.strip()], separator)

    def _known_cut(self, pieces: Sequence[str], separator: str) -> list[str] | None:
        """Cut so that every text is known, if that can be; longest first, and back again where that leads nowhere."""
        if self.widest[separator] == 1:
            return list(pieces) if all(map(self.knows, pieces)) else None

        @cache
        def rest(start: int) -> tuple[str, ...] | None:
            if start == len(pieces):
                return ()
            for end in range(min(len(pieces), start + self.widest[separator]), start, -1):
                text = separator.join(pieces[start:end])
                if self.knows(text) and (following := rest(end)) is not None:
                    return (text, *following)
            return None

        found = rest(0) if len(pieces) <= 200 else None
        return None if found is None else list(found)

    def _greedy_cut(self, pieces: Sequence[str], separator: str) -> list[str]:
        cut, start = [], 0
        while start < len(pieces):
            ends = range(min(len(pieces), start + self.widest[separator]), start + 1, -1)
            end = next((end for end in ends if self.knows(separator.join(pieces[start:end]))), start + 1)
            cut.append(separator.join(pieces[start:end]))
            start = end
        return cut


def cell_writer(column: str, question: Question | None, manner: CellFormat) -> Callable[[str], str]:
    """Return what turns one cell for this question or column into a cell of the contract."""
    if question is None:
        return partial(_plain_column, column, manner)
    texts = OptionTexts(question, manner)
    match question.kind:
        case "choice" | "scale" | "choices":
            return partial(_options, texts)
        case "availability":
            return partial(_hours, texts)
        case "months" | "wishes":
            return partial(_pairs, texts)
        case "yes_no":
            return partial(_yes_no, texts)
        case "number":
            return _number
        case _:
            return _text


def _text(text: str) -> str:
    return text.replace("\xa0", " ").strip()


def _number(text: str) -> str:
    tidy = _text(text)
    return tidy.replace(",", ".") if re.fullmatch(r"-?\d+,\d+", tidy) else tidy


def _plain_column(column: str, manner: CellFormat, text: str) -> str:
    tidy = " ".join(_text(text).split())
    said = manner.options.get(folded(tidy))
    if said is not None:
        return "; ".join(said)
    if column in DATES:
        return _date(manner, tidy)
    if column in LISTS:
        return _list(manner, tidy)
    number = _number(tidy)
    return number.removesuffix(".0") if column in ("capacity", "load") else number if column == "strain" else tidy


def _date(manner: CellFormat, text: str) -> str:
    if text in ("", NONE_OF_THESE):
        return text
    if manner.dates is None:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return text
        if not re.match(r"\d{4}-\d{2}-\d{2}[ T]", text):
            raise BadAnswer("cell.not_a_date")
        return text[:10]
    day = manner.dates.read(text)
    if day is None:
        raise BadAnswer("cell.not_a_date_of_this_form", form=manner.dates.form)
    return day.isoformat()


def _list(manner: CellFormat, text: str) -> str:
    for separator in manner.separators:
        text = text.replace(separator, ";")
    return text


def _is_none(manner: CellFormat, text: str) -> bool:
    return folded(text.strip().strip("".join(manner.separators))) in manner.none


def _options(texts: OptionTexts, text: str) -> str:
    tidy = _text(text)
    if not tidy or (_is_none(texts.manner, tidy) and not texts.knows(tidy)):
        return NONE_OF_THESE if tidy else ""
    cut = texts.split(tidy)
    if any(_is_none(texts.manner, piece) and not texts.knows(piece) for piece in cut):
        raise BadAnswer("cell.none_beside_others")
    texts.refuse_unknown(cut)
    return "; ".join(item for piece in cut for item in texts.read(piece))


def _yes_no(texts: OptionTexts, text: str) -> str:
    tidy = _text(text)
    key, manner = folded(tidy), texts.manner
    if not tidy:
        return ""
    if key in manner.options:
        return "; ".join(manner.options[key])
    if key in manner.yes or key in manner.no:
        return "yes" if key in manner.yes else "no"
    if key in manner.none:
        return NONE_OF_THESE
    raise BadAnswer("cell.neither_yes_nor_no", text=tidy[:60])


def _hours(texts: OptionTexts, text: str) -> str:
    """Read day parts by their texts; what is already written as days and hours stays."""
    tidy = _text(text)
    if not tidy or _is_none(texts.manner, tidy):
        return NONE_OF_THESE if tidy else ""
    written, cut = [], texts.split(tidy)
    texts.refuse_unknown(piece for piece in cut if not _HOURS.search(piece))
    for piece in cut:
        written += texts.read(piece) if texts.knows(piece) else [piece.strip()]
    return "; ".join(written)


def _pairs(texts: OptionTexts, text: str) -> str:
    """Read months (`Alcohol: 24`) or wishes; a wish that stands alone is nice to have."""
    tidy = _text(text)
    if not tidy or _is_none(texts.manner, tidy):
        return NONE_OF_THESE if tidy else ""
    written, parted = [], [_parted(texts, piece) for piece in _pieces(texts, tidy)]
    texts.refuse_unknown(name for name, _ in parted)
    for name, strength in parted:
        for item in texts.read(name):
            option, _, own = item.partition("=")
            written.append(f"{option}={_strength(texts, strength or own)}")
    return "; ".join(written)


def _pieces(texts: OptionTexts, text: str) -> list[str]:
    whole = texts.split(text)
    if all(map(texts.knows, whole)):
        return whole
    separator = next((one for one in texts.manner.separators if one in text), texts.manner.separators[0])
    return [piece for piece in text.split(separator) if piece.strip()]


def _parted(texts: OptionTexts, piece: str) -> tuple[str, str]:
    """Part `Alcohol: 24` into its two sides, unless the whole is a text of its own."""
    found = None if texts.knows(piece) else re.fullmatch(r"(.+?)\s*[=:]\s*([^=:]*)", piece.strip(), re.DOTALL)
    return (found[1], found[2]) if found else (piece, "")


def _strength(texts: OptionTexts, said: str) -> str:
    if texts.question.kind == "wishes":
        return _wish(texts.manner, said or "nice") or said
    return _months(said)


def _wish(manner: CellFormat, said: str) -> str:
    key = folded(said)
    return "must" if key in manner.must else "nice" if key in manner.nice | manner.yes else ""


def _months(said: str) -> str:
    """Read `24`, `24 months` or `2 years` as months; anything else stays, for the reader of the contract to refuse."""
    found = _LENGTH.fullmatch(folded(said))
    return str(int(found[1]) * _MONTHS_IN[found[2]]) if found else said


def option_column_writer(
    question: Question, manner: CellFormat, options: Sequence[str], headings: Sequence[str]
) -> Callable[[tuple[str, ...]], str]:
    """Return what turns one cell for each option into a cell of the contract."""
    texts = OptionTexts(question, manner)

    def write(cells: tuple[str, ...]) -> str:
        tidy = [_text(cell) for cell in cells]
        if not any(tidy):
            return ""
        marks = [_mark(texts, *one) for one in zip(options, headings, tidy, strict=True)]
        says_none = manner.none_if_all_no or any(cell and _is_none(manner, cell) for cell in tidy)
        return "; ".join(filter(None, marks)) or (NONE_OF_THESE if says_none else "")

    return write


def _mark(texts: OptionTexts, option: str, heading: str, cell: str) -> str:
    """Say what one cell of one option adds: `alcohol`, `alcohol=24`, or nothing."""
    manner, kind, key = texts.manner, texts.question.kind, folded(cell)
    if not cell or (key in manner.no and kind != "months") or _is_none(manner, cell):
        return ""
    if kind == "months":
        return f"{option}={_months(cell)}"
    if kind == "wishes" and _wish(manner, cell):
        return f"{option}={_wish(manner, cell)}"
    if kind != "wishes" and (key in manner.yes or (option,) in texts.items.get(key, ())):
        return option
    raise BadCell(heading, cell, "cell.no_wish" if kind == "wishes" else "cell.no_tick")
