"""A slice of the years that is lived once, and gone on from again and again, with a guard taken away."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.programme.databases import OnSqlite
from tests.simulation.years.asked import Memory
from tests.simulation.years.cast import Cast
from tests.simulation.years.living import BEGINS, Years
from tests.simulation.years.site import quick_folder, set_clock, site_on

SEED, EVENTS, DAYS, SUPPORTERS = 11, 800, 40, 14


@dataclass
class Slice:
    """What was lived: the database as a file, who lives in it, and what came of it."""

    databases: OnSqlite
    file: Path
    years: Years
    cast: Cast
    draws: tuple[Any, Any]
    memory: Memory
    days: int
    checked_at: datetime


def live_slice(databases: OnSqlite) -> Slice:
    """Live a slice, and keep it."""
    url = databases.ready()
    with site_on(url, SEED) as site:
        years = Years(site)
        years.begin(SUPPORTERS)
        years.live(EVENTS, DAYS)
        years.end()
    file = Path(url.removeprefix("sqlite:///"))
    draws = (site.rng.getstate(), site.ids_drawn.getstate())
    kept = (site.cast, draws, years.memory, years.days, years.checked_at)
    return Slice(databases, file, years, *kept)


@contextmanager
def gone_on_from(kept: Slice, way: int = 0) -> Iterator[Years]:
    """Go on from a slice, on a copy of it; each way draws something else."""
    copy = kept.file.with_name(f"{kept.file.stem}-on.db")
    shutil.copy(kept.file, copy)
    try:
        with site_on(f"sqlite:///{copy}", SEED) as site:
            site.cast = deepcopy(kept.cast)
            for source, state in zip((site.rng, site.ids_drawn), kept.draws, strict=True):
                source.setstate(state)
            site.rng.seed(f"{site.rng.random()} {way}")
            years = Years(site)
            years.memory, years.days, years.checked_at = deepcopy(kept.memory), kept.days, kept.checked_at
            set_clock(BEGINS + timedelta(days=kept.days))
            yield years
    finally:
        for file in copy.parent.glob(f"{copy.name}*"):
            file.unlink()


def databases_in_memory() -> OnSqlite:
    """Return where fresh databases come from, in a folder in memory where there is one."""
    return OnSqlite(quick_folder())
