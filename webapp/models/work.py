"""What the worker keeps: when each job ran and who has it in hand, what could not be done, and its own heartbeat."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import Base
from webapp.models.rows import Row, moment


class JobRun(Base):
    """One job: when it is due, who has it in hand until when, and how it went. Errors are kinds and places only."""

    __tablename__ = "job_runs"

    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    due_at: Mapped[datetime] = moment(nullable=False)
    held_by: Mapped[str | None] = mapped_column(String(120))
    held_until: Mapped[datetime | None] = moment()
    succeeded_at: Mapped[datetime | None] = moment()
    failures: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(160))
    failed_at: Mapped[datetime | None] = moment()


class JobFailure(Base):
    """One thing that a job could not do, how often it was tried, and when it is tried again; gone once it is done."""

    __tablename__ = "job_failures"

    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    thing: Mapped[str] = mapped_column(String(120), primary_key=True)
    count: Mapped[int]
    last_error: Mapped[str] = mapped_column(String(160))
    failed_at: Mapped[datetime] = moment(nullable=False)
    due_at: Mapped[datetime] = moment(nullable=False)


class WorkerBeat(Row):
    """One worker: since when, when it last gave a sign, how many errors it met, and when it stopped as it was told."""

    __tablename__ = "worker_beats"

    name: Mapped[str] = mapped_column(String(120))
    begun_at: Mapped[datetime] = moment(nullable=False)
    beat_at: Mapped[datetime] = moment(nullable=False, index=True)
    ended_at: Mapped[datetime | None] = moment()
    errors: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(160))
