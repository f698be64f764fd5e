"""What runs beside the site, `flask --app webapp work`: every job of this folder when it is due, and a heartbeat.

No error ends it: each is logged by kind and place, counted, and tried again after a pause that grows. SIGTERM lets the
act in hand end; after a SIGKILL the lease runs out, and the next worker goes on.
"""

import importlib
import logging
import os
import pkgutil
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import click
from flask import Flask
from sqlalchemy.orm import Session

from webapp import clock, jobs
from webapp.extensions import db, reading, transaction
from webapp.jobs.acts import Stopping, between_acts, code_of
from webapp.services import work as book

LOOK_EVERY = 5.0
LONGEST_REST = timedelta(minutes=1)
A_SLICE = 0.2
BEAT_EVERY = timedelta(seconds=30)
LEASE = timedelta(minutes=5)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """One module of this folder: how often it is due, for how long it is one worker's, and what it does."""

    name: str
    every: timedelta
    lease: timedelta
    run: Callable[[datetime], int]


def find_jobs(lease: timedelta = LEASE) -> dict[str, Job]:
    """Find every module here that says how often it runs and what it does."""
    found = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(jobs.__path__)):
        module = importlib.import_module(f"{jobs.__name__}.{name}")
        if hasattr(module, "EVERY") and hasattr(module, "run"):
            found[name] = Job(name, module.EVERY, getattr(module, "LEASE", lease), module.run)
    return found


@dataclass
class Worker:
    """One process that works, until it is told to stop."""

    jobs: dict[str, Job]
    name: str = field(default_factory=lambda: f"{socket.gethostname()[:60]} {os.getpid()} {secrets.token_hex(4)}")
    stopping: bool = False
    errors: int = 0
    last_error: str | None = None
    beat_id: UUID | None = None
    beat_at: datetime | None = None
    in_hand: Job | None = None
    beside: int | None = None

    def run(self) -> None:
        """Work until told to stop."""
        failures = 0
        while not self.is_to_stop():
            failures = failures + 1 if self.run_due() is None else 0
            self._sleep(book.pause_after(failures, LONGEST_REST).total_seconds() if failures else LOOK_EVERY)
        with self._surviving("the last sign"):
            self._beat(is_last=True)

    def run_due(self) -> int | None:
        """Run every job that is due; return how many acts were done, or None where the database could not be asked."""
        done, due = 0, None
        with self._surviving("looking for work"):
            self._beat_when_time()
            due = self._list_due()
        for name in due or ():
            if not self.is_to_stop():
                done += self._run_if_free(self.jobs[name])
        return None if due is None else done

    def _list_due(self) -> list[str]:
        every = {name: job.every for name, job in self.jobs.items()}
        with reading() as session:
            known = book.when_jobs_succeeded(session).keys()
        if every.keys() - known:
            with transaction() as session:
                book.add_missing(session, sorted(every.keys() - known), now=clock.now())
        with reading() as session:
            return book.list_due(session, every, self.name, now=clock.now())

    def _run_if_free(self, job: Job) -> int:
        now, done, is_mine = clock.now(), 0, False
        error = None
        with self._surviving(job.name):
            with transaction() as session:
                is_mine = book.claim(session, job.name, self.name, every=job.every, lease=job.lease, now=now)
            if is_mine:
                self.in_hand = job
                done = job.run(now)
                self._close(lambda session: book.finish(session, job.name, self.name, due_at=now + job.every, now=now))
                self.in_hand = None
        if self.in_hand is not None:
            self.in_hand, error = None, self.last_error or ""
            with self._surviving(f"{job.name}, giving it back"):
                self._close(lambda session: self._give_back(session, job, error))
        if done:
            log.info("%s: %d done", job.name, done)
        return done

    def _give_back(self, session: Session, job: Job, error: str) -> bool:
        if self.stopping:
            return book.give_back(session, job.name, self.name, now=clock.now())
        return book.fail(session, job.name, self.name, error, now=clock.now())

    def _close(self, ending: Callable[[Session], bool]) -> None:
        with transaction() as session:
            is_still_mine = ending(session)
        if not is_still_mine:
            log.warning("a job took longer than its lease, and another worker has it now")

    # Errors, the heartbeat, the end

    @contextmanager
    def _surviving(self, what: str) -> Iterator[None]:
        try:
            yield
        except Stopping:
            log.info("%s: stopped between two acts", what)
        except Exception as error:
            self.errors, self.last_error = self.errors + 1, code_of(error)
            log.error("%s failed: %s (error %d of this worker)", what, self.last_error, self.errors)
            db.session.rollback()
            db.engine.dispose()  # whatever connection it was, the next try gets another
        finally:
            db.session.remove()

    def between_acts(self) -> None:
        """Give a sign of life, hold the lease, and stop where that was asked. Raises Stopping."""
        if self.is_to_stop():
            raise Stopping
        self._beat_when_time()

    def _beat_when_time(self) -> None:
        if self.beat_at is None or not timedelta(0) <= clock.now() - self.beat_at < BEAT_EVERY:
            self._beat()

    def _beat(self, *, is_last: bool = False) -> None:
        now = clock.now()
        with Session(db.engine) as session, session.begin():
            if self.beat_id is None:
                self.beat_id = book.begin_beat(session, self.name, now=now)
                session.flush()
            book.beat(
                session, self.beat_id, errors=self.errors, last_error=self.last_error, now=now, is_last=is_last
            )  # fmt: skip
            if self.in_hand is not None:
                book.renew(session, self.in_hand.name, self.name, lease=self.in_hand.lease, now=now)
        self.beat_at = now

    def _sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.is_to_stop() and time.monotonic() < until:
            time.sleep(A_SLICE)

    def is_to_stop(self) -> bool:
        """Say whether it was told to stop, or the process that it was started beside is gone."""
        self.stopping = self.stopping or self.beside not in (None, os.getppid())
        return self.stopping

    def stop(self, *_signal: object) -> None:
        """Stop as soon as the act in hand has ended."""
        self.stopping = True


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(work)


@click.command()
@click.option("--once", is_flag=True, help="Run what is due once and stop, for example from cron.")
@click.option(
    "--lease", default=LEASE.total_seconds(), show_default=True, help="Seconds until a dead worker's job is free."
)
@click.option("--beside", type=int, hidden=True, help="Stop when this process, which started it, is gone.")
def work(once: bool, lease: float, beside: int | None) -> None:
    """End offers whose time is over, and do whatever else is due, until told to stop."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("webapp").setLevel(logging.INFO)
    worker = Worker(find_jobs(timedelta(seconds=lease)), beside=beside)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, worker.stop)
    between_acts.set(worker.between_acts)
    if once:
        worker.run_due()
        with reading() as session:
            undone = book.read_heartbeat(session, now=clock.now()).undone
        sys.exit(1 if worker.errors or undone else 0)
    log.info("the worker has begun: %s", ", ".join(worker.jobs))
    worker.run()
    log.info("the worker has stopped")
