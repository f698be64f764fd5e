"""The worker's own book: which job is due and who has it in hand, what could not be done, and when it last gave a sign.

A lease is a row with an end: one worker takes it, and where that one dies, another takes it when the end has come.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.models import JobFailure, JobRun, WorkerBeat

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
"""For one thing that cannot be done; a whole job that fails is tried again sooner."""
LONGEST_PAUSE_OF_A_JOB = timedelta(minutes=10)
FORGOTTEN_AFTER = timedelta(days=7)
LATE_AFTER = timedelta(minutes=5)
"""A worker that gave no sign for so long is told to the desk."""
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True)
class Silence:
    """No worker gives a sign: since its last one, or since ever."""

    since: datetime | None


@dataclass(frozen=True)
class Heartbeat:
    """How the work goes: whether anybody works, how many, and what failed and is still to be done."""

    silence: Silence | None
    alive: int
    failing_jobs: list[tuple[str, str]]
    undone: int


def pause_after(failures: int, longest: timedelta = LONGEST_PAUSE) -> timedelta:
    """Return how long to wait after so many failures in a row: five seconds, then twice as long each time."""
    return min(longest, FIRST_PAUSE * int(2 ** min(failures - 1, 20)))


# Jobs and their leases


def add_missing(session: Session, jobs: Iterable[str], *, now: datetime) -> None:
    """Write a row for each job that has none; two workers may do so at once."""
    for job in jobs:
        row = _INSERT[session.get_bind().dialect.name](JobRun).values(job=job, due_at=now, failures=0)
        session.execute(row.on_conflict_do_nothing())


def list_due(session: Session, every: dict[str, timedelta], who: str, *, now: datetime) -> list[str]:
    """Return the known jobs that are due and in nobody else's hands, the longest due first."""
    rows = session.scalars(select(JobRun).where(JobRun.job.in_(sorted(every))).order_by(JobRun.due_at, JobRun.job))
    return [row.job for row in rows if _is_due(row, every[row.job], who, now)]


def _is_due(row: JobRun, every: timedelta, who: str, now: datetime) -> bool:
    is_free = row.held_until is None or row.held_until <= now or row.held_by == who
    is_time = row.due_at <= now or row.due_at > now + every + LONGEST_PAUSE  # a clock that was set back stops nothing
    return is_free and is_time


def claim(
    session: Session, job: str, who: str, *, every: timedelta, lease: timedelta, now: datetime
) -> bool:  # fmt: skip
    """Take a job in hand until the lease ends. False where it is not due, or somebody else was quicker."""
    locked = select(JobRun).where(JobRun.job == job).with_for_update(skip_locked=True)
    row = session.scalars(locked.execution_options(populate_existing=True)).one_or_none()
    if row is None or not _is_due(row, every, who, now):
        return False
    row.held_by, row.held_until = who, now + lease
    return True


def renew(session: Session, job: str, who: str, *, lease: timedelta, now: datetime) -> bool:
    """Hold a job for longer. False where it is somebody else's by now."""
    return _change_held(session, job, who, held_until=now + lease)


def finish(session: Session, job: str, who: str, *, due_at: datetime, now: datetime) -> bool:
    """Give a job back that went well. False where the lease had ended and somebody else has it: nothing is changed."""
    return _change_held(session, job, who, held_by=None, held_until=None, due_at=due_at, succeeded_at=now, failures=0)


def give_back(session: Session, job: str, who: str, *, now: datetime) -> bool:
    """Give a job back that was not ended, so that another goes on with it at once."""
    return _change_held(session, job, who, held_by=None, held_until=None, due_at=now)


def fail(session: Session, job: str, who: str, error: str, *, now: datetime) -> bool:
    """Give a job back that failed; it is due again after a pause that grows."""
    row = session.scalars(select(JobRun).where(JobRun.job == job, JobRun.held_by == who)).one_or_none()
    if row is None:
        return False
    failures = row.failures + 1
    told = {
        "failures": failures,
        "last_error": error,
        "failed_at": now,
        "due_at": now + pause_after(failures, LONGEST_PAUSE_OF_A_JOB),
    }
    return _change_held(session, job, who, held_by=None, held_until=None, **told)


