"""Tell each person of a check-in on the day on which it falls due."""

from datetime import datetime, timedelta

from webapp.extensions import transaction
from webapp.services import checkins

EVERY = timedelta(hours=1)


def run(now: datetime) -> int:
    """Write the notices of today; return how many there were. Each is written once."""
    with transaction() as session:
        return checkins.tell_of_due(session, now=now)
