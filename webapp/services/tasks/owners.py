"""Who looks after a task: a coordinator who is there, who is no part of it, and who has the least in hand."""

from datetime import date
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, func, or_, select
from sqlalchemy.orm import Session

from webapp.domain import access
from webapp.domain.tasks import Desk
from webapp.models import ClosedFile, Introduction, Proposal, Request, Role, StaffMember, Supporter, Task, User


def choose(session: Session, about_id: UUID, *, desk: Desk, on: date, but: UUID | None = None) -> UUID | None:
    """Choose who looks after a task about somebody: who showed her people, if she is there, else who has the least.

    None where nobody is there who may: then it is everybody's.
    """
    there = present(session, about_id, desk=desk, on=on) - {but}
    known = session.scalar(_who_knows_her(about_id))
    if known in there or not there:
        return known if known in there else None
    count = func.count(Task.id)
    in_hand = select(User.id, count).outerjoin(Task, (Task.owner_id == User.id) & Task.done_at.is_(None))
    rows = session.execute(in_hand.where(User.id.in_(there)).group_by(User.id)).all()
    return min(rows, key=lambda row: (row[1], str(row[0])))[0]


def present(session: Session, about_id: UUID, *, desk: Desk, on: date) -> set[UUID]:
    """Return who works at a desk on a day and may look after somebody: no part of a pair of hers, no file closed."""
    away = select(StaffMember.id).where(
        StaffMember.away_from <= on, or_(StaffMember.away_until.is_(None), StaffMember.away_until >= on)
    )
    return set(session.scalars(_who_may(about_id, desk).where(User.id.not_in(away))))


def desk_for(session: Session, about_id: UUID, *, desk: Desk, but: UUID | None = None) -> Desk:
    """Return the desk of a task about somebody: the approver's where no coordinator may look after her, away or not."""
    return desk if list_who_may(session, about_id, desk=desk) - {but} else Desk.APPROVER


def list_who_may(session: Session, about_id: UUID, *, desk: Desk) -> set[UUID]:
    """Return who works at a desk and may look after somebody, away or not."""
    return set(session.scalars(_who_may(about_id, desk)))


def _who_may(about_id: UUID, desk: Desk) -> Select[UUID]:
    role = access.Role.COORDINATOR if desk is Desk.COORDINATORS else access.Role.APPROVER
    working = select(User.id).join(User.roles).where(Role.name == role, User.active.is_(True))
    if desk is Desk.APPROVER:  # whoever is a coordinator too works at their desk, and is no second person
        both = select(User.id).join(User.roles).where(Role.name == access.Role.COORDINATOR)
        working = working.where(User.id.not_in(both))
    closed = select(ClosedFile.staff_id).where(ClosedFile.about_id == about_id)
    mine = (User.id != about_id, User.id.not_in(closed), User.id.not_in(_others_in_her_pairs(about_id)))
    return working.where(*mine)


def deputy_of(session: Session, owner_id: UUID | None) -> UUID | None:
    """Return who stands in for somebody, where that was said."""
    return session.scalar(select(StaffMember.deputy_id).where(StaffMember.id == owner_id)) if owner_id else None


def _who_knows_her(about_id: UUID) -> Select[UUID | None]:
    approved = select(Proposal.approved_by).join(Proposal.request).where(Request.user_id == about_id)
    return approved.where(Proposal.approved_by.is_not(None)).order_by(Proposal.shown_at.desc()).limit(1)


def _others_in_her_pairs(about_id: UUID) -> CompoundSelect[UUID]:
    """Ask for whoever stands on the other side of a pair of hers."""
    hers = select(Supporter.user_id).join(Introduction, Introduction.supporter_id == Supporter.id)
    theirs = select(Request.user_id).join(Introduction, Introduction.request_id == Request.id)
    as_woman = hers.join(Request, Introduction.request_id == Request.id).where(Request.user_id == about_id)
    as_supporter = theirs.join(Supporter, Introduction.supporter_id == Supporter.id)
    return as_woman.union_all(as_supporter.where(Supporter.user_id == about_id))
