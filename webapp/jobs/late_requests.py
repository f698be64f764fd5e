"""Tell a person of every woman who waits past the day that her page named, and name her another day."""

from datetime import datetime, timedelta

from webapp.extensions import reading
from webapp.jobs.acts import do_each
from webapp.services import waiting

EVERY = timedelta(minutes=1)


def run(now: datetime) -> int:
    """Do each in a transaction of its own; return how many there were."""
    with reading() as session:
        passed = waiting.list_passed(session, now=now)
    return do_each("late_requests", passed, lambda session, one: waiting.pass_the_day(session, one, now=now), now=now)
