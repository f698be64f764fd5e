"""Words typed into a form whose sign-in had idled out: kept sealed for an hour, shown to her alone, sent by her."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.crypto.keyring import CannotDecrypt
from webapp.domain.access import Actor
from webapp.models import KeptWords, User

HELD_FOR = timedelta(hours=1)
LARGEST = 24_000
"""The most that is kept of one form, in characters: a message of the greatest length is a sixth of it."""

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Words:
    """What was typed, and the address of the page whose form it was typed into."""

    path: str
    fields: list[tuple[str, str]]


def keep(session: Session, user_id: UUID, path: str, fields: Fields, *, now: datetime) -> bool:
    """Keep the words of one form in place of what was kept before. Returns whether they could be kept."""
    if sum(len(name) + len(value) for name, value in fields) > LARGEST or not any(value for _, value in fields):
        return False
    if session.get(User, user_id, with_for_update=True) is None:
        return False
    row = session.get(KeptWords, user_id) or KeptWords(id=user_id)
    row.kept_at, row.form = now, {"path": path, "fields": [list(field) for field in fields]}
    session.add(row)
    session.flush()
    return True


def find(session: Session, actor: Actor, *, now: datetime) -> Words | None:
    """Return what is kept for this person and not too old. Nobody else's can be asked for."""
    row = session.get(KeptWords, actor.id) if actor.id is not None else None
    if row is None or row.kept_at <= now - HELD_FOR:
        return None
    try:
        form = row.form
    except CannotDecrypt:  # it takes no page down; it is forgotten within the hour
        return None
    return Words(form["path"], [(name, value) for name, value in form["fields"]])


def are_there(session: Session, user_id: UUID, *, now: datetime) -> bool:
    """Say whether anything is kept for somebody, without reading it."""
    there = select(KeptWords.id).where(KeptWords.id == user_id, KeptWords.kept_at > now - HELD_FOR)
    return session.scalar(there) is not None


def settle(session: Session, actor: Actor, path: str, *, now: datetime) -> None:
    """Forget what was kept for this form, in the transaction that has just taken it."""
    kept = find(session, actor, now=now)
    if kept is not None and kept.path == path and actor.id is not None:
        forget(session, actor.id)


def forget(session: Session, user_id: UUID) -> None:
    """Forget what is kept for somebody: she signed out, left, threw it away, or closed her account."""
    session.execute(delete(KeptWords).where(KeptWords.id == user_id))


def forget_old(session: Session, *, now: datetime) -> int:
    """Forget what was kept for its hour. Returns how many there were."""
    gone = session.execute(delete(KeptWords).where(KeptWords.kept_at <= now - HELD_FOR).returning(KeptWords.id))
    return len(gone.all())
