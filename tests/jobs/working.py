"""Real worker processes beside a database with offers whose time is over, and what came of each offer."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import sqlalchemy
from flask import Flask
from sqlalchemy import Connection, Engine, NullPool, create_engine, select, text, update
from sqlalchemy.orm import Session

from tests.pages.story import Story
from tests.programme.databases import KEYS
from webapp import clock
from webapp.domain.proposals import State
from webapp.extensions import reading
from webapp.models import AuditRecord, JobRun, Proposal, WorkerBeat
from webapp.services import offers

ROOT = Path(__file__).parents[2]


@dataclass
class Place:
    """One installation: its database, its keys in a file, and the offers in it."""

    app: Flask
    folder: Path
    offers: list[UUID] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.url: str = self.app.config["SQLALCHEMY_DATABASE_URI"]
        self.engine: Engine = create_engine(self.url, poolclass=NullPool)
        self.keys = self.folder / "keys.json"
        if not self.keys.exists():
            KEYS.write(self.keys)

    def environment(self) -> dict[str, str]:
        """Return what a process needs to work on this place."""
        mine = {"PAIRWELL_DATABASE": self.url, "PAIRWELL_INSTANCE": str(self.folder), "PAIRWELL_KEYS": str(self.keys)}
        return {**os.environ, **mine, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PAIRWELL_HTTPS": "0"}

    def make_offers(self, women: int) -> list[UUID]:
        """Offer one supporter to so many women; the time of each offer is not over yet."""
        story = Story(self.app)
        supporter = story.supporter(capacity=2)
        self.offers = [story.offered(story.woman(f"W{number}"), supporter) for number in range(women)]
        return self.offers

    def let_time_pass(self, *offers: UUID) -> None:
        """Let the time of these offers, or of all, be over."""
        with Session(self.engine) as session, session.begin():
            over = clock.now() - timedelta(minutes=1)
            session.execute(update(Proposal).where(Proposal.id.in_(offers or self.offers)).values(expires_at=over))

    def states(self) -> list[str]:
        """Return the state of each offer."""
        with Session(self.engine) as session:
            found = {one.id: one.state for one in session.execute(select(Proposal.id, Proposal.state))}
            return [found[one] for one in self.offers]

    def all_ended(self) -> bool:
        """Say whether every offer has ended."""
        return set(self.states()) == {State.EXPIRED}

    def endings(self) -> Counter[UUID | None]:
        """Count for each offer how often its end was recorded."""
        with Session(self.engine) as session:
            ended = select(AuditRecord.thing_id).where(AuditRecord.action == "proposal expired")
            return Counter(session.scalars(ended))

    def run_of(self, job: str = "expire") -> JobRun | None:
        """Return the book's row of a job."""
        with Session(self.engine, expire_on_commit=False) as session:
            return session.get(JobRun, job)

    def beats(self) -> list[WorkerBeat]:
        """Return every worker's heartbeat."""
        with Session(self.engine, expire_on_commit=False) as session:
            return list(session.scalars(select(WorkerBeat).order_by(WorkerBeat.begun_at)))


@contextmanager
def worker(place: Place, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker until the end of the block; its log lies beside the database."""
    command = [sys.executable, "-m", "flask", "--app", "webapp", "work", *arguments]
    with (place.folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=place.environment(), stderr=log, stdout=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def log_of(place: Place) -> str:
    """Return what the workers of a place logged."""
    return (place.folder / "worker.log").read_text(encoding="utf-8")


def eventually(is_so: Callable[[], bool], seconds: float = 60) -> bool:
    """Wait until something is so; False where it is not in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if is_so():
                return True
        except sqlalchemy.exc.OperationalError:
            pass  # locked, or being restarted
        time.sleep(0.1)
    return False


@contextmanager
def in_its_way(place: Place, offer: UUID) -> Iterator[Connection]:
    """Hold what an act on this offer needs: its request's row on PostgreSQL, the one write lock on SQLite."""
    with place.engine.connect() as connection:
        if place.engine.dialect.name == "sqlite":
            if not connection.in_transaction():
                connection.begin()  # takes the write lock at once
        else:
            request_id = connection.scalar(select(Proposal.request_id).where(Proposal.id == offer))
            connection.execute(text("SELECT 1 FROM requests WHERE id = :id FOR UPDATE"), {"id": request_id})
        yield connection
        connection.rollback()


def is_waiting(place: Place) -> bool:
    """Say whether a process waits for a row's lock on PostgreSQL."""
    with place.engine.connect() as connection:
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(connection.scalar(text(waiting)))


def cut_connections(place: Place, *, only_waiting: bool = False) -> int:
    """End every connection to this PostgreSQL database but our own, or those that wait for a lock; return how many."""
    with place.engine.connect() as connection:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        waiting = " AND wait_event_type = 'Lock'" if only_waiting else ""
        return int(connection.scalar(text(f"SELECT count(pg_terminate_backend(pid)) {others}{waiting}")) or 0)


def make_due(place: Place) -> None:
    """Let every job and every failed thing be due, so that nobody waits for a minute."""
    with place.engine.begin() as connection:
        connection.execute(text("UPDATE job_runs SET due_at = '2026-01-01 00:00:00+00' WHERE held_by IS NULL"))
        connection.execute(text("UPDATE job_failures SET due_at = '2026-01-01 00:00:00+00'"))


def order_of_acts(place: Place) -> list[UUID]:
    """Return the offers in the order in which the job will end them."""
    with place.app.app_context(), reading() as session:
        return offers.list_over(session, now=clock.now())


def end_with(process: subprocess.Popen[bytes], name: signal.Signals, seconds: float = 30) -> int:
    """Send a signal and return how the process ended."""
    process.send_signal(name)
    return process.wait(seconds)
