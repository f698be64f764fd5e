"""The second step of a sign-in: nothing opens before it, each code opens once, and every change ends other sign-ins."""

import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from seeds.load import RECOVERY, SECRET
from tests.programme.browsing import PASSPHRASE, words_of
from tests.programme.fixtures import browser_of, open_account
from tests.security import factors_tried
from webapp import clock
from webapp.domain.access import Role
from webapp.domain.factors import HOLDS, SETTING_UP
from webapp.extensions import transaction
from webapp.models import AuditRecord, OneTimeCode, PendingSignIn, RecoveryCode, SignIn
from webapp.security.factors import present_code

STEP = timedelta(seconds=30)
NOT_TAKEN = "This code was not taken"


@pytest.fixture(autouse=True)
def still():
    """Let the clock stand, so that a code stays the same code."""
    clock.stop()
    yield
    clock.set_right()


@pytest.fixture
def robin(app):
    open_account(app, "robin", Role.COORDINATOR)
    return between(app)


def between(app, name="robin"):
    """A browser in which the passphrase was given and the second step is asked."""
    browser = app.test_client()
    browser.username = name
    answer = browser.send("/sign-in", username=name, passphrase=PASSPHRASE)
    assert (answer.status_code, answer.location) == (303, "/second-step")
    return browser


def code(ahead=timedelta()):
    clock.move(ahead)
    shown = present_code(SECRET)[0]
    clock.move(-ahead)
    return shown


def step(browser, said):
    return browser.send("/second-step", code=said)


def is_in(browser):
    return browser.get("/account").status_code == 200


def refused(answer):
    return answer.status_code == 422 and NOT_TAKEN in words_of(answer)


def rows(app, kind, **where):
    with app.app_context(), transaction() as session:
        found = session.scalars(select(kind).filter_by(**where)).all()
        session.expunge_all()
        return found


def audited(app):
    return [(one.action, one.code) for one in rows(app, AuditRecord)]


# Between the two steps


def test_a_right_passphrase_alone_opens_nothing(app, robin):
    assert rows(app, SignIn) == []
    for path in ("/next", "/desk", "/account", "/account/locks", "/account/codes", "/account/passkeys"):
        answer = robin.get(path)
        assert (answer.status_code, answer.location) == (303, "/second-step"), path
    assert robin.get("/help").status_code == robin.get("/about").status_code == 200
    assert "data-signed-in" not in robin.get("/help").text


def test_the_right_code_opens_and_is_kept_with_the_sign_in(app, robin):
    answer = step(robin, code())
    assert (answer.status_code, answer.location) == (303, "/next")
    assert is_in(robin)
    (row,) = rows(app, SignIn)
    assert row.proof == "passphrase and code"
    assert ("signed in", "passphrase and code") in audited(app)
    assert rows(app, PendingSignIn) == []


def test_a_wrong_code_opens_nothing_and_is_recorded(app, robin):
    wrong = f"{(int(code()) + 1) % 1_000_000:06}"
    assert refused(step(robin, wrong))
    assert not is_in(robin)
    assert ("second step refused", None) in audited(app)


@pytest.mark.parametrize("said", ["", "12345", "1234567", "abcdef", "１２３", "\x00" * 6, "-" * 6, "9" * 5000])
def test_what_is_no_code_is_refused_in_words(robin, said):
    assert step(robin, said).status_code == 422


def test_the_wait_for_the_second_step_ends_after_five_minutes(app, robin):
    clock.move(HOLDS - timedelta(seconds=1))
    assert robin.get("/second-step").status_code == 200
    clock.move(timedelta(seconds=1))
    answer = step(robin, code())
    assert answer.location.startswith("/sign-in")
    assert "not done within five minutes" in words_of(robin.get("/sign-in"))
    assert not is_in(robin)


def test_another_browser_has_no_part_in_it(app, robin):
    other = app.test_client()
    answer = other.send("/second-step", code=code())
    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_a_copy_of_the_cookie_is_worth_nothing_once_the_step_is_passed(app, robin):
    kept = dict(robin._cookies)
    assert step(robin, code()).status_code == 303
    robin._cookies = kept
    answer = step(robin, code(STEP))
    assert answer.location.startswith("/sign-in")
    assert not is_in(robin)


def test_a_new_passphrase_ends_what_waits_for_its_second_step(app, robin):
    from webapp.models import User

    with app.app_context(), transaction() as session:
        session.scalars(select(User)).one().password = "another hash"
    assert step(robin, code()).location.startswith("/sign-in")


def test_leaving_the_site_ends_the_wait(robin):
    robin.get("/leave")
    assert step(robin, code()).status_code in (303, 400)
    assert robin.get("/second-step").location == "/sign-in"


def test_a_woman_without_a_second_lock_signs_in_as_before(app, client):
    open_account(app, "mara")
    answer = client.sign_in("mara")
    assert answer.location == "/next"
    assert is_in(client)


# Each code once


@pytest.mark.parametrize("between_digits", ["", " ", "-", "\u00a0", "\u2011", "\u200b"])
@pytest.mark.parametrize("zero", ["0", "\uff10", "\u0660"])
def test_a_code_is_refused_the_second_time(app, robin, between_digits, zero):
    used = code()
    assert step(robin, used).status_code == 303
    again = between_digits.join(chr(ord(zero) + int(digit)) for digit in used)
    assert refused(step(between(app), f" {again} "))


