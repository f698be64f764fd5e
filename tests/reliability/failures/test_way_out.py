"""The exit, help and the first page answer whatever fails below them, and whoever comes next is a stranger."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.pages.story import Story
from tests.programme.browsing import Browser
from tests.programme.databases import settings_for
from tests.programme.fixtures import run
from tests.reliability.failures.failing import Wire, full, held_lock, small_disk
from webapp import clock
from webapp.extensions import transaction
from webapp.models import SignIn
from webapp.services.accounts import hash_token

AT_ONCE = 0.5
PUBLIC = ("/", "/help", "/about", "/before", "/private-browsing", "/static/site.css", "/no-such-page")
READS = ("a held lock", "a full disk", "a cut line")
"""Under these the records can still be read."""
FAILURES = (*READS, "no server", "a mute server")


@dataclass
class Failing:
    """A site with people in it, and what breaks it."""

    app: Flask
    story: Story
    name: str
    breaks: Callable[[], AbstractContextManager[object]]
    asked: str = ""

    def timed(self, browser: Browser, path: str) -> tuple[float, object]:
        begun = time.perf_counter()
        answer = browser.get(path)
        return time.perf_counter() - begun, answer


@pytest.fixture(params=FAILURES)
def failing(request: pytest.FixtureRequest, on_sqlite, on_postgres, tmp_path: Path) -> Iterator[Failing]:
    yield from site_that(request.param, on_sqlite, on_postgres, tmp_path)


def site_that(name: str, on_sqlite, on_postgres, folder: Path) -> Iterator[Failing]:
    """Run a site that can be broken in one way."""
    with ground(name, on_sqlite, on_postgres, folder) as (url, breaks):
        for app in run(settings_for(url, folder)):
            app.testing = False
            story = Story(app)
            woman = story.woman()
            clock.stop()
            yield Failing(app, story, name, breaks, f"/desk/requests/{woman.thing_id}")


@contextmanager
def ground(name: str, on_sqlite, on_postgres, folder: Path):
    """Make a database that can be broken in one way; yields its address and what breaks it."""
    if name in ("a held lock", "a full disk"):
        with small_disk(folder) as disk:
            file = disk / "site.db"
            shutil.copy(on_sqlite.ready().removeprefix("sqlite:///"), file)
            breaks = (lambda: held_lock(file)) if name == "a held lock" else (lambda: full(disk))
            yield f"sqlite:///{file}", breaks
        return
    wire = Wire(on_postgres.ready())
    act = {"a cut line": wire.cut, "no server": wire.take_away, "a mute server": wire.go_mute}[name]
    yield wire.url, lambda: _once(act)
    wire.take_away()


@contextmanager
def _once(act: Callable[[], None]) -> Iterator[None]:
    act()
    yield


def is_stranger(browser: Browser) -> bool:
    """Say whether a browser is asked who it is."""
    answer = browser.get("/account")
    return answer.status_code == 303 and answer.location.startswith("/sign-in")


def copy_of(browser: Browser) -> Browser:
    """Return a browser with the same cookie, as somebody has who copied it."""
    other: Browser = browser.application.test_client()
    other.set_cookie("__Host-session", browser.get_cookie("__Host-session").value)
    return other


def test_the_exit_answers_at_once_and_the_next_is_a_stranger(failing):
    she = failing.story.browser("w-claire")
    thief = copy_of(she)
    clock.move(timedelta(minutes=2))
    with failing.breaks():
        seconds, answer = failing.timed(she, "/leave")
        assert (answer.status_code, answer.location) == (303, failing.app.config["SETTINGS"].neutral_site)
        assert seconds < AT_ONCE
        assert she.get_cookie("__Host-session") is None
        assert is_stranger(she)
        assert is_stranger(thief)


def test_help_and_the_first_page_stand(failing):
    she, visitor = failing.story.browser("w-claire"), failing.app.test_client()
    clock.move(timedelta(minutes=2))
    for path in PUBLIC:
        visitor.get(path)  # templates are read once
    with failing.breaks():
        for browser in (she, visitor):
            for path in PUBLIC:
                seconds, answer = failing.timed(browser, path)
                assert answer.status_code == (404 if path == "/no-such-page" else 200), path
                assert seconds < AT_ONCE, path


def test_her_pages_stand_where_they_can_be_read_and_say_so_where_not(failing):
    she = failing.story.browser("w-claire")
    she.get("/questions/state")
    clock.move(timedelta(minutes=2))
    with failing.breaks():
        seconds, answer = failing.timed(she, "/questions/state")
        assert answer.status_code == (200 if failing.name in READS else 503)
        assert seconds < (AT_ONCE if failing.name != "a mute server" else 3)
        assert 'href="/leave"' in answer.text


def test_her_record_is_not_shown_where_the_reading_cannot_be_recorded(failing):
    robin = failing.story.browser("robin")
    with failing.breaks():
        seconds, answer = failing.timed(robin, failing.asked)
        assert answer.status_code == (200 if failing.name == "a cut line" else 503)
        assert seconds < 3
        assert "Claire" not in answer.text or failing.name == "a cut line"
        assert 'href="/leave"' in answer.text


def test_the_row_ends_as_soon_as_it_can(failing):
    she = failing.story.browser("w-claire")
    token = hash_token(she.token())
    with failing.breaks():
        she.get("/leave")
    if failing.name in READS:
        from webapp.security import afterwards

        afterwards.wait(failing.app)
        with failing.app.app_context(), transaction() as session:
            assert session.scalars(select(SignIn.ended_at).where(SignIn.token_hash == token)).one() is not None
