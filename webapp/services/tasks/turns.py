"""At whose desk a thing is looked after, of a concern in its present turn; and whether anybody there may."""

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.tasks import Desk, Kind, PassedOn
from webapp.models import Task
from webapp.services.tasks import owners
from webapp.services.tasks.keeping import id_of

Desks = dict[Kind, set[Desk]]


class Reader(StrEnum):
    """Who reads what somebody leaves for the programme, as she is told."""

    COORDINATOR = "coordinator"
    SOMEONE_ELSE = "someone else"
    NOBODY = "nobody"


def find(session: Session, kind: Kind, thing: UUID, count: int = 0) -> Task | None:
    """Return a task about a thing, done or not, where there is one."""
    return session.get(Task, id_of(kind, thing, count))


def desks_of_concern(session: Session, concern_id: UUID, turn: int) -> Desks:
    """Return at whose desk a concern is looked after, and at whose it is closed, by its tasks of this turn."""
    kinds = {id_of(kind, concern_id, turn): kind for kind in (Kind.CONCERN, Kind.CONCERN_TO_CLOSE)}
    rows = session.execute(select(Task.id, Task.desk, Task.passed_on).where(Task.id.in_(kinds))).all()
    return {kinds[row.id]: desks_of(row) for row in rows}


def is_left_to_the_approver(session: Session, kind: Kind, thing: UUID) -> bool:
    """Say whether a task about a thing is open, and at the approver's desk."""
    task = find(session, kind, thing)
    return task is not None and task.done_at is None and task.desk == Desk.APPROVER


def reader_of(session: Session, kind: Kind, thing: UUID, *, about: UUID) -> Reader:
    """Say who reads a thing: at the desk of its task, or where a task of it would be."""
    task = find(session, kind, thing)
    return reader_for(session, about, at=desks_of(task) if task is not None else set(Desk))


def reader_for(session: Session, about: UUID, *, at: Collection[Desk] = tuple(Desk)) -> Reader:
    """Say who of the programme may look after somebody."""
    if Desk.COORDINATORS in at and owners.list_who_may(session, about, desk=Desk.COORDINATORS):
        return Reader.COORDINATOR
    return Reader.SOMEONE_ELSE if owners.list_who_may(session, about, desk=Desk.APPROVER) else Reader.NOBODY


def desks_of(row: Any) -> set[Desk]:
    """Name the desk of a task; what went to the approver by the clock alone is still the coordinators' too."""
    return set(Desk) if row.passed_on == PassedOn.APPROVER else {Desk(row.desk)}


def has_somebody(session: Session, about: UUID, desks: Iterable[Desk], *, but: UUID | None = None) -> bool:
    """Say whether anybody works at one of these desks who may look after somebody."""
    return any(owners.list_who_may(session, about, desk=desk) - {but} for desk in desks)
