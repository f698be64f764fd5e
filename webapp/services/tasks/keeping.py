"""Tasks opened, read and done. Opened twice for the same thing is opened once; what was done is kept, sealed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import Select, or_, select, union_all
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.content import programme
from webapp.crypto import keyring
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.domain.lifecycles import WrongStep
from webapp.domain.notices import Notice
from webapp.domain.tasks import ENDS_WITH_ITS_THING, Desk, Kind, Outcome, PassedOn, Soon, due_at
from webapp.models import Task
from webapp.services import audit, introductions, outbox
from webapp.services.acting import Missing, Refused, TooLate, load_locked, require
from webapp.services.locking import lock_rows
from webapp.services.safety.closed_files import closed_to, with_closed
from webapp.services.tasks import owners, passing
from webapp.services.tasks.order import Place, keeper, place_of, read_places

LONGEST_NOTE = 2_000


@dataclass(frozen=True)
class FoundTask:
    """A task as the desk lists it: what, about whom, by when; the thing is where it is looked after."""

    id: UUID
    kind: str
    thing: UUID | None
    about_id: UUID
    introduction_id: UUID | None
    owner_id: UUID | None
    passed_on: str
    opened_at: datetime
    due_at: datetime
    soon: Soon
    is_done: bool = False


def id_of(kind: Kind, thing: UUID, count: int = 0) -> UUID:
    """Return the id of the task of one kind about one thing; `count` tells a second one from the first."""
    return keyring.ring().name("tasks", f"{kind}|{thing}|{count}")


def open_task(
    session: Session,
    actor: Actor,
    kind: Kind,
    *,
    about: UUID,
    thing: UUID,
    soon: Soon,
    now: datetime,
    introduction_id: UUID | None = None,
    desk: Desk = Desk.COORDINATORS,
    count: int = 0,
    but: UUID | None = None,
) -> Task:
    """Lay a task on the desk, named to a person, and tell her; the same once more changes nothing.

    Where no coordinator is there who may look after it, it goes to the approver. `but` is who cannot: she proposed it.
    """
    due = due_at(soon, programme.load().staffed, now=now)
    desk, owner_id = _whose(session, about, owners.desk_for(session, about, desk=desk, but=but), but, now)
    task = Task(
        id=id_of(kind, thing, count),
        about_id=about,
        introduction_id=introduction_id,
        desk=desk,
        owner_id=owner_id,
        opened_at=now,
    )
    task.said = {"kind": kind.value, "thing": str(thing), "due_at": due.isoformat(), "soon": soon.value}
    there = _kept_before(session, task)
    if there is not None:
        return there
    audit.record(session, actor, Act.TASK_OPENED, task, at=now, about=about)
    passing.tell_owner(session, task, now=now)
    return task


def _whose(session: Session, about: UUID, desk: Desk, but: UUID | None, now: datetime) -> tuple[Desk, UUID | None]:
    """Return at whose desk a task begins, and with whom; None where nobody is there: then it is everybody's."""
    for where in dict.fromkeys((desk, Desk.APPROVER)):
        owner = owners.choose(session, about, desk=where, on=passing.today(now), instead_of=but)
        if owner is not None:
            return where, owner
    return desk, None


def _kept_before(session: Session, task: Task) -> Task | None:
    """Keep a new task, and return None; where somebody was quicker, return the one that is there."""
    if (there := session.get(Task, task.id)) is not None:
        return there
    try:
        with session.begin_nested():
            session.add(task)
    except IntegrityError:
        return session.get_one(Task, task.id)
    return None


def finish(session: Session, actor: Actor, task_id: UUID, *, act: Outcome, note: str = "", now: datetime) -> None:
    """Take a task off the desk: somebody has acted, and says how. Raises TooLate where another has.

    Raises WrongStep for what ends elsewhere: a concern where two close it, a hold where it is lifted.
    """
    task = load_locked(session, Task, task_id)
    _require(session, actor, task)
    if task.done_at is not None:
        raise TooLate
    if (kind := place_of(task).kind) in ENDS_WITH_ITS_THING:
        raise WrongStep(Kind(kind), act)
    _finish(session, actor, task, act, note, now)


def close_things(
    session: Session,
    actor: Actor,
    things: Iterable[tuple[Kind, UUID]],
    *,
    count: int = 0,
    act: Outcome = Outcome.HAPPENED,
    now: datetime,
) -> int:
    """End the tasks about some things, because what they were for has happened; return how many were open."""
    ids = [id_of(kind, thing, count) for kind, thing in things]
    found = lock_rows(session, Task, Task.id.in_(ids), Task.done_at.is_(None))
    for task in found:
        _finish(session, actor, task, act, "", now)
    return len(found)


def close_of_pair(
    session: Session, actor: Actor, introduction_id: UUID, kinds: Collection[Kind], *, now: datetime
) -> None:
    """End the open tasks of some kinds about a pair, because what they were for has happened."""
    for task in session.scalars(select(Task).where(Task.introduction_id == introduction_id, Task.done_at.is_(None))):
        if place_of(task).kind in kinds:
            (locked,) = lock_rows(session, Task, Task.id == task.id)
            if locked.done_at is None:
                _finish(session, actor, locked, Outcome.HAPPENED, "", now)


def close_kinds(
    session: Session,
    actor: Actor,
    about_id: UUID,
    kinds: Collection[Kind],
    *,
    act: Outcome = Outcome.HAPPENED,
    now: datetime,
) -> int:
    """End the tasks of some kinds about a person, whatever things they were opened for; return how many were open."""
    found = lock_rows(session, Task, Task.about_id == about_id, Task.done_at.is_(None))
    meant = [task for task in found if place_of(task).kind in kinds]
    for task in meant:
        _finish(session, actor, task, act, "", now)
    return len(meant)


