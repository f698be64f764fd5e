"""Every page for every role, and every page of a refusal, has the exit first in reach, and it asks for nothing."""

import re

import pytest
from html5lib import parse
from sqlalchemy.exc import OperationalError

from tests.programme.databases import OnSqlite, settings_for
from tests.programme.fixtures import run
from tests.security.doors.table import DOORS, Stage, Who
from tests.security.doors.tried import Trial
from webapp.domain.lifecycles import WrongStep
from webapp.domain.requests import Event, State
from webapp.security.headers import LARGEST_REQUEST
from webapp.security.limits import TooSoon
from webapp.services.acting import Gone, Missing

HTML = "{http://www.w3.org/1999/xhtml}"


def exits_of(text: str) -> list[str]:
    """Say what is wrong with the exit of a page: it is the second link at the latest, and stands in the header."""
    tree = parse(text)
    links = [link.get("href") for link in tree.iter(f"{HTML}a")]
    wrong = []
    if "/leave" not in links[:2]:
        wrong.append(f"not first in reach: {links[:3]}")
    heads = [link for head in tree.iter(f"{HTML}header") for link in head.iter(f"{HTML}a")]
    if heads and not any((link.get("href"), link.get("class")) == ("/leave", "exit") for link in heads):
        wrong.append("none in the header")
    if any(link.get("target") for link in tree.iter(f"{HTML}a") if link.get("href") == "/leave"):
        wrong.append("opens a window")
    return wrong


def test_every_page_of_every_role_has_it_first_in_reach():
    databases, seen, wrong = OnSqlite(), 0, []
    for app in run(settings_for(databases.ready(), databases.folder)):
        trial = Trial(app)
        for stage in Stage:
            trial.stage, trial.kept = stage, trial.world.turn_to(stage)
            for door in [one for one in DOORS if one.method == "GET" and one.stage is stage]:
                for who in Who:
                    path = trial._path(door, who)
                    if door.endpoint in ("static", "leaving.leave") or path is None:
                        continue
                    answer = trial.world.browser(stage, who).get(path)
                    if answer.mimetype == "text/html" and answer.status_code not in (302, 303):
                        seen += 1
                        wrong += [f"{path} {who}: {what}" for what in exits_of(answer.text)]
    databases.close()
    assert wrong == []
    assert seen > 100


FAILURES = {
    400: None,
    404: Missing(),
    405: None,
    409: WrongStep(State.CLOSED, Event.SENT),
    410: Gone(),
    413: None,
    429: TooSoon(9),
    500: RuntimeError(),
    503: OperationalError("select", {}, Exception("locked")),
}


@pytest.mark.parametrize("code", FAILURES)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_refusal_has_it(app, client, monkeypatch, code, language):
    app.testing = False
    answer = refused(app, client, monkeypatch, code, {"Accept-Language": language})
    assert answer.status_code == code
    assert exits_of(answer.text) == []
    assert "Retry-After" in answer.headers or code not in (429, 503)


def refused(app, client, monkeypatch, code, headers):
    if code == 400:
        return client.post("/sign-in", headers=headers)
    if code == 405:
        return client.get("/language", headers=headers)
    if code == 413:
        return client.post("/sign-in", data={"username": "a" * (LARGEST_REQUEST + 1)}, headers=headers)

    def fail():
        raise FAILURES[code]

    fail.action = app.view_functions["accounts.show_sign_in"].action
    monkeypatch.setitem(app.view_functions, "accounts.show_sign_in", fail)
    return client.get("/sign-in", headers=headers)


@pytest.mark.parametrize("code", [404, 503])
def test_the_page_of_last_resort_has_it_and_the_neutral_site(app, client, monkeypatch, code):
    def fail(*_args, **_kwargs):
        raise RuntimeError

    app.testing = False
    monkeypatch.setattr("webapp.security.refusals.render_template", fail)
    answer = refused(app, client, monkeypatch, code, {})
    assert answer.status_code == code
    assert exits_of(answer.text) == []
    assert f'href="{app.config["SETTINGS"].neutral_site}"' in answer.text


def test_the_page_of_a_failure_was_written_before_anything_could_fail(app, client, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError

    app.testing = False
    for broken in ("webapp.security.refusals.render_template", "webapp.security.context.programme_name"):
        monkeypatch.setattr(broken, fail)
    monkeypatch.setattr(app.jinja_env, "get_template", fail)
    answer = client.get("/help")
    assert answer.status_code == 500
    assert exits_of(answer.text) == []
    assert answer.text.count(f'href="{app.config["SETTINGS"].neutral_site}"') == 2
    assert client.get("/leave").status_code == 303


@pytest.mark.parametrize("cookie", ["garbage", "e30.YQ.YQ", "x" * 3000, "\u00e9", ".eJw=", ""], ids=ascii)
def test_a_cookie_that_nobody_can_read_goes_too(client, cookie):
    client.set_cookie("__Host-session", cookie)
    answer = client.get("/leave")
    assert answer.status_code == 303
    assert client.get_cookie("__Host-session") is None
    assert re.match(r"__Host-session=; Expires=Thu, 01 Jan 1970", answer.headers["Set-Cookie"])


def test_a_page_without_an_exit_is_seen():
    assert exits_of("<header><a href='/'>Start</a></header><a href='/help'></a><a href='/leave'></a>") == [
        "not first in reach: ['/', '/help', '/leave']",
        "none in the header",
    ]
