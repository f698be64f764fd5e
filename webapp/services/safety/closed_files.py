"""Files that are closed to somebody at the desk: she knows the person, or a concern is about her.

From the moment of closing she finds the person, and every pair of hers, in no list, search, ranking or task.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select, union_all
from sqlalchemy.orm import Session

from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.models import ClosedFile, User
from webapp.services import audit
from webapp.services.acting import load_locked, require

SYSTEM = Actor(None)


def closed_to(one: Any) -> Select[UUID]:
    """Ask for those whose files are closed to somebody at the desk."""
    return select(ClosedFile.about_id).where(ClosedFile.staff_id == one)


def list_closed_to(session: Session, actor: Actor) -> set[UUID]:
    """Return whose files are closed to somebody at the desk."""
    return set(session.scalars(closed_to(actor.id)))


def require_as_staff(session: Session, actor: Actor, action: Action, subject: Subject, *also: Select[UUID]) -> None:
    """Ask whether somebody may do this as staff: nobody whose own file it is, or to whom it is closed. Raises Refused.

    Every act of the desk on a person, or on something of hers, asks here. `also` asks for more who are a part of it.
    """
    require(actor, action, with_closed(session, subject, *also))


def with_closed(session: Session, subject: Subject, *also: Select[UUID]) -> Subject:
    """Count those to whom one of these files is closed among the parties, whom no desk lets in."""
    people = {subject.owner, *subject.parties} - {None}
    of_these = or_(ClosedFile.about_id.in_(people), *(ClosedFile.about_id.in_(one) for one in also))
    found = session.scalars(union_all(select(ClosedFile.staff_id).where(of_these), *also))
    return Subject(subject.owner, subject.parties | frozenset(found))


def close(session: Session, about_id: UUID, staff: Iterable[UUID], *, now: datetime) -> list[UUID]:
    """Close somebody's file to some of the staff; closed twice is closed once. Returns to whom it was open so far.

    The record names nobody who asked for it.
    """
    load_locked(session, User, about_id)  # two who close at the same moment wait for each other
    known = set(session.scalars(select(ClosedFile.staff_id).where(ClosedFile.about_id == about_id)))
    fresh = [one for one in dict.fromkeys(staff) if one not in known]
    for one in fresh:
        row = ClosedFile(staff_id=one, about_id=about_id, closed_at=now)
        session.add(row)
        audit.record(session, SYSTEM, Act.FILE_CLOSED, row, at=now, about=about_id)
    return fresh