def _change_held(session: Session, job: str, who: str, **values: Any) -> bool:
    changed = update(JobRun).where(JobRun.job == job, JobRun.held_by == who).values(**values).returning(JobRun.job)
    return session.scalar(changed) is not None


# Things that could not be done


def list_resting(session: Session, job: str, *, now: datetime) -> set[str]:
    """Return the things that failed and are not to be tried again yet."""
    resting = select(JobFailure.thing).where(JobFailure.job == job, JobFailure.due_at > now)
    return set(session.scalars(resting.where(JobFailure.due_at <= now + LONGEST_PAUSE)))


def note_failure(session: Session, job: str, thing: str, error: str, *, now: datetime) -> int:
    """Count a failure of one thing, and say when it is tried again; return how often it has failed."""
    row = session.get(JobFailure, (job, thing), with_for_update=True)
    count = row.count + 1 if row else 1
    row = row or JobFailure(job=job, thing=thing)
    row.count, row.last_error, row.failed_at, row.due_at = count, error, now, now + pause_after(count)
    session.add(row)
    return count


def forget_failures(session: Session, job: str, things: Iterable[str]) -> None:
    """Forget the failures of things that are done, or need not be done any more."""
    session.execute(delete(JobFailure).where(JobFailure.job == job, JobFailure.thing.in_(list(things))))


def list_failed(session: Session, job: str) -> set[str]:
    """Return every thing of a job that failed and is not done."""
    return set(session.scalars(select(JobFailure.thing).where(JobFailure.job == job)))


# The heartbeat


def begin_beat(session: Session, name: str, *, now: datetime) -> UUID:
    """Write down that a worker has begun; those that have long been silent are forgotten."""
    session.execute(delete(WorkerBeat).where(WorkerBeat.beat_at < now - FORGOTTEN_AFTER))
    row = WorkerBeat(name=name, begun_at=now, beat_at=now, errors=0)
    session.add(row)
    return row.id


def beat(
    session: Session, beat_id: UUID, *, errors: int, last_error: str | None, now: datetime, is_last: bool = False
) -> None:  # fmt: skip
    """Give a sign of life."""
    said = {"beat_at": now, "errors": errors, "last_error": last_error, "ended_at": now if is_last else None}
    session.execute(update(WorkerBeat).where(WorkerBeat.id == beat_id).values(**said))


def read_heartbeat(session: Session, *, now: datetime) -> Heartbeat:
    """Return how the work goes. A sign from the future, by a clock that was wrong, is no sign."""
    believed = WorkerBeat.beat_at <= now + LATE_AFTER
    alive = select(func.count()).select_from(WorkerBeat).where(believed, *_is_alive(now))
    failing = select(JobRun.job, JobRun.last_error).where(JobRun.failures > 0).order_by(JobRun.job)
    return Heartbeat(
        silence=read_silence(session, now=now),
        alive=session.scalar(alive) or 0,
        failing_jobs=[(job, error or "") for job, error in session.execute(failing)],
        undone=session.scalar(select(func.count()).select_from(JobFailure)) or 0,
    )


def read_silence(session: Session, *, now: datetime) -> Silence | None:
    """Return since when nobody has worked, where that is too long ago."""
    believed = WorkerBeat.beat_at <= now + LATE_AFTER
    last_at = session.scalar(select(func.max(WorkerBeat.beat_at)).where(believed))
    return None if last_at is not None and now - last_at <= LATE_AFTER else Silence(last_at)


def _is_alive(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return WorkerBeat.ended_at.is_(None), WorkerBeat.beat_at > now - LATE_AFTER


def when_jobs_succeeded(session: Session) -> dict[str, datetime | None]:
    """Return when each job last went well."""
    return {row.job: row.succeeded_at for row in session.scalars(select(JobRun))}


def list_late_jobs(session: Session, *, now: datetime) -> list[str]:
    """Return the jobs that have been due for long and that nobody has done."""
    overdue = JobRun.due_at < now - LATE_AFTER
    free = or_(JobRun.held_until.is_(None), JobRun.held_until < now)
    return list(session.scalars(select(JobRun.job).where(overdue, free).order_by(JobRun.job)))
