"""What was typed when a sign-in idled out is kept for an hour, for the same person alone, and never sent by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from tests.pages.story import Story
from tests.programme.browsing import words_of
from tests.programme.databases import settings_for
from tests.programme.fixtures import open_account, run
from webapp import clock
from webapp.extensions import transaction
from webapp.jobs import forget_words
from webapp.models import KeptWords, Message, User
from webapp.security import afterwards, quiet
from webapp.services.accounts import kept_words

WORDS = "I did not dare to say it until now."
KEEPING = [
    "changing.end",
    "changing.say_goodbye",
    "checkins.answer_checkin",
    "choosing.say_differs",
    "concerns.add_words",
    "concerns.tell",
    "desk.add_to_concern",
    "desk.answer",
    "desk.end_pair",
    "desk.finish_task",
    "desk.hold_pair",
    "desk.lift_hold",
    "desk.look_again",
    "desk.propose_to_close",
    "desk.send_concern_back",
    "desk.take_back",
    "introductions.look_at_detail",
    "introductions.propose_terms",
    "introductions.release_detail",
    "introductions.write_message",
    "notices.give_address",
    "questions.keep_screen",
    "safe_contact.keep_part",
    "threads.ask_for_contact",
    "threads.write",
]
NOT_SENT = "They are not sent yet"
QUIET = timedelta(minutes=16)


@pytest.fixture
def pair(app):
    """A woman and her supporter who may write to each other."""
    told = Story(app)
    woman, dee = told.woman(), told.supporter()
    told.path = f"/together/{told.introduced(woman, dee)}"
    return told


def rows(app, kind=KeptWords):
    with app.app_context(), transaction() as session:
        return session.scalar(select(func.count()).select_from(kind))


def late(story, username="w-claire", path=None, **fields):
    """Let somebody send a form after her sign-in has idled out."""
    browser = story.browser(username)
    browser.get("/account")
    clock.move(QUIET)
    fields = fields or {"body": WORDS}
    return browser, browser.send(path or f"{story.path}/messages", **fields)


def test_a_message_that_came_late_stands_in_its_place_again_and_is_not_sent(app, pair):
    browser, answer = late(pair)
    assert (answer.status_code, answer.location) == (303, "/sign-in?late=kept")
    assert "kept for one hour" in words_of(browser.get(answer.location))
    assert rows(app, Message) == 0
    assert browser.sign_in("w-claire").location == "/next"
    assert browser.get("/next").location == pair.path
    page = browser.get(pair.path)
    assert WORDS in page.text
    assert NOT_SENT in page.text
    assert rows(app, Message) == 0
    assert browser.get("/next").location == pair.path  # where she stands, and no longer because of her words
    assert browser.send(f"{pair.path}/messages", body=WORDS).status_code == 303
    assert (rows(app), rows(app, Message)) == (0, 1)
    assert NOT_SENT not in browser.get(pair.path).text


def test_nobody_else_sees_them(app, pair):
    browser, _ = late(pair)
    assert browser.sign_in("s-dee").status_code == 303
    assert browser.get("/next").location == "/offers"
    page = browser.get(pair.path)
    assert page.status_code == 200
    assert WORDS not in page.text
    assert NOT_SENT not in page.text
    assert rows(app) == 1


def test_the_database_does_not_hold_them_in_clear(app, pair):
    late(pair)
    with app.app_context(), transaction() as session:
        row = session.scalars(select(KeptWords)).one()
        assert WORDS.encode() not in row.form_sealed
        assert pair.path.encode() not in row.form_sealed


@pytest.mark.parametrize("way", ["an hour", "the job", "sign-out", "exit", "thrown away"])
def test_they_go(app, pair, way):
    browser, _ = late(pair)
    assert rows(app) == 1
    if way in ("an hour", "the job"):
        clock.move(timedelta(hours=1))
    if way == "the job":
        with app.app_context():
            assert forget_words.run(clock.now()) == 1
    browser.sign_in("w-claire")
    if way == "sign-out":
        browser.send("/sign-out")
    if way == "exit":
        browser.get("/leave")
        afterwards.wait(app)
    if way == "thrown away":
        assert browser.send("/stay/forget").status_code == 303
    assert rows(app) == (1 if way == "an hour" else 0)
    browser.sign_in("w-claire")
    assert browser.get("/next").location == pair.path
    assert WORDS not in browser.get(pair.path).text


def test_they_are_too_old_after_their_hour_also_for_one_who_has_come_back(pair):
    browser, _ = late(pair)
    clock.move(timedelta(minutes=55))
    browser.sign_in("w-claire")
    assert browser.get("/next").location == pair.path
    clock.move(timedelta(minutes=6))
    assert WORDS not in browser.get(pair.path).text


def test_they_go_with_the_account(app):
    user_id = open_account(app, "w-gone")
    with app.app_context(), transaction() as session:
        assert kept_words.keep(session, user_id, "/questions/start", [("q-name", "Wren")], now=clock.now())
    with app.app_context(), transaction() as session:
        session.execute(delete(User).where(User.id == user_id))
    assert rows(app) == 0


@pytest.mark.parametrize("way", ["sign-out", "exit", "ended from elsewhere", "closed account"])
def test_nothing_is_kept_of_a_sign_in_that_was_ended(app, pair, way):
    browser = pair.browser("w-claire")
    browser.get("/account")
    cookie, field = browser.get_cookie("__Host-session").value, browser.hidden_field()
    if way == "sign-out":
        browser.send("/sign-out")
    if way == "exit":
        browser.get("/leave")
    if way == "ended from elsewhere":
        pair.browser("w-claire").send("/account/sessions/end-others")
    if way == "closed account":
        with app.app_context(), transaction() as session:
            from webapp.services import accounts

            accounts.find_user(session, "w-claire").active = False
    afterwards.wait(app)
    browser.set_cookie("__Host-session", cookie)
    clock.move(QUIET)
    answer = browser.post(f"{pair.path}/messages", data={"csrf_token": field, "body": WORDS})
    assert (answer.status_code, answer.location) == (303, "/sign-in?late=1")
    assert rows(app) == 0


def test_an_exit_after_the_quiet_end_takes_them_along(app, pair):
    browser, _ = late(pair)
    browser.get("/leave")
    afterwards.wait(app)
    assert rows(app) == 0


def test_a_forged_form_keeps_nothing(app, pair):
    browser = pair.browser("w-claire")
    browser.get("/account")
    clock.move(QUIET)
    data = {"csrf_token": browser.hidden_field(), "body": WORDS}
    assert browser.post(f"{pair.path}/messages", data={"body": WORDS}).status_code == 400
    foreign = {"Referer": "https://elsewhere.example/"}
    assert browser.post(f"{pair.path}/messages", data=data, headers=foreign).status_code == 400
    assert rows(app) == 0


def test_two_windows_that_come_late_are_both_known(app, pair):
    browser, _ = late(pair)
    assert browser.send(f"{pair.path}/messages", body="The other window.").location == "/sign-in?late=kept"
    browser.sign_in("w-claire")
    assert "The other window." in browser.get(pair.path).text


def test_too_much_is_not_kept_and_said_so(app, pair):
    _, answer = late(pair, body="x" * (kept_words.LARGEST + 1))
    assert answer.location == "/sign-in?late=lost"
    assert rows(app) == 0


def test_only_forms_that_hold_words_are_kept(app, pair):
    for path, fields in (
        ("/account/sessions/end-others", {"body": WORDS}),
        (f"{pair.path}/messages", {"body": " "}),
        (f"{pair.path}/check-in", {"body": WORDS}),
    ):
        _, answer = late(pair, path=path, **fields)
        assert answer.location == "/sign-in?late=1"
    assert rows(app) == 0


def test_passphrases_are_never_kept(app, pair):
    late(pair, body=WORDS, passphrase="river stones", again="river stones")
    with app.app_context(), transaction() as session:
        assert session.scalars(select(KeptWords)).one().form["fields"] == [["body", WORDS]]


def test_the_mark_of_a_form_is_no_words(app, pair):
    _, answer = late(pair, body="", once="6c1d9a0e-0000-4000-8000-000000000000")
    assert answer.location == "/sign-in?late=1"
    assert rows(app) == 0


def test_routes_that_keep_words_ask_for_no_passphrase(app):
    keeping = [name for name, view in app.view_functions.items() if getattr(view, "keeps", None)]
    assert sorted(keeping) == KEEPING
    assert {"passphrase", "again", "csrf_token"} <= quiet.NEVER_KEPT


def test_a_screen_of_questions_stands_as_she_left_it(app, pair):
    woman = pair._person("w-new", "requester")
    browser = pair.browser("w-new")
    assert woman.id is not None
    browser.send("/questions")
    clock.move(QUIET)
    answer = browser.send("/questions/start", **{"q-name": "Wren", "q-adult": "yes"})
    assert answer.location == "/sign-in?late=kept"
    browser.sign_in("w-new")
    assert browser.get("/next").location == "/questions/start"
    page = browser.get("/questions/start").text
    assert 'value="Wren"' in page
    assert NOT_SENT in page
    assert browser.send("/questions/start", **{"q-name": "Wren", "q-adult": "yes"}).status_code == 303
    assert rows(app) == 0


def test_skipping_late_keeps_nothing(app, pair):
    pair._person("w-new", "requester")
    browser = pair.browser("w-new")
    browser.send("/questions")
    clock.move(QUIET)
    assert browser.send("/questions/start", **{"q-name": "Wren", "skip": "1"}).location == "/sign-in?late=1"
    assert rows(app) == 0


def test_the_ticks_of_a_check_in_stand_again_also_of_one_begun_by_herself(app, pair):
    browser = pair.browser("w-claire")
    address = browser.send(f"{pair.path}/check-in").location.split("?")[0]
    clock.move(QUIET)
    assert browser.send(address, listened="mostly").location == "/sign-in?late=kept"
    browser.sign_in("w-claire")
    assert browser.get("/next").location == address
    page = browser.get(address).text
    assert NOT_SENT in page
    assert 'value="mostly" checked' in page.replace('checked=""', "checked")
    assert browser.send(address, listened="mostly").status_code == 303
    assert rows(app) == 0


def test_the_page_asks_to_stay_and_to_keep(app, pair):
    clock.stop()
    browser = pair.browser("w-claire")
    clock.move(timedelta(minutes=13))
    assert browser.send("/stay/end", to_keep_for=f"{pair.path}/messages", body=WORDS).text == "stay 120"
    assert browser.send("/stay").text == "900"
    clock.move(timedelta(minutes=14))
    assert browser.send("/stay/end", to_keep_for=f"{pair.path}/messages", body=WORDS).text == "stay 60"
    assert rows(app) == 0
    clock.move(timedelta(minutes=1))
    said = browser.send("/stay/end", to_keep_for=f"{pair.path}/messages", body=WORDS)
    assert said.text == "/sign-in?late=kept"
    assert rows(app) == 1
    assert browser.send("/stay").location == "/sign-in"


@pytest.mark.parametrize("path", ["", "/", "/sign-in", "https://evil.example/", "/together/1/messages", "/stay"])
def test_words_for_no_form_of_ours_are_not_kept(app, pair, path):
    browser = pair.browser("w-claire")
    clock.move(QUIET)
    assert browser.send("/stay/end", to_keep_for=path, body=WORDS).text == "/sign-in?late=1"
    assert rows(app) == 0


def test_on_postgresql_too(on_postgres, tmp_path):
    for app in run(settings_for(on_postgres.ready(), tmp_path)):
        told = Story(app)
        told.path = f"/together/{told.introduced(told.woman(), told.supporter())}"
        browser, answer = late(told)
        assert answer.location == "/sign-in?late=kept"
        browser.sign_in("w-claire")
        assert WORDS in browser.get(told.path).text
