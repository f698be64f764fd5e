"""Who looks after a task: a coordinator who is there, who is no part of it, and who has the least in hand."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, func, or_, select, union_all
from sqlalchemy.orm import Session

from webapp.domain import access
from webapp.domain.tasks import Desk
from webapp.models import ClosedFile, Introduction, Proposal, Request, Role, StaffMember, Supporter, Task, User

ROLES = {Desk.COORDINATORS: access.Role.COORDINATOR, Desk.APPROVER: access.Role.APPROVER}


def choose(session: Session, about_id: UUID, *, desk: Desk, on: date, instead_of: UUID | None = None) -> UUID | None:
    """Choose who looks after a task about somebody, `instead_of` one who does not: her deputy, if she is there.

    Else who showed her people, or that one's deputy; else who has the least. None where nobody is there who may: then
    it is everybody's.
    """
    there = present(session, about_id, desk=desk, on=on) - {instead_of}
    known = session.scalar(_who_knows_her(about_id)) if there else None
    for one in (deputy_of(session, instead_of), known, deputy_of(session, known)) if there else ():
        if one in there:
            return one
    return _has_least(session, there) if there else None


def _has_least(session: Session, there: set[UUID]) -> UUID:
    count = func.count(Task.id)
    in_hand = select(User.id, count).outerjoin(Task, (Task.owner_id == User.id) & Task.done_at.is_(None))
    rows = session.execute(in_hand.where(User.id.in_(there)).group_by(User.id)).all()
    found: UUID = min(rows, key=lambda row: (row[1], str(row[0])))[0]
    return found


def present(session: Session, about_id: UUID, *, desk: Desk, on: date) -> set[UUID]:
    """Return who works at a desk on a day and may look after somebody: no part of a pair of hers, no file closed."""
    return set(session.scalars(_working(desk, on).where(User.id.not_in(kept_out(about_id)), User.id != about_id)))


def list_who_may(session: Session, about_id: UUID, *, desk: Desk) -> set[UUID]:
    """Return who works at a desk and may look after somebody, away or not.

    Whoever is a coordinator too works at their desk, and counts as no approver here: she would be her own second.
    """
    working = select(User.id).join(User.roles).where(Role.name == ROLES[desk], User.active.is_(True))
    if desk is Desk.APPROVER:
        both = select(User.id).join(User.roles).where(Role.name == access.Role.COORDINATOR)
        working = working.where(User.id.not_in(both))
    return set(session.scalars(working.where(User.id.not_in(kept_out(about_id)), User.id != about_id)))


def desk_for(session: Session, about_id: UUID, *, desk: Desk, but: UUID | None = None) -> Desk:
    """Return the desk of a task about somebody: the approver's where no coordinator may look after her, away or not."""
    if desk is Desk.APPROVER or list_who_may(session, about_id, desk=desk) - {but}:
        return desk
    return Desk.APPROVER


def at_work(session: Session, *, desk: Desk, on: date) -> set[UUID]:
    """Return who works at a desk on a day, about whomever."""
    return set(session.scalars(_working(desk, on)))


def kept_out(about_id: UUID) -> CompoundSelect[UUID]:
    """Ask to whom somebody's file is closed: by a coordinator's own word or a concern, or as the other of a pair."""
    closed = select(ClosedFile.staff_id).where(ClosedFile.about_id == about_id)
    return union_all(closed, *_others_in_her_pairs(about_id))


def closed_to(staff_id: Any) -> CompoundSelect[UUID]:
    """Ask whose files are closed to somebody; the same, from the other side."""
    closed = select(ClosedFile.about_id).where(ClosedFile.staff_id == staff_id)
    return union_all(closed, *_others_in_her_pairs(staff_id))


def deputy_of(session: Session, owner_id: UUID | None) -> UUID | None:
    """Return who stands in for somebody, where that was said."""
    return session.scalar(select(StaffMember.deputy_id).where(StaffMember.id == owner_id)) if owner_id else None


def is_away(on: date) -> ColumnElement[bool]:
    """Ask who is away on a day."""
    return (StaffMember.away_from <= on) & or_(StaffMember.away_until.is_(None), StaffMember.away_until >= on)


def _working(desk: Desk, on: date) -> Select[UUID]:
    working = select(User.id).join(User.roles).where(Role.name == ROLES[desk], User.active.is_(True))
    return working.where(User.id.not_in(select(StaffMember.id).where(is_away(on))))


def _who_knows_her(about_id: UUID) -> Select[UUID | None]:
    approved = select(Proposal.approved_by).join(Proposal.request).where(Request.user_id == about_id)
    return approved.where(Proposal.approved_by.is_not(None)).order_by(Proposal.shown_at.desc()).limit(1)


def _others_in_her_pairs(about_id: Any) -> tuple[Select[UUID], Select[UUID]]:
    """Ask for whoever stands on the other side of a pair of hers."""
    hers = select(Supporter.user_id).join(Introduction, Introduction.supporter_id == Supporter.id)
    theirs = select(Request.user_id).join(Introduction, Introduction.request_id == Request.id)
    as_woman = hers.join(Request, Introduction.request_id == Request.id).where(Request.user_id == about_id)
    as_supporter = theirs.join(Supporter, Introduction.supporter_id == Supporter.id)
    return as_woman, as_supporter.where(Supporter.user_id == about_id)
