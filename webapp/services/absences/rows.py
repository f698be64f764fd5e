"""Covers as rows: the open one of a pair, found and locked, and each step of its life with its record.

Every act on a cover holds the request of the pair first, so that no two acts on one ever meet anywhere else.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain import covers
from webapp.domain.access import Actor
from webapp.domain.audited import Act
from webapp.domain.covers import Event, State
from webapp.models import Cover, Introduction, Supporter
from webapp.services import audit
from webapp.services.acting import Missing, hold_request
from webapp.services.locking import Held, lock_rows

OPEN = Cover.state.in_(sorted(covers.OPEN))


def find_open(session: Session, introduction_id: UUID) -> Cover | None:
    """Return the open cover of a pair, as it is read now."""
    return session.scalars(select(Cover).where(Cover.introduction_id == introduction_id, OPEN)).first()


def lock_open(session: Session, introduction_id: UUID) -> Cover | None:
    """Lock the open cover of a pair whose request is held."""
    return next(iter(lock_rows(session, Cover, Cover.introduction_id == introduction_id, OPEN)), None)


def hold_pair(
    session: Session, introduction_id: UUID, *, and_supporters: Iterable[UUID] = ()
) -> tuple[Held, Introduction]:
    """Lock the request of a pair and all that hangs on it, with whoever covers. Raises Missing for one that is over."""
    request_id = session.scalar(select(Introduction.request_id).where(Introduction.id == introduction_id))
    if request_id is None:
        raise Missing
    covering = session.scalars(select(Cover.supporter_id).where(Cover.introduction_id == introduction_id, OPEN)).all()
    held = hold_request(session, request_id, and_supporters=(*covering, *and_supporters))
    pair = next((one for one in held.introductions if one.id == introduction_id and one.covers_id is None), None)
    if pair is None:
        raise Missing
    return held, pair


def supporter_of(held: Held, cover: Cover) -> Supporter:
    """Return who covers, locked. Raises Missing where another was named before the locks were held."""
    found = held.supporters.get(cover.supporter_id)
    if found is None:
        raise Missing
    return found


def move(session: Session, actor: Actor, cover: Cover, event: Event, *, about: UUID, now: datetime) -> None:
    """Take one step in the life of a cover, and record it. Raises WrongStep."""
    cover.state = covers.step(State(cover.state), event)
    if cover.state not in covers.OPEN:
        cover.ended_at, cover.expires_at = now, None
    audit.record(session, actor, Act.COVER_CHANGED, cover, at=now, about=about, code=event.replace(" ", "_"))
