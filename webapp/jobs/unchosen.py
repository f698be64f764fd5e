"""Lay on the desk whose cards have lain for days, and take her off it once she has chosen."""

from datetime import datetime, timedelta

from webapp.extensions import reading
from webapp.jobs.acts import do_each
from webapp.services.cards import unchosen

EVERY = timedelta(minutes=1)


def run(now: datetime) -> int:
    """Do each request in a transaction of its own; return how many there were."""
    with reading() as session:
        lying, chosen = unchosen.list_lying(session, now=now), unchosen.list_chosen(session, now=now)
    done = do_each("cards lying", lying, lambda session, one: unchosen.lay_on_the_desk(session, one, now=now), now=now)
    return done + do_each(
        "cards chosen", chosen, lambda session, one: unchosen.take_off_the_desk(session, one, now=now), now=now
    )
