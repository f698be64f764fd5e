"""A real server with the invented programme, and a real Chromium that looks at it."""

import logging
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from seeds.__main__ import PASSPHRASE
from seeds.load import load
from seeds.story import tell
from tests.journeys.second_step import pass_second_step
from tests.programme.databases import OnSqlite, settings_for
from webapp import clock, create_app
from webapp.domain.concerns import Kind
from webapp.extensions import transaction
from webapp.security.accounts import hash_passphrase
from webapp.services import work
from webapp.services.safety import concerns
from webapp.services.safety.concerns import Told

QUIET = [
    *("--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
"""No other host has an address for this browser. A page.route() would not do: it never sees where a redirect leads."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an app on a free port, in a thread of this process, so that tests can move its clock."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def invented_programme(folder: Path, *, at_rest: bool = False) -> Iterator[str]:
    """Serve the site with the invented programme in it; one conversation rests where a page needs that."""
    databases = OnSqlite()
    app = create_app(settings_for(databases.ready(), folder, https=False, components=True))
    with app.app_context(), transaction() as session:
        programme = load(session, hash_passphrase(PASSPHRASE), now=clock.now())
        tell(programme)
        if at_rest:
            too_far = Told(Kind.DANGER, words="She waits for me at the bus, and I never told her where I live.")
            concerns.raise_concern(session, programme.women["r02"][0], too_far, now=clock.now())
        work.begin_beat(session, "the worker of a picture", now=clock.now())
    with served(app) as address:
        yield address
    databases.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        raise RuntimeError("Chromium is missing. Install it: sudo apt-get install chromium")
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, ONLY_HERE, *root])
        yield browser
        browser.close()


def sign_in(page: Page, address: str, username: str, passphrase: str = PASSPHRASE) -> None:
    """Sign in as a person would."""
    page.goto(f"{address}/sign-in")
    page.fill("input[name=username]", username)
    page.fill("input[type=password]", passphrase)
    page.click("form[action='/sign-in'] button")
    page.wait_for_load_state()
    pass_second_step(page, address, username)
