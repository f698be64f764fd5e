"""What a woman's record says now, for the engine and for the sender. What does not count now says nothing."""

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.crypto.keyring import CannotDecrypt
from webapp.domain.safe_contact import Contact, Standing, stands
from webapp.models import SafeContact

log = logging.getLogger(__name__)
NOTHING: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Known:
    """What she said, whether it counts, and its clocks. Where nothing can be read, `contact` is None."""

    standing: Standing
    contact: Contact | None
    confirmed_at: datetime | None = None
    valid_until: datetime | None = None
    closed_at: datetime | None = None

    @property
    def counts(self) -> Contact | None:
        """Return what she said where it counts now, and nothing else."""
        return self.contact if self.standing is Standing.OPEN else None


NOBODY_SAID = Known(Standing.NONE, None)


def find(session: Session, user_id: UUID) -> SafeContact | None:
    """Return the record of one woman."""
    return session.scalars(select(SafeContact).where(SafeContact.user_id == user_id)).first()


def read(session: Session, user_id: UUID, *, now: datetime) -> Known:
    """Return what the record of one woman says, and whether that counts."""
    row = find(session, user_id)
    return know(row, now) if row is not None else NOBODY_SAID


def know(row: SafeContact, now: datetime) -> Known:
    """Read a record. One that cannot be read opens nothing."""
    standing = stands(row.valid_until, row.closed_at, now)
    try:
        contact = Contact.from_document(row.said)
    except CannotDecrypt as damaged:
        log.error("a field cannot be read: %s", damaged)
        contact = None
    return Known(standing, contact, row.confirmed_at, row.valid_until, row.closed_at)


def hours_of(session: Session, user_id: UUID, *, now: datetime) -> frozenset[int]:
    """Return the half-hours of a week in which she may be met outside the site; none where no record counts."""
    counts = read(session, user_id, now=now).counts
    return counts.hours if counts is not None else NOTHING
