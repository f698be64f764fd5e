"""Links work once, in time, for whom they are, and not after closing: D5 counts every way in which one is refused."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from tests.programme.browsing import PASSPHRASE, Browser
from tests.programme.databases import OnSqlite, settings_for
from tests.programme.fixtures import browser_of, run
from tests.proofs.counts import Count
from tests.security.signing_in.account_endings import (
    ENDINGS,
    NEW,
    close_account,
    make_code,
    reset_code,
    use_recovery_code,
)
from webapp import clock
from webapp.cli import link, reset_link
from webapp.domain.access import VISITOR, Role
from webapp.extensions import transaction
from webapp.models import AuditRecord
from webapp.security import accounts as security
from webapp.services import accounts

CHOSEN = {"passphrase": NEW, "again": NEW}


def _hour_code(app: Flask) -> tuple[Browser, str]:
    her = browser_of(app)
    return her, f"/reset/{reset_code(app, her)}"


def _follow(browser: Browser, path: str) -> set[int]:
    return {browser.get(path).status_code, browser.send(path, **CHOSEN).status_code}


def second_use(app: Flask) -> bool:
    """A code that was used."""
    _, path = _hour_code(app)
    return app.test_client().send(path, **CHOSEN).status_code == 303 and _follow(app.test_client(), path) == {410}


def an_hour_later(app: Flask) -> bool:
    """A code whose hour is over, a second before and at it."""
    clock.stop()
    _, path = _hour_code(app)
    clock.move(timedelta(minutes=59, seconds=59))
    in_time = app.test_client().get(path).status_code
    clock.move(timedelta(seconds=1))
    return in_time == 200 and _follow(app.test_client(), path) == {410}


def somebody_else(app: Flask) -> bool:
    """A code that whoever is signed in as another opens, the coordinator for one."""
    her, path = _hour_code(app)
    refused = [_follow(browser_of(app, role), path) for role in Role]
    return refused == [{404}] * len(Role) and her.get(path).status_code == 200


def a_newer_one(app: Flask) -> bool:
    """A code after which another was made."""
    her, older = _hour_code(app)
    newer = f"/reset/{reset_code(app, her)}"
    return _follow(app.test_client(), older) == {404} and app.test_client().get(newer).status_code == 200


def after_closing(app: Flask) -> bool:
    """A code of an account that was closed."""
    her, path = _hour_code(app)
    close_account(app, her)
    return _follow(app.test_client(), path) == {404}


def after_a_recovery_code(app: Flask) -> bool:
    """A code of somebody who has come back by herself meanwhile."""
    her, path = _hour_code(app)
    use_recovery_code(app, her)
    return _follow(app.test_client(), path) == {404}


def recovery_code_after_closing(app: Flask) -> bool:
    """A recovery code of an account that was closed."""
    her = browser_of(app)
    sent = {"username": str(her.username), "code": make_code(her), **CHOSEN}
    close_account(app, her)
    return app.test_client().send("/forgotten", **sent).status_code == 422


def invented(app: Flask) -> bool:
    """A code that nobody made, and a link to work here for it."""
    paths = ("/reset/0123-4567-89AB", "/reset/x", "/setup/0123-4567-89AB")
    return all(_follow(app.test_client(), path) == {404} for path in paths)


def one_kind_for_another(app: Flask) -> bool:
    """A code of an hour used as a link to work here, and the other way round."""
    _, path = _hour_code(app)
    with app.app_context(), transaction() as session:
        token = accounts.make_link(session, VISITOR, Role.COORDINATOR, now=clock.now())
    crossed = (path.replace("/reset/", "/setup/"), f"/reset/{token}")
    return all(_follow(app.test_client(), one) == {404} for one in crossed)


def setup_twice_and_late(app: Flask) -> bool:
    """A link to work here, a second time, and after three days."""
    with app.app_context(), transaction() as session:
        used, late = (accounts.make_link(session, VISITOR, Role.SUPPORTER, now=clock.now()) for _ in range(2))
    first = app.test_client().send(f"/setup/{used}", username="dana", passphrase=PASSPHRASE, again=PASSPHRASE)
    again = _follow(app.test_client(), f"/setup/{used}")
    clock.move(timedelta(days=3))
    return first.status_code == 303 and again == {410} == _follow(app.test_client(), f"/setup/{late}")


REFUSALS: tuple[Callable[[Flask], bool], ...] = (
    second_use, an_hour_later, somebody_else, a_newer_one, after_closing, after_a_recovery_code,
    recovery_code_after_closing, invented, one_kind_for_another, setup_twice_and_late,
)  # fmt: skip


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.__name__)
def test_a_link_is_refused(app, refusal):
    assert refusal(app)


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=lambda ending: ending.__name__)
def test_every_sign_in_from_before_is_dead(app, ending):
    her = browser_of(app)
    elsewhere = browser_of(app, username=her.username)
    ending(app, her)
    assert {browser.get("/account").status_code for browser in (her, elsewhere)} == {303}


def test_no_passphrase_is_hashed_for_a_link_that_is_not_there(app, client, monkeypatch):
    hashed = []
    for module in ("opening", "reset", "recovery"):
        monkeypatch.setattr(f"webapp.pages.accounts.{module}.hash_passphrase", lambda said: hashed.append(said) or "x")
    sent = {"username": "dana", "code": "0" * 24, **CHOSEN}
    for path, status in (("/setup/x", 404), ("/reset/x", 404), ("/forgotten", 422)):
        assert client.send(path, **sent).status_code == status
    assert hashed == []
    assert security.hash_passphrase is not None


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SUPPORTER], ids=str)
def test_the_operator_lets_in_one_who_works_here(app, client, role):
    her = browser_of(app, role)
    with app.app_context():
        ran = CliRunner().invoke(reset_link, [str(her.username), "--at", "https://localhost"])
    assert ran.exit_code == 0, ran.output
    path = next(line for line in ran.output.splitlines() if "/reset/" in line).strip().removeprefix("https://localhost")
    assert client.send(path, **CHOSEN).status_code == 303
    assert her.get("/account").status_code == 303
    with app.app_context(), transaction() as session:
        asked = select(AuditRecord.actor_id, AuditRecord.code).where(AuditRecord.action == "reset link made")
        assert session.execute(asked).all() == [(None, "operator")]


@pytest.mark.parametrize("hosts", [(), ("riverside.example",)], ids=["no name known", "a name"])
def test_a_printed_link_leads_to_the_site_or_says_that_its_address_is_not_known(settings, hosts):
    for app in run(replace(settings, hosts=hosts)):
        with app.app_context():
            said = CliRunner().invoke(link, ["supporter"]).output
        assert (f"https://{hosts[0]}/setup/" in said) if hosts else ("http://127.0.0.1:8000/setup/" in said)
        assert ("--at https://example.org" in said) is not bool(hosts)


def test_the_operator_lets_in_no_woman_and_nobody_who_is_not_there(app):
    her = browser_of(app)
    with app.app_context():
        for name in (str(her.username), "nobody-here"):
            ran = CliRunner().invoke(reset_link, [name])
            assert ran.exit_code == 1
            assert "A woman who asks is let in by her recovery code" in ran.output


def prove(*, long: bool) -> Count:
    """Try every way in which a link must be refused, each on a site of its own."""
    databases = OnSqlite()
    failures = 0
    try:
        for refusal in REFUSALS * (5 if long else 1):
            for app in run(settings_for(databases.ready(), Path(tempfile.mkdtemp(dir=databases.folder)))):
                failures += not refusal(app)
    finally:
        databases.close()
    tried = len(REFUSALS) * (5 if long else 1)
    return Count(tried, failures, "used, late, another's, replaced, closed, invented, of another kind")
