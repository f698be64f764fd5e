"""Second locks are set up, moved and taken away by their owner alone, and every change ends her other sign-ins."""

import re
from datetime import timedelta

import pytest

from seeds.load import SECRET
from tests.programme.browsing import PASSPHRASE, words_of
from tests.programme.fixtures import open_account
from tests.security.second_locks import factors_tried
from tests.security.second_locks.stepping import STEP, audited, between, code, is_in, refused, rows, set_up, step
from webapp import clock
from webapp.domain.access import Role
from webapp.domain.factors import HOLDS, SETTING_UP
from webapp.models import OneTimeCode, RecoveryCode


@pytest.fixture(autouse=True)
def still():
    """Let the clock stand, so that a code stays the same code."""
    clock.stop()
    yield
    clock.set_right()


def test_a_coordinator_without_a_second_lock_is_led_to_set_one_up_and_reaches_nothing_else(app):
    open_account(app, "noor", Role.COORDINATOR, locked=False)
    noor = app.test_client()
    assert noor.sign_in("noor").location == "/next"
    for path in ("/next", "/desk", "/account"):
        answer = noor.get(path)
        assert (answer.status_code, answer.location) == (303, "/account/locks"), path
    assert noor.send("/account/sessions/end-others").location == "/account/locks"
    assert noor.get("/help").status_code == 200
    page = noor.get("/account/locks")
    assert "before anything else opens" in words_of(page)
    assert 'href="/next"' not in page.text.split("<main")[0].split("here")[-1]
    assert noor.send("/sign-out").status_code == 303


def test_with_her_new_lock_the_desk_opens_at_once(app):
    user_id = open_account(app, "noor", Role.COORDINATOR, locked=False)
    noor = app.test_client()
    noor.sign_in("noor")
    noor.user_id, before = user_id, noor.token()
    set_up(app, noor)
    assert noor.token() != before
    assert noor.get("/desk").status_code == 200
    assert len(rows(app, RecoveryCode)) == 10
    noor.send("/sign-out")
    assert noor.send("/sign-in", username="noor", passphrase=PASSPHRASE).location == "/second-step"


def test_the_secret_is_shown_as_square_and_text_only_in_this_browser_while_she_sets_it_up(app, sign_in_as):
    browser = sign_in_as(Role.REQUESTER)
    other = app.test_client()
    other.sign_in(browser.username)
    browser.send("/account/codes")
    page, drawn = browser.get("/account/codes"), browser.get("/account/codes/picture")
    assert re.search(r"([A-Z2-7]{4} ){7}[A-Z2-7]{1,4}", page.text)
    assert drawn.mimetype == "image/svg+xml"
    assert drawn.data.startswith(b"<?xml")
    assert drawn.headers["Cache-Control"] == page.headers["Cache-Control"] == "no-store"
    for path in ("/account/codes", "/account/codes/picture"):
        assert other.get(path).location == "/account/locks", path
    clock.move(SETTING_UP - timedelta(minutes=5))
    assert browser.get("/account/codes").status_code == 200
    clock.move(timedelta(minutes=5))
    for path in ("/account/codes", "/account/codes/picture"):
        assert browser.get(path).location == "/account/locks", path


def test_the_app_is_not_told_the_name_of_the_programme(app):
    from webapp.security.factors import codes, secret_of

    with app.app_context():
        uri = codes().get_totp_uri("mara", secret_of(SECRET))
    assert uri.startswith("otpauth://totp/Pairwell:mara?secret=")
    assert "Riverside" not in uri


def test_a_wrong_first_code_changes_nothing(app, sign_in_as):
    browser = sign_in_as(Role.REQUESTER)
    browser.send("/account/codes")
    answer = browser.send("/account/codes/confirm", code="000000")
    assert answer.status_code == 422
    assert "does not fit" in words_of(answer)
    assert [row.confirmed_at for row in rows(app, OneTimeCode)] == [None]
    assert browser.sign_in(browser.username).location == "/next"


def test_a_new_app_replaces_the_old_one_only_when_it_is_confirmed(app, sign_in_as):
    browser = sign_in_as(Role.COORDINATOR)
    browser.send("/account/codes")
    assert step(between(app, browser.username), code(STEP)).status_code == 303
    set_up(app, browser)
    assert len(rows(app, OneTimeCode)) == 1
    assert refused(step(between(app, browser.username), code(STEP)))


