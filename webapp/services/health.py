"""Whether the parts that nobody watches are well: what the health address says in words, and what the desk is told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.notices import State
from webapp.models import OutboxRow, Programme
from webapp.services import work

SENT_WITHIN = timedelta(minutes=30)
SENDS = "deliver"
"""The job that empties the outbox; where there is none, nothing in it can be late."""


class Part(StrEnum):
    """What is looked at."""

    DATABASE = "database"
    WORKER = "worker"
    JOBS = "jobs"
    OUTBOX = "outbox"


def read_health(session: Session, *, now: datetime) -> dict[Part, bool]:
    """Say for each part whether it is well. Ids, names and numbers stay out of it."""
    looks: dict[Part, Callable[[], bool]] = {
        Part.DATABASE: lambda: session.scalar(select(func.count()).select_from(Programme)) == 1,
        Part.WORKER: lambda: work.read_silence(session, now=now) is None,
        Part.JOBS: lambda: not work.list_late_jobs(session, now=now),
        Part.OUTBOX: lambda: count_unsent(session, now=now) == 0,
    }
    return {part: look() for part, look in looks.items()}


def count_unsent(session: Session, *, now: datetime) -> int:
    """Count the notices that should have been sent by now."""
    if SENDS not in work.when_jobs_succeeded(session):
        return 0
    return count_waiting(session, now=now)


def count_failed(session: Session) -> int:
    """Count the notices that were tried as often as it is of use, and that somebody must look at."""
    return session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.state == State.FAILED)) or 0


def count_waiting(session: Session, *, now: datetime) -> int:
    """Count the notices that are due for longer than it takes to send one."""
    since = func.coalesce(OutboxRow.not_before, OutboxRow.due_at)  # one that waits for its hour is not late
    late = (OutboxRow.state == State.READY, since < now - SENT_WITHIN)
    return session.scalar(select(func.count()).select_from(OutboxRow).where(*late)) or 0
