"""Sign-ins live on the server: the cookie holds a random token, the database its hash. An ended row is dead at once.

Public pages and the exit never ask the database who is here; see departures.py for what the exit does instead.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask, current_app, g, request, session
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webapp import clock
from webapp.config import Settings
from webapp.domain.access import VISITOR, Action, Actor, Role, Standing, Subject
from webapp.domain.audited import Act
from webapp.domain.factors import Proof, is_enough
from webapp.extensions import aside, db, only_reading
from webapp.models import SignIn, Thread, User
from webapp.security import accounts, afterwards, departures
from webapp.security.guard import action_of
from webapp.services import audit
from webapp.services.accounts import Known, hash_token, kept_words, know, lock_known
from webapp.services.acting import Missing, load_locked, require
from webapp.services.threads import talking

TOUCHED_EVERY = timedelta(minutes=1)
LONGEST = timedelta(hours=12)
READING = frozenset({"GET", "HEAD", "OPTIONS"})
TOUCH_WAITS = timedelta(milliseconds=150)
"""A page that is read does not wait for the note that somebody was here."""
ENDING_WAITS = timedelta(seconds=1)
TOKEN, LATE, BACK, LANGUAGE, FORM_TOKEN = "sign_in", "late", "back", "language", "csrf_token"
"""What the cookie holds. LATE is a token that idled out: worth nothing but to say whose unsent words these are.
BACK says, once, that words were kept for her who has just signed in."""
FOR_ANYBODY = frozenset({Action.READ_PUBLIC, Action.CHOOSE_LANGUAGE, Action.LEAVE})
"""What is done without asking the database who is here."""
PHONES = ("mobi", "android", "iphone", "ipad", "tablet")

log = logging.getLogger(__name__)


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
    departures.init_app(app, settings.instance)
    afterwards.init_app(app)
    app.before_request(look_at_cookie)
    app.teardown_request(take_promise_back)


def take_promise_back(_error: BaseException | None) -> None:
    """Let what comes after this request write again; threads are used for many requests."""
    only_reading.set(False)


def look_at_cookie() -> None:
    """Find out who is here, where it matters, and whether this request has promised not to write."""
    only_reading.set(request.method in READING)
    g.actor, g.user, g.sign_in_id, g.timed_out, g.quiet_left = VISITOR, None, None, False, None
    g.has_news = False
    g.is_looked_up = _matters_who_is_here()
    if request.endpoint == "static" or TOKEN not in session:
        return
    if g.is_looked_up:
        _look_up(session[TOKEN], clock.now())
    elif request.endpoint is not None and action_of(current_app, request.endpoint) is not Action.LEAVE:
        _touch_afterwards(session[TOKEN], clock.now())


def _matters_who_is_here() -> bool:
    if request.endpoint is None or request.endpoint == "static":
        return False
    return action_of(current_app, request.endpoint) not in FOR_ANYBODY


def may_be_signed_in() -> bool:
    """Say whether to show somebody her own pages: she is signed in, or nobody has asked and her cookie says so."""
    return g.get("actor", VISITOR).id is not None or (not g.get("is_looked_up", True) and TOKEN in session)


def _look_up(token: str, now: datetime) -> None:
    found = None if _has_left(token, now) else _read_live(token, now)
    if found is None:
        g.timed_out = True
        session[LATE] = token
        _empty_cookie(keep=(LANGUAGE, FORM_TOKEN, LATE))  # a form that lay open may still be sent
        return
    sign_in, user, g.has_news = found
    seen = now if is_due(sign_in, now) and _touch(sign_in.id, now) else sign_in.seen_at
    g.quiet_left = _left(sign_in.begun_at, seen, now)
    _stand(user, sign_in)


def is_due(sign_in: SignIn, now: datetime) -> bool:
    """Say whether it is time to note that somebody is here; the page that only asks how long she has notes nothing."""
    notes = request.endpoint != "quiet.end"
    return notes and now - sign_in.seen_at >= TOUCHED_EVERY


def _has_left(token: str, now: datetime) -> bool:
    return departures.of(current_app).holds(hash_token(token), now)


def warm() -> None:
    """Ask once for a sign-in that there is not, so that the first person does not wait for the statement."""
    _read_live("", clock.now())


def _read_live(token: str, now: datetime) -> tuple[SignIn, User, bool] | None:
    """Read who is here, and whether the staff wrote to her since she looked last: every page of hers says so."""
    promised = only_reading.set(True)
    try:
        with Session(db.engine, expire_on_commit=False) as reading, reading.begin():
            asked = select(SignIn, User, talking.has_news()).join(User, User.id == SignIn.user_id)
            asked = asked.outerjoin(Thread, Thread.id == User.id)
            row = reading.execute(asked.where(SignIn.token_hash == hash_token(token), *_live(now))).first()
            return (row[0], row[1], bool(row[2])) if row else None
    finally:
        only_reading.reset(promised)


def _live(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        SignIn.ended_at.is_(None),
        SignIn.seen_at > now - _idle(),
        SignIn.begun_at > now - LONGEST,
        User.active.is_(True),
    )


def _left(begun_at: datetime, seen_at: datetime, now: datetime) -> timedelta:
    """Return how long a sign-in lives on if nothing more is done."""
    return min(seen_at + _idle(), begun_at + LONGEST) - now


def _idle() -> timedelta:
    return timedelta(minutes=current_app.config["SETTINGS"].idle_minutes)


def _touch(sign_in_id: UUID, now: datetime, *, older: timedelta = TOUCHED_EVERY) -> bool:
    """Note that somebody is here. Where the database cannot be written just now, the page goes on without the note."""
    alive = (SignIn.id == sign_in_id, SignIn.ended_at.is_(None), SignIn.seen_at <= now - older)
    try:
        with aside(patience=TOUCH_WAITS) as writing:
            writing.execute(update(SignIn).where(*alive).values(seen_at=now))
    except OperationalError:
        log.info("a visit was not noted: the database cannot be written")
        return False
    return True


def _touch_afterwards(token: str, now: datetime) -> None:
    """Note that somebody is here after she has her page; of a public page it is not asked before."""

    def note() -> None:
        found = _read_live(token, now)
        if found is not None and now - found[0].seen_at >= TOUCHED_EVERY:
            _touch(found[0].id, now)

    afterwards.of(current_app).do(note)


def stay() -> timedelta:
    """Note that somebody is here, to the second, because she said so. Returns how long her sign-in lives on."""
    now = clock.now()
    with aside() as writing:
        row = load_locked(writing, SignIn, g.sign_in_id)
        row.seen_at = max(row.seen_at, now)
        return _left(row.begun_at, row.seen_at, now)


def _stand(user: User, sign_in: SignIn) -> None:
    roles = frozenset(Role(role.name) for role in user.roles)
    standing = Standing.WHOLE if is_enough(Proof(sign_in.proof), roles) else Standing.BARE
    g.actor, g.user, g.sign_in_id = Actor(user.id, roles, standing), user, sign_in.id
    g.known, g.proof, g.proved_at = know(user), Proof(sign_in.proof), sign_in.proved_at


def begin(known: Known, proof: Proof = Proof.PASSPHRASE, *, proved_at: datetime | None = None) -> None:
    """Sign a person in on this device, under a new token; the sign-in that was here ends.

    Raises TooLate where her locks have changed since she proved who she is: a reset ends what it overtakes.
    """
    end_current()
    now, token = clock.now(), secrets.token_urlsafe(32)
    with aside() as writing:
        user = lock_known(writing, known)
        row = SignIn(user_id=user.id, token_hash=hash_token(token), device=current_device(), begun_at=now, seen_at=now)
        row.proof, row.proved_at = proof, proved_at or now
        writing.add(row)
        writing.flush()
        _stand(user, row)
        audit.record(writing, g.actor, Act.SIGNED_IN, row, at=now, about=user.id, code=proof)
        has_words = kept_words.are_there(writing, user.id, now=now)
        writing.expunge_all()  # she is read on in this request, after the commit
    _empty_cookie()
    accounts.remember(user)
    session[TOKEN] = token
    if has_words:
        session[BACK] = True
    session.setdefault(LANGUAGE, user.language)


def renew(known: Known, proof: Proof | None = None) -> None:
    """Go on under a new token on this device, after a change of her locks; `proof` is what proves her from now on."""
    begin(known, proof or g.proof, proved_at=g.proved_at)


def end_current() -> None:
    """End the sign-in of this request and empty its cookie. To be called outside transaction().

    The token is dead from here on, also where its row cannot be written at this moment; then it ends afterwards.
    """
    token = session.get(TOKEN)
    if g.sign_in_id is not None and token is not None:
        now, hashed = clock.now(), hash_token(token)
        departures.of(current_app).add(hashed, now)
        try:
            end_row(hashed, now)
        except OperationalError:
            _end_row_afterwards(hashed, now)
    _empty_cookie()
    g.actor, g.user, g.sign_in_id = VISITOR, None, None


def leave_at_once() -> None:
    """End what this browser holds without waiting for anything: its cookie goes, its token is dead, its row follows."""
    now, tokens = clock.now(), [session.get(name) for name in (TOKEN, LATE)]
    session.clear()
    for token in filter(None, tokens):
        hashed = hash_token(str(token))
        departures.of(current_app).add(hashed, now)
        _end_row_afterwards(hashed, now)


def _end_row_afterwards(token_hash: str, now: datetime) -> None:
    within = _idle().total_seconds()  # after that it has ended by itself
    afterwards.of(current_app).do(lambda: end_row(token_hash, now), within=within)


def end_row(token_hash: str, now: datetime) -> bool:
    """End the row of a token that has left, with what was kept for its owner. Returns whether there was one to end."""
    with aside(patience=ENDING_WAITS) as writing:
        found = select(SignIn).where(SignIn.token_hash == token_hash, SignIn.ended_at.is_(None))
        row = writing.scalars(found.with_for_update()).first()
        if row is None:
            return False
        row.ended_at = now
        kept_words.forget(writing, row.user_id)
        audit.record(writing, Actor(row.user_id), Act.SIGNED_OUT, row, at=now, about=row.user_id)
        return True


def who_was_here(now: datetime) -> UUID | None:
    """Return whose sign-in idled out in this browser; None where it was ended, by her or from elsewhere."""
    token = session.get(LATE)
    if token is None or _has_left(token, now):
        return None
    with aside() as reading:
        idled = (SignIn.ended_at.is_(None), SignIn.seen_at > now - LONGEST, User.active.is_(True))
        asked = select(SignIn.user_id).join(User, User.id == SignIn.user_id)
        return reading.scalar(asked.where(SignIn.token_hash == hash_token(token), *idled))


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
    audit.record(session, actor, Act.SIGN_IN_ENDED, row, at=now, about=row.user_id)


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