@pytest.mark.parametrize("role", [Role.REQUESTER, Role.COORDINATOR], ids=str)
@pytest.mark.parametrize("path", ["/account/codes", "/account/codes/remove", "/account/recovery-codes"])
def test_a_change_asks_for_the_passphrase_again_after_some_minutes(app, sign_in_as, role, path):
    browser = sign_in_as(role)
    clock.move(HOLDS)
    before = [row.id for row in rows(app, OneTimeCode)]
    assert browser.send(path).location == "/account/again"
    assert [row.id for row in rows(app, OneTimeCode)] == before
    assert browser.send("/account/again", passphrase="wrong").status_code == 422
    assert browser.send(path).location == "/account/again"
    assert browser.send("/account/again", passphrase=PASSPHRASE).location == "/account/locks"
    assert browser.send(path).location != "/account/again"


def test_the_last_lock_of_a_coordinator_stays(app, sign_in_as):
    browser = sign_in_as(Role.COORDINATOR)
    answer = browser.send("/account/codes/remove")
    assert answer.location == "/account/locks"
    assert "Your role needs a second lock" in words_of(browser.get("/account/locks"))
    assert len(rows(app, OneTimeCode)) == 1


def test_a_woman_takes_her_lock_away(app, sign_in_as):
    browser = sign_in_as(Role.REQUESTER)
    set_up(app, browser)
    assert browser.send("/account/codes/remove").status_code == 303
    assert rows(app, OneTimeCode) == rows(app, RecoveryCode) == []
    assert browser.sign_in(browser.username).location == "/next"
    assert {("second lock added", "codes"), ("second lock removed", "codes")} <= set(audited(app))


def changes():
    yield "codes set up", Role.REQUESTER, lambda app, browser: set_up(app, browser)
    yield "codes moved", Role.COORDINATOR, lambda app, browser: set_up(app, browser)
    yield "recovery codes made", Role.COORDINATOR, lambda _app, browser: browser.send("/account/recovery-codes")
    yield "codes removed", Role.REQUESTER, lambda _app, browser: browser.send("/account/codes/remove")


@pytest.mark.parametrize(("what", "role", "change"), list(changes()), ids=lambda one: one if type(one) is str else "")
def test_every_change_ends_the_other_sign_ins_and_renews_this_one(app, sign_in_as, what, role, change):
    open_account(app, "hers", role, locked=what != "codes set up")
    browser, other = sign_in_as(username="hers"), sign_in_as(username="hers")
    assert is_in(other)
    copied, token = dict(browser._cookies), browser.token()
    change(app, browser)
    assert is_in(browser)
    assert browser.token() != token
    assert not is_in(other)
    browser._cookies = copied
    assert not is_in(browser)


# By the operator


def run(app, *arguments):
    with app.app_context():
        return app.test_cli_runner().invoke(args=arguments)


def test_the_operator_takes_lost_locks_away_and_she_sets_them_up_anew(app, sign_in_as):
    browser = sign_in_as(Role.COORDINATOR)
    waiting = between(app, browser.username)
    ran = run(app, "reset-factors", browser.username)
    assert ran.exit_code == 0, ran.output
    assert "sets it up anew" in ran.output
    assert not is_in(browser)
    assert waiting.get("/second-step").location == "/sign-in"
    assert browser.sign_in(browser.username).location == "/next"
    assert browser.get("/desk").location == "/account/locks"
    assert ("second locks reset", None) in audited(app)


def test_the_operator_is_told_of_a_name_that_is_not_there(app):
    ran = run(app, "reset-factors", "nobody")
    assert ran.exit_code == 1
    assert "no account with the name nobody" in ran.output


# What the proofs count


def test_nothing_that_was_used_once_opens_again():
    counted = factors_tried.prove(long=False)
    assert counted.failures == 0
    assert counted.tried > 20


def test_after_each_change_of_a_lock_older_cookies_are_dead(app):
    dead = factors_tried.dead_after_changes(app)
    assert dead == dict.fromkeys(factors_tried.CHANGES, True)
