"""Opening an account and signing in: nothing tells whether a name is there, and failing again and again gets slow."""

import threading
import time
from datetime import timedelta
from statistics import median

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tests.programme.browsing import PASSPHRASE, Browser, words_of
from tests.programme.databases import settings_for
from tests.programme.fixtures import open_account
from webapp import clock, create_app
from webapp.config import Settings
from webapp.domain.access import VISITOR, Role
from webapp.domain.accounts import is_name, neat_name
from webapp.extensions import transaction
from webapp.jobs import wrong_tries
from webapp.models import AuditRecord, Tries, User, WrongTries
from webapp.security import limits
from webapp.security.accounts import hash_passphrase
from webapp.services import accounts, audit


def open_setup(app, browser, name="mara", passphrase=PASSPHRASE, again=None):
    token = link_for(app, Role.SUPPORTER)
    again = passphrase if again is None else again
    return browser.send(f"/setup/{token}", username=name, passphrase=passphrase, again=again)


def site_with(databases, folder, **changed):
    app = create_app(settings_for(databases.ready(), folder, **changed))
    app.test_client_class = Browser
    return app


def users(app):
    with app.app_context(), transaction() as session:
        rows = session.scalars(select(User)).all()
        session.expunge_all()
        return rows


def test_she_opens_an_account_and_is_signed_in(app, client):
    answer = client.begin()
    assert (answer.status_code, answer.location) == (303, "/account/recovery-code")
    assert client.get("/account").status_code == 200
    (user,) = users(app)
    assert user.username == client.username
    assert user.email is None
    assert [role.name for role in user.roles] == ["requester"]
    assert user.password.startswith("$argon2id$")
    assert PASSPHRASE not in user.password


def test_capitals_and_kinds_of_letters_make_no_difference(app, client):
    open_account(app, "rené")
    assert client.sign_in("  RENE\u0301 ").status_code == 303


def test_accents_of_a_passphrase_may_come_from_any_keyboard(app, client):
    client.begin("été à la rivière")
    client.send("/sign-out")
    assert client.sign_in(client.username, "e\u0301te\u0301 a\u0300 la rivie\u0300re").status_code == 303


@pytest.mark.parametrize(
    "passphrase",
    ["  river \t stones by the moon  ", "🌊🪨🐚🌾🦉🪵🌙🐢🍁🌻🫖🧶", "warm stones " * 83, "<script>'\"; --"],
)
def test_any_character_may_stand_in_a_passphrase(client, passphrase):
    assert client.begin(passphrase).status_code == 303
    name = client.username
    client.send("/sign-out")
    assert client.sign_in(name, passphrase).status_code == 303
    client.send("/sign-out")
    assert client.sign_in(name, passphrase.strip()[:-1]).status_code == 422


