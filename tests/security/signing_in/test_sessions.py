"""Sign-ins are rows: idle ones and ended ones are dead, copies of a cookie too, and the database holds no token."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.programme.browsing import words_of
from webapp import clock
from webapp.extensions import db, transaction
from webapp.models import AuditRecord, SignIn
from webapp.security import afterwards


def rows_of(app, browser):
    with app.app_context(), transaction() as session:
        rows = session.scalars(select(SignIn).where(SignIn.user_id == browser.user_id).order_by(SignIn.begun_at)).all()
        session.expunge_all()
        return rows


def is_in(browser):
    return browser.get("/account").status_code == 200


def test_the_cookie_holds_a_token_and_the_database_only_its_hash(app, sign_in_as):
    browser = sign_in_as("requester")
    (row,) = rows_of(app, browser)
    token = browser.token()
    assert len(token) >= 43
    assert row.token_hash != token
    assert len(row.token_hash) == 64


def test_the_cookie_is_as_strict_as_cookies_can_be(app, sign_in_as, client):
    said = client.get("/sign-in").headers["Set-Cookie"]
    assert said.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(said.split("; "))
    assert "Expires" not in said
    assert "Domain" not in said


def test_a_quiet_sign_in_is_dead_after_fifteen_minutes(sign_in_as):
    browser = sign_in_as("requester")
    clock.move(timedelta(minutes=14))
    assert is_in(browser)
    clock.move(timedelta(minutes=14))
    assert is_in(browser)
    clock.move(timedelta(minutes=15))
    answer = browser.get("/account")
    assert (answer.status_code, answer.location) == (303, "/sign-in?late=1")
    assert not is_in(browser)


def test_a_form_sent_too_late_leads_to_the_sign_in_and_changes_nothing(app, sign_in_as):
    browser = sign_in_as("requester")
    (row,) = rows_of(app, browser)
    clock.move(timedelta(minutes=16))
    answer = browser.send(f"/account/sessions/{row.id}/end")
    assert (answer.status_code, answer.location) == (303, "/sign-in?late=1")
    assert rows_of(app, browser)[0].ended_at is None


def test_no_sign_in_lives_longer_than_half_a_day(sign_in_as):
    browser = sign_in_as("requester")
    for _ in range(60):
        clock.move(timedelta(minutes=12))
        browser.get("/account")
    assert not is_in(browser)


def test_reading_touches_the_row_at_most_once_a_minute(app, sign_in_as):
    browser = sign_in_as("requester")
    begun = rows_of(app, browser)[0].seen_at
    clock.move(timedelta(seconds=30))
    assert is_in(browser)
    assert rows_of(app, browser)[0].seen_at == begun
    clock.move(timedelta(seconds=40))
    assert is_in(browser)
    assert rows_of(app, browser)[0].seen_at > begun


def test_a_copied_cookie_is_dead_once_she_signed_out(app, sign_in_as):
    browser = sign_in_as("requester")
    thief = app.test_client()
    thief.set_cookie("__Host-session", browser.get_cookie("__Host-session").value)
    assert is_in(thief)
    answer = browser.send("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cookies", "storage"'
    assert not is_in(thief)
    assert not is_in(browser)


def test_leaving_ends_the_sign_in_without_javascript(app, sign_in_as):
    browser = sign_in_as("requester")
    answer = browser.get("/leave")
    assert answer.status_code == 303
    assert answer.location == app.config["SETTINGS"].neutral_site
    afterwards.wait(app)
    assert rows_of(app, browser)[0].ended_at is not None
    assert not is_in(browser)


def test_signing_in_gives_a_new_token_and_ends_the_old_sign_in(app, sign_in_as):
    browser = sign_in_as("requester")
    before = browser.token()
    browser.sign_in(browser.username)
    assert browser.token() != before
    first, second = rows_of(app, browser)
    assert first.ended_at is not None
    assert second.ended_at is None


def test_a_token_planted_before_the_sign_in_is_worth_nothing(app, client, sign_in_as):
    with client.session_transaction(base_url="https://localhost") as kept:
        kept["sign_in"] = "planted"
    assert client.get("/account").status_code == 303
    known = sign_in_as("requester").username
    client.sign_in(known)
    assert client.token() != "planted"


def test_she_sees_her_sign_ins_and_ends_another_one(app, sign_in_as):
    phone = sign_in_as("requester")
    computer = sign_in_as("requester", username=phone.username)
    assert words_of(computer.get("/account/sign-ins")).count("End this sign-in") == 2
    first, _ = rows_of(app, phone)
    assert computer.send(f"/account/sessions/{first.id}/end").status_code == 303
    assert is_in(computer)
    assert not is_in(phone)


def test_she_ends_all_but_this_one(sign_in_as):
    first = sign_in_as("requester")
    others = [sign_in_as("requester", username=first.username) for _ in range(2)]
    assert first.send("/account/sessions/end-others").status_code == 303
    assert is_in(first)
    assert not any(is_in(browser) for browser in others)


def test_somebody_elses_sign_in_and_none_at_all_answer_alike(app, sign_in_as):
    hers, mine = sign_in_as("requester"), sign_in_as("coordinator")
    (row,) = rows_of(app, hers)
    foreign = mine.send(f"/account/sessions/{row.id}/end")
    absent = mine.send("/account/sessions/00000000-0000-4000-8000-000000000000/end")
    assert foreign.status_code == absent.status_code == 404
    assert words_of(foreign) == words_of(absent)
    assert is_in(hers)


def test_a_closed_account_is_signed_out_at_once(app, sign_in_as):
    browser = sign_in_as("supporter")
    with app.app_context(), transaction() as session:
        from webapp.models import User

        session.get(User, browser.user_id).active = False
    assert not is_in(browser)


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)", "phone"),
        ("Mozilla/5.0 (Linux; Android 16) Mobile", "phone"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "computer"),
        ("", "computer"),
    ],
)
def test_a_device_is_told_only_roughly(app, agent, device):
    from webapp.security.sessions import current_device

    with app.test_request_context(headers={"User-Agent": agent}):
        assert current_device() == device


def test_signing_in_and_out_is_in_the_audit(app, sign_in_as):
    browser = sign_in_as("requester")
    browser.send("/sign-out")
    with app.app_context(), transaction() as session:
        said = session.scalars(select(AuditRecord.action).order_by(AuditRecord.number)).all()
    assert said[-3:] == ["account opened", "signed in", "signed out"]


def test_a_request_leaves_no_promise_behind(app, sign_in_as):
    from webapp.extensions import only_reading

    sign_in_as("requester").get("/account")
    assert only_reading.get() is False


def test_it_holds_on_both_databases(on_either):
    from tests.programme.fixtures import browser_of

    browser = browser_of(on_either)
    assert is_in(browser)
    clock.move(timedelta(minutes=2))
    assert is_in(browser)
    browser.send("/sign-out")
    assert not is_in(browser)
    with on_either.app_context():
        assert db.engine.dialect.name in ("sqlite", "postgresql")
