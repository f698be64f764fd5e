"""The one clock of the site. Everything below takes `now` as an argument; tests move this clock."""

from datetime import UTC, datetime, timedelta

_moved = timedelta(0)


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC) + _moved


def move(by: timedelta) -> None:
    """Move the clock, in tests and demonstrations only."""
    global _moved
    _moved += by


def set_right() -> None:
    """Take every move back."""
    global _moved
    _moved = timedelta(0)
