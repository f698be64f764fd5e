"""What stands beside every page of the desk: its queues, the approver's list, and for whom one stands in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.domain.access import Action, Actor, may_try
from webapp.services.desk import approvals
from webapp.services.desk.queues import Counts, count_queues
from webapp.services.tasks import cover


@dataclass(frozen=True)
class Side:
    """The counts that somebody's roles open to her; `approvals` is None for who is no approver."""

    counts: Counts
    approvals: int | None
    around: cover.Around


def read_side(session: Session, actor: Actor, *, now: datetime) -> Side:
    """Read what stands beside a page of the desk."""
    counts = count_queues(session, actor, now=now) if may_try(actor, Action.SEE_DESK) else {}
    left = approvals.count_open(session, actor) if may_try(actor, Action.SEE_APPROVALS) else None
    return Side(counts, left, cover.look_around(session, actor, now=now))
