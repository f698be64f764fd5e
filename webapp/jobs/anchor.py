"""Write the head of the audit to its file outside the database, daily."""

import logging
from datetime import datetime, timedelta

from flask import current_app

from webapp.extensions import transaction
from webapp.services.audit import anchors

EVERY = timedelta(days=1)
log = logging.getLogger(__name__)


def run(now: datetime) -> int:
    """Add one anchor; return how many were written. Raises OSError where the file cannot be written."""
    with transaction() as session:
        try:
            anchors.write(session, current_app.config["SETTINGS"].anchor_file, now=now)
        except anchors.NoHead:
            log.error("the audit has no head to anchor; run: flask --app webapp verify-audit")
            return 0
    return 1
