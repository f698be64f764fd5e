"""docs/growth.md, written from what was measured, beside what it was before."""

import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring import machine, table
from tests.growth.measured import BOUNDS, MOST_MEMORY, MOST_SHOWN, MOST_STORED, Grown

BEFORE = Path(__file__).with_name("before.json")
PAGE = Path("docs/growth.md")
HEAD = """# Growth

What every page costs as a programme grows: `make growth` fills a fresh database with so many supporters, and as many
waiting women (beside them as many offers, pairs, check-ins, ended pairs of one supporter, messages of
one pair and ended sign-ins of one woman), serves it from one waitress worker with four threads, and opens every page of
every role. A bare page is a SELECT of 50 rows and a small template on the same server in the same run; `x` says how
often it fits into the median of a page. Rows are those fetched; steps are the instructions that SQLite executed for
them, which shows also what is read without being fetched.

Bounds: {bounds}; a ranking stored in {stored:,} bytes and shown in {shown:,}; the worker in {memory} MB.
"""


def write(grown: Sequence[Grown], on_postgres: Sequence[Grown]) -> None:
    """Write the page."""
    bounds = ", ".join(f"a page that {kind} {times:g} times a bare page" for kind, times in BOUNDS.items())
    head = HEAD.format(bounds=bounds, stored=MOST_STORED, shown=MOST_SHOWN, memory=MOST_MEMORY // 1000)
    parts = [head, f"Measured on {machine('flask', 'sqlalchemy', 'waitress')}.\n", _whole("SQLite", grown)]
    parts += [_pages(f"{one.people:,} people, SQLite", one) for one in grown]
    for one in on_postgres:
        parts += [_whole("PostgreSQL", [one]), _pages(f"{one.people:,} people, PostgreSQL", one)]
    if BEFORE.exists():
        parts.append("## Before\n\nThe same pages before the roster had a number and lists had their indexes.\n")
        parts += [
            _pages(f"{one['people']:,} people, before", Grown.from_json(one)) for one in json.loads(BEFORE.read_text())
        ]
    PAGE.write_text("\n".join(parts), encoding="utf-8")


def _whole(database: str, grown: Sequence[Grown]) -> str:
    header = ("people", "bare page", "first ranking", "ready to rank after", "ranking stored", "worker")
    rows = [
        (
            f"{one.people:,}", f"{one.bare:.1f} ms", _first(one), f"{one.warm_after:.1f} s",
            f"{one.stored:,} B", f"{one.memory // 1000} MB",
        )
        for one in grown
    ]  # fmt: skip
    return f"## The whole, {database}\n\n{table(header, rows)}\n"


def _first(one: Grown) -> str:
    times = one.first_ranking / one.bare
    return f"{one.first_ranking:.0f} ms, {times:.1f} x{', over' * (times > BOUNDS['ranks'])}"


def _pages(title: str, one: Grown) -> str:
    header = ("page", "median", "x", "bytes", "statements", "rows", "steps", "")
    rows = [
        (
            f"`{page.page}`", f"{page.median:.1f} ms", f"{page.times:.1f}", f"{page.bytes:,}", f"{page.statements}",
            f"{page.rows:,}", f"{page.steps:,}", "over" * page.is_slow,
        )
        for page in one.pages
    ]  # fmt: skip
    return f"## {title}\n\n{table(header, rows)}\n"
