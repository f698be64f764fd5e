"""Ways to reach each other outside the site: released one by one, to this pair alone, and taken back at any time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.crypto.fields import Unreadable
from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.domain.details import Kind, fits
from webapp.models import ContactDetail, Introduction
from webapp.services import audit
from webapp.services.acting import Refused
from webapp.services.introductions import load_pair
from webapp.services.pairs.holding import is_open, lock_open, lock_pair
from webapp.services.pairs.rooms import room_of
from webapp.services.pairs.safe_ways import is_safe_for_her

MOST = 5
"""So many ways one person releases to one pair."""


class BadDetail(Exception):
    """Raised for what cannot be such a way."""


class TooMany(Exception):
    """Raised for one way more than anybody needs."""


@dataclass(frozen=True)
class ShownDetail:
    """One way to reach somebody; `kind` is None where it cannot be read."""

    id: UUID
    kind: Kind | None
    said: str
    released_at: datetime


@dataclass(frozen=True)
class Ways:
    """What each of the two has released, and the room that the programme gives them."""

    mine: list[ShownDetail]
    hers: list[ShownDetail]
    room: str | None
    may_release: bool


def read_ways(session: Session, actor: Actor, introduction_id: UUID) -> Ways:
    """Return what each has released. Of the other nothing is shown while the two may not be in contact."""
    introduction = load_pair(session, actor, introduction_id)
    asked = select(ContactDetail).where(ContactDetail.introduction_id == introduction.id)
    found = list(session.scalars(asked.order_by(ContactDetail.released_at, ContactDetail.id)))
    mine = [_shown(one) for one in found if one.user_id == actor.id]
    hers = [_shown(one) for one in found if one.user_id != actor.id] if is_open(introduction) else []
    return Ways(mine, hers, room_of(introduction), is_open(introduction))


def _shown(row: ContactDetail) -> ShownDetail:
    said = ContactDetail.said.shown(row)
    if isinstance(said, Unreadable):
        return ShownDetail(row.id, None, said, row.released_at)
    return ShownDetail(row.id, Kind(said["kind"]), said["said"], row.released_at)


def needs_warning(session: Session, actor: Actor, introduction_id: UUID, kind: Kind, *, now: datetime) -> bool:
    """Say whether the woman is about to release a way of which she has not said that it is safe for her."""
    introduction = load_pair(session, actor, introduction_id, Action.RELEASE_DETAILS)
    is_hers = introduction.request.user_id == actor.id
    return is_hers and not is_safe_for_her(session, introduction, kind, now=now)


def release(
    session: Session, actor: Actor, introduction_id: UUID, kind: Kind, said: str, *, now: datetime
) -> ContactDetail:
    """Release one way to the other of the pair; the same twice is once.

    Raises BadDetail, TooMany; WrongStep where the two may not be in contact.
    """
    introduction = lock_open(session, actor, introduction_id, Action.RELEASE_DETAILS)
    if not fits(kind, said):
        raise BadDetail
    mine = _own(session, introduction, actor)
    content = {"kind": str(kind), "said": said}
    if (same := next((one for one in mine if ContactDetail.said.shown(one) == content), None)) is not None:
        return same
    if len(mine) >= MOST:
        raise TooMany
    detail = ContactDetail(introduction_id=introduction.id, user_id=actor.id, released_at=now, said=content)
    session.add(detail)
    session.flush()
    audit.record(session, actor, Act.DETAIL_RELEASED, detail, at=now, about=actor.id)
    return detail


def _own(session: Session, introduction: Introduction, actor: Actor) -> list[ContactDetail]:
    asked = select(ContactDetail).where(ContactDetail.introduction_id == introduction.id)
    return list(session.scalars(asked.where(ContactDetail.user_id == actor.id)))


def take_back(session: Session, actor: Actor, introduction_id: UUID, detail_id: UUID, *, now: datetime) -> None:
    """Take one's own way back: it is deleted, and the room of the two is another. What is gone already stays gone.

    Raises Missing for one of the other.
    """
    introduction = lock_pair(session, actor, introduction_id, Action.RELEASE_DETAILS)
    detail = session.get(ContactDetail, detail_id)
    if detail is None:
        return
    if detail.introduction_id != introduction.id or detail.user_id != actor.id:
        raise Refused(introduction.request.user_id)
    audit.record(session, actor, Act.DETAIL_TAKEN_BACK, detail, at=now, about=actor.id)
    session.delete(detail)
    introduction.room_turn += 1
