"""Send what the outbox holds, one letter for each person whose notices are due.

Nothing of the database is held while a letter is on its way. Where the way out itself is closed, the others wait too:
a mail server that does not answer must not keep the offers from ending.
"""

import logging
import time
from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app

from webapp import clock
from webapp.config import MailSettings
from webapp.extensions import reading, transaction
from webapp.jobs.acts import between_acts
from webapp.services.notices import delivery
from webapp.services.notices.delivery import NotPermitted, NotSent

EVERY = timedelta(seconds=30)
LONGEST_RUN = 120.0
"""Seconds after which the other jobs come first again."""
log = logging.getLogger(__name__)


def run(now: datetime) -> int:
    """Send what is due; return how many notices were sent."""
    settings: MailSettings = current_app.config["SETTINGS"].mail
    with transaction() as session:
        delivery.spread(session, now=now)
    with reading() as session:
        people = delivery.list_people(session, now=now)
    until, sent = time.monotonic() + LONGEST_RUN, 0
    for person in people:
        between_acts.get()()
        done, is_open = _send_to(person, settings)
        sent += done
        if not is_open or time.monotonic() > until:
            break
    return sent


def _send_to(person: UUID, settings: MailSettings) -> tuple[int, bool]:
    """Send one letter; return how many notices it held, and whether the way out is open."""
    with transaction() as session:
        taken = delivery.take(session, person, settings, now=clock.now())
    if taken is None:
        return 0, True
    failure: NotSent | NotPermitted | None = None
    try:
        delivery.send(taken, settings, clock=clock.now)
    except (NotSent, NotPermitted) as not_sent:
        failure = not_sent
        log.warning("a notice did not leave: %s", getattr(failure, "code", delivery.NOT_SAID))
    with transaction() as session:
        settled = delivery.settle(session, taken, failure, now=clock.now())
    return (settled, True) if failure is None else (0, not getattr(failure, "is_line", False))
