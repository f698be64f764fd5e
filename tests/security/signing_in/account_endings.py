"""What ends every sign-in of a person, as acts: each takes the site and her browser. D1 and D5 count with them."""

import re
from collections.abc import Callable

from flask import Flask
from werkzeug.test import TestResponse

from tests.programme.browsing import PASSPHRASE, Browser
from tests.programme.fixtures import browser_of
from webapp.domain.access import Role

NEW = "warm rivers are stones in May"


def code_on(page: TestResponse) -> str:
    """Return the code that a page shows."""
    found = re.search(r'class="offered code-card"[^>]*>([^<]+)<', page.text)
    assert found, page.text
    return found[1]


def make_code(browser: Browser) -> str:
    """Make a recovery code and read it."""
    assert browser.send("/account/recovery-code", present=PASSPHRASE).status_code == 303
    return code_on(browser.get("/account/recovery-code"))


def set_phone_words(browser: Browser, said: str) -> None:
    """Set words for the phone."""
    assert browser.send("/account/phone-words", said=said, present=PASSPHRASE).status_code == 303


def reset_code(app: Flask, her: Browser) -> str:
    """Let the desk make a code of an hour for her."""
    set_phone_words(her, "blue kettle")
    desk = browser_of(app, Role.COORDINATOR)
    assert desk.send("/desk/let-in", username=her.username, words="blue kettle").status_code == 303
    return code_on(desk.get("/desk/let-in"))


def change_passphrase(app: Flask, her: Browser) -> None:
    """Change her passphrase on another device."""
    other = browser_of(app, username=her.username)
    assert other.send("/account/passphrase", present=PASSPHRASE, passphrase=NEW, again=NEW).status_code == 303


def use_recovery_code(app: Flask, her: Browser) -> None:
    """Come back by a recovery code on another device."""
    sent = {"username": str(her.username), "code": make_code(her), "passphrase": NEW, "again": NEW}
    assert app.test_client().send("/forgotten", **sent).status_code == 303


def use_hour_code(app: Flask, her: Browser) -> None:
    """Come back by a code that the desk read out, on another device."""
    code = reset_code(app, her)
    assert app.test_client().send(f"/reset/{code}", passphrase=NEW, again=NEW).status_code == 303


def close_account(app: Flask, her: Browser) -> None:
    """Close her account on another device."""
    other = browser_of(app, username=her.username)
    assert other.send("/account/close", present=PASSPHRASE).status_code == 303


ENDINGS: dict[str, Callable[[Flask, Browser], None]] = {
    "a new passphrase": change_passphrase,
    "a recovery code used": use_recovery_code,
    "a code of an hour used": use_hour_code,
    "an account closed": close_account,
}
"""The rows of D1 that belong to accounts: after each act a cookie from before it is dead, here and elsewhere."""
