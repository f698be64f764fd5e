"""Passkeys: keys that a phone or computer keeps. What they sign is checked in security/passkeys.py."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, false, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.domain.factors import HOLDS, MOST_PASSKEYS
from webapp.models import Passkey, SpentChallenge, User
from webapp.services import audit
from webapp.services.accounts.factors import find_codes, forget_recovery_without_locks, own_account, refuse_last
from webapp.services.acting import change, load_locked, require


class TooMany(Exception):
    """Raised for one passkey more than an account may have."""


@dataclass(frozen=True)
class ShownPasskey:
    """A passkey as its owner sees it."""

    id: UUID
    name: str
    made_at: datetime
    used_at: datetime | None
    doubted_at: datetime | None


def list_own(session: Session, actor: Actor) -> list[ShownPasskey]:
    """List one's own passkeys, the oldest first."""
    require(actor, Action.SEE_FACTORS, Subject(owner=actor.id))
    rows = keys_of(session, actor.id)
    return [ShownPasskey(row.id, row.name, row.made_at, row.used_at, row.doubted_at) for row in rows]


def keys_of(session: Session, user_id: UUID | None) -> Sequence[Passkey]:
    """Return the passkeys of an account, the oldest first."""
    asked = select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.made_at, Passkey.id)
    return session.scalars(asked).all()


def add(
    session: Session,
    actor: Actor,
    *,
    credential_id: bytes,
    public_key: bytes,
    sign_count: int,
    transports: Sequence[str],
    name: str,
    now: datetime,
) -> None:
    """Keep a new passkey. Raises TooMany, and TooLate by the database where this very key is kept already."""
    user = own_account(session, actor)
    if len(keys_of(session, user.id)) >= MOST_PASSKEYS:
        raise TooMany
    row = Passkey(user_id=user.id, credential_id=credential_id, public_key=public_key, sign_count=sign_count)
    row.transports, row.name, row.made_at = " ".join(sorted(transports))[:80], name, now
    session.add(row)
    session.flush()
    audit.record(session, actor, Act.SECOND_LOCK_ADDED, row, at=now, about=user.id, code="passkey")


def find(session: Session, credential_id: bytes) -> Passkey | None:
    """Return the passkey with this id, of an account that is open."""
    asked = select(Passkey).join(User, User.id == Passkey.user_id).where(Passkey.credential_id == credential_id)
    return session.scalars(asked.where(User.active.is_(True))).first()


def use(session: Session, passkey_id: UUID, sign_count: int, *, now: datetime) -> bool:
    """Note that a passkey was used; False where its count did not go on, as a copy's would not.

    Keys that never count say zero each time.
    """
    never_counts = Passkey.sign_count == 0 if sign_count == 0 else false()
    goes_on = or_(Passkey.sign_count < sign_count, never_counts)
    noted = update(Passkey).where(Passkey.id == passkey_id, goes_on).values(sign_count=sign_count, used_at=now)
    return change(session, noted) == 1


def note_count(session: Session, passkey: Passkey, *, now: datetime) -> None:
    """Tell its owner, and leave a record, of a passkey whose count went back: somebody may have a copy of it."""
    passkey.doubted_at = now
    audit.record(session, Actor(None), Act.PASSKEY_COUNT_WENT_BACK, passkey, at=now, about=passkey.user_id)


def remove(session: Session, actor: Actor, passkey_id: UUID, *, now: datetime) -> None:
    """Take one's passkey away. Raises Missing for anybody else's, LastLock for the last lock that a role requires."""
    user = own_account(session, actor)
    row = load_locked(session, Passkey, passkey_id)
    require(actor, Action.CHANGE_FACTORS, Subject(owner=row.user_id))
    others = len(keys_of(session, user.id)) - 1 + int(find_codes(session, user.id) is not None)
    refuse_last(actor, others)
    session.execute(delete(Passkey).where(Passkey.id == row.id))
    audit.record(session, actor, Act.SECOND_LOCK_REMOVED, row, at=now, about=user.id, code="passkey")
    forget_recovery_without_locks(session, user.id)


def spend(session: Session, challenge: bytes, *, now: datetime) -> bool:
    """Use up a challenge; False where it was answered already. Those that are too old to be sent again are dropped."""
    session.execute(delete(SpentChallenge).where(SpentChallenge.spent_at < now - 2 * HOLDS))
    row = SpentChallenge(challenge_hash=hashlib.sha256(challenge).hexdigest(), spent_at=now)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True
