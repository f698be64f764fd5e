"""How the engine says no to bad input: faults with their place, as keys with values, raised together in one refusal.

faults.toml says each key in every language: what is wrong, and what to do about it.
"""

import string
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).with_name("faults.toml")
ENGLISH = "en"


class Place:
    r"""Where a fault stands: names that are said as they are, then parts with a word for each, in their order.

    >>> str(Place("needs.csv", row=3, column="topics")), Place("needs.csv", row=3, column="topics").say("fr")
    ("needs.csv row 3 column 'topics'", 'needs.csv ligne 3 colonne «\xa0topics\xa0»')
    """

    def __init__(self, *names: str, **parts: Any) -> None:
        self.names, self.parts = names, parts

    def and_then(self, **parts: Any) -> "Place":
        """Return a place inside this one."""
        return Place(*self.names, **{**self.parts, **parts})

    def say(self, language: str) -> str:
        """Say it in a language: whole numbers bare, texts in quotes."""
        words = _texts()["place"]
        said = (f"{_in(words[word], language)} {_quoted(value, language)}" for word, value in self.parts.items())
        return " ".join([*self.names, *said])

    def __str__(self) -> str:
        return self.say(ENGLISH)

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __repr__(self) -> str:
        return repr(str(self))


@dataclass(frozen=True)
class Phrase:
    """A part of a sentence that has words of its own, such as a hint: its key under [phrase], and its values."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, key: str, **values: Any) -> "Phrase":
        """Make a phrase."""
        return cls(key, values)


class Fault:
    """One thing that is wrong: where it stands, and what it is, as a key of faults.toml with values."""

    def __init__(self, place: Place | str, key: str, remedy: str | None = None, /, **values: Any) -> None:
        """Take a place (one that is a text is said as it is in every language), a key and its values."""
        self.where = Place(place) if isinstance(place, str) else place
        self.key, self.values = _told(key, remedy, values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fault) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __repr__(self) -> str:
        return f"Fault({str(self)!r})"

    @property
    def place(self) -> str:
        """Say in English where it stands."""
        return str(self.where)

    @property
    def problem(self) -> str:
        """Say in English what is wrong."""
        return say(self.key, "problem", self.values, ENGLISH)

    @property
    def remedy(self) -> str:
        """Say in English what to do about it."""
        return say(self.key, "remedy", self.values, ENGLISH)

    def say(self, language: str) -> str:
        """Say place, problem and remedy in a language; in English where it has no words."""
        problem, remedy = (say(self.key, what, self.values, language) for what in ("problem", "remedy"))
        return f"{self.where.say(language)}{_in(_texts()['colon'], language)} {problem}. {remedy}"

    def __str__(self) -> str:
        return self.say(ENGLISH)


class Refused(Exception):
    """Raised when input cannot be used. Carries every fault that was found, so that one pass mends all."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class BadAnswer(ValueError):
    """Raised for a cell that cannot be read: a key of faults.toml with values, before its place is known."""

    def __init__(self, key: str, remedy: str | None = None, /, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = _told(key, remedy, values)

    @property
    def problem(self) -> str:
        """Say in English what is wrong."""
        return say(self.key, "problem", self.values, ENGLISH)

    @property
    def remedy(self) -> str:
        """Say in English what to write instead."""
        return say(self.key, "remedy", self.values, ENGLISH)

    def at(self, place: Place) -> Fault:
        """Return the fault, now that its place is known."""
        return Fault(place, self.key, None, **self.values)

    def __str__(self) -> str:
        return self.problem


def _told(key: str, remedy: str | None, values: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Take a sentence and its remedy in English where a fault has no key yet."""
    return ("plain.said", {"problem": key, "remedy": remedy}) if remedy is not None else (key, values)


def say(key: str, what: str, values: Mapping[str, Any], language: str) -> str:
    """Say the problem or the remedy of a key (`room.name`) with its values. Raises KeyError for a key without words."""
    room, _, name = key.partition(".")
    return _Words(language).vformat(_in(_texts()[room][name][what], language), (), values).strip()


class _Words(string.Formatter):
    """Fills a sentence: `{name}` as it is, phrases said, lists with commas; `{name!q}` in the language's quotes."""

    def __init__(self, language: str) -> None:
        self.language = language

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        if conversion == "q":
            return self._all(value, lambda one: _quoted(one, self.language))
        return self._all(value, self._plain) if conversion is None else super().convert_field(value, conversion)

    def _all(self, value: Any, word: Any) -> str:
        many = isinstance(value, Sequence | frozenset | set) and not isinstance(value, str)
        return ", ".join(map(word, value)) if many else str(word(value))

    def _plain(self, value: Any) -> str:
        if isinstance(value, Phrase):
            return self.vformat(_in(_texts()["phrase"][value.key], self.language), (), value.values)
        return str(value)


def _quoted(value: Any, language: str) -> str:
    """Quote a text, its odd characters escaped; numbers and days stand bare."""
    if not isinstance(value, str):
        return str(value)
    return repr(value) if language == ENGLISH else f"«\u00a0{repr(value)[1:-1]}\u00a0»"


def _in(text: Mapping[str, str], language: str) -> str:
    return text.get(language, text[ENGLISH])


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(TEXTS.read_text(encoding="utf-8"))
