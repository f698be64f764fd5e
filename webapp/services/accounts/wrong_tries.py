"""Wrong passphrases, counted as they come and told to the audit every few minutes, so that a flood cannot fill it."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from webapp.domain.access import VISITOR
from webapp.domain.audited import Act
from webapp.models import WrongTries
from webapp.services import audit


def record(session: Session, *, now: datetime) -> int:
    """Move what was counted into the audit: how often, at whose name. Return how many tries those were."""
    counted = Counter[UUID | None]()
    for user_id, count in session.execute(delete(WrongTries).returning(WrongTries.user_id, WrongTries.count)):
        counted[user_id] += count
    for whose, count in sorted(counted.items(), key=lambda one: str(one[0])):
        audit.record_by_name(
            session, VISITOR, Act.PASSPHRASE_WRONG, "users", at=now, thing_id=whose, about=whose, code=f"times_{count}"
        )
    return counted.total()
