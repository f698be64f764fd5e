"""Years that are lived from their beginning to their end, on either database, and what is told of them."""

import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from tests.programme.databases import OnSqlite, serve_postgres
from tests.proofs.counts import Count
from tests.simulation.years.living import THREE_YEARS, Years
from tests.simulation.years.site import quick_folder, site_on

MOST_TOLD = 3
EVENTS, SEED = 100_000, 2026
A_MONTH = 30


@dataclass(frozen=True)
class Lived:
    """What is left of years that were lived."""

    years: Years
    seconds: float


def live(events: int, days: int, seed: int, database: str) -> Lived:
    """Live so many events on so many days, and ask at the end what is asked of the whole."""
    begun = time.perf_counter()
    with _database(database) as url, site_on(url, seed) as site:
        years = Years(site)
        years.begin()
        _live(years, events, days)
        years.end()
        return Lived(years, time.perf_counter() - begun)


def prove(*, long: bool) -> Count:
    """M2: count the events of three years, and every promise that they broke."""
    lived = live(EVENTS, THREE_YEARS, SEED, "sqlite")
    years, mail = lived.years, lived.years.letters.read
    asked = sum(one.looked for one in years.found.values())
    note = (
        f"seed {SEED}; {len(years.found)} rules looked {asked:,} times; letters to women {mail['women']:,}, "
        f"refused by the gate {years.refusals.total():,}; {years.site.cast.came:,} people"
    )
    return Count(years.events, years.broken, note)


def _live(years: Years, events: int, days: int) -> None:
    """Live day by day, and say every month on stderr how far it is."""
    begun = time.perf_counter()
    for day in range(days):
        years.live_day(events * (day + 1) // days - events * day // days)
        if day % A_MONTH == A_MONTH - 1:
            passed = time.perf_counter() - begun
            sys.stderr.write(f"day {day + 1}: {years.events:,} events, {years.broken} broken, {passed:.0f} s\n")
            sys.stderr.flush()


@contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "postgresql":
        with contextmanager(serve_postgres)() as served:
            yield served.ready()
        return
    with closing(OnSqlite(quick_folder())) as files:
        yield files.ready()


def told(lived: Lived) -> str:
    """Write the table of what happened and of every rule."""
    years, site = lived.years, lived.years.site
    happened = [f"{name:<42}{times:>9,}{site.refused[name]:>9,}" for name, times in sorted(site.done.items())]
    rules = [f"{name:<52}{one.looked:>12,}{len(one.breaches):>8,}" for name, one in years.found.items()]
    breaches = [f"{name}: {text}" for name, one in years.found.items() for text in one.breaches[:MOST_TOLD]]
    mail = ", ".join(f"{code} {times:,}" for code, times in years.refusals.most_common())
    return "\n".join([
        f"{'what happened':<42}{'done':>9}{'refused':>9}", *happened, "",
        f"{'what must never be':<52}{'looked at':>12}{'broken':>8}", *rules, "",
        f"letters read: {dict(years.letters.read)}", f"notices: {dict(years.notices)}", f"refused by the gate: {mail}",
        f"{years.events:,} events, {site.cast.came:,} people, {lived.seconds:,.0f} s, promises broken: {years.broken}",
        *([f"seed {site.seed}:", *breaches] if breaches else []), "",
    ])  # fmt: skip
