"""The link by which one person chooses a new passphrase, once, within an hour: made by the desk or by the operator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from webapp.crypto import keyring
from webapp.domain import access
from webapp.domain.access import VISITOR, Action, Actor, Subject
from webapp.domain.accounts import RESET_LINK_HOLDS
from webapp.domain.audited import Act
from webapp.domain.recovery import LINK_SIGNS, neat_code, show_code
from webapp.models import ResetLink, User
from webapp.services import accounts, audit
from webapp.services.accounts import factors
from webapp.services.accounts.recovery import draw_signs
from webapp.services.acting import Gone, Missing, Refused, load_locked, require

DESK, OPERATOR = "coordinator", "operator"
WORK_HERE = frozenset({access.Role.COORDINATOR, access.Role.APPROVER, access.Role.SUPPORTER})


@dataclass(frozen=True)
class ToldLink:
    """A link of hers: when her passphrase was chosen by it, or, where it was not used so far, when it was given out."""

    at: datetime
    was_used: bool


def make_operator_link(session: Session, username: str, *, clears_factors: bool = False, now: datetime) -> str:
    """Make a link for one who works here, at the operator's own hand. Raises Missing, for women who ask too."""
    found = accounts.find_user(session, username)
    user = load_locked(session, User, found.id) if found else None
    if user is None or not user.active or not WORK_HERE & {role.name for role in user.roles}:
        raise Missing
    return make_link(session, VISITOR, user, OPERATOR, clears_factors=clears_factors, now=now)


def make_link(
    session: Session, actor: Actor, user: User, by: str, *, clears_factors: bool = False, now: datetime
) -> str:
    """Make a link for somebody whose row is locked; the one before it is dead. Returns its token."""
    signs = draw_signs(LINK_SIGNS)
    session.execute(delete(ResetLink).where(ResetLink.user_id == user.id, ResetLink.used_at.is_(None)))
    link = ResetLink(
        user_id=user.id,
        token_hash=_hash(signs),
        made_by=by,
        clears_factors=clears_factors,
        expires_at=now + RESET_LINK_HOLDS,
    )
    session.add(link)
    session.flush()
    audit.record(session, actor, Act.RESET_LINK_MADE, link, at=now, about=user.id, code=by)
    return show_code(signs)


def name_behind(session: Session, actor: Actor, token: str, *, now: datetime) -> str:
    """Return whose link this is, by the name that she signs in with.

    Raises Gone for a spent or old one; Missing for none, and for whoever is signed in as somebody else.
    """
    return str(_find_link(session, actor, token, now=now)[1].username)


def use_link(session: Session, actor: Actor, token: str, password_hash: str, *, now: datetime) -> None:
    """Set a new passphrase by a link; every sign-in ends. Raises Missing, Gone."""
    link, user = _find_link(session, actor, token, now=now)
    link.used_at = now
    herself = Actor(user.id, frozenset(access.Role(role.name) for role in user.roles))
    audit.record(session, herself, Act.RESET_LINK_USED, link, at=now, about=user.id, code=link.made_by)
    accounts.set_passphrase(session, herself, user, password_hash, now=now)
    if link.clears_factors:
        factors.reset(session, herself, user.id, now=now)


def _find_link(session: Session, actor: Actor, token: str, *, now: datetime) -> tuple[ResetLink, User]:
    asked = select(ResetLink.id, ResetLink.user_id).where(ResetLink.token_hash == _hash(token))
    found = session.execute(asked).first()
    if found is None:
        raise Missing
    if actor.id not in (None, found.user_id):
        raise Refused(found.user_id)
    user = load_locked(session, User, found.user_id)
    link = load_locked(session, ResetLink, found.id)
    if link.used_at is not None or link.expires_at <= now or not user.active:
        raise Gone
    return link, user


def _hash(token: str) -> str:
    return keyring.ring().fingerprint(f"reset|{neat_code(token)}")


def tell_links(session: Session, actor: Actor, *, now: datetime) -> Sequence[ToldLink]:
    """Return what became of links for her passphrase since she was last told, and note that she is told now.

    One that was only given out is told too: somebody may know the words that she says on the phone.
    """
    require(actor, Action.SEE_ACCOUNT, Subject(owner=actor.id))
    is_news = or_(ResetLink.told_at.is_(None), ResetLink.told_at < ResetLink.used_at)
    links = session.scalars(select(ResetLink).where(ResetLink.user_id == actor.id, is_news)).all()
    for link in links:
        link.told_at = now
    return sorted(map(_told, links), key=lambda told: told.at)


def _told(link: ResetLink) -> ToldLink:
    return ToldLink(link.used_at or link.expires_at - RESET_LINK_HOLDS, was_used=link.used_at is not None)
