"""One Chromium for all journeys; for each a small served site: a coordinator and two supporters, and no woman yet."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.journeys.serving import chromium, served
from tests.pages.story import Story
from tests.programme.databases import OnSqlite, settings_for
from webapp.config import Settings

PHONE = {"width": 360, "height": 800}
NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def neutral() -> Iterator[str]:
    """A page about the weather on another address of this machine: whoever leaves lands there, never outside."""
    weather = Flask("weather", static_folder=None)
    weather.add_url_rule("/", "weather", lambda: "<!doctype html><title>Weather</title><h1>Sunny</h1>")
    with served(weather) as address:
        yield address.replace("127.0.0.1", "localhost") + "/"


@pytest.fixture
def settings(on_sqlite: OnSqlite, tmp_path: Path, neutral: str) -> Settings:
    return settings_for(on_sqlite.ready(), tmp_path, https=False, neutral_site=neutral)


@pytest.fixture
def story(app: Flask) -> Story:
    """The people who are there before she comes: robin who coordinates, and two supporters who fit."""
    told = Story(app)
    for name in ("Dee", "Ana"):
        told.supporter(name, hello=f"I am {name}, and I like tea.")
    return told


@pytest.fixture
def site(app: Flask, story: Story) -> Iterator[str]:
    """The address of the small site; `app` puts its clock right afterwards."""
    with served(app) as address:
        yield address


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Return a function that opens a phone of somebody's own."""
    contexts = []

    def open_page(**how: object) -> Page:
        context = browser.new_context(viewport=PHONE, **how)  # type: ignore[arg-type]
        context.set_default_timeout(5_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how heavy each page was."""
    weighed = [dict(report.user_properties) for report in terminalreporter.stats.get("passed", [])]
    rows = [(one["bytes"], one["requests"], one["page"]) for one in weighed if "bytes" in one]
    if rows:
        terminalreporter.section("pages, bytes as sent with everything they load")
        for weight, requests, page in sorted(rows, reverse=True):
            terminalreporter.write_line(f"{weight:>8,} bytes {requests:>3} requests  {page}")
