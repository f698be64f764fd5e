"""Whether a woman can be reached outside the site by a way that she is about to release, as her record says now."""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.domain.details import Kind
from webapp.domain.safe_contact import Channel
from webapp.models import Introduction
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
