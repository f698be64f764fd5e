"""Supporters who are away: women and the desk are told, covers are named, shown, let go and ended; each once."""

from datetime import datetime, timedelta

from webapp.extensions import reading
from webapp.jobs.acts import do_each
from webapp.services.absences import asking, at_once, naming
from webapp.services.absences.at_once import Act, Find

EVERY = timedelta(minutes=1)
STEPS: tuple[tuple[str, Find, Act], ...] = (
    ("covers let go", asking.list_over, asking.let_go),
    ("covers named", naming.list_to_name, naming.name),
    *at_once.STEPS,
)


def run(now: datetime) -> int:
    """Do each pair in a transaction of its own; return how many there were."""
    return sum(_do(name, find, act, now) for name, find, act in STEPS)


def _do(name: str, find: Find, act: Act, now: datetime) -> int:
    with reading() as session:
        found = find(session, now=now)
    return do_each(name, found, lambda session, one: act(session, one, now=now), now=now)
