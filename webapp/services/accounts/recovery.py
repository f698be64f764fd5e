"""The ways back into an account: which there are, the plain words that are offered, and the recovery code.

A code is kept as a keyed hash and not as a slow one: with 120 random bits there is nothing to guess at.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webapp.content import words
from webapp.crypto import keyring
from webapp.domain import access
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.accounts import RESET_LINK_HOLDS
from webapp.domain.audited import Act
from webapp.domain.passphrases import WORDS_OFFERED
from webapp.domain.recovery import CODE_SIGNS, FRESH, SIGNS, TOLD_FOR, neat_code, show_code
from webapp.models import PhoneWords, ResetLink, ReturnCode, SignIn, User
from webapp.models.accounts import key_of_name
from webapp.services import accounts, audit
from webapp.services.acting import load_locked, require


class WrongCode(Exception):
    """Raised for a code that is not hers, was used already, or of a name that is not there; all alike."""


@dataclass(frozen=True)
class Ways:
    """Which ways back she has; when a link was last used to choose her passphrase, or given out, if not long ago."""

    code_made_at: datetime | None
    phone_made_at: datetime | None
    reset_at: datetime | None
    given_out_at: datetime | None


def offer_words(language: str, count: int = WORDS_OFFERED) -> str:
    """Draw plain words at random: 11 bits each."""
    listed = words.load()[language]
    return " ".join(secrets.choice(listed) for _ in range(count))


def were_offered(said: str) -> bool:
    """Say whether words could have been offered here, so that a page may show them again after a mistake."""
    parts = said.split(" ")
    return any(set(parts) <= set(listed) for listed in words.load().values()) and len(parts) <= WORDS_OFFERED


def draw_signs(count: int) -> str:
    """Draw the signs of a code at random: 5 bits each."""
    return "".join(secrets.choice(SIGNS) for _ in range(count))


def read_ways(session: Session, actor: Actor, *, now: datetime) -> Ways:
    """Return which ways back somebody has."""
    require(actor, Action.SEE_ACCOUNT, Subject(owner=actor.id))
    code = select(ReturnCode.made_at).where(ReturnCode.user_id == actor.id)
    phone = select(PhoneWords.made_at).where(PhoneWords.user_id == actor.id)
    reset = select(func.max(ResetLink.used_at)).where(ResetLink.user_id == actor.id, ResetLink.used_at > now - TOLD_FOR)
    unused = (ResetLink.used_at.is_(None), ResetLink.expires_at > now - TOLD_FOR)
    given = session.scalar(select(func.max(ResetLink.expires_at)).where(ResetLink.user_id == actor.id, *unused))
    out_at = given - RESET_LINK_HOLDS if given else None
    return Ways(session.scalar(code), session.scalar(phone), session.scalar(reset), out_at)


def is_fresh(session: Session, sign_in_id: UUID, *, now: datetime) -> bool:
    """Say whether her passphrase was typed on this device only minutes ago."""
    begun_at = session.scalar(select(SignIn.begun_at).where(SignIn.id == sign_in_id))
    return begun_at is not None and begun_at > now - FRESH


def make_code(session: Session, actor: Actor, *, now: datetime) -> str:
    """Make a recovery code, to be shown once; the one before it is dead."""
    return _new_code(session, actor, lock_own(session, actor, Action.KEEP_WAYS_BACK), now=now)


def is_code_right(session: Session, username: str, code: str) -> bool:
    """Say whether a code opens the account of a name, with the same work where there is none."""
    owner = select(User.id).where(User.username_key == key_of_name(username), User.active.is_(True))
    return _matches(session, session.scalar(owner), code)  # never the whole user: her roles would take a statement more


def use_code(session: Session, username: str, code: str, password_hash: str, *, now: datetime) -> str:
    """Set a new passphrase by a recovery code, and return the code that takes its place. Raises WrongCode.

    Every sign-in ends, and so does every link that was made for her.
    """
    found = accounts.find_user(session, username)
    user = load_locked(session, User, found.id) if found else None
    if user is None or not user.active or not _matches(session, user.id, code):
        raise WrongCode
    herself = Actor(user.id, frozenset(access.Role(role.name) for role in user.roles))
    audit.record(session, herself, Act.RECOVERY_CODE_USED, user, at=now, about=user.id)
    accounts.set_passphrase(session, herself, user, password_hash, now=now)
    session.execute(delete(ResetLink).where(ResetLink.user_id == user.id, ResetLink.used_at.is_(None)))
    return _new_code(session, herself, user, now=now)


def _new_code(session: Session, actor: Actor, user: User, *, now: datetime) -> str:
    signs = draw_signs(CODE_SIGNS)
    session.execute(delete(ReturnCode).where(ReturnCode.user_id == user.id))
    row = ReturnCode(user_id=user.id, code_hash=_hash(user.id, signs), made_at=now)
    session.add(row)
    session.flush()
    audit.record(session, actor, Act.RECOVERY_CODE_MADE, row, at=now, about=user.id)
    return show_code(signs)


def _matches(session: Session, owner: UUID | None, code: str) -> bool:
    user_id = owner or uuid4()
    kept = session.scalar(select(ReturnCode.code_hash).where(ReturnCode.user_id == user_id))
    return hmac.compare_digest(kept or "", _hash(user_id, code))


def _hash(user_id: UUID, code: str) -> str:
    return keyring.ring().fingerprint(f"return code|{user_id}|{neat_code(code)}")


def lock_own(session: Session, actor: Actor, action: Action) -> User:
    """Lock the account of whoever acts, so that two changes of it wait for each other."""
    require(actor, action, Subject(owner=actor.id))
    assert actor.id is not None
    return load_locked(session, User, actor.id)
