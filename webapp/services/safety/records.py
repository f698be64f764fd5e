"""A woman's record from its first day: made from her answers as she sends them, confirmed, and closed at once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.content import programme
from webapp.domain.access import Actor
from webapp.domain.audited import Act
from webapp.domain.safe_contact import Contact
from webapp.models import SafeContact
from webapp.services import audit
from webapp.services.acting import Missing, TooLate, load_locked
from webapp.services.engine.answers import Said, said_in_role
from webapp.services.pairs.withdrawing import withdraw_own
from webapp.services.safety import reading


@cache
def lasts() -> timedelta:
    """Return how long a record counts after she confirmed it."""
    return timedelta(days=programme.load().safe_contact_days)


def contact_in(answers: Mapping[str, Said]) -> Contact:
    """Read what her answers say of it: when, and the code word. A number or an address is asked on its own page."""
    hours, word = (said_in_role(role, "requester", answers) for role in ("safe_hours", "code_word"))
    return Contact(
        hours=frozenset(hours["answer"]) if hours else frozenset(), code_word=str(word["answer"]) if word else ""
    )


def begin(session: Session, actor: Actor, user_id: UUID, answers: Mapping[str, Said], *, now: datetime) -> None:
    """Make her record as she sends her answers. One that is there already is hers, and stays as it is."""
    if reading.find(session, user_id) is None:
        write(session, actor, user_id, contact_in(answers), now=now)


def write(session: Session, actor: Actor, user_id: UUID, contact: Contact, *, now: datetime) -> SafeContact:
    """Write what she said in place of what was there. A new record counts from now on.

    A change opens nothing that is closed or has run out, and renews nothing: that is for her yes to all of it.
    """
    row = reading.find(session, user_id)
    if row is None:
        row = SafeContact(user_id=user_id, confirmed_at=now, valid_until=now + lasts(), looked_at=now)
    row.said = contact.as_document()
    session.add(row)
    audit.record(session, actor, Act.SAFE_CONTACT_SET, row, at=now, about=user_id)
    return row


def open_again(session: Session, actor: Actor, row: SafeContact, *, now: datetime) -> None:
    """Let all of a record count from now on."""
    row.confirmed_at, row.valid_until, row.closed_at = now, now + lasts(), None
    audit.record(session, actor, Act.SAFE_CONTACT_CONFIRMED, row, at=now, about=row.user_id)


def still_safe(session: Session, actor: Actor, woman_id: UUID, *, now: datetime) -> None:
    """Renew a record because she answers elsewhere, as in a check-in, that it is still right.

    Raises Missing; TooLate for one that was closed: that is opened on its own page alone, with all of it in view.
    """
    row = _lock(session, woman_id)
    if row is None:
        raise Missing
    if row.closed_at is not None:
        raise TooLate
    open_again(session, actor, row, now=now)


def close_outside(session: Session, woman_id: UUID, *, actor: Actor, now: datetime, code: str | None = None) -> None:
    """Close every way that leaves the site, at once; what she wrote stays, and the site goes on. Twice is once.

    What she released to a supporter is taken back too, and what the two arranged outside the site is off.

    It locks her record and nothing before it, so that a check-in or a concern may call it. Who is on her way to her is
    held against it by the job `safe_contact` within a minute. Whether the caller may is the caller's to ask.
    """
    row = _lock(session, woman_id)
    withdraw_own(session, actor, woman_id, now=now)
    if row is None or row.closed_at is not None:
        return
    row.closed_at = now
    audit.record(session, actor, Act.SAFE_CONTACT_CLOSED, row, at=now, about=woman_id, code=code)


def _lock(session: Session, woman_id: UUID) -> SafeContact | None:
    row = reading.find(session, woman_id)
    return load_locked(session, SafeContact, row.id) if row is not None else None


def list_changed(session: Session, *, now: datetime) -> list[UUID]:
    """Return whose record was closed or has run out since what is on its way was last held against it."""
    ended = (SafeContact.closed_at > SafeContact.looked_at) | (
        (SafeContact.valid_until <= now) & (SafeContact.valid_until > SafeContact.looked_at)
    )
    return list(session.scalars(select(SafeContact.user_id).where(ended).order_by(SafeContact.user_id)))
