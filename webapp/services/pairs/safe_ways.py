"""Whether a woman can be reached outside the site by a way that is about to be used, as her record says now."""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.domain.details import Kind
from webapp.domain.safe_contact import Channel
from webapp.models import Introduction, SafeContact
from webapp.services.locking import lock_rows
from webapp.services.safety import reading

SAFE_BY = {
    Kind.NUMBER: frozenset({Channel.CALL, Channel.TEXT}),
    Kind.EMAIL: frozenset({Channel.EMAIL}),
    Kind.OTHER: frozenset(Channel),
}


def is_safe_for_her(session: Session, introduction: Introduction, kind: Kind, *, now: datetime) -> bool:
    """Say whether her record counts and names such a way; what is not known is not safe."""
    counts = reading.read(session, introduction.request.user_id, now=now).counts
    return counts is not None and not SAFE_BY[kind].isdisjoint(counts.addresses)


def hold_hours(session: Session, introduction: Introduction, *, now: datetime) -> frozenset[int]:
    """Lock a woman's record, and return her safe hours: whoever closes it meanwhile comes before or after this act."""
    woman_id = introduction.request.user_id
    lock_rows(session, SafeContact, SafeContact.user_id == woman_id)
    return reading.hours_of(session, woman_id, now=now)
