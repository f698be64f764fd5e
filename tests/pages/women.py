"""A woman at her browser, for tests of her pages: the day on which it happens, what she answers, whom she is shown."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from tests.programme.browsing import Browser
from tests.services.worlds import NOW, World
from webapp import clock
from webapp.domain.access import Actor, Role
from webapp.extensions import db, transaction
from webapp.models import Request, Supporter
from webapp.services import matching, requests

NEEDED: dict[str, dict[str, object]] = {
    "start": {"q-adult": "yes", "q-name": "Claire"},
    "safety": {"q-device_safe": "yes"},
    "reach": {"q-reach": ["in_site"]},
    "talking": {"q-languages": ["en"], "q-modes": ["site_messages"]},
    "times": {"q-availability": ["weekday_evening"]},
    "support": {"q-topics": ["alcohol", "loneliness"], "q-topics-star": ["alcohol"]},
}


def turn_clock() -> None:
    """Let it be the Monday on which the small programme of tests makes sense."""
    clock.set_right()
    clock.move(NOW - clock.now())


def begin(browser: Browser, *screens: str) -> Browser:
    """Start her request and answer the needed screens, or only some of them."""
    browser.send("/questions")
    for screen in screens or NEEDED:
        assert browser.send(f"/questions/{screen}", **NEEDED[screen]).status_code == 303
    return browser


def send_request(browser: Browser) -> Browser:
    """Answer what is needed and send it."""
    assert begin(browser).send("/questions/send").status_code == 303
    return browser


def stored(app: Flask, browser: Browser) -> dict[str, matching.Said]:
    """Return what is stored of her answers."""
    with app.app_context(), transaction() as session:
        hers = requests.find_open_request(session, actor_of(browser))
        return requests.answers_of(hers) if hers else {}


def request_of(app: Flask, browser: Browser) -> tuple[str, str]:
    """Return the state and the time zone of her latest request."""
    with app.app_context(), transaction() as session:
        latest = session.query(Request).filter_by(user_id=browser.user_id).order_by(Request.started_at.desc())[0]
        return latest.state, latest.time_zone


def actor_of(browser: Browser) -> Actor:
    """Return who sits at a browser."""
    return Actor(browser.user_id, frozenset({Role.REQUESTER}))


def show_people(app: Flask, browser: Browser, *names: str, **cells: str) -> list[UUID]:
    """Let a coordinator show her supporters with these names; return the cards' ids."""
    with app.app_context(), transaction() as session:
        matching.keeper.forget()
        world = World(db.engine)
        world.person(session, Role.COORDINATOR, world.coordinator)
        for name in names:
            world.supporter(session, name=name, hello=f"I am {name}, and I like tea.", **cells)
        hers = requests.find_open_request(session, actor_of(browser))
        assert hers is not None
        return [proposal.id for proposal in world.shown(session, hers.id)]


def supporter_of(app: Flask, name: str) -> Actor:
    """Return the supporter with a name as somebody who acts."""
    with app.app_context(), transaction() as session:
        found = next(one for one in session.query(Supporter) if matching.name_of(one) == name)
        return Actor(found.user_id, frozenset({Role.SUPPORTER}))


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect the statements that reach the database; beginning and ending a transaction is not counted."""
    said: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "PRAGMA")):
            said.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def chosen_in(response: TestResponse) -> list[str]:
    """Return every control of a page that is marked."""
    return re.findall(r"<input[^>]* checked[^>]*>", response.text)


def heading_of(response: TestResponse) -> str:
    """Return the page's one h1."""
    (heading,) = re.findall(r"<h1[^>]*>(.*?)</h1>", response.text, re.DOTALL)
    return " ".join(heading.split())
