"""The second locks of an account: one-time codes and recovery codes. Passkeys are in passkeys.py.

Codes are checked in security/factors.py, which knows the library; here each is taken once, by one statement that only
one of two simultaneous uses can win. Who changes a lock holds the row of the account first.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from webapp.crypto import keyring
from webapp.domain.access import Action, Actor, Role, Subject
from webapp.domain.audited import Act
from webapp.domain.factors import REQUIRED_OF, SETTING_UP, neat_code
from webapp.models import OneTimeCode as OneTimeCode  # pages name it by this module
from webapp.models import Passkey, RecoveryCode, User
from webapp.services import audit
from webapp.services.acting import Missing, TooLate, change, load_locked, require


class LastLock(Exception):
    """Raised where a lock is the last one of somebody whose role requires one."""


@dataclass(frozen=True)
class Locks:
    """What guards an account beside its passphrase."""

    codes_since: datetime | None
    passkeys: int
    recovery_left: int

    @property
    def any(self) -> bool:
        """Say whether a sign-in has a second step."""
        return self.codes_since is not None or self.passkeys > 0


def locks_of(session: Session, user_id: UUID) -> Locks:
    """Return what guards an account."""
    since = session.scalar(
        select(OneTimeCode.confirmed_at).where(OneTimeCode.user_id == user_id, OneTimeCode.confirmed_at.is_not(None))
    )
    passkeys = session.scalar(select(func.count(Passkey.id)).where(Passkey.user_id == user_id)) or 0
    left = select(func.count(RecoveryCode.id)).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return Locks(since, passkeys, session.scalar(left) or 0)


def see_locks(session: Session, actor: Actor) -> Locks:
    """Return what guards one's own account."""
    require(actor, Action.SEE_FACTORS, Subject(owner=actor.id))
    return locks_of(session, _id_of(actor))


# One-time codes


def begin_codes(session: Session, actor: Actor, secret: str, *, now: datetime) -> UUID:
    """Keep a new secret that counts once it is confirmed; what works until then goes on working. Returns its id."""
    user_id = _lock_own_account(session, actor)
    session.execute(delete(OneTimeCode).where(OneTimeCode.user_id == user_id, OneTimeCode.confirmed_at.is_(None)))
    row = OneTimeCode(user_id=user_id, made_at=now)
    row.secret = secret
    session.add(row)
    session.flush()
    audit.record(session, actor, Act.CODES_BEGUN, row, at=now, about=user_id)
    return row.id


def find_begun(session: Session, actor: Actor, code_id: UUID, *, now: datetime) -> OneTimeCode | None:
    """Return the codes that she is setting up; None where they are confirmed already, or were begun too long ago."""
    require(actor, Action.CHANGE_FACTORS, Subject(owner=actor.id))
    hers = (OneTimeCode.id == code_id, OneTimeCode.user_id == actor.id, OneTimeCode.confirmed_at.is_(None))
    return session.scalars(select(OneTimeCode).where(*hers, OneTimeCode.made_at > now - SETTING_UP)).first()


def find_codes(session: Session, user_id: UUID) -> OneTimeCode | None:
    """Return the codes by which an account is guarded."""
    asked = select(OneTimeCode).where(OneTimeCode.user_id == user_id, OneTimeCode.confirmed_at.is_not(None))
    return session.scalars(asked).first()


def take_counter(session: Session, code_id: UUID, counter: int) -> bool:
    """Use up a moment of somebody's codes and all before it; False where it, or a later one, was used already."""
    unused = or_(OneTimeCode.last_counter.is_(None), OneTimeCode.last_counter < counter)
    taken = update(OneTimeCode).where(OneTimeCode.id == code_id, unused).values(last_counter=counter)
    return change(session, taken) == 1


def confirm_codes(session: Session, actor: Actor, code_id: UUID, *, now: datetime) -> None:
    """Let new codes count, and those before them no more. Raises Missing, and TooLate for a second confirmation."""
    user_id = _lock_own_account(session, actor)
    row = load_locked(session, OneTimeCode, code_id)
    if row.user_id != user_id:
        raise Missing
    if row.confirmed_at is not None:
        raise TooLate
    session.execute(delete(OneTimeCode).where(OneTimeCode.user_id == user_id, OneTimeCode.id != row.id))
    row.confirmed_at = now
    audit.record(session, actor, Act.SECOND_LOCK_ADDED, row, at=now, about=user_id, code="codes")


