"""What a programme says about itself by default, read from programme.toml; a programme changes the file."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FILE = Path(__file__).with_name("programme.toml")


@dataclass(frozen=True)
class Programme:
    """Names, hours and promises that public pages repeat; an empty phone is not shown."""

    name: str
    reading_hours: dict[str, str]
    coordinator_phone: str
    first_answer_days: int
    draft_hours: int
    source: str
    decided_on: date


def load(path: Path = FILE) -> Programme:
    """Read the defaults. Raises TypeError naming a key that is unknown or missing."""
    return Programme(**tomllib.loads(path.read_text(encoding="utf-8")))
