"""Record in the audit how often a passphrase let nobody in: one record a name, one for all that nobody has."""

from datetime import datetime, timedelta

from webapp.extensions import transaction
from webapp.services.accounts import wrong_tries

EVERY = timedelta(minutes=10)


def run(now: datetime) -> int:
    """Run once; return how many wrong tries were recorded."""
    with transaction() as session:
        return wrong_tries.record(session, now=now)
