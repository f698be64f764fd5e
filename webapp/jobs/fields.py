"""Try every sealed field, and tell the desk of those that cannot be read."""

from datetime import datetime, timedelta

from webapp.extensions import only_reading, transaction
from webapp.services import keys

EVERY = timedelta(hours=1)


def run(now: datetime) -> int:
    """Run once; return how many fields are newly found unreadable."""
    token = only_reading.set(True)
    try:
        with transaction() as session:
            places = set(keys.find_unreadable(session))
    finally:
        only_reading.reset(token)
    with transaction() as session:
        return keys.note_unreadable(session, places, now=now)
