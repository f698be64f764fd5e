"""Passkeys: one's own only, for this site only, each challenge once, and a count that goes back is told."""

import html
import json
import random
import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.programme.browsing import PASSPHRASE, words_of
from tests.programme.fixtures import browser_of, open_account
from tests.security.second_locks.authenticator import PRESENT, Authenticator
from webapp import clock
from webapp.domain.access import Role
from webapp.domain.factors import HOLDS, MOST_PASSKEYS
from webapp.extensions import transaction
from webapp.models import AuditRecord, Passkey, RecoveryCode, SignIn

NOT_TAKEN = "This passkey was not taken"


@pytest.fixture(autouse=True)
def still():
    clock.stop()
    yield
    clock.set_right()


def options_on(browser, path):
    """Return what the page hands to the browser."""
    page = browser.get(path)
    return json.loads(html.unescape(re.search(r'data-options="([^"]*)"', page.text)[1]))


def add(browser, name="my phone", device=None):
    device = device or Authenticator()
    answer = browser.send(
        "/account/passkeys", name=name, credential=device.make(options_on(browser, "/account/passkeys"))
    )
    assert answer.status_code in (200, 303)
    return device


def between(app, name):
    browser = app.test_client()
    answer = browser.send("/sign-in", username=name, passphrase=PASSPHRASE)
    assert answer.location == "/second-step"
    return browser


def is_in(browser):
    return browser.get("/account").status_code == 200


def finish(browser, said):
    return browser.send("/second-step/passkey", credential=said)


def rows(app, kind, **where):
    with app.app_context(), transaction() as session:
        found = session.scalars(select(kind).filter_by(**where)).all()
        session.expunge_all()
        return found


@pytest.fixture
def mara(app):
    open_account(app, "mara")
    return browser_of(app, username="mara")


@pytest.fixture
def device(app, mara):
    return add(mara)


def test_the_phones_own_passkeys_are_welcome_and_the_page_asks_for_ones_that_need_no_name(mara):
    asked = options_on(mara, "/account/passkeys")
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert "authenticatorAttachment" not in asked["authenticatorSelection"]
    assert asked["rp"] == {"name": "Pairwell", "id": "localhost"}
    assert asked["attestation"] == "none"


def test_it_is_kept_under_her_name_for_it_and_recovery_codes_are_shown(app, mara):
    before = mara.token()
    made = Authenticator().make(options_on(mara, "/account/passkeys"))
    page = mara.send("/account/passkeys", name="  my phone ", credential=made)
    assert len(re.findall(r"<li>\d{4} \d{4} \d{4}</li>", page.text)) == len(rows(app, RecoveryCode)) == 10
    (row,) = rows(app, Passkey)
    assert row.name == "my phone"
    assert b"my phone" not in row.name_sealed
    assert mara.token() != before
    assert "my phone" in words_of(mara.get("/account/locks"))


def test_as_second_step(app, device):
    browser = between(app, "mara")
    asked = options_on(browser, "/second-step")
    assert len(asked["allowCredentials"]) == 1
    assert finish(browser, device.sign(asked)).location == "/next"
    assert is_in(browser)
    assert rows(app, SignIn)[-1].proof == "passphrase and passkey"


def test_as_only_step(app, client, device):
    asked = options_on(client, "/sign-in")
    assert asked["userVerification"] == "required"
    assert "allowCredentials" not in asked or asked["allowCredentials"] == []
    assert client.send("/passkey", credential=device.sign(asked)).location == "/next"
    assert is_in(client)
    assert "passkey" in {row.proof for row in rows(app, SignIn)}


def test_a_coordinator_with_a_passkey_alone_reaches_the_desk(app, client):
    open_account(app, "robin", Role.COORDINATOR)
    device = add(browser_of(app, username="robin"))
    assert client.send("/passkey", credential=device.sign(options_on(client, "/passkey"))).location == "/next"
    assert client.get("/desk").status_code == 200


def test_alone_it_must_have_made_sure_of_its_owner(app, client, device):
    said = device.sign(options_on(client, "/sign-in"), flags=PRESENT)
    assert client.send("/passkey", credential=said).location == "/passkey"
    assert NOT_TAKEN in words_of(client.get("/passkey"))
    assert not is_in(client)