def test_a_code_with_spaces_or_of_another_script_is_right_once(app, robin):
    shown = code()
    assert step(robin, f" {shown[:3]} {shown[3:]} ").status_code == 303
    arabic = "".join(chr(0x0660 + int(digit)) for digit in code(STEP))
    assert step(between(app), arabic).status_code == 303
    assert refused(step(between(app), code(STEP)))


def test_the_window_is_one_step_to_either_side(app, robin):
    for ahead, is_right in ((-2, False), (2, False), (-1, True), (0, True), (1, True)):
        assert (step(between(app), code(ahead * STEP)).status_code == 303) is is_right, ahead


def test_the_code_before_is_dead_once_a_later_one_was_used(app, robin):
    before = code(-STEP)
    assert step(robin, code()).status_code == 303
    assert refused(step(between(app), before))
    assert refused(step(between(app), before))


def test_the_code_before_opens_once(app, robin):
    before = code(-STEP)
    assert step(robin, before).status_code == 303
    assert refused(step(between(app), before))


def test_a_used_code_is_dead_after_a_failed_sign_in_too(app, robin):
    used = code()
    assert step(robin, used).status_code == 303
    other = app.test_client()
    assert other.send("/sign-in", username="robin", passphrase="wrong").status_code == 422
    assert refused(step(between(app), used))


def test_the_code_that_confirmed_an_app_does_not_open_a_sign_in(app, sign_in_as):
    woman = sign_in_as(Role.REQUESTER)
    used = set_up(app, woman)
    browser = between(app, woman.username)
    assert refused(step(browser, used))


def test_of_two_uses_at_the_same_moment_one_wins(on_either):
    app = on_either
    open_account(app, "robin", Role.COORDINATOR)
    browsers, shown, answers = [between(app) for _ in range(4)], code(), []
    gate = threading.Barrier(len(browsers))

    def use(browser):
        gate.wait()
        answers.append(step(browser, shown).status_code)

    threads = [threading.Thread(target=use, args=(one,)) for one in browsers]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == [303, 422, 422, 422]
    assert len(rows(app, SignIn)) == 1


def test_tries_get_slow_and_the_wait_is_the_same_for_right_and_wrong(app, robin):
    for _ in range(5):
        assert refused(step(robin, "000000"))
    for said in (code(), "000000", RECOVERY[0]):
        answer = step(robin, said)
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
    assert step(between(app), code()).status_code == 429
    clock.move(timedelta(minutes=5, seconds=1))
    assert step(between(app), code()).status_code == 303


# Recovery codes


def test_a_recovery_code_opens_once(app, robin):
    assert step(robin, RECOVERY[0]).status_code == 303
    assert rows(app, SignIn)[-1].proof == "passphrase and recovery code"
    for again in (RECOVERY[0], RECOVERY[0].replace(" ", ""), RECOVERY[0].replace(" ", "-")):
        assert refused(step(between(app), again))
    assert step(between(app), RECOVERY[1].replace(" ", "")).status_code == 303


def test_recovery_codes_are_kept_as_keyed_hashes_that_nobody_can_try_out(app, robin):
    kept = rows(app, RecoveryCode)
    assert len(kept) == 10
    assert not {one.code_hash for one in kept} & {code.replace(" ", "") for code in RECOVERY}
    (secret,) = rows(app, OneTimeCode)
    assert SECRET.encode() not in secret.secret_sealed


def test_somebody_elses_recovery_code_is_refused(app, robin):
    woman = browser_of(app)
    set_up(app, woman)
    with app.app_context(), transaction() as session:
        for row in session.scalars(select(RecoveryCode).filter_by(user_id=woman.user_id)):
            session.delete(row)
    assert refused(step(between(app, woman.username), RECOVERY[0]))


def test_new_recovery_codes_are_shown_once_and_the_old_ones_are_dead(app, sign_in_as):
    browser = sign_in_as(Role.COORDINATOR)
    page = browser.send("/account/recovery-codes")
    shown = re.findall(r"<li>(\d{4} \d{4} \d{4})</li>", page.text)
    assert len(set(shown)) == 10
    assert page.headers["Cache-Control"] == "no-store"
    assert not any(one in browser.get("/account/locks").text for one in shown)
    assert refused(step(between(app, browser.username), RECOVERY[0]))
    assert step(between(app, browser.username), shown[0]).status_code == 303


# Setting up and taking away


def set_up(app, browser):
    """Set codes up as she would, from the pages alone; return the code that confirmed them."""
    assert browser.send("/account/codes").location == "/account/codes"
    with app.app_context(), transaction() as session:
        hers = select(OneTimeCode).filter_by(user_id=browser.user_id, confirmed_at=None)
        typed = session.scalars(hers).one().secret.split('"key":"')[1].split('"')[0]
    shown = present_code(typed)[0]
    page = browser.send("/account/codes/confirm", code=shown)
    assert page.status_code in (200, 303)
    return shown


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
