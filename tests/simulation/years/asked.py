"""What every rule is asked with: the database as it is, who lives there, and the tasks read so far."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.simulation.years.cast import Cast
from webapp.models import Task

LAG = timedelta(hours=12)
"""So long after a clock has come the worker has run for sure, in these years."""


class Breach(NamedTuple):
    """What is wrong, and whom it touches."""

    said: str
    people: tuple[UUID | None, ...] = ()


class KnownTask(NamedTuple):
    """A task as it was laid on the desk: kind, thing and time stand sealed, and never change."""

    id: UUID
    kind: str
    thing: UUID
    due_at: datetime
    opened_at: datetime
    about: UUID
    pair: UUID | None


@dataclass
class Look:
    """One look at everything."""

    session: Session
    now: datetime
    since: datetime
    cast: Cast
    memory: "Memory"
    looked: int = 0

    def count(self, things: int = 1) -> None:
        """Count what a rule has looked at."""
        self.looked += things


@dataclass
class Memory:
    """What was read before and never changes."""

    tasks: dict[UUID, KnownTask] = field(default_factory=dict)
    of_pair: dict[UUID, list[KnownTask]] = field(default_factory=lambda: defaultdict(list))
    of_thing: dict[UUID, list[KnownTask]] = field(default_factory=lambda: defaultdict(list))
    of_person: dict[UUID, list[KnownTask]] = field(default_factory=lambda: defaultdict(list))
    never: dict[tuple[UUID, UUID], datetime] = field(default_factory=dict)
    read_up_to: int = 0
    messages_up_to: datetime = datetime(2000, 1, 1, tzinfo=UTC)

    def read_tasks(self, session: Session, since: datetime) -> None:
        """Read the tasks that were opened since."""
        for task in session.scalars(select(Task).where(Task.opened_at >= since)):
            if task.id not in self.tasks:
                self._keep(task)

    def _keep(self, task: Task) -> None:
        said = task.said
        known = KnownTask(
            task.id, said["kind"], UUID(said["thing"]), datetime.fromisoformat(said["due_at"]), task.opened_at,
            task.about_id, task.introduction_id,
        )  # fmt: skip
        self.tasks[task.id] = known
        self.of_thing[known.thing].append(known)
        self.of_person[known.about].append(known)
        if known.pair is not None:
            self.of_pair[known.pair].append(known)


@dataclass(frozen=True)
class Rule:
    """One invariant by its name in the table that is printed."""

    name: str
    broken: Callable[[Look], Iterable[Breach]]
