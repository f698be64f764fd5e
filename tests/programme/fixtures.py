"""Fixtures of the site: settings, application, browsers, and either database. tests/conftest.py hands them on."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from seeds.load import give_second_lock
from tests.programme.browsing import PASSPHRASE, Browser
from tests.programme.databases import Databases, OnPostgres, OnSqlite, serve_postgres, settings_for
from webapp import clock, create_app
from webapp.config import Settings
from webapp.domain.access import VISITOR, Actor, Role
from webapp.extensions import db, transaction
from webapp.security import afterwards
from webapp.security.accounts import hash_passphrase
from webapp.services import accounts
from webapp.services.accounts.factors import requires_lock

SignInAs = Callable[..., Browser]


@pytest.fixture(scope="session")
def on_sqlite() -> Iterator[OnSqlite]:
    databases = OnSqlite()
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def on_postgres() -> Iterator[OnPostgres]:
    yield from serve_postgres()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Databases:
    """Where fresh databases come from, once for each kind; `on_either` is the site on it."""
    return request.getfixturevalue("on_sqlite" if request.param == "sqlite" else "on_postgres")


@pytest.fixture
def settings(on_sqlite: OnSqlite, tmp_path: Path) -> Settings:
    return settings_for(on_sqlite.ready(), tmp_path)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    yield from run(settings)


@pytest.fixture
def on_either(database: Databases, tmp_path: Path) -> Iterator[Flask]:
    """The site on SQLite, and again on PostgreSQL."""
    yield from run(settings_for(database.ready(), tmp_path))


def run(settings: Settings) -> Iterator[Flask]:
    """Run a site for one test, and put everything back."""
    app = create_app(settings)
    app.testing = True
    app.test_client_class = Browser
    yield app
    clock.set_right()
    afterwards.of(app).stop()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> Browser:
    return app.test_client()


@pytest.fixture
def sign_in_as(app: Flask) -> SignInAs:
    """Return a function: a role, or the name of somebody who is there already, gives a browser that is signed in."""
    return lambda *who, **known: browser_of(app, *who, **known)


def browser_of(app: Flask, role: Role | str = Role.REQUESTER, *, username: str | None = None) -> Browser:
    """Return a browser in which somebody is signed in; without a name she is new."""
    name = username or f"{role}-{secrets.token_hex(4)}"
    user_id = open_account(app, name, Role(role)) if username is None else None
    browser: Browser = app.test_client()
    assert browser.sign_in(name).status_code == 303
    browser.user_id = user_id or id_of(app, name)
    return browser


def open_account(app: Flask, username: str, role: Role = Role.REQUESTER, *, locked: bool | None = None) -> UUID:
    """Open an account with the passphrase of tests; who needs a second lock has one, others where `locked`."""
    with app.app_context(), transaction() as session:
        hashed = _hash_once(app)
        user = accounts.create_user(
            session, VISITOR, username=username, password_hash=hashed, role=role, now=clock.now()
        )
        if requires_lock(frozenset({role})) if locked is None else locked:
            give_second_lock(session, Actor(user.id, frozenset({role})), clock.now())
        return user.id


def id_of(app: Flask, username: str) -> UUID:
    """Return the id of an account."""
    with app.app_context(), transaction() as session:
        user = accounts.find_user(session, username)
        assert user is not None
        return user.id


_hashed: list[str] = []


def _hash_once(app: Flask) -> str:
    if not _hashed:
        _hashed.append(hash_passphrase(PASSPHRASE))
    return _hashed[0]
