"""The end of an account: what stands against it, what ends with it, and a supporter's wish to leave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, select
from sqlalchemy.orm import Session

from webapp.domain import access, introductions, supporters
from webapp.domain import requests as request_rules
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.models import (
    Introduction,
    LeavingWish,
    NoticeAddress,
    PhoneWords,
    ResetLink,
    ReturnCode,
    Role,
    SafeContact,
    Supporter,
    User,
)
from webapp.services import accounts, audit, names, offers, requests
from webapp.services.accounts import factors, kept_words
from webapp.services.accounts.recovery import lock_own
from webapp.services.acting import load_locked, require
from webapp.services.introductions import me
from webapp.services.safety.closed_files import closed_to
from webapp.services.threads import talking


class StillCountedOn(Exception):
    """Raised for a supporter with whom a woman is still introduced."""


class SoleCoordinator(Exception):
    """Raised for the only coordinator: without her nobody would read what women write."""


@dataclass(frozen=True)
class Outlook:
    """What closing would mean for somebody."""

    request_state: str | None
    pairs_as_supporter: tuple[str, ...]
    open_offers: int
    is_sole_coordinator: bool
    asked_to_leave_at: datetime | None

    @property
    def may_close(self) -> bool:
        """Say whether nothing stands against it."""
        return not self.pairs_as_supporter and not self.is_sole_coordinator

    @property
    def is_matched(self) -> bool:
        """Say whether a pair would end with it."""
        return self.request_state == request_rules.State.MATCHED


@dataclass(frozen=True)
class ShownWish:
    """A supporter who wants to leave, as the desk sees her."""

    name: str
    asked_at: datetime
    pairs: int


def look_ahead(session: Session, actor: Actor, *, now: datetime) -> Outlook:
    """Return what closing would mean for one's own account."""
    require(actor, Action.CLOSE_ACCOUNT, Subject(owner=actor.id))
    request = requests.find_open_request(session, actor)
    women = names.of_requests(session, session.scalars(_live_pairs(actor)))
    return Outlook(
        request.state if request else None,
        tuple(sorted(women.values())),
        len(offers.list_offers(session, actor, now=now)),
        _is_sole(actor, session.scalars(_coordinators()).all()),
        session.scalar(select(LeavingWish.asked_at).where(LeavingWish.user_id == actor.id)),
    )


def close_account(session: Session, actor: Actor, *, now: datetime) -> UUID | None:
    """Close one's own account: what is on its way ends, nobody can sign in, and the name stays taken.

    Returns who she was as a supporter: once this is kept, her open offers are passed on to the next in line.
    Raises StillCountedOn and SoleCoordinator; then nothing has changed.
    """
    require(actor, Action.CLOSE_ACCOUNT, Subject(owner=actor.id))
    request = requests.find_open_request(session, actor)
    if request is not None:
        requests.withdraw_request(session, actor, request.id, now=now)
    supporter = _leave_as_supporter(session, actor)
    talking.end(session, actor, now=now)
    if _is_sole(actor, session.scalars(_coordinators().with_for_update(of=User)).all()):
        raise SoleCoordinator
    user = lock_own(session, actor, Action.CLOSE_ACCOUNT)
    for kind in (ReturnCode, PhoneWords, ResetLink, LeavingWish, SafeContact, NoticeAddress):
        session.execute(delete(kind).where(kind.user_id == user.id))
    user.active, user.password, user.username = False, None, None
    factors.reset(session, actor, user.id, now=now)
    kept_words.forget(session, user.id)
    accounts.end_sign_ins(session, actor, user.id, now=now)
    audit.record(session, actor, Act.ACCOUNT_CLOSED, user, at=now, about=user.id)
    return supporter.id if supporter else None


def ask_to_leave(session: Session, actor: Actor, *, now: datetime) -> UUID | None:
    """Put a supporter's wish to leave on the desk: no new woman from now on.

    Returns who she is as a supporter: once this is kept, her open offers are passed on to the next in line.
    """
    require(actor, Action.ASK_TO_LEAVE, Subject(owner=actor.id))
    supporter = _lock_supporter(session, actor)
    user = lock_own(session, actor, Action.ASK_TO_LEAVE)
    if supporter is None or session.scalar(select(LeavingWish.id).where(LeavingWish.user_id == user.id)):
        return supporter.id if supporter else None
    if supporter.state == supporters.State.ACTIVE:
        supporter.state = supporters.step(supporters.State.ACTIVE, supporters.Event.BREAK)
    wish = LeavingWish(user_id=user.id, asked_at=now)
    session.add(wish)
    session.flush()
    audit.record(session, actor, Act.WISH_TO_LEAVE, wish, at=now, about=user.id)
    return supporter.id


def wishes() -> Select[*tuple[Any, ...]]:
    """Select the wishes to leave that a coordinator, told as `me`, can look after, the oldest first."""
    return (
        select(LeavingWish.user_id, LeavingWish.asked_at)
        .where(LeavingWish.user_id != me(), LeavingWish.user_id.not_in(closed_to(me())))
        .order_by(LeavingWish.asked_at, LeavingWish.id)
    )


def say_wishes(session: Session, rows: Sequence[Row[Any]]) -> list[ShownWish]:
    """Put each wish beside the supporter's name and how many women she is there for."""
    asked = select(Supporter.user_id, Supporter.id, Supporter.taken)
    found = {
        user_id: (id, taken)
        for user_id, id, taken in session.execute(asked.where(Supporter.user_id.in_([row.user_id for row in rows])))
    }
    called = names.of_supporters(session, (id for id, _ in found.values()))
    known = [(row, *found[row.user_id]) for row in rows if row.user_id in found]
    return [ShownWish(called.get(id, ""), row.asked_at, taken) for row, id, taken in known]


def _leave_as_supporter(session: Session, actor: Actor) -> Supporter | None:
    supporter = _lock_supporter(session, actor)
    if supporter is None:
        return None
    if session.scalars(_live_pairs(actor)).first() is not None:
        raise StillCountedOn
    if supporter.state != supporters.State.LEFT:
        supporter.state = supporters.step(supporters.State(supporter.state), supporters.Event.LEFT)
    return supporter


def _lock_supporter(session: Session, actor: Actor) -> Supporter | None:
    supporter_id = session.scalar(select(Supporter.id).where(Supporter.user_id == actor.id))
    return load_locked(session, Supporter, supporter_id) if supporter_id is not None else None


def _live_pairs(actor: Actor) -> Select[UUID]:
    pairs = select(Introduction.request_id).join(Supporter, Supporter.id == Introduction.supporter_id)
    return pairs.where(Supporter.user_id == actor.id, Introduction.state.in_(sorted(introductions.LIVE)))


def _coordinators() -> Select[User]:
    working = select(User).join(User.roles).where(Role.name == access.Role.COORDINATOR, User.active.is_(True))
    return working.order_by(User.id)


def _is_sole(actor: Actor, coordinators: Iterable[User]) -> bool:
    return [user.id for user in coordinators] == [actor.id]