def remove_codes(session: Session, actor: Actor, *, now: datetime) -> None:
    """Take one's codes away, where there are any. Raises LastLock for the last lock that a role requires."""
    user_id = _lock_own_account(session, actor)
    row = find_codes(session, user_id)
    if row is None:
        return
    refuse_last(actor, locks_of(session, user_id).passkeys)
    session.execute(delete(OneTimeCode).where(OneTimeCode.user_id == user_id))
    audit.record(session, actor, Act.SECOND_LOCK_REMOVED, row, at=now, about=user_id, code="codes")
    forget_recovery_without_locks(session, user_id)


# Recovery codes


def keep_recovery_codes(session: Session, actor: Actor, codes: list[str], *, now: datetime) -> None:
    """Keep new recovery codes as keyed hashes; those before them are dead. Raises Missing where there is no lock."""
    user_id = _lock_own_account(session, actor)
    if not locks_of(session, user_id).any:
        raise Missing
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    rows = [RecoveryCode(user_id=user_id, code_hash=hash_recovery(user_id, code), made_at=now) for code in codes]
    session.add_all(rows)
    session.flush()
    audit.record(session, actor, Act.RECOVERY_CODES_MADE, rows[0], at=now, about=user_id)


def take_recovery_code(session: Session, user_id: UUID, code: str, *, now: datetime) -> bool:
    """Use up a recovery code; False where it is wrong, or was used already."""
    hers = (RecoveryCode.user_id == user_id, RecoveryCode.code_hash == hash_recovery(user_id, code))
    taken = update(RecoveryCode).where(*hers, RecoveryCode.used_at.is_(None)).values(used_at=now)
    return change(session, taken) == 1


def hash_recovery(user_id: UUID, code: str) -> str:
    """Return what is kept of a recovery code: without the key ring its digits cannot be tried out."""
    return keyring.ring().fingerprint(f"recovery|{user_id}|{neat_code(code)}")


# All of them


def note_refusal(session: Session, user_id: UUID, *, now: datetime) -> None:
    """Leave a record of a second step that was not passed."""
    user = session.get_one(User, user_id)
    audit.record(session, Actor(None), Act.SECOND_STEP_REFUSED, user, at=now, about=user_id)


def reset(session: Session, actor: Actor, user_id: UUID, *, now: datetime) -> None:
    """Take every second lock of an account away: the operator's help for somebody who lost hers. Raises Missing."""
    user = load_locked(session, User, user_id)
    for kind in (OneTimeCode, Passkey, RecoveryCode):
        session.execute(delete(kind).where(kind.user_id == user_id))
    audit.record(session, actor, Act.SECOND_LOCKS_RESET, user, at=now, about=user.id)


def refuse_last(actor: Actor, others: int) -> None:
    """Raise LastLock where no other lock would be left and a role requires one."""
    if others == 0 and REQUIRED_OF & actor.roles:
        raise LastLock


def forget_recovery_without_locks(session: Session, user_id: UUID) -> None:
    """Drop the recovery codes where there is nothing left to recover from."""
    if not locks_of(session, user_id).any:
        session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def requires_lock(roles: frozenset[Role]) -> bool:
    """Say whether one of these roles requires a second lock."""
    return bool(REQUIRED_OF & roles)


def own_account(session: Session, actor: Actor) -> User:
    """Lock one's own account, so that two changes of its locks come one after the other. Raises Missing."""
    require(actor, Action.CHANGE_FACTORS, Subject(owner=actor.id))
    return load_locked(session, User, _id_of(actor))


def _lock_own_account(session: Session, actor: Actor) -> UUID:
    return own_account(session, actor).id


def _id_of(actor: Actor) -> UUID:
    if actor.id is None:
        raise Missing
    return actor.id
