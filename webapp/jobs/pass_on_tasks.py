"""Pass on what stays undone: from one who is away, and from everybody by the clock, to another named person."""

from datetime import datetime, timedelta

from webapp.extensions import reading
from webapp.jobs.acts import do_each
from webapp.services.tasks import passing

EVERY = timedelta(minutes=1)


def run(now: datetime) -> int:
    """Pass each task on in a transaction of its own; return how many were looked at."""
    with reading() as session:
        due = passing.list_due(session, now=now)
    return do_each("pass_on_tasks", due, lambda session, one: passing.pass_on(session, one, now=now), now=now)
