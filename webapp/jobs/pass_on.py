"""Pass on what a supporter who can take nobody on any more has left open, where the act itself could not do it."""

from datetime import datetime, timedelta

from webapp.extensions import reading
from webapp.jobs.acts import do_each
from webapp.services.cards import falling_away

EVERY = timedelta(minutes=1)


def run(now: datetime) -> int:
    """Do each request in a transaction of its own; return how many there were."""
    with reading() as session:
        left = falling_away.list_left(session, now=now)
    return do_each("pass_on", left, lambda session, one: falling_away.let_fall_away(session, one, now=now), now=now)
