"""Ask the desk again about each hold that it let stand: none is forgotten."""

from datetime import datetime, timedelta

from webapp.extensions import reading
from webapp.jobs.acts import do_each
from webapp.services.safety import holds

EVERY = timedelta(minutes=10)


def run(now: datetime) -> int:
    """Ask about each in a transaction of its own; return how many were asked about."""
    with reading() as session:
        due = holds.list_to_ask_about(session, now=now)
    return do_each("holds", due, lambda session, one: holds.ask_again(session, one, now=now), now=now)
