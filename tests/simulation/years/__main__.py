"""Live three years and print what was asked and found: python -m tests.simulation.years 100000 --seed 7.

Exits with 1 where anything was broken, and tells the seed, the moment and what that person had done last.
"""

import argparse
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.programme.databases import OnSqlite, serve_postgres
from tests.simulation.years.living import THREE_YEARS, Years
from tests.simulation.years.site import quick_folder, site_on

MOST_TOLD = 3


def main() -> int:
    """Live, and print the table."""
    asked = _asked()
    sys.stdout.write(f"seed {asked.seed}, {asked.events:,} events on {asked.days:,} days, {asked.database}\n")
    sys.stdout.flush()
    begun = time.perf_counter()
    with _database(asked.database) as url, site_on(url, asked.seed) as site:
        years = Years(site)
        years.begin()
        _live(years, asked.events, asked.days)
        years.end()
        sys.stdout.write(told(years, time.perf_counter() - begun))
        return int(not years.is_whole)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Live years of the programme through its services.")
    parser.add_argument("events", type=int)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--days", type=int, default=THREE_YEARS)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    return parser.parse_args()


def _live(years: Years, events: int, days: int) -> None:
    """Live day by day, and say every month on stderr how far it is."""
    begun = time.perf_counter()
    for day in range(days):
        years.live_day(events * (day + 1) // days - events * day // days)
        if day % 30 == 29:
            broken = sum(len(one.breaches) for one in years.found.values())
            sys.stderr.write(
                f"day {day + 1}: {years.events:,} events, {broken} broken, {time.perf_counter() - begun:.0f} s\n"
            )
            sys.stderr.flush()


@contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "postgresql":
        served = serve_postgres()
        yield next(served).ready()
        served.close()
        return
    databases = OnSqlite(quick_folder())
    try:
        yield databases.ready()
    finally:
        databases.close()


def told(years: Years, seconds: float) -> str:
    """Write the table of what happened and of every rule."""
    site = years.site
    happened = [f"{name:<42}{times:>9,}{site.refused[name]:>9,}" for name, times in sorted(site.done.items())]
    rules = [f"{name:<52}{one.looked:>12,}{len(one.breaches):>8,}" for name, one in years.found.items()]
    breaches = [f"{name}: {text}" for name, one in years.found.items() for text in one.breaches[:MOST_TOLD]]
    broken = sum(len(one.breaches) for one in years.found.values())
    mail = ", ".join(f"{code} {times:,}" for code, times in years.refusals.most_common())
    return "\n".join([
        f"{'what happened':<42}{'done':>9}{'refused':>9}", *happened, "",
        f"{'what must never be':<52}{'looked at':>12}{'broken':>8}", *rules, "",
        f"letters read: {dict(years.letters.read)}", f"notices: {dict(years.notices)}", f"refused by the gate: {mail}",
        f"{years.events:,} events, {site.cast.came:,} people, {seconds:,.0f} s, promises broken: {broken}",
        *([f"seed {site.seed}:", *breaches] if breaches else []), "",
    ])  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
