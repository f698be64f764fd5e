"""What the database turns away for reasons of its own is done again and never shown; what nobody knows is said so."""

import html
import re
import sqlite3
import threading
import time
from contextlib import contextmanager

import psycopg
import pytest
from flask import flash
from sqlalchemy import event, select
from sqlalchemy.orm.exc import StaleDataError

from tests.pages.story import Story
from tests.pages.women import send_request
from tests.programme.browsing import PASSPHRASE, words_of
from tests.programme.databases import settings_for
from tests.programme.fixtures import browser_of, run
from tests.security.signing_in.account_endings import NEW
from webapp import extensions
from webapp.extensions import db, transaction
from webapp.models import AuditRecord, Request
from webapp.security import retries

UPDATE = "UPDATE requests"


@pytest.fixture
def on_pg(on_postgres, tmp_path):
    yield from run(settings_for(on_postgres.ready(), tmp_path))


def cut(connection):
    """End the session of a connection on the server, as a restart would."""
    pid = connection.connection.driver_connection.info.backend_pid
    address = connection.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])


@contextmanager
def cutting(app, *, times=1, at_commit=False):
    """Cut the connection at the woman's change, or at the moment when it is to be kept."""
    left, wrote = [times], []

    def see(connection, _cursor, statement, *_rest):
        if statement.startswith(UPDATE):
            wrote.append(True)
            if left[0] and not at_commit:
                left[0] -= 1
                cut(connection)

    def commit(connection):
        if at_commit and wrote and left[0]:
            left[0] -= 1
            cut(connection)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", see)
    event.listen(engine, "commit", commit)
    yield wrote
    event.remove(engine, "before_cursor_execute", see)
    event.remove(engine, "commit", commit)


def times(app, action):
    with app.app_context(), transaction() as session:
        return len(list(session.scalars(select(AuditRecord.number).where(AuditRecord.action == action))))


def state(app, browser):
    with app.app_context(), transaction() as session:
        return session.scalars(select(Request.state).where(Request.user_id == browser.user_id)).one()


def test_a_cut_connection_is_not_shown(on_pg):
    browser = send_request(browser_of(on_pg))
    with cutting(on_pg) as wrote:
        assert browser.send("/questions/withdraw").status_code == 303
    assert len(wrote) == 2
    assert state(on_pg, browser) == "withdrawn"
    assert times(on_pg, "request withdrawn") == 1


def test_a_connection_that_was_cut_in_the_pool_is_replaced(on_pg):
    browser = send_request(browser_of(on_pg))
    with on_pg.app_context(), db.engine.connect() as connection:
        cut(connection)
        connection.invalidate()
        others = [db.engine.connect() for _ in range(3)]
        for other in others:
            cut(other)
            other.close()
    assert browser.get("/questions/state").status_code == 200


def test_after_three_tries_it_is_said_that_the_site_is_busy(on_pg):
    browser = send_request(browser_of(on_pg))
    with cutting(on_pg, times=10) as wrote:
        answer = browser.send("/questions/withdraw")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert len(wrote) == retries.TRIES
    assert state(on_pg, browser) == "waiting"
    assert browser.send("/questions/withdraw").status_code == 303


def test_a_commit_that_was_never_confirmed_is_not_sent_twice(on_pg):
    browser = send_request(browser_of(on_pg))
    with cutting(on_pg, at_commit=True) as wrote:
        answer = browser.send("/questions/withdraw")
    assert answer.status_code == 503
    assert len(wrote) == 1
    assert "We cannot tell whether it was kept" in words_of(answer)


def test_what_was_kept_is_not_done_again(on_pg, monkeypatch):
    """Two transactions in one request: the second fails; the first is not repeated."""
    browser = send_request(browser_of(on_pg))
    tried = []

    def view():
        with transaction() as session:
            session.get(Request, session.scalars(select(Request.id)).first()).time_zone = f"Zone/{len(tried)}"
        tried.append(True)
        raise StaleDataError

    view.action = on_pg.view_functions["requests.withdraw"].action
    monkeypatch.setitem(on_pg.view_functions, "requests.withdraw", view)
    assert browser.send("/questions/withdraw").status_code == 409
    assert len(tried) == 1


def test_cookie_and_words_of_a_try_that_failed_are_taken_back(app, client, monkeypatch):
    tried = []

    def view():
        flash("Once.")
        tried.append(True)
        if len(tried) < retries.TRIES:
            raise StaleDataError
        return "done"

    view.action = app.view_functions["accounts.show_sign_in"].action
    monkeypatch.setitem(app.view_functions, "accounts.show_sign_in", view)
    assert client.get("/sign-in").text == "done"
    with client.session_transaction(base_url="https://localhost") as kept:
        assert kept["_flashes"] == [("message", "Once.")]


@pytest.fixture
def impatient(monkeypatch, on_sqlite, tmp_path):
    """A site on SQLite that waits for the write lock for a moment only."""
    monkeypatch.setattr(extensions, "PRAGMAS", (*extensions.PRAGMAS, "busy_timeout=150"))
    yield from run(settings_for(on_sqlite.ready(), tmp_path))


@contextmanager
def holding(app, seconds):
    """Hold the write lock of SQLite for so long."""
    path = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    holds = threading.Event()

    def hold():
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        holds.set()
        time.sleep(seconds)
        other.rollback()
        other.close()

    thread = threading.Thread(target=hold)
    thread.start()
    holds.wait()
    yield
    thread.join()


@pytest.mark.parametrize(("seconds", "status", "ends"), [(0.25, 303, "withdrawn"), (3, 503, "waiting")])
def test_a_lock_that_is_held_is_waited_for_and_then_said(impatient, seconds, status, ends):
    browser = send_request(browser_of(impatient))
    with holding(impatient, seconds):
        assert browser.send("/questions/withdraw").status_code == status
    assert state(impatient, browser) == ends


def test_what_could_not_be_kept_stands_on_the_page_until_she_sends_it_again(impatient):
    story = Story(impatient)
    woman = story.woman()
    pair_id = story.introduced(woman, story.supporter())
    browser, said = story.browser(woman.username), 'Are you "there"?\n<b>Yes</b> & no'
    with holding(impatient, 3):
        page = browser.send(f"/together/{pair_id}/messages", body=said)
    assert page.status_code == 503
    assert "This page holds it as long as it stays open" in words_of(page)
    form = page.text[page.text.index(f'action="/together/{pair_id}/messages"') :]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form, re.S))
    assert html.unescape(fields.pop("csrf_token"))
    again = browser.send(f"/together/{pair_id}/messages", **{name: html.unescape(one) for name, one in fields.items()})
    assert again.status_code == 303
    assert "Are you &#34;there&#34;?" in browser.get(f"/together/{pair_id}").text


def test_a_passphrase_is_never_written_into_a_page(impatient):
    browser = browser_of(impatient)
    with holding(impatient, 5):
        page = browser.send("/account/passphrase", present=PASSPHRASE, passphrase=NEW, again=NEW)
    assert page.status_code == 503
    assert "Please do it once more in a few minutes." in words_of(page)
    assert NEW not in page.text
    assert PASSPHRASE not in page.text


def test_postgres_waits_for_nothing_for_ever(on_pg):
    with on_pg.app_context(), db.engine.connect() as connection:
        for name in extensions.SECONDS:
            assert connection.exec_driver_sql(f"SHOW {name}").scalar() not in ("0", None)
