"""A task that nobody gets to goes to another person: at once from one who is away, by the clock from everybody.

Each step is one act of its own; docs/races.md says what happens where somebody acts at the same moment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.content import programme
from webapp.domain.access import Actor
from webapp.domain.audited import Act
from webapp.domain.notices import Notice
from webapp.domain.tasks import Desk, PassedOn, passed_on_to
from webapp.models import ClosedFile, Task
from webapp.services import audit, introductions, outbox
from webapp.services.acting import load_locked
from webapp.services.locking import lock_rows
from webapp.services.tasks import owners
from webapp.services.tasks.order import Place, keeper, place_of

CLOCK = Actor(None)


@dataclass(frozen=True)
class Move:
    """To whom a task goes, at which desk, and how far it has then come."""

    owner_id: UUID | None
    desk: Desk
    passed_on: PassedOn


@dataclass(frozen=True)
class AtWork:
    """Who works today, and which files are closed to whom."""

    coordinators: set[UUID]
    approvers: set[UUID]
    closed: set[tuple[UUID, UUID]]

    def at(self, desk: str) -> set[UUID]:
        """Return who works at a desk."""
        return self.approvers if desk == Desk.APPROVER else self.coordinators


def list_due(session: Session, *, now: datetime) -> list[UUID]:
    """Return the open tasks that may have to go to another person now, the most urgent first."""
    there = _who_is_there(session, today(now))
    return [place.id for place in keeper.order(session) if _may_have_to_go(place, there, now)]


def pass_on(session: Session, task_id: UUID, *, now: datetime) -> bool:
    """Give one task to whom it goes now. False where somebody acted meanwhile, or nobody is left."""
    task = load_locked(session, Task, task_id)
    move = _next_move(session, place_of(task), now) if task.done_at is None else None
    if move is None:
        return False
    _give(session, CLOCK, task, move, now)
    return True


def pass_all_on(session: Session, actor: Actor, *, now: datetime) -> int:
    """Give what an absent one has in hand to her deputy, or to whoever is there. Returns how many went."""
    mine = lock_rows(session, Task, Task.owner_id == actor.id, Task.done_at.is_(None))
    found = [(task, _to_somebody_there(session, place_of(task), today(now))) for task in mine]
    for task, move in found:
        if move is not None:
            _give(session, actor, task, move, now)
    return sum(move is not None for _, move in found)


def pass_over(session: Session, about_id: UUID, staff: Iterable[UUID], *, now: datetime) -> None:
    """Give to others what some of the staff look after about somebody, because her file was closed to them."""
    of_hers = or_(Task.about_id == about_id, Task.introduction_id.in_(introductions.ids_of(about_id)))
    for task in lock_rows(session, Task, of_hers, Task.owner_id.in_(list(staff)), Task.done_at.is_(None)):
        desk = owners.desk_for(session, task.about_id, desk=Desk(task.desk))
        to = owners.choose(session, task.about_id, desk=desk, on=today(now), instead_of=task.owner_id)
        _give(session, CLOCK, task, Move(to, desk, PassedOn(task.passed_on)), now)


def today(now: datetime) -> date:
    """Return which day it is at the desk."""
    return programme.load().staffed.day_of(now)


def _who_is_there(session: Session, on: date) -> AtWork:
    closed = {(row[0], row[1]) for row in session.execute(select(ClosedFile.staff_id, ClosedFile.about_id))}
    coordinators, approvers = (owners.at_work(session, desk=desk, on=on) for desk in Desk)
    return AtWork(coordinators, approvers, closed)


def _may_have_to_go(place: Place, there: AtWork, now: datetime) -> bool:
    """Say, by what one look at everybody told, whether it is worth to look at a task closer."""
    late = passed_on_to(place.due_at, now=now)
    here = there.at(place.desk)
    is_left = place.owner_id not in here or (place.owner_id, place.about_id) in there.closed
    to_another = late is not PassedOn.NOBODY and place.passed_on == PassedOn.NOBODY
    to_approver = late is PassedOn.APPROVER and place.desk == Desk.COORDINATORS
    return bool((is_left or to_another) and (here | there.approvers) - {place.owner_id}) or bool(
        to_approver and there.approvers - {place.owner_id}
    )


def _next_move(session: Session, place: Place, now: datetime) -> Move | None:
    for step in (_to_the_approver, _to_another):
        if (move := step(session, place, now)) is not None:
            return move
    there = owners.present(session, place.about_id, desk=Desk(place.desk), on=today(now))
    return None if place.owner_id in there else _to_somebody_there(session, place, today(now))


def _to_the_approver(session: Session, place: Place, now: datetime) -> Move | None:
    if place.desk == Desk.APPROVER or passed_on_to(place.due_at, now=now) is not PassedOn.APPROVER:
        return None
    to = owners.choose(session, place.about_id, desk=Desk.APPROVER, on=today(now), instead_of=place.owner_id)
    return Move(to, Desk.APPROVER, PassedOn.APPROVER) if to else None


def _to_another(session: Session, place: Place, now: datetime) -> Move | None:
    if place.passed_on != PassedOn.NOBODY or passed_on_to(place.due_at, now=now) is PassedOn.NOBODY:
        return None
    move = _to_somebody_there(session, place, today(now))
    return Move(move.owner_id, move.desk, PassedOn.DEPUTY) if move else None


def _to_somebody_there(session: Session, place: Place, on: date) -> Move | None:
    """Find somebody at its desk; where no coordinator is there who may, the approver."""
    for desk in dict.fromkeys((Desk(place.desk), Desk.APPROVER)):
        to = owners.choose(session, place.about_id, desk=desk, on=on, instead_of=place.owner_id)
        if to is not None:
            return Move(to, desk, PassedOn(place.passed_on))
    return None


def _give(session: Session, actor: Actor, task: Task, move: Move, now: datetime) -> None:
    outbox.cancel(session, Notice.SOMETHING_NEEDS_YOU, dedupe=key_of_notice(task))
    task.owner_id, task.desk, task.passed_on, task.moved_at = move.owner_id, move.desk, move.passed_on, now
    audit.record(session, actor, Act.TASK_PASSED_ON, task, at=now, about=task.about_id, code=move.passed_on)
    tell_owner(session, task, now=now)


def tell_owner(session: Session, task: Task, *, now: datetime) -> None:
    """Tell whoever looks after a task now."""
    key = key_of_notice(task)
    outbox.put(session, Notice.SOMETHING_NEEDS_YOU, dedupe=key, due_at=now, to=task.owner_id, task=str(task.id))


def key_of_notice(task: Task) -> str:
    """Name the notice to whoever has a task now; each change of hands is told anew."""
    return str(task.id) if task.moved_at is None else f"{task.id}:{task.moved_at.isoformat()}"


# Whether anybody is left


def is_anybody_left(session: Session, *, now: datetime) -> bool:
    """Say whether somebody could take over today: a second coordinator who is there, or an approver."""
    there = _who_is_there(session, today(now))
    return len(there.coordinators) > 1 or bool(there.approvers)


def count_left_behind(session: Session, *, now: datetime) -> int:
    """Count the tasks whose time to go to the approver is over, and which nobody could take."""
    late = (place for place in keeper.order(session) if passed_on_to(place.due_at, now=now) is PassedOn.APPROVER)
    has_approver = bool(owners.at_work(session, desk=Desk.APPROVER, on=today(now)))
    return sum(place.desk == Desk.COORDINATORS or not has_approver for place in late)
