"""Forget the unsent words whose hour is over."""

from datetime import datetime, timedelta

from webapp.extensions import transaction
from webapp.services.accounts import kept_words

EVERY = timedelta(minutes=5)


def run(now: datetime) -> int:
    """Forget them; return how many there were."""
    with transaction() as session:
        return kept_words.forget_old(session, now=now)
