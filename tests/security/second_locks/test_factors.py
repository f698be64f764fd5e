"""The second step of a sign-in: nothing opens before it, each code opens once, and every change ends other sign-ins."""

import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from seeds.load import RECOVERY, SECRET
from tests.programme.browsing import words_of
from tests.programme.fixtures import browser_of, open_account
from tests.security.second_locks.stepping import STEP, audited, between, code, is_in, refused, rows, set_up, step
from tests.security.signing_in.account_endings import change_passphrase
from webapp import clock
from webapp.domain.access import Role
from webapp.domain.factors import HOLDS
from webapp.extensions import transaction
from webapp.models import OneTimeCode, PendingSignIn, RecoveryCode, SignIn


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
    change_passphrase(app, browser_of(app, username="robin"))
    assert step(robin, code(STEP)).location.startswith("/sign-in")


def test_leaving_the_site_ends_the_wait(robin):
    robin.get("/leave")
    assert step(robin, code()).status_code in (303, 400)
    assert robin.get("/second-step").location == "/sign-in"


def test_between_the_two_steps_the_exit_and_help_ask_nothing_of_the_database(app, robin):
    with app.app_context(), transaction() as session:
        session.execute(text("DROP TABLE pending_sign_ins"))
    for path in ("/", "/help", "/about", "/leave"):
        assert robin.get(path).status_code in (200, 302, 303), path


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
