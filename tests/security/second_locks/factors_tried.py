"""What was used once, sent again in every way: codes of an app, recovery codes, answers of a passkey. None may open."""

import html
import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Flask

from seeds.load import RECOVERY, SECRET
from tests.programme.browsing import PASSPHRASE, Browser
from tests.programme.databases import OnSqlite, serve_postgres, settings_for
from tests.programme.fixtures import browser_of, open_account, run
from tests.proofs.counts import Count
from tests.security.second_locks.authenticator import Authenticator
from webapp import clock
from webapp.domain.access import Role
from webapp.extensions import transaction
from webapp.models import OneTimeCode, Tries
from webapp.security.factors import present_code

STEP = timedelta(seconds=30)
AT_ONCE = 8


def prove(*, long: bool) -> Count:
    """Count what was sent a second time, and what of it opened a sign-in."""
    databases = OnSqlite()
    try:
        counts = [_on(settings_for(databases.ready(), databases.folder), rounds=20 if long else 1)]
    finally:
        databases.close()
    if long:
        for server in serve_postgres():
            counts.append(_on(settings_for(server.ready(), server.folder), rounds=20))
    note = "SQLite and PostgreSQL" if long else "SQLite"
    return Count(sum(one.tried for one in counts), sum(one.failures for one in counts), note)


def _on(settings: Any, rounds: int) -> Count:
    for app in run(settings):
        clock.stop()
        trial = Trial(app)
        opened = [came_in for _ in range(rounds) for came_in in trial.everything()]
        return Count(len(opened), sum(opened))
    raise AssertionError


class Trial:
    """One coordinator, and everything of hers that was used already."""

    def __init__(self, app: Flask) -> None:
        self.app, self.name = app, "robin"
        open_account(app, self.name, Role.COORDINATOR)
        robin = browser_of(app, username=self.name)
        self.device, asked = Authenticator(), options_on(robin, "/account/passkeys")
        robin.send("/account/passkeys", name="phone", credential=self.device.make(asked))
        self.unused = list(RECOVERY)

    def everything(self) -> Iterator[bool]:
        """Go through every way; True is a second use that opened a sign-in."""
        for way in (self._codes, self._before, self._at_once, self._recovery, self._passkey):
            clock.move(10 * STEP)  # nothing of one way is left over for the next
            yield from way()

    def _codes(self) -> Iterator[bool]:
        used = present_code(SECRET)[0]
        assert self._opens(used)
        for said in (
            used,
            f"{used[:3]} {used[3:]}",
            f" {used}\t",
            "-".join(used),
            "\u00a0".join(used),
            fullwidth(used),
        ):
            yield self._opens(said)
        self.app.test_client().send("/sign-in", username=self.name, passphrase="wrong")
        yield self._opens(used)
        clock.move(STEP)
        yield self._opens(used)

    def _before(self) -> Iterator[bool]:
        before = present_code(SECRET)[0]
        clock.move(STEP)
        assert self._opens(before)
        yield self._opens(before)
        assert self._opens(present_code(SECRET)[0])
        yield self._opens(before)

    def _at_once(self) -> Iterator[bool]:
        said, browsers, opened = present_code(SECRET)[0], [self._between() for _ in range(AT_ONCE)], []
        gate = threading.Barrier(AT_ONCE)

        def use(browser: Browser) -> None:
            gate.wait()
            opened.append(browser.send("/second-step", code=said).status_code == 303)

        together(lambda browser: lambda: use(browser), browsers)
        assert any(opened)
        yield from [False] * opened.count(False) + [True] * (opened.count(True) - 1)

    def _recovery(self) -> Iterator[bool]:
        if self.unused:
            used = self.unused.pop()
            assert self._opens(used)
            for said in (used, used.replace(" ", ""), used.replace(" ", "-"), fullwidth(used)):
                yield self._opens(said)

    def _passkey(self) -> Iterator[bool]:
        browser = self.app.test_client()
        asked = options_on(browser, "/sign-in")
        said, kept = self.device.sign(asked), dict(browser._cookies)
        assert browser.send("/passkey", credential=said).location == "/next"
        for again in (said, self.device.sign(asked)):
            browser._cookies = dict(kept)
            yield browser.send("/passkey", credential=again).location == "/next"

    def _opens(self, said: str) -> bool:
        return self._between().send("/second-step", code=said).status_code == 303

    def _between(self) -> Browser:
        """Give the passphrase; what slows guessing down is put back, since here only the code is to refuse."""
        with self.app.app_context(), transaction() as session:
            session.query(Tries).delete()
        browser: Browser = self.app.test_client()
        assert browser.send("/sign-in", username=self.name, passphrase=PASSPHRASE).location == "/second-step"
        return browser


def together(act: Any, browsers: list[Browser]) -> None:
    """Let each act in a thread of its own."""
    threads = [threading.Thread(target=act(browser)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def options_on(browser: Browser, path: str) -> dict[str, Any]:
    """Return what a page hands to the browser's passkeys."""
    found = re.search(r'data-options="([^"]*)"', browser.get(path).text)
    assert found is not None
    said: dict[str, Any] = json.loads(html.unescape(found[1]))
    return said


def fullwidth(code: str) -> str:
    """Write digits as East Asian keyboards may."""
    return "".join(chr(0xFF10 + int(sign)) if sign.isdigit() else sign for sign in code)


def dead_after_changes(app: Flask) -> dict[str, bool]:
    """Say of each change of a second lock whether every older cookie is dead after it, this browser's old one too."""
    return {what: _kills(app, number, change) for number, (what, change) in enumerate(CHANGES.items())}


def _kills(app: Flask, number: int, change: Any) -> bool:
    name = f"hers{number}"
    open_account(app, name, locked=True)
    here, elsewhere = browser_of(app, username=name), browser_of(app, username=name)
    older = dict(here._cookies)
    change(app, here)
    copy = app.test_client()
    copy._cookies = older
    return not any(browser.get("/account").status_code == 200 for browser in (elsewhere, copy))


def _move_codes(app: Flask, browser: Browser) -> None:
    browser.send("/account/codes")
    with app.app_context(), transaction() as session:
        begun = session.query(OneTimeCode).filter_by(user_id=browser.user_id, confirmed_at=None).one()
        typed = re.search('"key":"([A-Z2-7]+)"', begun.secret)
    assert typed is not None
    assert browser.send("/account/codes/confirm", code=present_code(typed[1])[0]).status_code == 303


def _add_passkey(_app: Flask, browser: Browser) -> None:
    made = Authenticator().make(options_on(browser, "/account/passkeys"))
    assert browser.send("/account/passkeys", name="phone", credential=made).status_code == 303


def _reset(app: Flask, browser: Browser) -> None:
    with app.app_context():
        assert app.test_cli_runner().invoke(args=["reset-factors", browser.username or ""]).exit_code == 0


CHANGES = {
    "codes moved": _move_codes,
    "codes taken away": lambda _app, browser: browser.send("/account/codes/remove"),
    "recovery codes made": lambda _app, browser: browser.send("/account/recovery-codes"),
    "passkey added": _add_passkey,
    "locks reset by the operator": _reset,
}
