"""The words of the mail that leaves: neutral in every language, so that whoever sees one learns nothing."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("letters.toml")
DEFAULT = "en"


@dataclass(frozen=True)
class Letter:
    """Subject and text of one mail."""

    subject: str
    text: str


@cache
def load(path: Path = FILE) -> dict[str, dict[str, Letter]]:
    """Read the letters by name and language. Raises TypeError naming a key that is unknown or missing."""
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        name: {language: Letter(**letter) for language, letter in languages.items()} for name, languages in said.items()
    }


def find(name: str, language: str) -> Letter:
    """Return a letter in a language; in the first where that one has none."""
    known = load()[name]
    return known.get(language, known[DEFAULT])
