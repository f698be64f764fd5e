"""Places to work on: either database, or the one that a fault belongs to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.jobs.working import Place
from tests.programme.databases import OnPostgres, settings_for
from tests.programme.fixtures import run


@pytest.fixture
def place(on_either: Flask, tmp_path: Path) -> Place:
    """Return a place on SQLite, and again on PostgreSQL."""
    return Place(on_either, tmp_path)


@pytest.fixture
def on_file(app: Flask, tmp_path: Path) -> Place:
    """Return a place on SQLite."""
    return Place(app, tmp_path)


@pytest.fixture
def on_server(on_postgres: OnPostgres, tmp_path: Path) -> Iterator[Place]:
    """Return a place on PostgreSQL."""
    for app in run(settings_for(on_postgres.ready(), tmp_path)):
        yield Place(app, tmp_path)
