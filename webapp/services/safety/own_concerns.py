"""What somebody reads of the concerns that she raised, and what she adds."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.crypto.fields import Unreadable
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.domain.concerns import LONGEST, READ_BY_HER, Event, Kind, State, What, step
from webapp.domain.notices import Notice
from webapp.domain.tasks import Kind as TaskKind
from webapp.models import Concern, Message
from webapp.services import audit, introductions, names, outbox, tasks
from webapp.services.acting import load, load_locked, require
from webapp.services.safety import holds
from webapp.services.safety.concern_entries import Entry, add_entry, entries_of
from webapp.services.safety.concerns import SECOND_TAP, NoWords, Told, TooLong, bring_to_desk, read_message
from webapp.services.tasks import turns


@dataclass(frozen=True)
class OwnConcern:
    """A concern as whoever raised it reads it. `told` is None where it cannot be read.

    `held`: her pair rests since then; `has_reader`: somebody is there who may look at it.
    """

    id: UUID
    raised_at: datetime
    state: str
    told: Told | None
    look_by: datetime | None
    other_name: str
    held: bool
    entries: list[Entry]
    came_of_it: str
    has_reader: bool
    time_zone: str | None


# What she adds


def add_words(session: Session, actor: Actor, concern_id: UUID, words: str, *, now: datetime) -> None:
    """Take more words of hers; a concern that two were about to close, or had closed, is open again.

    Raises NoWords, TooLong. A second tap is no second entry.
    """
    concern = _load_own(session, actor, concern_id)
    if not words.strip():
        raise NoWords
    if len(words) > LONGEST:
        raise TooLong
    if _just_said(session, concern, What.FROM_HER, words.strip(), now):
        return
    add_entry(session, concern, actor, What.FROM_HER, words=words.strip(), now=now)
    before, concern.state = concern.state, step(State(concern.state), Event.SAID_MORE)
    if before in (State.TO_CLOSE, State.CLOSED):
        _open_anew(session, actor, concern, now=now)
    else:
        _tell_who_looks(session, concern, now=now)
    audit.record(session, actor, Act.CONCERN_CHANGED, concern, at=now, about=actor.id)


def take_back(session: Session, actor: Actor, concern_id: UUID, *, now: datetime) -> None:
    """Note that she takes it back; taken back twice is taken back once.

    A person still looks at it, and a hold stays until a person lifts it: somebody may have made her do this.
    """
    concern = _load_own(session, actor, concern_id)
    if concern.state == State.CLOSED or any(one.what is What.TAKEN_BACK for one in entries_of(session, concern)):
        return
    add_entry(session, concern, actor, What.TAKEN_BACK, now=now)
    _tell_who_looks(session, concern, now=now)
    audit.record(session, actor, Act.CONCERN_CHANGED, concern, at=now, about=actor.id)


def _open_anew(session: Session, actor: Actor, concern: Concern, *, now: datetime) -> None:
    tasks.close_things(session, actor, [(TaskKind.CONCERN_TO_CLOSE, concern.id)], count=concern.turn, now=now)
    concern.turn += 1
    bring_to_desk(session, concern, Told.read(concern.said), now=now)


def _tell_who_looks(session: Session, concern: Concern, *, now: datetime) -> None:
    """Tell whoever looks after it that there is something new. The notice names nothing."""
    for kind in (TaskKind.CONCERN, TaskKind.CONCERN_TO_CLOSE):
        task = turns.find(session, kind, concern.id, concern.turn)
        if task is not None and task.done_at is None:
            dedupe = f"{task.id}:{now.isoformat()}"
            outbox.put(
                session, Notice.SOMETHING_NEEDS_YOU, dedupe=dedupe, due_at=now, to=task.owner_id, task=str(task.id)
            )


def _load_own(session: Session, actor: Actor, concern_id: UUID) -> Concern:
    concern = load_locked(session, Concern, concern_id)
    require(actor, Action.ADD_TO_CONCERN, Subject(owner=concern.by_id))
    return concern


def _just_said(session: Session, concern: Concern, what: What, words: str, now: datetime) -> bool:
    last = next(reversed(entries_of(session, concern)), None)
    return last is not None and (last.what, last.words) == (what, words) and now - last.at < SECOND_TAP


# What is read


def read_words_of(session: Session, actor: Actor, introduction_id: UUID, message_id: UUID) -> str:
    """Return the words of one message to whoever points at it. Raises Missing."""
    introductions.load_pair(session, actor, introduction_id, Action.READ_MESSAGES)
    message = read_message(session, Told(Kind.OTHER, introduction_id, message_id))
    return str(Message.body.shown(message))


def list_own(session: Session, actor: Actor) -> list[OwnConcern]:
    """Return what somebody told us, the latest first, without what was said about it since."""
    require(actor, Action.SEE_CONCERN, Subject(owner=actor.id))
    hers = select(Concern).where(Concern.by_id == actor.id).order_by(Concern.raised_at.desc(), Concern.id)
    return [_own(one, []) for one in session.scalars(hers.limit(100))]


def read_own(session: Session, actor: Actor, concern_id: UUID) -> OwnConcern:
    """Return one concern for whoever raised it, with what was said to her. Raises Missing."""
    concern = load(session, Concern, concern_id)
    require(actor, Action.SEE_CONCERN, Subject(owner=concern.by_id))
    desks = set().union(*turns.desks_of_concern(session, concern.id, concern.turn).values())
    has_reader = turns.has_somebody(session, concern.by_id, desks)
    own = _own(concern, entries_of(session, concern))
    other, zone = _other_name(session, actor, concern), introductions.zone_of(session, actor)
    held = own.held and own.told is not None and holds.is_held(session, own.told.introduction_id)
    return replace(own, other_name=other, has_reader=has_reader, time_zone=zone, held=held)


def _own(concern: Concern, entries: list[Entry]) -> OwnConcern:
    said: Any = Concern.said.shown(concern)
    is_read = not isinstance(said, Unreadable)
    came = [one.words for one in entries if one.what is What.PROPOSED] if concern.state == State.CLOSED else []
    return OwnConcern(
        id=concern.id,
        raised_at=concern.raised_at,
        state=concern.state,
        told=Told.read(said) if is_read else None,
        look_by=datetime.fromisoformat(said["look_by"]) if is_read else None,
        other_name="",
        held=is_read and bool(said.get("held")),
        entries=[one for one in entries if one.what in READ_BY_HER],
        came_of_it=came[-1] if came else "",
        has_reader=True,
        time_zone=None,
    )


def _other_name(session: Session, actor: Actor, concern: Concern) -> str:
    said: Any = Concern.said.shown(concern)
    if isinstance(said, Unreadable) or not said["introduction_id"]:
        return ""
    pair = introductions.load_pair(session, actor, UUID(said["introduction_id"]))
    if pair.request.user_id == actor.id:
        return names.of_supporters(session, [pair.supporter_id]).get(pair.supporter_id, "")
    return names.of_requests(session, [pair.request_id]).get(pair.request_id, "")