@pytest.mark.parametrize(
    ("name", "passphrase", "again"),
    [
        ("", PASSPHRASE, None),
        ("ab", PASSPHRASE, None),
        ("a" * 41, PASSPHRASE, None),
        ("mara b", PASSPHRASE, None),
        (".mara", PASSPHRASE, None),
        ("mara", "elevenchars", None),
        ("mara", "a" * 1001, None),
        ("mara", PASSPHRASE, "something else"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(app, client, name, passphrase, again):
    answer = open_setup(app, client, name, passphrase, again)
    assert answer.status_code == 422
    assert "Please check these" in words_of(answer)
    assert passphrase not in answer.text
    assert users(app) == []


@pytest.mark.parametrize("name", ["mara", "MARA", "m_a-r.a", "été", "мара", "mara1"])
def test_names_may_be_written_in_any_letters(name):
    assert is_name(neat_name(name))


def test_a_name_that_is_taken_is_refused_without_a_word_about_its_owner(app, client):
    open_account(app, "mara")
    answer = open_setup(app, client, "Mara")
    assert answer.status_code == 422
    assert "This name cannot be used here." in words_of(answer)
    assert len(users(app)) == 1


def test_a_wrong_name_and_a_wrong_passphrase_answer_alike(app, client):
    open_account(app, "mara")
    wrong = client.sign_in("mara", "not the passphrase at all")
    nobody = client.sign_in("nobody", "not the passphrase at all")
    assert wrong.status_code == nobody.status_code == 422
    assert words_of(wrong) == words_of(nobody)
    assert wrong.text.replace("mara", "nobody").count("nobody") == nobody.text.count("nobody")


def test_a_wrong_name_and_a_wrong_passphrase_take_alike(on_sqlite, tmp_path):
    app = site_with(on_sqlite, tmp_path, rate_limits=False, hash_kib=Settings.hash_kib)
    client = app.test_client()
    with app.app_context(), transaction() as session:
        hashed = hash_passphrase(PASSPHRASE)
        accounts.create_user(
            session, VISITOR, username="mara", password_hash=hashed, role=Role.REQUESTER, now=clock.now()
        )
    took = {"mara": [], "nobody": []}
    for _ in range(9):
        for name, times in took.items():
            begun = time.perf_counter()
            client.sign_in(name, "not the passphrase at all")
            times.append(time.perf_counter() - begun)
    known, unknown = median(took["mara"]), median(took["nobody"])
    assert abs(known - unknown) < 0.5 * max(known, unknown)


def test_an_account_that_was_closed_answers_like_no_account(app, client):
    user_id = open_account(app, "mara")
    with app.app_context(), transaction() as session:
        session.get(User, user_id).active = False
    assert words_of(client.sign_in("mara")) == words_of(client.sign_in("nobody"))


def test_passphrases_are_hashed_as_hard_as_advised():
    assert Settings.hash_kib >= 64 * 1024


def test_two_who_ask_for_a_name_at_once_get_one_account(on_either):
    app, answers = on_either, []
    together = threading.Barrier(4)

    def ask():
        browser = app.test_client()
        browser.hidden_field()
        token = link_for(app, Role.SUPPORTER)
        together.wait()
        answers.append(use(browser, token, "mara").status_code)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 422, 422, 422]
    assert len(users(app)) == 1


def test_the_audit_of_accounts_is_whole(on_either):
    app = on_either
    open_account(app, "mara")
    with app.app_context(), transaction() as session:
        actions = session.scalars(select(AuditRecord.action).order_by(AuditRecord.number)).all()
        assert actions == ["programme begun", "link made", "account opened"]
        assert audit.find_break(session) is None


# ---- slowing down ----


def test_after_some_wrong_tries_the_next_must_wait(app, client):
    open_account(app, "mara")
    clock.stop()
    for _ in range(limits.PACES["name_at_address"].free + limits.LANE_WIDTH):
        assert client.sign_in("mara", "wrong wrong wrong").status_code == 422
    answer = client.sign_in("mara")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    clock.move(timedelta(seconds=2))
    assert client.sign_in("mara").status_code == 303


def test_nobody_is_locked_out(app, client):
    open_account(app, "mara")
    for _ in range(40):
        client.sign_in("mara", "wrong wrong wrong")
        clock.move(timedelta(seconds=20))
    clock.move(max(pace.longest for pace in limits.PACES.values()))
    assert client.sign_in("mara").status_code == 303


def test_a_try_that_came_too_soon_adds_nothing_to_the_wait(app, client):
    open_account(app, "mara")
    for _ in range(30):
        client.sign_in("mara", "wrong wrong wrong")
    clock.move(timedelta(seconds=2))
    assert client.sign_in("mara").status_code == 303


def test_signing_in_forgets_the_wrong_tries(app, client):
    open_account(app, "mara")
    for _ in range(3):
        for _ in range(4):
            client.sign_in("mara", "wrong wrong wrong")
        assert client.sign_in("mara").status_code == 303


def test_one_address_that_tries_many_names_gets_slow(app, client):
    clock.stop()
    free = limits.PACES["address"].free + limits.LANE_WIDTH
    said = [client.sign_in(f"name{n}", "wrong wrong wrong").status_code for n in range(free + 1)]
    assert said == [422] * free + [429]


def test_many_women_may_share_an_address(app, client):
    for n in range(limits.PACES["address"].free + 5):
        open_account(app, f"woman{n}")
        assert client.sign_in(f"woman{n}").status_code == 303


def test_many_tries_at_once_are_all_counted(on_either):
    app, answers = on_either, []
    open_account(app, "mara")
    clock.stop()

    def guess():
        browser = app.test_client()
        answers.append(browser.sign_in("mara", "wrong wrong wrong").status_code)

    threads = [threading.Thread(target=guess) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    free = limits.PACES["name_at_address"].free + limits.LANE_WIDTH
    assert sorted(answers) == [422] * free + [429] * (50 - free)
    with app.app_context(), transaction() as session:
        assert session.scalars(select(WrongTries.count)).all() == [50]
    open_account(app, "another")
    clock.move(timedelta(seconds=2))
    assert app.test_client().sign_in("another").status_code == 303


def test_wrong_passphrases_are_told_to_the_audit(app, client):
    user_id = open_account(app, "mara")
    for name in ("mara", "nobody", "mara", "nobody else"):
        client.sign_in(name, "wrong wrong wrong")
    with app.app_context():
        assert wrong_tries.run(clock.now()) == 4
        assert wrong_tries.run(clock.now()) == 0
        with transaction() as session:
            told = select(AuditRecord.about_id, AuditRecord.code).where(AuditRecord.action == "passphrase wrong")
            assert set(session.execute(told).all()) == {(user_id, "times_2"), (None, "times_2")}
            assert audit.find_break(session) is None


def test_when_counting_fails_nobody_is_let_in(app, client, monkeypatch):
    open_account(app, "mara")

    def fail(*_args, **_kwargs):
        raise OperationalError("count", {}, Exception("no disk"))

    monkeypatch.setattr(limits, "_count", fail)
    app.testing = False
    assert client.sign_in("mara").status_code == 503
    assert client.get("/account").status_code == 303


def test_counters_hold_no_name_and_no_address(app, client):
    client.sign_in("mara", "wrong wrong wrong")
    with app.app_context(), transaction() as session:
        kept = [*session.scalars(select(Tries.key)), *session.scalars(select(WrongTries.key))]
    assert len(kept) == 3
    assert all(len(key) == 64 and "mara" not in key for key in kept)


# ---- links ----


def link_for(app, role=Role.COORDINATOR):
    with app.app_context(), transaction() as session:
        return accounts.make_link(session, VISITOR, role, now=clock.now())


def use(browser, token, name="dana"):
    return browser.send(f"/setup/{token}", username=name, passphrase=PASSPHRASE, again=PASSPHRASE)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SUPPORTER], ids=str)
def test_a_link_opens_one_account_with_its_role(app, client, role):
    token = link_for(app, role)
    assert client.get(f"/setup/{token}").status_code == 200
    assert use(client, token).status_code == 303
    assert [r.name for r in users(app)[0].roles] == [role]
    second = app.test_client()
    assert second.get(f"/setup/{token}").status_code == 410
    assert use(second, token, "other").status_code == 410
    assert len(users(app)) == 1


def test_links_that_are_old_or_invented_answer_like_a_missing_page(app, client):
    token = link_for(app)
    clock.move(timedelta(days=3))
    assert client.get(f"/setup/{token}").status_code == 410
    assert use(client, token).status_code == 410
    assert words_of(client.get("/setup/invented")) == words_of(client.get("/no-such-page"))


def test_a_taken_name_leaves_the_link_alive(app, client):
    open_account(app, "dana")
    token = link_for(app)
    assert use(client, token).status_code == 422
    assert use(client, token, "dana2").status_code == 303


def test_a_link_used_twice_at_once_opens_one_account(on_either):
    app, answers = on_either, []
    token = link_for(app)
    together = threading.Barrier(4)

    def follow(n):
        browser = app.test_client()
        browser.hidden_field()
        together.wait()
        answers.append(use(browser, token, f"dana{n}").status_code)

    threads = [threading.Thread(target=follow, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 410, 410, 410]
    assert len(users(app)) == 1
