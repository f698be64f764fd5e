"""What the days bring to pairs: a pause ends, the last day comes near or has come, and old talk is forgotten."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from webapp.domain.access import Actor
from webapp.extensions import reading
from webapp.jobs.acts import do_each
from webapp.services import supporters
from webapp.services.pairs import endings, last_days, pauses

EVERY = timedelta(minutes=10)
SYSTEM = Actor(None)
Find = Callable[..., list[UUID]]
Act = Callable[..., object]
STEPS: tuple[tuple[str, Find, Act], ...] = (
    ("pauses", pauses.list_over, pauses.end_pause),
    ("last days near", last_days.list_near, last_days.remind),
    ("last days", last_days.list_over, last_days.come_to_the_end),
    ("rests", supporters.list_rested, supporters.end_rest),
    ("old talk", endings.list_to_forget, endings.forget_talk),
)


def run(now: datetime) -> int:
    """Do each act in a transaction of its own; return how many were done."""
    return sum(_do(name, find, act, now) for name, find, act in STEPS)


def _do(name: str, find: Find, act: Act, now: datetime) -> int:
    with reading() as session:
        found = find(session, now=now)
    return do_each(name, found, lambda session, one: act(session, SYSTEM, one, now=now), now=now)
