"""Where notices for staff and supporters go: an address that each gives herself, and proves by a code sent to it."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.crypto.fields import Unreadable
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.domain.notices import Notice
from webapp.domain.safe_contact import neat_address
from webapp.models import NoticeAddress, User
from webapp.services import audit, outbox
from webapp.services.acting import Missing, load_locked, require

CODE_HOLDS = timedelta(hours=1)
MOST_TRIES = 5


class BadAddress(Exception):
    """Raised for what is no address."""


class Outcome(Enum):
    """What came of a code that was typed in."""

    RIGHT = auto()
    WRONG = auto()
    TOO_LATE = auto()


@dataclass(frozen=True)
class ShownAddress:
    """Where her notices go, or would, once she has typed in the code."""

    address: str
    zone: str
    is_confirmed: bool
    may_try: bool


def read_own(session: Session, actor: Actor, *, now: datetime) -> ShownAddress | None:
    """Return where one's own notices go; None where she gave no address."""
    require(actor, Action.SEE_NOTICE_ADDRESS, Subject(owner=actor.id))
    row = session.scalars(select(NoticeAddress).where(NoticeAddress.user_id == actor.id)).first()
    if row is None:
        return None
    said = NoticeAddress.said.shown(row)
    known = {"address": said, "zone": ""} if isinstance(said, Unreadable) else said
    return ShownAddress(known["address"], known["zone"], row.confirmed_at is not None, _may_try(row, now))


def give_address(session: Session, actor: Actor, address: str, zone: str, *, now: datetime) -> None:
    """Take an address in place of the one before, and send it a code; until she types that in, nothing else goes there.

    Raises BadAddress.
    """
    user_id = _lock_own(session, actor)
    neat = neat_address(address)
    if neat is None:
        raise BadAddress
    row = _find(session, user_id) or NoticeAddress(user_id=user_id)
    row.said_at, row.confirmed_at, row.tries = now, None, 0
    row.said = {"address": neat, "zone": zone, "code": f"{secrets.randbelow(10**8):08}"}
    session.add(row)
    audit.record(session, actor, Act.NOTICE_ADDRESS_GIVEN, row, at=now, about=user_id)
    key = f"{row.id}:{now.isoformat()}"
    outbox.put(session, Notice.CONFIRM_YOUR_ADDRESS, dedupe=key, due_at=now, to=user_id, address=str(row.id))


def try_code(session: Session, actor: Actor, code: str, *, now: datetime) -> Outcome:
    """Try the code that came to her address; right, and her notices go there. A wrong one is counted.

    It is too late where she has taken the address away meanwhile.
    """
    row = _find(session, _lock_own(session, actor))
    if row is not None and row.confirmed_at is not None:
        return Outcome.RIGHT
    if row is None or not _may_try(row, now):
        return Outcome.TOO_LATE
    row.tries += 1
    typed = "".join(sign for sign in code if sign.isascii() and sign.isdigit())
    if not hmac.compare_digest(typed, row.said.get("code", "")):
        return Outcome.WRONG
    row.confirmed_at = now
    row.said = {"address": row.said["address"], "zone": row.said["zone"]}
    audit.record(session, actor, Act.NOTICE_ADDRESS_CONFIRMED, row, at=now, about=actor.id)
    return Outcome.RIGHT


def forget_address(session: Session, actor: Actor, *, now: datetime) -> None:
    """Take one's address away: from now on nothing goes there. Taken away twice is taken away once."""
    row = _find(session, _lock_own(session, actor))
    if row is not None:
        audit.record(session, actor, Act.NOTICE_ADDRESS_FORGOTTEN, row, at=now, about=actor.id)
        session.execute(delete(NoticeAddress).where(NoticeAddress.id == row.id))


def _lock_own(session: Session, actor: Actor) -> UUID:
    require(actor, Action.CHANGE_NOTICE_ADDRESS, Subject(owner=actor.id))
    if actor.id is None:
        raise Missing
    return load_locked(session, User, actor.id).id


def _find(session: Session, user_id: UUID) -> NoticeAddress | None:
    return session.scalars(select(NoticeAddress).where(NoticeAddress.user_id == user_id)).first()


def _may_try(row: NoticeAddress, now: datetime) -> bool:
    return row.confirmed_at is None and row.tries < MOST_TRIES and now < row.said_at + CODE_HOLDS
