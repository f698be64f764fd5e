"""End the rows of those who left while the database could not be written, and take old lists of departures away."""

from datetime import datetime, timedelta

from flask import current_app

from webapp.security import departures, sessions

EVERY = timedelta(minutes=1)


def run(now: datetime) -> int:
    """End each row in a transaction of its own; return how many there were."""
    left = departures.of(current_app)
    ended = sum(sessions.end_row(token_hash, now) for token_hash in sorted(left.all(now)))
    left.take_old_away(now)
    return ended
