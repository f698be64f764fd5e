"""Accounts and the links that open one. Passphrases arrive here already hashed."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.domain import access
from webapp.domain.access import VISITOR, Action, Actor, Subject
from webapp.domain.accounts import LINK_HOLDS, is_name, neat_name
from webapp.domain.audited import Act
from webapp.models import OneTimeLink, PendingSignIn, Role, SignIn, User
from webapp.models.accounts import key_of_name
from webapp.services import audit
from webapp.services.acting import Gone, Missing, TooLate, load_locked, require


class NameTaken(Exception):
    """Raised for a name that cannot be had."""


@dataclass(frozen=True)
class Known:
    """Somebody who has proved who she is; `locks` is a mark that every change of her locks replaces."""

    user_id: UUID
    locks: str


def create_user(
    session: Session,
    actor: Actor,
    *,
    username: str,
    password_hash: str,
    role: access.Role,
    now: datetime,
    language: str = "en",
) -> User:
    """Create an account with one role. Raises NameTaken, also where two ask for a name at the same moment."""
    name = neat_name(username)
    if not is_name(name) or find_user(session, name) is not None:
        raise NameTaken(name)
    uniquifier = secrets.token_hex(32)
    user = User(username=name, password=password_hash, fs_uniquifier=uniquifier, language=language, active=True)
    user.roles = [find_role(session, role)]
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError:
        raise NameTaken(name) from None
    by = actor if actor.id else Actor(user.id, frozenset({role}))
    audit.record(session, by, Act.ACCOUNT_OPENED, user, at=now, about=user.id, code=role)
    return user


def find_user(session: Session, username: str) -> User | None:
    """Return the account of a name, or of one that looks like it; a closed one too, so that its name stays taken."""
    return session.scalars(select(User).where(User.username_key == key_of_name(username))).first()


def find_role(session: Session, role: access.Role) -> Role:
    """Return the row of a role, made where it is not there yet."""
    row = session.scalars(select(Role).where(Role.name == role)).first()
    if row is None:
        row = Role(name=str(role))
        session.add(row)
        session.flush()
    return row


def change_passphrase(session: Session, actor: Actor, known: Known, password_hash: str, *, now: datetime) -> Known:
    """Give her a new passphrase, after her present one was checked; every sign-in of hers ends, this one too.

    Raises TooLate where her locks changed between the check and now.
    """
    require(actor, Action.CHANGE_PASSPHRASE, Subject(owner=actor.id))
    return set_passphrase(session, actor, lock_known(session, known), password_hash, now=now)


def set_passphrase(session: Session, actor: Actor, user: User, password_hash: str, *, now: datetime) -> Known:
    """Store a new passphrase of somebody whose row is locked, and end every sign-in of hers."""
    user.password = password_hash
    known = end_sign_ins(session, actor, user.id, now=now)
    audit.record(session, actor, Act.PASSPHRASE_CHANGED, user, at=now, about=user.id)
    return known


def know(user: User) -> Known:
    """Note who somebody is and which locks she has, at the moment of her proof."""
    return Known(user.id, user.fs_uniquifier)


def lock_known(session: Session, known: Known) -> User:
    """Lock the account of somebody who proved who she is. Raises TooLate where its locks have changed since."""
    user = load_locked(session, User, known.user_id)
    if user.fs_uniquifier != known.locks or not user.active:
        raise TooLate
    return user


def end_sign_ins(session: Session, actor: Actor, user_id: UUID, *, now: datetime, but: UUID | None = None) -> Known:
    """End every sign-in of a person, as each change of what she signs in with does; `but` is left.

    Those between two steps end too, and those that are being begun on a proof from before this.
    """
    user = load_locked(session, User, user_id)
    user.fs_uniquifier = secrets.token_hex(32)
    alive = select(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None)).order_by(SignIn.id)
    for row in session.scalars(alive.with_for_update().execution_options(populate_existing=True)):
        if row.id != but:
            row.ended_at = now
            audit.record(session, actor, Act.SIGN_IN_ENDED, row, at=now, about=user_id)
    session.execute(delete(PendingSignIn).where(PendingSignIn.user_id == user_id))
    return know(user)


def make_link(session: Session, actor: Actor, role: access.Role, *, now: datetime) -> str:
    """Make a link that opens one account with this role, once; only its hash is kept. Returns its token."""
    token = secrets.token_urlsafe(32)
    link = OneTimeLink(token_hash=hash_token(token), role=str(role), expires_at=now + LINK_HOLDS)
    session.add(link)
    audit.record(session, actor, Act.LINK_MADE, link, at=now, code=role)
    return token


def find_link(session: Session, token: str, *, now: datetime) -> OneTimeLink:
    """Return a link that can still be used, locked. Raises Missing; Gone for one that is spent or too old."""
    found = select(OneTimeLink).where(OneTimeLink.token_hash == hash_token(token)).with_for_update()
    link = session.scalars(found.execution_options(populate_existing=True)).first()
    if link is None:
        raise Missing
    if link.used_at is not None or link.expires_at <= now:
        raise Gone
    return link


def use_link(session: Session, token: str, *, username: str, password_hash: str, language: str, now: datetime) -> User:
    """Open the account that a link is for. Raises Missing, Gone or NameTaken; after NameTaken the link still works."""
    link = find_link(session, token, now=now)
    role = access.Role(link.role)
    user = create_user(
        session, VISITOR, username=username, password_hash=password_hash, role=role, language=language, now=now
    )
    link.used_at = now
    audit.record(session, Actor(user.id, frozenset({role})), Act.LINK_USED, link, at=now, about=user.id)
    return user


def hash_token(token: str) -> str:
    """Return what is kept of a random token."""
    return hashlib.sha256(token.encode()).hexdigest()
