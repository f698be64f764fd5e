"""From a right passphrase to a whole sign-in: whoever has a second lock stands between two steps until it is opened.

In between she is a visitor to whom the page of the second step is open, and nothing else.
"""

import secrets
from dataclasses import dataclass
from uuid import UUID

from flask import Flask, current_app, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from webapp import clock
from webapp.domain.access import VISITOR, Action, Actor, Standing, may_try
from webapp.domain.audited import Act
from webapp.domain.factors import HOLDS, Proof
from webapp.extensions import aside, db, only_reading, transaction
from webapp.models import PendingSignIn, SignIn, User
from webapp.security import accounts as edge
from webapp.security import factors as codes
from webapp.security import guard, limits, passkeys, sessions
from webapp.services import accounts, audit
from webapp.services.accounts import Known, factors, hash_token, reset_links
from webapp.services.acting import TooLate, change, load_locked
from webapp.ui.reset_words import say_reset_link

PENDING = "between"


@dataclass(frozen=True)
class Pending:
    """Whose sign-in waits for its second step in this browser."""

    id: UUID
    known: Known

    @property
    def user_id(self) -> UUID:
        """Return whose it is."""
        return self.known.user_id


def init_app(app: Flask) -> None:
    """Look for a sign-in between its two steps before each request, after the sign-ins and before the guard."""
    app.before_request(look_for_pending)


def look_for_pending() -> None:
    """Find out whether this browser stands between the two steps of a sign-in.

    What is open to every visitor, the exit and help above all, does not ask: it works without a database.
    """
    g.pending = None
    if g.sign_in_id is not None or _is_open_to_visitors() or PENDING not in session:
        return
    g.pending = _read_pending(session[PENDING])
    if g.pending is None:
        session.pop(PENDING)
        if request.blueprint == "second_step":
            flash(_("The second step was not done within five minutes. Please begin again."))
    else:
        g.actor = Actor(None, standing=Standing.BETWEEN)


def _is_open_to_visitors() -> bool:
    if request.endpoint in (None, "static"):
        return True
    action = guard.action_of(current_app, request.endpoint)
    return action is not None and may_try(VISITOR, action)


def go_on(known: Known) -> Response | None:
    """Lead on after a right passphrase: into the site, or to the second step where the account has one.

    None where the passphrase was changed meanwhile, so that it is none any more.
    """
    sessions.end_current()
    try:
        token = _wait(known)
    except TooLate:
        return None
    if token is None:
        return redirect(url_for("home.show_home"), 303) if _begin(known) else None
    session[PENDING] = token
    return redirect(url_for("second_step.show_step"), 303)


def finish_with_code(said: str) -> bool:
    """Finish the sign-in with a code of her app or a recovery code; False where it was not taken. Raises TooSoon."""
    pending: Pending = g.pending
    limits.count_try(second_step=str(pending.user_id))
    with transaction() as writing:
        proof = codes.proof_by_code(writing, pending.user_id, said)
        _close(writing, pending, is_passed=proof is not None)
    return proof is not None and _begin(pending.known, proof)


def finish_with_passkey(said: str) -> bool:
    """Finish the sign-in with a passkey of the one whose passphrase it was; False where it was not taken."""
    pending, address = g.pending, limits.current_address()
    limits.count_try(address=address)
    with transaction() as writing:
        owner = passkeys.check(writing, said, passkeys.SECOND_STEP, str(pending.id), of=pending.user_id)
        _close(writing, pending, is_passed=owner is not None)
    if owner is None:
        return False
    limits.take_back(address=address)
    return _begin(pending.known, Proof.SECOND_PASSKEY)


def begin_with_passkey(said: str) -> bool:
    """Sign in by a passkey alone, which must have made sure of its owner; False where it was not taken."""
    address = limits.current_address()
    limits.count_try(address=address)
    with transaction() as writing:
        known = passkeys.check(writing, said, passkeys.SIGN_IN)
    if known is None:
        return False
    limits.take_back(address=address)
    return _begin(known, Proof.PASSKEY)


def is_fresh() -> bool:
    """Say whether she has shown within the last minutes that it is she who is signed in here."""
    return bool(clock.now() - g.proved_at < HOLDS)


def prove_again() -> None:
    """Note that she has just given her passphrase once more."""
    with aside() as writing:
        row = load_locked(writing, SignIn, g.sign_in_id)
        row.proved_at = clock.now()
        audit.record(writing, g.actor, Act.PROVED_AGAIN, row, at=row.proved_at, about=row.user_id)


def end_others(writing: Session) -> None:
    """End every sign-in of whoever is here but this one, as each change of her locks does."""
    g.known = accounts.end_sign_ins(writing, g.actor, g.actor.id, now=clock.now(), but=g.sign_in_id)
    g.user.fs_uniquifier = g.known.locks
    edge.remember(g.user)


def _wait(known: Known) -> str | None:
    token, now, user_id = secrets.token_urlsafe(32), clock.now(), known.user_id
    with aside() as writing:
        if not factors.locks_of(writing, user_id).any:
            return None
        accounts.lock_known(writing, known)
        writing.execute(delete(PendingSignIn).where(PendingSignIn.begun_at < now - HOLDS))
        pending = PendingSignIn(user_id=user_id, token_hash=hash_token(token), begun_at=now)
        writing.add(pending)
        audit.record(writing, Actor(user_id), Act.FIRST_STEP_DONE, pending, at=now, about=user_id)
    return token


def _read_pending(token: str) -> Pending | None:
    promised = only_reading.set(True)
    try:
        with Session(db.engine) as reading, reading.begin():
            asked = select(PendingSignIn, User).join(User, User.id == PendingSignIn.user_id)
            alive = (PendingSignIn.begun_at > clock.now() - HOLDS, User.active.is_(True))
            row = reading.execute(asked.where(PendingSignIn.token_hash == hash_token(token), *alive)).first()
            return Pending(row[0].id, accounts.know(row[1])) if row else None
    finally:
        only_reading.reset(promised)


def _close(writing: Session, pending: Pending, *, is_passed: bool) -> None:
    """End the wait where the step was passed, else leave a record. Raises TooLate where another tab has passed it."""
    if not is_passed:
        factors.note_refusal(writing, pending.user_id, now=clock.now())
        return
    if change(writing, delete(PendingSignIn).where(PendingSignIn.id == pending.id)) != 1:
        raise TooLate


def _begin(known: Known, proof: Proof = Proof.PASSPHRASE) -> bool:
    try:
        sessions.begin(known, proof)
    except TooLate:  # her locks changed between the proof and now
        return False
    if proof is not Proof.PASSPHRASE:
        limits.forgive(second_step=str(known.user_id))
    _tell_of_links()
    return True


def _tell_of_links() -> None:
    """Tell her, once, what was done with links to choose her passphrase since she was last here."""
    if not may_try(g.actor, Action.SEE_ACCOUNT):
        return
    with transaction() as writing:
        links = reset_links.tell_links(writing, g.actor, now=clock.now())
    for link in links:
        flash(say_reset_link(link.at, was_used=link.was_used))
