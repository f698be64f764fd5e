"""Tell women and the desk of a supporter who is away, where her own act could not; and once more past its last day."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from webapp.extensions import reading
from webapp.jobs.acts import do_each
from webapp.services.absences import telling

EVERY = timedelta(minutes=1)
Find = Callable[..., Sequence[Any]]
Act = Callable[..., object]
STEPS: tuple[tuple[str, Find, Act], ...] = (
    ("absences told", telling.list_left, telling.tell),
    ("absences over", telling.list_back, telling.go_on),
)


def run(now: datetime) -> int:
    """Do each pair in a transaction of its own; return how many there were."""
    return sum(_do(name, find, act, now) for name, find, act in STEPS)


def _do(name: str, find: Find, act: Act, now: datetime) -> int:
    with reading() as session:
        found = find(session, now=now)
    return do_each(name, found, lambda session, one: act(session, one, now=now), now=now)
