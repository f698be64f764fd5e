"""What the days bring to pairs: check-ins, silence, pauses that end, the last day, and talk that is forgotten."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from webapp.domain.access import Actor
from webapp.extensions import reading
from webapp.jobs.acts import do_each
from webapp.services import supporters
from webapp.services.pairs import days, endings, last_days, pauses, silences

EVERY = timedelta(minutes=10)
SYSTEM = Actor(None)
Find = Callable[..., Sequence[Any]]
Act = Callable[..., object]
STEPS: tuple[tuple[str, Find, Act], ...] = (
    ("pauses", pauses.list_over, pauses.end_pause),
    ("last days near", last_days.list_near, last_days.remind),
    ("last days", last_days.list_over, last_days.come_to_the_end),
    ("check-ins planned", days.list_to_plan, days.plan_next),
    ("check-ins ready", days.list_ready, days.tell),
    ("check-ins missed", days.list_to_miss, days.miss),
    ("half time", days.list_at_half_time, days.review_half_time),
    ("first words", silences.list_without_first_word, silences.lay_first_word_on_the_desk),
    ("silences", silences.list_quiet, silences.break_silence),
    ("long pauses", silences.list_resting, silences.look_after_rest),
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
