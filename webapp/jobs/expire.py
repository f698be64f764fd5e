"""End the offers whose time is over; the next whom she ranked is offered at once."""

from datetime import datetime, timedelta

from webapp.extensions import reading
from webapp.jobs.acts import do_each
from webapp.services import offers

EVERY = timedelta(minutes=1)


def run(now: datetime) -> int:
    """End each offer in a transaction of its own; return how many ended."""
    with reading() as session:
        over = offers.list_over(session, now=now)
    return do_each("expire", over, lambda session, one: offers.expire_offer(session, one, now=now), now=now)