def _finish(session: Session, actor: Actor, task: Task, act: Outcome, note: str, now: datetime) -> None:
    task.done_at, task.done_by = now, actor.id
    task.done = {"act": act.value, "note": note.strip()[:LONGEST_NOTE]}
    outbox.cancel(session, Notice.SOMETHING_NEEDS_YOU, dedupe=passing.key_of_notice(task))
    audit.record(session, actor, Act.TASK_DONE, task, at=now, about=task.about_id)


def find_open(session: Session, about_id: UUID, kind: Kind) -> FoundTask | None:
    """Return an open task of one kind about a person, the one that is due first; None where there is none."""
    rows = read_places(session, Task.about_id == about_id, Task.done_at.is_(None))
    found = [place for place in rows if place.kind == kind]
    return _found(min(found, key=lambda place: (place.due_at, place.id))) if found else None


def is_open(session: Session, kind: Kind, thing: UUID, count: int = 0) -> bool:
    """Say whether a task about a thing waits for somebody."""
    task = session.get(Task, id_of(kind, thing, count))
    return task is not None and task.done_at is None


def was_opened(session: Session, kind: Kind, thing: UUID, count: int = 0) -> bool:
    """Say whether a task about a thing was ever laid on the desk."""
    return session.get(Task, id_of(kind, thing, count)) is not None


def last_done_of_pair(session: Session, introduction_id: UUID, kind: Kind) -> datetime | None:
    """Return when a task of one kind about a pair was last done; None for never."""
    done = select(Task).where(Task.introduction_id == introduction_id, Task.done_at.is_not(None))
    found = session.scalars(done.order_by(Task.done_at.desc()))
    return next((task.done_at for task in found if place_of(task).kind == kind), None)


def find_opened(session: Session, task_ids: Iterable[UUID]) -> set[UUID]:
    """Return which of some tasks were ever laid on the desk."""
    return set(session.scalars(select(Task.id).where(Task.id.in_(set(task_ids)))))


# What the desk reads


def subject_of(session: Session, task: Task) -> Subject:
    """Say whom a task is about, and to whom it is therefore closed: the pair, and who finds a file closed."""
    pair = introductions.people_of(task.introduction_id) if task.introduction_id else ()
    return with_closed(session, Subject(task.about_id), *pair)


def desks_of(actor: Actor) -> frozenset[Desk]:
    """Say at which desks somebody works; whoever has both roles works at both."""
    return frozenset(desk for desk, role in owners.ROLES.items() if role in actor.roles)


def list_places(session: Session, actor: Actor, desk: Desk = Desk.COORDINATORS) -> list[Place]:
    """Return where all tasks of a desk stand that somebody may look after, the most urgent first. Raises Missing."""
    require(actor, Action.SEE_TASKS, Subject())
    if desk not in desks_of(actor):
        raise Missing
    not_hers = {actor.id, *session.scalars(union_all(closed_to(actor.id), introductions.ids_not_for(actor.id)))}
    return [
        one for one in keeper.order(session) if one.desk == desk and not not_hers & {one.about_id, one.introduction_id}
    ]


def open_at_the_desk() -> Select[Task]:
    """Ask for the open tasks that a coordinator, told as `me`, may look after."""
    me = introductions.me()
    is_hers = or_(Task.introduction_id.is_(None), Task.introduction_id.not_in(introductions.ids_not_for(me)))
    open_ = select(Task).where(Task.desk == Desk.COORDINATORS, Task.done_at.is_(None))
    return open_.where(Task.about_id != me, Task.about_id.not_in(closed_to(me)), is_hers)


def read_page(session: Session, actor: Actor, start: int, size: int, desk: Desk = Desk.COORDINATORS) -> list[FoundTask]:
    """Return one page of the tasks of a desk that somebody may look after, the most urgent first. Raises Missing."""
    return [_found(place) for place in islice(list_places(session, actor, desk), start, start + size)]


def read_task(session: Session, actor: Actor, task_id: UUID) -> FoundTask:
    """Return one task, done or not. The reading is for the audit to record. Raises Missing."""
    task = _load(session, actor, task_id)
    return _found(place_of(task), is_done=task.done_at is not None)


def record_reading(session: Session, actor: Actor, found: FoundTask, *, now: datetime) -> None:
    """Record that somebody opened a task that she was just given to read."""
    require(actor, Action.SEE_TASKS, Subject())
    thing = Task.__tablename__
    audit.record_by_name(session, actor, Act.TASK_READ, thing, at=now, thing_id=found.id, about=found.about_id)


def _load(session: Session, actor: Actor, task_id: UUID) -> Task:
    task = session.get(Task, task_id)
    if task is None:
        raise Missing
    _require(session, actor, task)
    return task


def _require(session: Session, actor: Actor, task: Task) -> None:
    """Let those of its desk at a task; and coordinators still, where it has gone to the approver by the clock alone."""
    require(actor, Action.FINISH_TASK, subject_of(session, task))
    was_theirs = Desk.COORDINATORS in desks_of(actor) and task.passed_on == PassedOn.APPROVER
    if task.desk not in desks_of(actor) and not was_theirs:
        raise Refused(task.about_id)


def _found(place: Place, *, is_done: bool = False) -> FoundTask:
    return FoundTask(
        place.id, place.kind, place.thing, place.about_id, place.introduction_id, place.owner_id, place.passed_on,
        place.opened_at, place.due_at, place.soon, is_done,
    )  # fmt: skip
