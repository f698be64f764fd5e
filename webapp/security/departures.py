"""Who has left: hashes of tokens, in memory and in a small file of the day, so that a copied cookie is dead at once.

The exit writes here what it cannot make the database say before it answers. A hash of 256 random bits tells nothing.
Decision 14 says why. Files of the day before yesterday are taken away by jobs/departures.py.
"""

import logging
import os
import threading
from datetime import date, datetime, timedelta
from pathlib import Path

from flask import Flask

PREFIX = "departed-"
ONE_DAY = timedelta(days=1)
"""No sign-in lives longer than half a day, so today and yesterday hold everything that matters."""

log = logging.getLogger(__name__)


class Departures:
    """The tokens that have left, of this process and of the others that share the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, threading.Lock()
        self._known: dict[date, set[str]] = {}
        self._read_until: dict[date, int] = {}

    def add(self, token_hash: str, now: datetime) -> None:
        """Note that a token has left; what the disk refuses is held in memory."""
        if self.holds(token_hash, now):
            return
        with self._lock:
            self._known.setdefault(now.date(), set()).add(token_hash)
        try:
            handle = os.open(self._path(now.date()), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(handle, f"\n{token_hash}\n".encode())  # whole also after a line that a full disk cut short
            finally:
                os.close(handle)
        except OSError as error:
            log.error("who left is held in memory only: %s", error.strerror)

    def holds(self, token_hash: str, now: datetime) -> bool:
        """Say whether a token has left."""
        return any(token_hash in self._of_day(day) for day in _days(now))

    def all(self, now: datetime) -> set[str]:
        """Return every token that has left, today or yesterday."""
        return set().union(*(self._of_day(day) for day in _days(now)))

    def take_old_away(self, now: datetime) -> None:
        """Take the files away that hold only sign-ins that are long over."""
        kept = {self._path(day).name for day in _days(now)}
        for path in self._folder.glob(f"{PREFIX}*"):
            if path.name not in kept:
                path.unlink(missing_ok=True)

    def forget(self) -> None:
        """Forget everything, in tests that put a database back."""
        with self._lock:
            self._known, self._read_until = {}, {}
        for path in self._folder.glob(f"{PREFIX}*"):
            path.unlink(missing_ok=True)

    def _of_day(self, day: date) -> set[str]:
        path = self._path(day)
        try:
            grown = path.stat().st_size != self._read_until.get(day, 0)
        except OSError:
            grown = False
        if grown:
            self._read_on(day, path)
        return self._known.get(day, set())

    def _read_on(self, day: date, path: Path) -> None:
        with self._lock:
            try:
                with path.open("rb") as file:
                    file.seek(self._read_until.get(day, 0))
                    said = file.read()
            except OSError as error:
                log.error("who left cannot be read: %s", error.strerror)
                return
            whole = said[: said.rfind(b"\n") + 1]
            self._known = {one: known for one, known in self._known.items() if one >= day - ONE_DAY}
            self._known.setdefault(day, set()).update(whole.decode("ascii", "ignore").split())
            self._read_until[day] = self._read_until.get(day, 0) + len(whole)

    def _path(self, day: date) -> Path:
        return self._folder / f"{PREFIX}{day:%Y-%m-%d}"


def _days(now: datetime) -> tuple[date, date]:
    return now.date(), now.date() - ONE_DAY


def init_app(app: Flask, folder: Path) -> None:
    """Give the site its list."""
    app.extensions["departures"] = Departures(folder)


def of(app: Flask) -> Departures:
    """Return the list of a site."""
    departures: Departures = app.extensions["departures"]
    return departures
