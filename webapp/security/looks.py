"""The note of how far somebody has seen a conversation: her own reading record, in a short transaction of its own."""

import logging
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError, OperationalError

from webapp.extensions import aside
from webapp.security.guard import current_actor
from webapp.security.sessions import TOUCH_WAITS
from webapp.services.pairs import wishes

log = logging.getLogger(__name__)


def note_look(introduction_id: UUID, up_to: datetime) -> None:
    """Note it. Where the database cannot be written just now, the page goes on, and what was new stays new."""
    try:
        with aside(patience=TOUCH_WAITS) as writing:
            wishes.note_look(writing, current_actor(), introduction_id, up_to)
    except (OperationalError, IntegrityError) as error:  # two pages of hers at once; one of them has noted it
        log.info("a look was not noted: %s", type(error).__name__)
