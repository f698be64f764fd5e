"""Sign-ins live on the server: the cookie holds a random token, the database its hash. An ended row is dead at once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask, current_app, g, request, session
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from webapp import clock
from webapp.config import Settings
from webapp.domain.access import VISITOR, Action, Actor, Role, Standing, Subject
from webapp.domain.factors import Proof, is_enough
from webapp.extensions import aside, db, only_reading
from webapp.models import SignIn, User
from webapp.security import accounts
from webapp.services import audit
from webapp.services.accounts import hash_token
from webapp.services.acting import Missing, load_locked, require

TOUCHED_EVERY = timedelta(minutes=1)
LONGEST = timedelta(hours=12)
READING = frozenset({"GET", "HEAD", "OPTIONS"})
TOKEN, LANGUAGE, FORM_TOKEN = "sign_in", "language", "csrf_token"
PHONES = ("mobi", "android", "iphone", "ipad", "tablet")


@dataclass(frozen=True)
class ShownSignIn:
    """A sign-in as its owner sees it."""

    id: UUID
    device: str
    begun_at: datetime
    seen_at: datetime
    is_this: bool


def init_app(app: Flask, settings: Settings) -> None:
    """Set the cookie up, and look at it before each request."""
    app.config.update(
        SECRET_KEY=settings.keys.session,
        SESSION_COOKIE_NAME="__Host-session" if settings.https else "session",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )
    app.before_request(look_at_cookie)
    app.teardown_request(take_promise_back)


def take_promise_back(_error: BaseException | None) -> None:
    """Let what comes after this request write again; threads are used for many requests."""
    only_reading.set(False)


def look_at_cookie() -> None:
    """Find out who is here, and whether this request has promised not to write."""
    only_reading.set(request.method in READING)
    g.actor, g.user, g.sign_in_id, g.timed_out = VISITOR, None, None, False
    if request.endpoint != "static" and TOKEN in session:
        _look_up(session[TOKEN], clock.now())


def _look_up(token: str, now: datetime) -> None:
    found = _read_live(token, now)
    if found is None:
        g.timed_out = True
        _empty_cookie(keep=(LANGUAGE, FORM_TOKEN))  # a form that lay open may still be sent, by whoever she is now
        return
    sign_in, user = found
    if now - sign_in.seen_at >= TOUCHED_EVERY:
        _touch(sign_in.id, now)
    _stand(user, sign_in)


def _read_live(token: str, now: datetime) -> tuple[SignIn, User] | None:
    promised = only_reading.set(True)
    try:
        with Session(db.engine, expire_on_commit=False) as reading, reading.begin():
            asked = select(SignIn, User).join(User, User.id == SignIn.user_id)
            row = reading.execute(asked.where(SignIn.token_hash == hash_token(token), *_live(now))).first()
            return (row[0], row[1]) if row else None
    finally:
        only_reading.reset(promised)


def _live(now: datetime) -> tuple[ColumnElement[bool], ...]:
    idle = timedelta(minutes=current_app.config["SETTINGS"].idle_minutes)
    return (
        SignIn.ended_at.is_(None),
        SignIn.seen_at > now - idle,
        SignIn.begun_at > now - LONGEST,
        User.active.is_(True),
    )


def _touch(sign_in_id: UUID, now: datetime) -> None:
    older = SignIn.seen_at <= now - TOUCHED_EVERY
    with aside() as writing:
        writing.execute(
            update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None), older).values(seen_at=now)
        )


def _stand(user: User, sign_in: SignIn) -> None:
    roles = frozenset(Role(role.name) for role in user.roles)
    standing = Standing.WHOLE if is_enough(Proof(sign_in.proof), roles) else Standing.BARE
    g.actor, g.user, g.sign_in_id = Actor(user.id, roles, standing), user, sign_in.id
    g.proof, g.proved_at = Proof(sign_in.proof), sign_in.proved_at


def begin(user_id: UUID, proof: Proof = Proof.PASSPHRASE, *, proved_at: datetime | None = None) -> None:
    """Sign a person in on this device, under a new token; the sign-in that was here ends."""
    end_current()
    now, token = clock.now(), secrets.token_urlsafe(32)
    with aside() as writing:
        user = writing.get_one(User, user_id)
        row = SignIn(user_id=user.id, token_hash=hash_token(token), device=current_device(), begun_at=now, seen_at=now)
        row.proof, row.proved_at = proof, proved_at or now
        writing.add(row)
        writing.flush()
        _stand(user, row)
        audit.record(writing, g.actor, "signed in", row, at=now, about=user.id, code=proof)
        writing.expunge_all()  # she is read on in this request, after the commit
    _empty_cookie()
    accounts.remember(user)
    session[TOKEN] = token
    session.setdefault(LANGUAGE, user.language)


def renew() -> None:
    """Go on under a new token on this device, after every sign-in of hers has ended."""
    begin(g.actor.id)


def end_current() -> None:
    """End the sign-in of this request and empty its cookie. To be called outside transaction()."""
    if g.sign_in_id is not None:
        now = clock.now()
        with aside() as writing:
            row = load_locked(writing, SignIn, g.sign_in_id)
            row.ended_at = row.ended_at or now
            audit.record(writing, g.actor, "signed out", row, at=now, about=row.user_id)
    _empty_cookie()
    g.actor, g.user, g.sign_in_id = VISITOR, None, None


def list_live(session: Session, actor: Actor, *, now: datetime) -> list[ShownSignIn]:
    """List a person's own sign-ins that are alive, the last seen first."""
    require(actor, Action.SEE_SESSIONS, Subject(owner=actor.id))
    asked = select(SignIn).join(User, User.id == SignIn.user_id).where(SignIn.user_id == actor.id, *_live(now))
    rows = session.scalars(asked.order_by(SignIn.seen_at.desc(), SignIn.id))
    return [ShownSignIn(row.id, row.device, row.begun_at, row.seen_at, row.id == g.sign_in_id) for row in rows]


def end(session: Session, actor: Actor, sign_in_id: UUID, *, now: datetime) -> None:
    """End one of a person's own sign-ins. Raises Missing for anybody else's."""
    row = load_locked(session, SignIn, sign_in_id)
    require(actor, Action.END_SESSION, Subject(owner=row.user_id))
    if row.ended_at is not None:
        raise Missing
    row.ended_at = now
    audit.record(session, actor, "sign-in ended", row, at=now, about=row.user_id)


def end_others(session: Session, actor: Actor, *, now: datetime) -> None:
    """End every sign-in of a person but the one that she uses now."""
    for shown in list_live(session, actor, now=now):
        if not shown.is_this:
            end(session, actor, shown.id, now=now)


def current_device() -> str:
    """Say roughly what this request comes from, so that she can tell her own devices apart."""
    agent = request.user_agent.string.lower()
    return "phone" if any(word in agent for word in PHONES) else "computer"


def _empty_cookie(keep: tuple[str, ...] = (LANGUAGE,)) -> None:
    kept = {name: session[name] for name in keep if name in session}
    accounts.forget()
    session.clear()
    session.update(kept)
