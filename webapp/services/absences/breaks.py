"""A supporter's break, by her own hand and without a reason: no new woman from the same minute, until she is back.

Whoever calls an act of this module passes her open offers on, and tells her women, right after the commit.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain import supporters
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.domain.introductions import LIVE
from webapp.models import Introduction, LeavingWish, Supporter
from webapp.services import audit
from webapp.services.acting import Missing, load_locked, require
from webapp.services.locking import lock_rows
from webapp.services.pairs import calling_off
from webapp.services.tasks.passing import today


class BadDay(Exception):
    """Raised for a last day of a break that has passed, or lies too far ahead."""


@dataclass(frozen=True)
class Break:
    """Whether a supporter is away, since when and until when; why she rests; whether she asked to leave."""

    is_away: bool
    since: datetime | None
    until: date | None
    is_over: bool
    may_begin: bool
    rests: supporters.Rest | None
    rests_until: date | None
    wants_to_leave: bool


def read_break(session: Session, actor: Actor, *, now: datetime) -> Break:
    """Return how it stands with a supporter's own break. Raises Missing."""
    require(actor, Action.SEE_BREAK, Subject(owner=actor.id))
    supporter = session.scalars(select(Supporter).where(Supporter.user_id == actor.id)).first()
    if supporter is None:
        raise Missing
    until = supporter.away_until
    return Break(
        is_away=supporter.away_since is not None,
        since=supporter.away_since,
        until=until,
        is_over=until is not None and until < today(now),
        may_begin=supporter.state in supporters.MAY_BE_AWAY,
        rests=supporters.Rest(supporter.rests_why) if supporter.rests_why else None,
        rests_until=supporter.rests_until,
        wants_to_leave=_wants_to_leave(session, actor),
    )


def begin(session: Session, actor: Actor, until: date | None, *, now: datetime) -> UUID:
    """Begin a break, or name another last day of the one that goes on; None until she says so. Returns who she is.

    Her times to talk in it are called off. Raises BadDay; Missing; WrongStep where she is not with the programme yet,
    or any more.
    """
    supporter = _lock_own(session, actor)
    if until is not None and not 0 <= (until - today(now)).days <= supporters.LONGEST_BREAK.days:
        raise BadDay
    if supporter.state != supporters.State.ON_A_BREAK:
        supporter.state = supporters.step(supporters.State(supporter.state), supporters.Event.BREAK)
    supporter.away_since, supporter.away_until = supporter.away_since or now, until
    audit.record(session, actor, Act.BREAK_BEGUN, supporter, at=now, about=actor.id)
    live = Introduction.supporter_id == supporter.id, Introduction.state.in_(sorted(LIVE))
    pairs = [one.id for one in lock_rows(session, Introduction, *live)]
    calling_off.call_off_until(session, actor, pairs, until, supporter.time_zone, now=now)
    return supporter.id


def come_back(session: Session, actor: Actor, *, now: datetime) -> UUID:
    """End a break; twice is once. Who has asked to leave is suggested to nobody new all the same. Raises Missing."""
    supporter = _lock_own(session, actor)
    if supporter.away_since is None:
        return supporter.id
    supporter.away_since = supporter.away_until = None
    supporter.back_at = now
    if supporter.state == supporters.State.ON_A_BREAK and not _wants_to_leave(session, actor):
        supporter.state = supporters.step(supporters.State.ON_A_BREAK, supporters.Event.BACK)
    audit.record(session, actor, Act.BREAK_ENDED, supporter, at=now, about=actor.id)
    return supporter.id


def _lock_own(session: Session, actor: Actor) -> Supporter:
    require(actor, Action.TAKE_BREAK, Subject(owner=actor.id))
    supporter_id = session.scalar(select(Supporter.id).where(Supporter.user_id == actor.id))
    if supporter_id is None:
        raise Missing
    return load_locked(session, Supporter, supporter_id)


def _wants_to_leave(session: Session, actor: Actor) -> bool:
    return session.scalar(select(LeavingWish.id).where(LeavingWish.user_id == actor.id)) is not None
