"""A drill for the worker: two of them beside offers whose time is over, killed, cut off and locked out at random.

An offer that has not ended in the end, or whose end was recorded twice, is a failure.
"""

import random
import signal
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.jobs.working import (
    Place,
    cut_connections,
    eventually,
    in_its_way,
    make_due,
    worker,
)
from tests.programme.databases import Databases, OnSqlite, serve_postgres, settings_for
from tests.programme.fixtures import run
from tests.proofs.counts import Count

OFFERS = 12
QUICK = ("--lease", "3")


def prove(*, long: bool) -> Count:
    """Count the offers that were to end on both databases, and those that did not end exactly once."""
    chances, wrong, disasters, tried = random.Random(7), 0, 0, 0
    on_sqlite, serving = OnSqlite(), serve_postgres()
    for databases in (on_sqlite, next(serving)):
        for _ in range(10 if long else 1):
            failed, met = one_round(databases, chances, kills=6 if long else 2)
            wrong, disasters, tried = wrong + failed, disasters + met, tried + OFFERS
    on_sqlite.close()
    next(serving, None)
    return Count(tried, wrong, f"{disasters} kills, cuts and locks, two workers, both databases")


def one_round(databases: Databases, chances: random.Random, *, kills: int) -> tuple[int, int]:
    """Let two workers end offers while they are disturbed; return how many offers went wrong and what was done."""
    with tempfile.TemporaryDirectory(prefix="pairwell-") as folder:
        for app in run(settings_for(databases.ready(), Path(folder))):
            place = Place(app, Path(folder))
            place.make_offers(OFFERS)
            for number in range(kills):
                place.let_time_pass(*place.offers[number * OFFERS // kills : (number + 1) * OFFERS // kills])
                disturb(place, chances)
            return wrong_in(place), kills
    raise AssertionError


def disturb(place: Place, chances: random.Random) -> None:
    """Start two workers, and after a moment kill one, cut both off, or lock them out; then both are gone."""
    with ExitStack() as both:
        first, _second = both.enter_context(worker(place, *QUICK)), both.enter_context(worker(place, *QUICK))
        eventually(lambda: bool(place.beats()))
        time.sleep(chances.random() * 3)
        make_due(place)
        if chances.random() < 0.5:
            first.send_signal(signal.SIGKILL)
        elif place.engine.dialect.name == "postgresql":
            cut_connections(place)
        else:
            with in_its_way(place, place.offers[0]):
                time.sleep(6)
        time.sleep(chances.random() * 3)


def wrong_in(place: Place) -> int:
    """Let one worker end what is left; count the offers that did not end, or not exactly once."""
    with worker(place, *QUICK):
        eventually(lambda: place.run_of() is not None)
        time.sleep(3.5)
        make_due(place)
        eventually(place.all_ended, 90)
    ended = place.endings()
    return sum(ended[offer] != 1 for offer in place.offers)
