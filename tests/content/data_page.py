"""What is kept, as docs/data.md shows it. Run `python -m tests.content.data_page` to write the page anew."""

import sys
import tomllib
from itertools import groupby

from tests.architecture.house import ROOT
from webapp import models
from webapp.crypto.fields import REGISTRY
from webapp.extensions import Base

PAGE, SOURCE = ROOT / "docs" / "data.md", ROOT / "webapp" / "content" / "data.toml"
PARTS = {"name", "holds", "sealed", "read_by", "kept"}
OPENING = """# What is kept, and who reads it

Written by `python -m tests.content.data_page` from `webapp/content/data.toml`; a test compares it with the tables of
the site, so that no column is missing here. "yes" under sealed: AES-256-GCM, bound to table, column, row and what the
row belongs to, filled up so that its length tells little ([decision 21](decisions/0021-keys-and-fields.md)). The keys
are never in the database.

**After an ending.** What two wrote to each other, the times that they arranged, what each said of their talks and what
they agreed on can be read by the two of them, and by nobody else, until 90 days after their time together has ended;
then the worker deletes it. Ways to be reached are deleted the moment it ends. Check-ins, and how it ended, stay for the
coordinators. Everything else goes with the account or stays, as each line says.

A thief of the database alone learns that there are people, when they did something, and which random ids belong
together; no name that somebody wants to be called, no answer, no message, not which questions were answered, and not
how urgent a check-in is. A thief of the database and the key file reads everything.
"""
HEAD = "| column | what it holds | sealed | who reads it | how long it stays |\n|---|---|---|---|---|\n"
Said = dict[str, str]


def said() -> list[Said]:
    """Read what is said of every column."""
    listed: list[Said] = tomllib.loads(SOURCE.read_text(encoding="utf-8"))["column"]
    return listed


def columns() -> set[str]:
    """List every column of the site's tables."""
    assert models.__all__
    return {f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.columns}


def sealed() -> set[str]:
    """List the columns behind the encrypted fields."""
    return {f"{table}.{field.column}" for (table, _), field in REGISTRY.items()}


def written() -> str:
    """Write the page."""
    listed = sorted(said(), key=lambda one: one["name"].split("."))
    return OPENING + "".join(
        _table(table, list(rows)) for table, rows in groupby(listed, key=lambda one: one["name"].split(".")[0])
    )


def _table(table: str, rows: list[Said]) -> str:
    head = f"\n## {table}\n\n{HEAD}"
    return head + "".join(
        f"| {one['name'].split('.')[1]} | {one['holds']} | {one['sealed']} | {one['read_by']} | {one['kept']} |\n"
        for one in rows
    )


def main() -> int:
    """Write the page to docs/data.md."""
    PAGE.write_text(written(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
