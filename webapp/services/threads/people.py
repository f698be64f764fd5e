"""With whom the staff can have a thread, by which name and clock; and who of the staff may read it.

All coordinators: but never one to whom her file is closed, who is the other of a pair of hers, or who is she herself.
The approver only while something about her is left to the approver. Decision 30 says why.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain import access, requests
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.tasks import Desk
from webapp.models import Request, Role, Supporter, Task, User
from webapp.services.acting import Missing, require
from webapp.services.tasks import owners

HELPED = frozenset({access.Role.REQUESTER, access.Role.SUPPORTER})
HIDDEN = (requests.State.DRAFT, requests.State.WITHDRAWN)
"""Requests that the desk does not read."""
HOME = "America/Toronto"


@dataclass(frozen=True)
class Helped:
    """One woman or supporter, as the desk names her; `request_id` is her request, if the desk may read one."""

    id: UUID
    name: str
    zone: str
    is_supporter: bool
    is_here: bool
    request_id: UUID | None


def find_helped(session: Session, actor: Actor, user_id: UUID, action: Action) -> Helped:
    """Return with whom somebody of the staff reads or writes. Raises Missing, also for one who has no thread."""
    rows = session.execute(select(User.active, Role.name).join(User.roles).where(User.id == user_id)).all()
    if not HELPED & {row.name for row in rows}:
        raise Missing
    require(actor, action, Subject(user_id, frozenset(session.scalars(owners.kept_out(user_id)))))
    if access.Role.COORDINATOR not in actor.roles and not _is_left_to_the_approver(session, user_id):
        raise Missing
    return _say(session, user_id, is_here=rows[0].active)


def zone_of(session: Session, actor: Actor) -> str:
    """Return by which clock she lives who is here."""
    row = (_latest(session, Request, actor.id) or _latest(session, Supporter, actor.id)) if actor.id else None
    return row.time_zone if row is not None else HOME


def _is_left_to_the_approver(session: Session, user_id: UUID) -> bool:
    open_ = (Task.about_id == user_id, Task.desk == Desk.APPROVER, Task.done_at.is_(None))
    return session.scalar(select(Task.id).where(*open_).limit(1)) is not None


def _say(session: Session, user_id: UUID, *, is_here: bool) -> Helped:
    asks, supports = _latest(session, Request, user_id), _latest(session, Supporter, user_id)
    found = [(kind, row) for kind, row in ((Request, asks), (Supporter, supports)) if row is not None]
    kind, row = found[0] if found else (None, None)
    return Helped(
        user_id,
        (kind.name.shown(row) or "") if kind is not None else "",
        row.time_zone if row is not None else HOME,
        supports is not None,
        is_here,
        asks.id if asks is not None and asks.state not in HIDDEN else None,
    )


def _latest(session: Session, kind: type[Request] | type[Supporter], user_id: UUID) -> Any:
    """Read who somebody is, without her answers."""
    needed = dict.fromkeys((*kind.name.needs(), "time_zone", *(["state"] if kind is Request else [])))
    asked = select(*(getattr(kind, column) for column in needed)).where(kind.user_id == user_id)
    return session.execute(asked.order_by(Request.started_at.desc()) if kind is Request else asked).first()
