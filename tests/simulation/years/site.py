"""The site that these years are lived on: its clock, one act at a time in its own transaction, and what was done."""

import shutil
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import Select
from sqlalchemy.orm import Session

from tests.programme.databases import settings_for
from tests.simulation.years.cast import Cast, Person
from webapp import clock, create_app
from webapp.domain.access import Actor
from webapp.extensions import db, only_reading, transaction
from webapp.models import rows
from webapp.security import afterwards
from webapp.services import matching
from webapp.services.tasks.order import keeper as order_of_tasks

Thing = TypeVar("Thing")
REMEMBERED = 12
"""So many of her last events are told where something breaks."""


class Site:
    """One installation and everybody on it."""

    def __init__(self, app: Flask, folder: Path, seed: int) -> None:
        self.app, self.folder, self.seed = app, folder, seed
        self.rng, self.ids_drawn, self.cast = Random(seed), Random(f"ids {seed}"), Cast()
        rows.uuid4 = self._draw_id  # what is read in the order of ids then comes in the same order each time
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.promised: Counter[str] = Counter()
        self.broken: list[tuple[str, str]] = []
        self.lately: dict[UUID, deque[str]] = {}
        self.actor: Actor = Actor(None)

    @property
    def now(self) -> datetime:
        """Return the time there."""
        return clock.now()

    def _draw_id(self) -> UUID:
        return UUID(int=self.ids_drawn.getrandbits(128), version=4)

    # One act

    def do(self, person: Person, act: Callable[[Session, Actor, datetime], Thing]) -> Thing:
        """Let somebody act, in one transaction as on the site."""
        self.actor = person.actor
        with transaction() as session:
            return act(session, person.actor, self.now)

    def note(self, act: str, came_of_it: str, *people: UUID | None) -> None:
        """Remember what happened, for whoever it happened to."""
        for one in people:
            if one is not None:
                said = f"{self.now:%Y-%m-%d %H:%M} {act}: {came_of_it}"
                self.lately.setdefault(one, deque(maxlen=REMEMBERED)).append(said)

    def promise(self, name: str, is_kept: bool, told: str = "") -> None:
        """Count a promise that an act carries, and note where it was broken."""
        self.promised[name] += 1
        if not is_kept:
            self.broken.append((name, told))

    # Looking at the database

    def rows(self, query: Select[Any]) -> Sequence[Any]:
        """Read rows by a plain query."""
        with looking() as session:
            return session.execute(query).all()

    def ids(self, query: Select[Any]) -> list[Any]:
        """Read one column by a plain query."""
        with looking() as session:
            return list(session.scalars(query))

    def pick(self, query: Select[Any]) -> Any:
        """Draw one row of those that a plain query finds; None where it finds none."""
        found = self.rows(query)
        return self.rng.choice(found) if found else None

    def draw(self, people: Sequence[Person]) -> Person | None:
        """Draw one of some people."""
        return self.rng.choice(people) if people else None

    def chance(self, share: float) -> bool:
        """Say yes so often."""
        return self.rng.random() < share


@contextmanager
def looking() -> Iterator[Session]:
    """Read beside the services, in a transaction that writes nothing."""
    token = only_reading.set(True)
    try:
        with Session(db.engine) as session, session.begin():
            yield session
    finally:
        only_reading.reset(token)


@contextmanager
def site_on(url: str, seed: int) -> Iterator[Site]:
    """Open a site on a database, with its mail in a folder and its clock stopped; and put everything back."""
    folder = Path(tempfile.mkdtemp(prefix="pairwell-years-", dir=quick_folder()))
    app = create_app(settings_for(url, folder))
    try:
        with app.app_context():
            leave_nothing()
            yield Site(app, folder, seed)
            leave_nothing()
    finally:
        clock.set_right()
        rows.uuid4 = uuid4
        afterwards.of(app).stop()
        shutil.rmtree(folder, ignore_errors=True)


def leave_nothing() -> None:
    """Leave every connection, and forget what this process keeps in mind of a database."""
    db.session.remove()
    db.engine.dispose()
    matching.keeper.forget()
    order_of_tasks.forget()


def quick_folder() -> str | None:
    """Return a folder in memory, where this machine has one."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def set_clock(at: datetime) -> None:
    """Let it be this moment on the site."""
    clock.stop()
    clock.move(at - clock.now())


def a_while(rng: Random, least: timedelta, most: timedelta) -> timedelta:
    """Draw a time between two."""
    return least + (most - least) * rng.random()
