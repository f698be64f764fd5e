"""What a concern stops in rooms that know nothing of it: details that two have released, ways that leave the site."""

from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.domain.access import Actor
from webapp.domain.notices import Notice
from webapp.models import Introduction, Message, OutboxRow

SYSTEM = Actor(None)
DETAILS, SAFE_CONTACT = "webapp.services.pairs.withdrawing", "webapp.services.safety.records"


def withdraw_details(session: Session, introduction_id: UUID, *, now: datetime) -> None:
    """Take back all by which two could reach each other outside the site. The record names nobody who asked for it."""
    if (room := _room(DETAILS)) is not None:
        room.withdraw_all(session, SYSTEM, introduction_id, now=now)


def close_outside(session: Session, woman_id: UUID, *, now: datetime) -> bool:
    """Close every way to somebody that leaves the site; False where nothing here keeps such ways: a person must."""
    if (room := _room(SAFE_CONTACT)) is None:
        return False
    room.close_outside(session, woman_id, actor=Actor(woman_id), now=now)
    return True


def keep_notices_back(session: Session, introduction: Introduction) -> None:
    """Let no notice leave any more that tells one of a pair of the other."""
    two = (introduction.request.user_id, introduction.supporter.user_id)
    unsent = OutboxRow.state == "ready", OutboxRow.to_user_id.in_(two)
    told = OutboxRow.kind == Notice.YOU_HAVE_A_MESSAGE
    keys = session.scalars(select(OutboxRow.dedupe).where(*unsent, told)).all()
    ids = {UUID(key.rpartition(":")[2]) for key in keys}
    here = session.scalars(select(Message.id).where(Message.id.in_(ids), Message.introduction_id == introduction.id))
    gone = [f"{Notice.YOU_HAVE_A_MESSAGE}:{one}" for one in here]
    gone += [f"{Notice.YOU_ARE_INTRODUCED}:{introduction.id}:{person}" for person in two]
    session.execute(update(OutboxRow).where(*unsent, OutboxRow.dedupe.in_(gone)).values(state="cancelled"))


def _room(name: str) -> Any:
    """Return a room of the site where it is built; None before."""
    try:
        return import_module(name) if find_spec(name) is not None else None
    except ModuleNotFoundError:  # the package around it is not there either
        return None
