"""What a programme says about itself: defaults from programme.toml, and its name from a file that setup writes whole.

Pages read the name from that file, so that no page opens the database for it.
"""

import json
import os
import tempfile
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from webapp.domain.hours import StaffedHours

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FILE = Path(__file__).with_name("programme.toml")
ROOM = "{room}"
"""Stands in the template of a room's link for the room's name."""


@dataclass(frozen=True)
class Programme:
    """Names, hours and promises that public pages repeat; an empty phone is not shown, nor is an empty room."""

    name: str
    reading_hours: dict[str, str]
    coordinator_phone: str
    first_answer_days: int
    draft_hours: int
    room: str
    safe_contact_days: int
    source: str
    decided_on: date
    staffed: StaffedHours

    def __post_init__(self) -> None:
        """Refuse a room that is not private to a pair. Raises ValueError."""
        if self.room and not (self.room.startswith("https://") and ROOM in self.room):
            raise ValueError(f"room must begin with https:// and hold {ROOM}, or be empty")


@cache
def load(path: Path = FILE) -> Programme:
    """Read the defaults. Raises TypeError naming a key that is unknown or missing, ValueError for a bad room."""
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    return Programme(**{**said, "staffed": _staffed(**said["staffed"])})


def _staffed(*, days: list[str], closed: list[date], **hours: Any) -> StaffedHours:
    """Read the hours of the desk. Raises ValueError for a day of the week that is none of DAYS."""
    return StaffedHours(days=frozenset(map(DAYS.index, days)), closed=frozenset(closed), **hours)


def write_name(path: Path, name: str) -> None:
    """Write the programme's name to a file that its owner alone may read: whole, or not at all. Raises OSError."""
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # made with mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"name": name}, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    except OSError:
        Path(fresh).unlink(missing_ok=True)
        raise


def read_name(path: Path) -> str | None:
    """Return the programme's name; None where no file says it, or what it says cannot be read."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))["name"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return said if isinstance(said, str) and said else None
