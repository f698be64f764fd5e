"""Leaving in a real browser: every way, and under everything that can fail below; the next person is a stranger."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import NewPage
from tests.journeys.serving import served
from tests.journeys.walking import Walker
from tests.journeys.ways_out import AT_ONCE, WAYS, Scene, answer_time
from tests.pages.story import Story
from tests.programme.databases import OnPostgres, OnSqlite, settings_for
from tests.programme.fixtures import run
from tests.reliability.failures.test_way_out import FAILURES, ground
from webapp import clock


@pytest.mark.parametrize("way", WAYS)
def test_a_way_out(browser: Browser, site: str, neutral: str, way: str) -> None:
    WAYS[way](Scene(browser, site, neutral))


@pytest.fixture(params=FAILURES)
def broken(
    request: pytest.FixtureRequest, on_sqlite: OnSqlite, on_postgres: OnPostgres, tmp_path: Path, neutral: str
) -> Iterator[tuple[str, object]]:
    with ground(request.param, on_sqlite, on_postgres, tmp_path) as (url, breaks):
        for app in run(settings_for(url, tmp_path, https=False, neutral_site=neutral)):
            app.testing = False
            Story(app).supporter("Dee")
            with served(app) as address:
                yield address, breaks


def test_she_is_out_at_once_whatever_fails(broken: tuple[str, object], new_page: NewPage, neutral: str) -> None:
    site, breaks = broken
    people = [Walker(new_page(java_script_enabled=script), site).sign_in("s-dee") for script in (True, False)]
    clock.move(timedelta(minutes=2))
    with breaks():  # type: ignore[operator]
        for person in people:
            sent_after = answer_time(person.page)
            person.go("/next")  # her own page, or the page that says the records cannot be reached
            person.page.click("header a.exit")
            person.page.wait_for_url(neutral)
            assert sent_after[0] < AT_ONCE
            assert person.page.context.cookies(site) == []
            assert person.go("/help").page.locator("a[href='tel:911']").count() > 0
            person.page.go_back()
            assert person.go("/next").is_asked_to_sign_in()
