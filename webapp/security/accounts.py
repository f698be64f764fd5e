"""Flask-Security behind one door: it hashes and checks passphrases, and Flask-Login says who is signed in.

Its pages, mails, tokens and commands stay off. Here and in models/accounts.py alone it is imported.
"""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g
from flask_security import (
    Security,
    SQLAlchemyUserDatastore,
    hash_password,
    login_user,
    logout_user,
    verify_password,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.config import Settings
from webapp.crypto import keyring
from webapp.domain.accounts import neat_passphrase, skeleton
from webapp.extensions import db, only_reading
from webapp.models import Role, User
from webapp.models.accounts import key_of_name
from webapp.security import limits
from webapp.services.accounts import Known

NOBODY = "PASSPHRASE_OF_NOBODY"
AT_ONCE, LONGEST_TURN = 2, 8
"""How many passphrases one process hashes at once, and for how many seconds a try waits for its turn."""
_turns = threading.BoundedSemaphore(AT_ONCE)


def init_app(app: Flask, settings: Settings) -> None:
    """Set Flask-Security up without any page of its own. The key ring must be set."""
    app.config.update(
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={"argon2__memory_cost": settings.hash_kib},
        SECURITY_PASSWORD_SALT=keyring.ring().fingerprint("passphrases"),
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
    )
    library = Security(app, SQLAlchemyUserDatastore(db, User, Role), register_blueprint=False)
    library.principal.skip_static = True
    library.login_manager.session_protection = None  # our own rows decide; this would rewrite the cookie each time
    app.after_request_funcs[None].remove(library.login_manager._update_remember_cookie)  # it opens every session
    library.login_manager.user_loader(_user_of_this_request)
    library.login_manager.request_loader(lambda _request: None)
    with app.app_context():
        app.config[NOBODY] = hash_passphrase(secrets.token_urlsafe())


def _user_of_this_request(uniquifier: str) -> User | None:
    user: User | None = g.get("user")
    return user if user is not None and user.fs_uniquifier == uniquifier else None


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for a turn to hash: few at once, so that a flood of sign-ins takes neither memory nor every core."""
    if not _turns.acquire(timeout=LONGEST_TURN):
        raise limits.TooSoon(LONGEST_TURN)
    try:
        yield
    finally:
        _turns.release()


def hash_passphrase(passphrase: str) -> str:
    """Hash a passphrase with argon2id. Raises TooSoon where too many others wait for the same."""
    with _turn():
        hashed: str = hash_password(neat_passphrase(passphrase))
    return hashed


def check(username: str, passphrase: str) -> Known | None:
    """Return whose name and passphrase these are; None, after the same work, for either being wrong. Raises TooSoon.

    Tries count for all spellings of a name together, because each of them finds the same account.
    """
    name, address = skeleton(username), limits.current_address()
    here = f"{name}|{address}"
    known, hashed = _read_hash(username)
    user_id = known.user_id if known else None
    try:
        with _turn():  # counting too, so that many who sign in at once do not keep the database from each other
            limits.count_try(name_at_address=here, address=address, name=name)
            right: bool = verify_password(neat_passphrase(passphrase), hashed or current_app.config[NOBODY])
    except limits.TooSoon:
        limits.count_wrong(name, user_id)
        raise
    if hashed is None or not right:
        limits.count_wrong(name, user_id)
        return None
    limits.forgive(name_at_address=here)
    limits.take_back(address=address)
    return known


def check_own(passphrase: str) -> bool:
    """Say whether this is the passphrase of whoever is signed in, under the limits of a sign-in. Raises TooSoon."""
    return bool(check(own_name(), passphrase) == g.known)


def own_name() -> str:
    """Return the name by which whoever is here signs in."""
    return str(g.user.username)


def _read_hash(username: str) -> tuple[Known | None, str | None]:
    promised = only_reading.set(True)
    try:
        with Session(db.engine) as session, session.begin():
            # columns alone: with a whole user come her roles, and a name that exists would take a statement longer
            asked = select(User.id, User.fs_uniquifier, User.password)
            row = session.execute(
                asked.where(User.username_key == key_of_name(username), User.active.is_(True))
            ).first()
            return (Known(row[0], row[1]), row[2]) if row else (None, None)
    finally:
        only_reading.reset(promised)


def remember(user: User) -> None:
    """Tell Flask-Login who is signed in from here on."""
    login_user(user, remember=False, authn_via=["password"])


def forget() -> None:
    """Tell Flask-Login that nobody is signed in any more."""
    logout_user()
