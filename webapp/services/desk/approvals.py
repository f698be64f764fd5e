"""The approver's list of tasks, a page at a time."""

from datetime import datetime
from math import ceil

from sqlalchemy.orm import Session

from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.domain.tasks import Desk
from webapp.services import audit, tasks
from webapp.services.acting import require
from webapp.services.desk import duties
from webapp.services.desk.queues import A_PAGE, Page


def read_page(session: Session, actor: Actor, number: int, *, count: int, now: datetime) -> Page:
    """Return one page of what the approver must look after; past the end, the last one."""
    require(actor, Action.SEE_APPROVALS, Subject())
    last = max(1, ceil(count / A_PAGE))
    number = min(max(1, number), last)
    found = tasks.read_page(session, actor, (number - 1) * A_PAGE, A_PAGE, Desk.APPROVER)
    return Page(duties.say_all(session, found, now=now, me=actor.id), number, last)


def count_open(session: Session, actor: Actor, *, now: datetime) -> tuple[int, bool]:
    """Count what the approver must look after, and say whether any of it is late."""
    require(actor, Action.SEE_APPROVALS, Subject())
    found = tasks.list_places(session, actor, Desk.APPROVER)
    return len(found), any(place.due_at < now for place in found)


def record_reading(session: Session, actor: Actor, *, now: datetime) -> None:
    """Record that the approver looked at her list: one reading."""
    require(actor, Action.SEE_APPROVALS, Subject())
    audit.record_by_name(session, actor, Act.QUEUE_READ, "queues", at=now, code="approvals")
