"""Live random histories on SQLite and PostgreSQL and count: python -m tests.simulation.histories 200 --seed 1.

Exits with 1 where anything was broken, and tells the seed of that history, the moment and what that person did last.
"""

import argparse
import sys
from contextlib import closing, contextmanager

from tests.programme.databases import OnSqlite, serve_postgres
from tests.simulation.histories.living import HISTORIES, Lived, live_histories
from tests.simulation.years.site import quick_folder


def on_both(histories: int, *, seed: int) -> dict[str, Lived]:
    """Live so many histories on each database."""
    with closing(OnSqlite(quick_folder())) as databases:
        on_sqlite = live_histories(databases, histories, seed=seed)
    with contextmanager(serve_postgres)() as databases:
        on_postgres = live_histories(databases, histories, seed=seed)
    return {"SQLite": on_sqlite, "PostgreSQL": on_postgres}


def told(name: str, lived: Lived) -> str:
    """Write what came of the histories on one database."""
    kinds = f"{len(lived.kinds)} kinds, {lived.refused:,} refused"
    head = f"{name}: {lived.histories:,} histories, {lived.steps:,} steps of {kinds}"
    rules = [f"  {rule:<58}{one.looked:>10,}{len(one.breaches):>8,}" for rule, one in lived.found.items()]
    breaches = [f"{rule}: {said}" for rule, one in lived.found.items() for said in one.breaches[:3]]
    return "\n".join([head, f"  {'what must never be':<58}{'looked at':>10}{'broken':>8}", *rules, *breaches, ""])


def main() -> int:
    """Live, and print a table for each database."""
    parser = argparse.ArgumentParser(description="Live random histories on both databases.")
    parser.add_argument("histories", type=int, nargs="?", default=HISTORIES)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    lived = on_both(asked.histories, seed=asked.seed)
    sys.stdout.write(f"seed {asked.seed}\n" + "".join(told(*one) for one in lived.items()))
    return int(any(one.broken for one in lived.values()))


if __name__ == "__main__":
    sys.exit(main())
