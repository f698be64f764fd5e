"""What stands beside every page of the desk: its queues, the approver's list, and for whom one stands in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.domain.access import Action, Actor, may_try
from webapp.services.desk import approvals
from webapp.services.desk.queues import Counts, Queue, count_with_late
from webapp.services.tasks import cover


@dataclass(frozen=True)
class Side:
    """The counts that somebody's roles open to her, and where something is late.

    `approvals` is None for who is no approver.
    """

    counts: Counts
    late: frozenset[Queue]
    approvals: int | None
    is_approval_late: bool
    around: cover.Around


def read_side(session: Session, actor: Actor, *, now: datetime) -> Side:
    """Read what stands beside a page of the desk."""
    may_see = may_try(actor, Action.SEE_DESK)
    counts, late = count_with_late(session, actor, now=now) if may_see else ({}, frozenset())
    may_approve = may_try(actor, Action.SEE_APPROVALS)
    left, is_late = approvals.count_open(session, actor, now=now) if may_approve else (None, False)
    return Side(counts, late, left, is_late, cover.look_around(session, actor, now=now))
