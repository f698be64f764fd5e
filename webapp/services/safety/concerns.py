"""Concerns as she tells them: what each kind does at once, and what she reads of it. The desk's part is in handling."""

import json
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.content import programme
from webapp.crypto import keyring
from webapp.domain import access
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.domain.concerns import HOLDS, LONGEST, Kind, State, desk_of, soon_of
from webapp.domain.holds import HeldFor
from webapp.domain.tasks import Kind as TaskKind
from webapp.domain.tasks import due_at
from webapp.models import Concern, Message, Role, User
from webapp.services import audit, introductions, names, tasks
from webapp.services.acting import Missing, require
from webapp.services.safety import closed_files, elsewhere, holds
from webapp.services.tasks import passing

SECOND_TAP = timedelta(minutes=1)
"""The same form sent again within this time is one concern."""


class TooLong(Exception):
    """Raised for words that are longer than LONGEST; none are cut off."""


class NoWords(Exception):
    """Raised where words are needed and there are none."""


class WhomNeeded(Exception):
    """Raised where somebody must not reach her any more, and it may be one of several."""


@dataclass(frozen=True)
class Told:
    """What somebody tells us. `staff_id` is whom at the desk it is about, None where she does not know the name."""

    kind: Kind
    introduction_id: UUID | None = None
    message_id: UUID | None = None
    staff_id: UUID | None = None
    words: str = ""
    is_urgent: bool = False
    is_somebody_else: bool = False

    @classmethod
    def read(cls, said: dict[str, Any]) -> "Told":
        """Read what was kept of it."""
        pair, message, staff = (
            UUID(said[name]) if said[name] else None for name in ("introduction_id", "message_id", "staff_id")
        )
        return cls(
            Kind(said["kind"]), pair, message, staff, said["words"], said["is_urgent"], said["is_somebody_else"]
        )  # fmt: skip


def raise_concern(session: Session, actor: Actor, told: Told, *, once: str = "", now: datetime) -> Concern:
    """Take what somebody tells us, and do at once what its kind does. The same form sent twice is one concern.

    Raises Missing for a pair, a message or a coordinator that is not there for her; TooLong; WhomNeeded where one of
    several pairs must rest.
    """
    told = _whom(session, actor, told)
    require(actor, Action.RAISE_CONCERN, Subject(owner=actor.id))
    _check(session, actor, told)
    concern, is_new = _keep(session, actor, told, once or secrets.token_urlsafe(), now)
    if is_new:
        audit.record(session, actor, Act.CONCERN_RAISED, concern, at=now, about=actor.id)
        done = _act_at_once(session, actor, told, now)
        concern.said = {**concern.said, **done}
        bring_to_desk(session, concern, told, now=now)
    return concern


def _whom(session: Session, actor: Actor, told: Told) -> Told:
    """Take the one person whom she has here, where she named none and somebody must not reach her any more."""
    if told.kind not in HOLDS or told.introduction_id is not None or told.is_somebody_else:
        return told
    pairs = introductions.find_pairs(session, actor)
    if len(pairs) > 1:
        raise WhomNeeded
    return replace(told, introduction_id=pairs[0].id) if pairs else told


def _check(session: Session, actor: Actor, told: Told) -> None:
    if len(told.words) > LONGEST:
        raise TooLong
    if told.introduction_id is not None:
        introductions.load_pair(session, actor, told.introduction_id)
    if told.message_id is not None:
        read_message(session, told)
    if told.staff_id is not None and told.staff_id not in list_staff(session):
        raise Missing


def _keep(session: Session, actor: Actor, told: Told, once: str, now: datetime) -> tuple[Concern, bool]:
    """Keep a new concern, or find the one that this very form has just made."""
    for number in count():
        concern_id = _id_of(actor, told, once, number)
        there = session.get(Concern, concern_id) or _add(session, actor, told, concern_id, now)
        if there is None:
            return session.get_one(Concern, concern_id), True
        if now - there.raised_at < SECOND_TAP:
            return there, False
    raise AssertionError


def _add(session: Session, actor: Actor, told: Told, concern_id: UUID, now: datetime) -> Concern | None:
    concern = Concern(id=concern_id, by_id=actor.id, raised_at=now, state=State.RECEIVED, turn=0, entries=0)
    concern.said = {**{name: _plain(value) for name, value in asdict(told).items()}, "look_by": now.isoformat()}
    try:
        with session.begin_nested():
            session.add(concern)
    except IntegrityError:
        return session.get_one(Concern, concern_id)
    return None


def _id_of(actor: Actor, told: Told, once: str, number: int) -> UUID:
    said = [str(actor.id), once, number, *map(_plain, asdict(told).values())]
    return keyring.ring().name("concerns", json.dumps(said))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, (UUID, Kind)) else value


def _act_at_once(session: Session, actor: Actor, told: Told, now: datetime) -> dict[str, Any]:
    """Do what must not wait for a person. Returns what the desk must know of it."""
    if told.kind in HOLDS and told.introduction_id is not None:
        return {"held": holds.hold_at_once(session, told.introduction_id, HeldFor.CONCERN, now=now)}
    if told.kind is Kind.REACH and actor.id is not None:
        elsewhere.close_outside(session, actor, now=now)
    if told.kind is Kind.STAFF and told.staff_id is not None and actor.id is not None:
        closed_files.close(session, actor.id, [told.staff_id], now=now)
        passing.pass_over(session, actor.id, [told.staff_id], now=now)
    return {}


def bring_to_desk(session: Session, concern: Concern, told: Told, *, now: datetime) -> None:
    """Lay a concern on the desk that is its own, and keep until when somebody looks."""
    soon = soon_of(told.kind, is_urgent=told.is_urgent)
    due = due_at(soon, programme.load().staffed, now=now)
    concern.said = {**concern.said, "look_by": due.isoformat()}
    tasks.open_task(
        session, Actor(concern.by_id), TaskKind.CONCERN, about=concern.by_id, thing=concern.id, soon=soon,
        introduction_id=told.introduction_id, desk=desk_of(told.kind), count=concern.turn, now=now,
    )  # fmt: skip


def read_message(session: Session, told: Told) -> Message:
    """Return the one message that somebody pointed at. Raises Missing for one of another pair."""
    message = session.get(Message, told.message_id)
    if message is None or message.introduction_id != told.introduction_id:
        raise Missing
    return message


def list_staff(session: Session) -> dict[UUID, str]:
    """Return who works at the desk as coordinator, by the name that each signs in with."""
    working = select(User.id).join(User.roles).where(Role.name == access.Role.COORDINATOR, User.active.is_(True))
    return names.of_staff(session, session.scalars(working).all())
