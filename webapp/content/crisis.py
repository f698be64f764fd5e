"""Crisis lines, read from crisis.toml: each with its source and the day it was last checked.

Nothing is hidden for its age: an old number of an emergency line is better than none.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("crisis.toml")
GROUPS = ("now", "safety", "mind", "indigenous", "others", "anything")
LOOK_AFTER_DAYS, OLD_AFTER_DAYS = 90, 180
"""After the first, `flask doctor` asks for a look; after the second, the desk and the page say it too."""

Words = dict[str, str]
"""One text in each language."""


@dataclass(frozen=True)
class Number:
    """A number as it is shown, and as a telephone dials it."""

    shown: str
    dial: str


@dataclass(frozen=True)
class Line:
    """One line that a woman may call; `text` is the number to text, `site` its own page where that is the way in."""

    id: str
    group: str
    name: Words
    source_url: str
    verified_on: date
    verified_by: str
    numbers: tuple[Number, ...] = ()
    text: str = ""
    text_word: str = ""
    chat: bool = False
    hours: Words | None = None
    languages: Words | None = None
    about: Words | None = None
    site: str = ""

    def age_in_days(self, today: date) -> int:
        """Return how long ago the line was checked."""
        return (today - self.verified_on).days

    def is_old(self, today: date) -> bool:
        """Say whether the line was checked so long ago that its reader must know."""
        return self.age_in_days(today) > OLD_AFTER_DAYS


@dataclass(frozen=True)
class Crisis:
    """All lines, in the order of the file."""

    lines: tuple[Line, ...]

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    def line(self, id: str) -> Line:
        """Return one line by its id."""
        return next(line for line in self.lines if line.id == id)

    @property
    def emergency(self) -> Line:
        """The line for danger now."""
        return self.line("emergency")

    @property
    def suicide(self) -> Line:
        """The line for thoughts of suicide."""
        return self.line("suicide")

    @property
    def checked_on(self) -> date:
        """The oldest check among the two lines of the card."""
        return min(self.emergency.verified_on, self.suicide.verified_on)

    def list_old(self, today: date) -> list[Line]:
        """Return the lines that were checked long ago, the oldest check first."""
        return sorted((line for line in self.lines if line.is_old(today)), key=lambda line: line.verified_on)

    def grouped(self) -> list[tuple[str, list[Line]]]:
        """Return the lines by group, without empty groups."""
        groups = [(group, [line for line in self.lines if line.group == group]) for group in GROUPS]
        return [(group, lines) for group, lines in groups if lines]


def load(path: Path = FILE) -> Crisis:
    """Read and check the lines. Raises ValueError naming the line and what it lacks."""
    lines = tuple(_line(said) for said in tomllib.loads(path.read_text(encoding="utf-8"))["line"])
    if len({line.id for line in lines}) != len(lines):
        raise ValueError(f"{path.name}: two lines have the same id")
    return Crisis(lines)


def _line(said: dict[str, Any]) -> Line:
    lacks = {"id", "group", "name", "source_url", "verified_on", "verified_by"} - said.keys()
    if lacks or said["group"] not in GROUPS or not {"numbers", "site"} & said.keys():
        missing = sorted(lacks) or "a known group, a number or a site"
        raise ValueError(f"crisis.toml: line {said.get('id')} lacks {missing}")
    for words in (said[key] for key in ("name", "hours", "languages", "about") if key in said):
        if words.keys() != {"en", "fr"}:
            raise ValueError(f"crisis.toml: line {said['id']} needs every text in en and fr")
    return Line(**{**said, "numbers": tuple(_number(shown) for shown in said.get("numbers", ()))})


def _number(shown: str) -> Number:
    """Read a number: one that starts with # is dialled as it stands, the others by their digits, long ones with +."""
    digits = "".join(sign for sign in shown if sign.isdigit())
    if shown.startswith("#"):
        return Number(shown, f"%23{digits}")
    return Number(shown, f"+1{digits}" if len(digits) == 10 else f"+{digits}" if len(digits) == 11 else digits)
