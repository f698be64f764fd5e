"""Signs that no database keeps as text are refused with a sentence beside the field, on both databases, never a 5xx."""

import pytest
from flask import Flask

from tests.programme.browsing import PASSPHRASE, words_of
from tests.programme.fixtures import browser_of, open_account
from tests.security.doors.table import DOORS
from webapp.ui.forms import UNKEEPABLE

NUL = "\x00"
SAID = "There is a hidden sign in this"


@pytest.mark.parametrize("name", [f"ma{NUL}ra", NUL])
def test_a_name_with_a_hidden_sign_is_refused_where_it_stands(on_either: Flask, name: str) -> None:
    open_account(on_either, "mara")
    browser = on_either.test_client()
    answer = browser.sign_in(name)
    assert answer.status_code == 422
    assert SAID in words_of(answer)
    assert browser.sign_in("mara", PASSPHRASE + NUL).status_code == 422
    assert browser.send("/begin", username=name, passphrase=PASSPHRASE, again=PASSPHRASE).status_code == 422
    assert browser.send("/language", language=NUL, back=f"/{NUL}").status_code == 303
    assert browser.sign_in("mara").status_code == 303


def test_no_form_breaks_on_a_hidden_sign(on_either: Flask) -> None:
    browser = browser_of(on_either)
    assert browser.send("/questions").status_code in (303, 404)
    for door in DOORS:
        if door.method == "POST" and "<" not in door.endpoint:
            fields = {**dict.fromkeys(door.form or {"any": ""}, f"a{NUL}b"), f"x{NUL}": "y"}
            rules = [rule for rule in on_either.url_map.iter_rules(door.endpoint) if not rule.arguments]
            for rule in rules:
                if door.endpoint != "accounts.sign_out":
                    assert browser.send(rule.rule, **fields).status_code < 500, door.endpoint


@pytest.mark.parametrize("path", ["/sign-in?late=%00", "/desk?queue=%00", "/setup/a%00b", "/%00", "/static/%00"])
def test_no_address_breaks_on_a_hidden_sign(on_either: Flask, path: str) -> None:
    for browser in (on_either.test_client(), browser_of(on_either)):
        assert browser.get(path).status_code in (303, 400, 404)


def test_halves_of_signs_are_hidden_signs_too() -> None:
    assert UNKEEPABLE.search("a\ud800")
    assert not UNKEEPABLE.search("été 🌊 مرحبا")