def test_the_passkey_of_another_person_does_not_finish_her_sign_in(app, device):
    other = browser_of(app)
    theirs = add(other)
    browser = between(app, "mara")
    assert finish(browser, theirs.sign(options_on(browser, "/second-step"))).location == "/second-step"
    assert NOT_TAKEN in words_of(browser.get("/second-step"))
    assert not is_in(browser)


def test_the_answer_to_a_sign_in_alone_does_not_finish_a_second_step_and_the_other_way_round(app, client, device):
    browser = between(app, "mara")
    alone = options_on(browser, "/passkey")
    assert finish(browser, device.sign(alone)).location == "/second-step"
    second = options_on(browser, "/second-step")
    assert browser.send("/passkey", credential=device.sign(second)).location == "/passkey"
    assert not is_in(browser)


def test_a_challenge_is_answered_once(app, client, device):
    asked = options_on(client, "/sign-in")
    said = device.sign(asked)
    kept = dict(client._cookies)
    assert client.send("/passkey", credential=said).location == "/next"
    for again in (said, device.sign(asked)):
        client._cookies = dict(kept)
        assert client.send("/passkey", credential=again).location == "/passkey"
        assert not is_in(client)


def test_of_two_answers_at_the_same_moment_one_wins(on_either):
    app = on_either
    open_account(app, "mara")
    device = add(browser_of(app, username="mara"))
    first = app.test_client()
    said, answers = device.sign(options_on(first, "/sign-in")), []
    browsers = [app.test_client() for _ in range(4)]
    gate = threading.Barrier(len(browsers))
    for browser in browsers:
        browser._cookies = dict(first._cookies)

    def use(browser):
        gate.wait()
        answers.append(browser.send("/passkey", credential=said).location)

    threads = [threading.Thread(target=use, args=(one,)) for one in browsers]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == ["/next", "/passkey", "/passkey", "/passkey"]


def test_the_challenge_of_another_browser_is_refused(app, client, device):
    said = device.sign(options_on(client, "/sign-in"))
    other = app.test_client()
    other.get("/sign-in")
    assert other.send("/passkey", credential=said).location == "/passkey"


@pytest.mark.parametrize(("late", "is_taken"), [(-1, True), (1, False)])
def test_a_challenge_holds_five_minutes(app, client, device, late, is_taken):
    said = device.sign(options_on(client, "/sign-in"))
    clock.move(HOLDS + timedelta(seconds=late))
    assert (client.send("/passkey", credential=said).location == "/next") is is_taken


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "http://localhost", "https://localhost:8443", "null", ""]
)
def test_an_answer_that_was_given_to_another_site_is_refused(client, device, origin):
    said = device.sign(options_on(client, "/sign-in"), origin=origin)
    assert client.send("/passkey", credential=said).location == "/passkey"
    assert not is_in(client)


def test_an_answer_for_another_name_or_challenge_or_key_is_refused(client, device):
    asked = options_on(client, "/sign-in")
    stranger = Authenticator(id=device.id, user=device.user, count=50)
    for said in (
        device.sign(asked, rp="elsewhere.example"),
        device.sign(asked, challenge="c29tZXRoaW5n"),
        stranger.sign(asked),
        Authenticator().sign(asked),
        device.sign(asked, flags=0),
    ):
        assert client.send("/passkey", credential=said).location == "/passkey"
    assert not is_in(client)


def test_a_count_that_goes_back_is_refused_and_told(app, mara, client, device):
    assert client.send("/passkey", credential=device.sign(options_on(client, "/sign-in"))).location == "/next"
    client.send("/sign-out")
    device.count -= 1
    assert client.send("/passkey", credential=device.sign(options_on(client, "/sign-in"))).location == "/passkey"
    assert "passkey count went back" in {row.action for row in rows(app, AuditRecord)}
    assert "Somebody may have a copy of it" in words_of(mara.get("/account/locks"))
    assert client.send("/passkey", credential=device.sign(options_on(client, "/sign-in"))).location == "/next"


def test_a_key_that_never_counts_is_taken_each_time(app, client, device):
    with app.app_context(), transaction() as session:
        session.scalars(select(Passkey)).one().sign_count = 0
    for _ in range(2):
        device.count = -1
        assert client.send("/passkey", credential=device.sign(options_on(client, "/sign-in"))).location == "/next"
        client.send("/sign-out")


