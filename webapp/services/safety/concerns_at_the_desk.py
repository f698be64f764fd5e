"""What the desk reads of a concern, and who at the desk may: nobody who is a part of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.crypto.fields import Unreadable
from webapp.domain import introductions as introduction_rules
from webapp.domain.access import Action, Actor, Role, Subject
from webapp.domain.audited import Act
from webapp.domain.concerns import Kind, State, What
from webapp.domain.tasks import Kind as TaskKind
from webapp.models import Concern, Introduction, Message
from webapp.services import audit, introductions, names, tasks
from webapp.services.acting import Refused, load
from webapp.services.desk import duties
from webapp.services.safety import closed_files
from webapp.services.safety.closed_files import require_as_staff
from webapp.services.safety.concern_entries import Entry, entries_of
from webapp.services.safety.concerns import Told, list_staff
from webapp.services.tasks import turns


@dataclass(frozen=True)
class ShownEntry:
    """One entry with the name of whoever wrote it; empty where she wrote it herself."""

    at: datetime
    by: str
    what: What | None
    code: str
    words: str


@dataclass(frozen=True)
class ShownConcern:
    """A concern as the desk reads it. `told` is None where it cannot be read; then a person must ask her.

    `may_handle`: it is at the desk of whoever reads. `may_confirm`: she may end it with the one who proposed it.
    `has_second`: somebody is there who may. `is_held`: the two rest now.
    """

    id: UUID
    name: str
    request_id: UUID | None
    introduction_id: UUID | None
    state: str
    raised_at: datetime
    told: Told | None
    message: str | None
    staff: str
    is_held: bool
    entries: list[ShownEntry]
    came_of_it: str
    may_handle: bool
    may_confirm: bool
    has_second: bool
    open_to: dict[UUID, str]


def read_concern(session: Session, actor: Actor, concern_id: UUID) -> ShownConcern:
    """Return a concern with its history for the desk. The reading is for the audit to record. Raises Missing."""
    concern = load(session, Concern, concern_id)
    desks = require_at_the_desk(session, actor, concern, Action.READ_CONCERN)
    entries, told = entries_of(session, concern), told_in(concern)
    proposer, closing = proposer_of(entries), desks.get(TaskKind.CONCERN_TO_CLOSE, set())
    name, request_id = duties.name_of(session, concern.by_id)
    staff = names.of_staff(session, [one.by_id for one in entries if one.by_id and one.by_id != concern.by_id])
    coordinators = list_staff(session) if told and told.kind is Kind.STAFF else {}
    is_to_close = concern.state == State.TO_CLOSE
    return ShownConcern(
        id=concern.id,
        name=name,
        request_id=request_id,
        introduction_id=told.introduction_id if told else None,
        state=concern.state,
        raised_at=concern.raised_at,
        told=told,
        message=_pointed_at(session, told),
        staff=coordinators.get(told.staff_id, "") if told and told.staff_id else "",
        is_held=told is not None and _rests(session, told.introduction_id),
        entries=[_shown(one, concern, staff, coordinators) for one in entries],
        came_of_it=next((one.words for one in reversed(entries) if one.what is What.PROPOSED), ""),
        may_handle=bool(tasks.desks_of(actor) & desks.get(TaskKind.CONCERN, set())),
        may_confirm=is_to_close and actor.id != proposer,
        has_second=not is_to_close or turns.has_somebody(session, concern.by_id, closing, but=proposer),
        open_to=_open_to(session, concern, coordinators) if coordinators else {},
    )


def is_at_her_desk(session: Session, actor: Actor, concern_id: UUID) -> bool:
    """Say whether a concern that somebody has just acted on still opens to her."""
    try:
        require_at_the_desk(session, actor, load(session, Concern, concern_id), Action.READ_CONCERN)
    except Refused:
        return False
    return True


def record_reading(session: Session, actor: Actor, concern_id: UUID, *, now: datetime) -> None:
    """Record that somebody at the desk opened a concern, and the message that stands in it."""
    concern = load(session, Concern, concern_id)
    require_at_the_desk(session, actor, concern, Action.READ_CONCERN)
    audit.record(session, actor, Act.CONCERN_READ, concern, at=now, about=concern.by_id)
    told = told_in(concern)
    if told is not None and told.message_id is not None:
        thing = Message.__tablename__
        audit.record_by_name(
            session, actor, Act.MESSAGE_READ, thing, at=now, thing_id=told.message_id, about=concern.by_id
        )


def _shown(one: Entry, concern: Concern, staff: dict[UUID, str], coordinators: dict[UUID, str]) -> ShownEntry:
    code = coordinators.get(UUID(one.code), "") if one.what is What.FILE_CLOSED else one.code
    by = "" if one.by_id in (None, concern.by_id) else staff.get(one.by_id, "?")
    return ShownEntry(one.at, by, one.what, code, one.words)


def _pointed_at(session: Session, told: Told | None) -> str | None:
    """Return the words that she points at; None where none, or where they are forgotten with the talk of the two."""
    message = session.get(Message, told.message_id) if told is not None and told.message_id is not None else None
    return str(Message.body.shown(message)) if message is not None else None


def _rests(session: Session, introduction_id: UUID | None) -> bool:
    state = session.scalar(select(Introduction.state).where(Introduction.id == introduction_id))
    return state == introduction_rules.State.ON_HOLD


def _open_to(session: Session, concern: Concern, coordinators: dict[UUID, str]) -> dict[UUID, str]:
    """Return to whom her file is open still, for the approver to close it."""
    closed = closed_files.with_closed(session, Subject(concern.by_id)).parties
    return {one: name for one, name in coordinators.items() if one not in closed}


def told_in(concern: Concern) -> Told | None:
    """Return what she told us; None where it cannot be read."""
    said = Concern.said.shown(concern)
    return None if isinstance(said, Unreadable) else Told.read(said)


# Who may


def require_at_the_desk(
    session: Session,
    actor: Actor,
    concern: Concern,
    action: Action,
    *,
    kind: TaskKind | None = None,
    but: UUID | None = None,
    turn: int | None = None,
) -> turns.Desks:
    """Ask whether it is at her desk, of this kind if one is said, and whether she is no part of it. Raises Refused.

    A part of it are she who raised it, the pair, whom it is about, and `but`. Returns at whose desks it is, or was in
    an earlier turn.
    """
    told = told_in(concern)
    parts = frozenset(one for one in (but, told.staff_id if told else None) if one is not None)
    pair = pair_of(session, concern, told)
    also = introductions.people_of(pair) if pair is not None else ()
    require_as_staff(session, actor, action, Subject(concern.by_id, parts), *also)
    desks = turns.desks_of_concern(session, concern.id, concern.turn if turn is None else turn)
    at = desks.get(kind, set()) if kind is not None else set().union(*desks.values())
    if not tasks.desks_of(actor) & at or (_is_about_staff(told) and Role.COORDINATOR in actor.roles):
        raise Refused(concern.by_id)
    return desks


def _is_about_staff(told: Told | None) -> bool:
    """Say whether no coordinator may read it, were she an approver too: she may be the one."""
    return told is not None and told.kind is Kind.STAFF


def pair_of(session: Session, concern: Concern, told: Told | None) -> UUID | None:
    """Return of which pair it is; of one that cannot be read its task knows."""
    if told is not None:
        return told.introduction_id
    task = turns.find(session, TaskKind.CONCERN, concern.id, concern.turn)
    return task.introduction_id if task is not None else None


def proposer_of(entries: Iterable[Entry]) -> UUID | None:
    """Return who proposed its end last."""
    return next((one.by_id for one in reversed(list(entries)) if one.what is What.PROPOSED), None)
