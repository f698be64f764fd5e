"""Measure how the site grows, and write docs/growth.md: make growth, or python -m tests.growth 10 1000 --postgresql."""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from tests.growth.measured import Grown, measure
from tests.growth.page import BEFORE, write
from tests.programme.databases import Databases, OnSqlite, serve_postgres, settings_for
from tests.programme.fixtures import run

SIZES = (10, 100, 1_000, 10_000)


def main() -> int:
    """Measure each size on a fresh database; exit 1 where something is over its bound."""
    asked = _asked()
    os.environ["PAIRWELL_PLAIN"] = "1"  # as a programme runs without the extra
    databases = OnSqlite()
    grown = [at(databases, size) for size in asked.sizes]
    databases.close()
    on_postgres = [at(next(serve_postgres()), size) for size in asked.postgresql]
    if asked.before:
        BEFORE.write_text(json.dumps([one.as_json() for one in grown], indent=1) + "\n", encoding="utf-8")
    elif asked.keep:
        write(grown, on_postgres)
    over = {f"{one.people}: {said}" for one in (*grown, *on_postgres) for said in one.over()}
    sys.stdout.write("".join(f"OVER {one}\n" for one in sorted(over)))
    return int(bool(over))


def at(databases: Databases, people: int) -> Grown:
    """Measure one size."""
    with tempfile.TemporaryDirectory(prefix="pairwell-growth-") as folder:
        settings = settings_for(databases.ready(), Path(folder), https=False)
        (grown,) = (measure(app, people) for app in run(settings))
    _tell(grown)
    return grown


def _tell(grown: Grown) -> None:
    say = sys.stdout.write
    say(f"\n{grown.people:,} people: bare page {grown.bare:.2f} ms, first ranking {grown.first_ranking:.0f} ms, ")
    say(f"warm after {grown.warm_after:.1f} s, stored {grown.stored:,} bytes, worker {grown.memory // 1000} MB\n")
    for one in grown.pages:
        say(f"{one.page:<32}{one.median:>8.1f} ms{one.times:>6.1f}x{one.bytes:>9,} B{one.statements:>4}")
        say(f"{one.rows:>8,} rows{one.steps:>10,} steps  {one.kind}{'  OVER' * one.is_slow}\n")
    sys.stdout.flush()


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how the site grows.")
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--postgresql", nargs="*", type=int, default=list[int](), help="sizes on PostgreSQL")
    parser.add_argument("--keep", action="store_true", help="write docs/growth.md")
    parser.add_argument("--before", action="store_true", help="keep these figures as those from before")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
