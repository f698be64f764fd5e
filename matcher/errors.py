"""How the engine says no to bad input: faults with their place, as keys with values, raised together in one refusal.

The files faults*.toml say each key in every language: what is wrong, and what to do about it.
"""

import errno
import string
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

TEXTS = sorted(Path(__file__).parent.glob("faults*.toml"))
ENGLISH = "en"


class Place:
    r"""Where a fault stands: names that are said as they are, then parts with words of their own, in their order.

    >>> str(Place("needs.csv", row=3, column="topics")), Place("needs.csv", row=3, column="topics").say("fr")
    ("needs.csv row 3 column 'topics'", 'needs.csv ligne 3 colonne «\xa0topics\xa0»')
    """

    def __init__(self, *names: str, **parts: Any) -> None:
        self.names, self.parts = names, parts

    def and_then(self, **parts: Any) -> "Place":
        """Return a place inside this one."""
        return Place(*self.names, **{**self.parts, **parts})

    def say(self, language: str) -> str:
        """Say it in a language."""
        words = _texts()["place"]
        said = (_filled(words[word], {word: value}, language).strip() for word, value in self.parts.items())
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
    def of(cls, key: str, /, **values: Any) -> "Phrase":
        """Make a phrase."""
        return cls(key, values)

    def say(self, language: str) -> str:
        """Say it in a language."""
        return _filled(_texts()["phrase"][self.key], self.values, language)

    def __str__(self) -> str:
        return self.say(ENGLISH)


NOTHING = Phrase.of("nothing")


class _Told:
    """What is wrong and what to do about it, as a key of faults*.toml with values."""

    key: str
    values: Mapping[str, Any]

    @property
    def problem(self) -> str:
        """Say in English what is wrong."""
        return say(self.key, "problem", self.values, ENGLISH)

    @property
    def remedy(self) -> str:
        """Say in English what to do about it."""
        return say(self.key, "remedy", self.values, ENGLISH)


class Fault(_Told):
    """One thing that is wrong: where it stands, and what it is, as a key of faults*.toml with values."""

    def __init__(self, place: Place | str, key: str, /, **values: Any) -> None:
        """Take a place (one that is a text is said as it is in every language), a key and its values."""
        self.where = Place(place) if isinstance(place, str) else place
        self.key, self.values = key, values

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


class BadAnswer(_Told, ValueError):
    """Raised for a cell that cannot be read: a key of faults*.toml with values, before its place is known."""

    def __init__(self, key: str, /, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values

    def at(self, place: Place) -> Fault:
        """Return the fault, now that its place is known."""
        return Fault(place, self.key, **self.values)

    def __str__(self) -> str:
        return self.problem


def phrase_of(key: str, words: str, /, **values: Any) -> Phrase:
    """Return a phrase for what another program says: its own English words, where its key has none here."""
    return Phrase(key, values) if key in _texts()["phrase"] else Phrase.of("in_english", words=words)


def reason_of(error: OSError) -> Phrase:
    """Say why the system did not do something."""
    return phrase_of(errno.errorcode.get(error.errno or 0, ""), str(error.strerror))


def say(key: str, what: str, values: Mapping[str, Any], language: str) -> str:
    """Say the problem or the remedy of a key (`room.name`) with its values. Raises KeyError for a key without words."""
    room, _, name = key.partition(".")
    return _filled(_texts()[room][name][what], values, language).strip()


class _Words(string.Formatter):
    """Fills a sentence: `{name}`, in quotes `{name!q}`; a list with commas, or joined as [joined] says: `{names:or}`.

    Phrases and places are said in the language, and of another fault what is wrong. Only texts are put in quotes.
    """

    def __init__(self, language: str) -> None:
        self.language = language if language in _texts()["colon"] else ENGLISH

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        said = self._quoted if conversion == "q" else self._plain
        return list(map(said, value)) if isinstance(value, list | tuple) else said(value)

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, str):
            return value
        between, last = _in(_texts()["joined"][format_spec or "commas"], self.language)
        return str(last.join([between.join(value[:-1]), *value[-1:]] if value[1:] else value))

    def _plain(self, value: Any) -> str:
        if isinstance(value, Phrase | Place):
            return value.say(self.language)
        return say(value.key, "problem", value.values, self.language) if isinstance(value, _Told) else str(value)

    def _quoted(self, value: Any) -> str:
        if not isinstance(value, str):
            return self._plain(value)
        return repr(value) if self.language == ENGLISH else f"«\u00a0{repr(value)[1:-1]}\u00a0»"


def _filled(text: Mapping[str, str], values: Mapping[str, Any], language: str) -> str:
    return _Words(language).vformat(_in(text, language), (), values)


def _in(text: Mapping[str, Any], language: str) -> Any:
    return text.get(language, text[ENGLISH])


@cache
def _texts() -> dict[str, Any]:
    texts: dict[str, dict[str, Any]] = {}
    for path in TEXTS:
        for room, said in tomllib.loads(path.read_text(encoding="utf-8")).items():
            texts.setdefault(room, {}).update(said)
    return texts