def test_another_origin_or_an_old_challenge_adds_nothing(app, mara):
    asked = options_on(mara, "/account/passkeys")
    for said in (Authenticator().make(asked, origin="https://elsewhere.example"), "{}", "", "[1]"):
        assert mara.send("/account/passkeys", name="x", credential=said).location == "/account/passkeys"
    made = Authenticator().make(asked)
    assert mara.send("/account/passkeys", name="x", credential=made).status_code == 200
    assert mara.send("/account/passkeys", name="y", credential=Authenticator().make(asked)).status_code == 303
    assert len(rows(app, Passkey)) == 1


def test_a_passkey_without_a_name_is_asked_for_one(mara):
    assert mara.send("/account/passkeys", name=" ", credential="{}").status_code == 422
    answer = mara.send("/account/passkeys", name="x" * 41, credential="{}")
    assert answer.status_code == 422
    assert "at most 40" in words_of(answer)


def test_ten_are_enough(app, mara):
    for number in range(MOST_PASSKEYS):
        add(mara, name=str(number))
    said = Authenticator().make(options_on(mara, "/account/passkeys"))
    assert mara.send("/account/passkeys", name="one more", credential=said).location == "/account/passkeys"
    assert len(rows(app, Passkey)) == MOST_PASSKEYS


def test_she_takes_it_away_and_it_opens_nothing_any_more(app, mara, client, device):
    other = between(app, "mara")
    finish(other, device.sign(options_on(other, "/second-step")))
    (row,) = rows(app, Passkey)
    assert mara.send(f"/account/passkeys/{row.id}/remove").location == "/account/locks"
    assert is_in(mara)
    assert not is_in(other)
    assert client.send("/passkey", credential=device.sign(options_on(client, "/sign-in"))).location == "/passkey"
    assert rows(app, Passkey) == rows(app, RecoveryCode) == []


def test_nobody_takes_away_the_passkey_of_another(app, device):
    (row,) = rows(app, Passkey)
    assert browser_of(app).send(f"/account/passkeys/{row.id}/remove").status_code == 404
    assert len(rows(app, Passkey)) == 1


def test_the_last_lock_of_a_coordinator_stays_whichever_it_is(app):
    open_account(app, "robin", Role.COORDINATOR)
    robin = browser_of(app, username="robin")
    add(robin)
    assert robin.send("/account/codes/remove").status_code == 303
    (row,) = rows(app, Passkey)
    robin.send(f"/account/passkeys/{row.id}/remove")
    assert "Your role needs a second lock" in words_of(robin.get("/account/locks"))
    assert len(rows(app, Passkey)) == 1


def test_where_the_site_has_no_name_the_pages_say_so(app, client):
    open_account(app, "mara")
    for base in ("https://127.0.0.1", "https://[::1]:8000"):
        pages = [client.get(path, base_url=base) for path in ("/sign-in", "/passkey")]
        assert [page.status_code for page in pages] == [200, 200]
        assert not any("data-passkey" in page.text for page in pages)
        assert "only where the site has a name" in words_of(pages[1])


def test_without_script_the_forms_stay_hidden_and_no_page_has_script_inside(app, client, mara):
    for page in (client.get("/sign-in"), client.get("/passkey"), mara.get("/account/passkeys")):
        forms = re.findall(r"<form[^>]*data-passkey[^>]*>", page.text, re.DOTALL)
        assert forms
        assert all(re.search(r"\shidden>$", form) for form in forms)
        assert re.findall(r"<script(?![^>]*src=)", page.text) == []


def test_a_credential_that_no_browser_would_send_is_refused_in_words(client, device):
    said, drawn = device.sign(options_on(client, "/sign-in")), random.Random(7)
    places = sorted(drawn.sample(range(len(said)), 20))
    broken = [said[:place] + drawn.choice(["", "\x00", "é", '"', "{"]) + said[place + 7 :] for place in places]
    nested = [json.dumps({**json.loads(said), "response": other}) for other in (None, 7, "", [], {"signature": {}})]
    for one in broken + nested:
        assert client.send("/passkey", credential=one).location == "/passkey"
    assert client.send("/passkey", credential=said).location == "/next"
