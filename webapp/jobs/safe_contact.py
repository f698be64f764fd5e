"""Hold what is on its way to a woman against her record, once that was closed or has run out."""

from datetime import datetime, timedelta

from webapp.extensions import reading
from webapp.jobs.acts import do_each
from webapp.services.safety import changing, records

EVERY = timedelta(minutes=1)


def run(now: datetime) -> int:
    """Look at each record in a transaction of its own; return how many there were."""
    with reading() as session:
        changed = records.list_changed(session, now=now)
    return do_each("safe_contact", changed, lambda session, one: changing.look_after(session, one, now=now), now=now)
