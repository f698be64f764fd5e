"""The one clock of the site. Everything below takes `now` as an argument; tests move this clock."""

from datetime import UTC, datetime, timedelta

_moved = timedelta(0)
_stopped: datetime | None = None


def now() -> datetime:
    """Return the time, in UTC."""
    return (_stopped or datetime.now(UTC)) + _moved


def stop() -> None:
    """Let the clock stand still, in tests of what depends on seconds."""
    global _stopped
    _stopped = datetime.now(UTC)


def move(by: timedelta) -> None:
    """Move the clock, in tests and demonstrations only."""
    global _moved
    _moved += by


def set_right() -> None:
    """Take every move back, and let the clock go."""
    global _moved, _stopped
    _moved, _stopped = timedelta(0), None
