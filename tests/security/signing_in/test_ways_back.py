"""A forgotten passphrase: the recovery code, words for the phone, the code of an hour; each once, each ending all."""

import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.pages.story import Story
from tests.programme.browsing import PASSPHRASE, field_in, words_of
from tests.programme.fixtures import browser_of, open_account
from tests.security.signing_in.account_endings import NEW, code_on, make_code, reset_code, set_phone_words
from tests.security.signing_in.test_accounts import link_for
from webapp import clock
from webapp.domain.access import Role
from webapp.domain.recovery import are_phone_words
from webapp.extensions import db, transaction
from webapp.models import AuditRecord, PhoneWords, ReturnCode, User
from webapp.security import limits
from webapp.services.accounts import phone_words


def actions(app, about):
    with app.app_context(), transaction() as session:
        asked = select(AuditRecord.action, AuditRecord.code).where(AuditRecord.about_id == about)
        return [(action, code) for action, code in session.execute(asked.order_by(AuditRecord.number))]


def is_in(browser):
    return browser.get("/account").status_code == 200


# ---- a new passphrase ----


def test_she_changes_her_passphrase_and_only_this_sign_in_goes_on(app, sign_in_as):
    here = sign_in_as("requester")
    there, before = sign_in_as(username=here.username), here.token()
    answer = here.send("/account/passphrase", present=PASSPHRASE, passphrase=NEW, again=NEW)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert "Your new passphrase is set." in words_of(here.get("/account"))
    assert here.token() != before
    assert not is_in(there)
    assert app.test_client().sign_in(here.username).status_code == 422
    assert app.test_client().sign_in(here.username, NEW).status_code == 303
    assert ("passphrase changed", None) in actions(app, here.user_id)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"present": "not the present one"}, "This is not your present passphrase."),
        ({"present": ""}, "Enter your present passphrase."),
        ({"passphrase": "passwordpassword", "again": "passwordpassword"}, "This repeats itself"),
        ({"passphrase": "", "again": ""}, "Type a passphrase, or tick the four words"),
        ({"again": "something else"}, "The two passphrases differ."),
        ({"take_words": "y", "words": "kettle candle river lemon"}, "Use only one of the two."),
    ],
)
def test_what_stands_against_a_new_passphrase_is_said_and_nothing_changes(app, sign_in_as, fields, said):
    her = sign_in_as("requester")
    fields = {"present": PASSPHRASE, "passphrase": NEW, "again": NEW, **fields}
    answer = her.send("/account/passphrase", **fields)
    assert answer.status_code == 422
    assert said in words_of(answer)
    assert NEW not in answer.text
    assert app.test_client().sign_in(her.username).status_code == 303


def test_guesses_at_the_present_passphrase_are_slowed_like_any(sign_in_as):
    her = sign_in_as("requester")
    fields = {"passphrase": NEW, "again": NEW, "present": "a wrong guess at it"}
    clock.stop()
    free = limits.PACES["name_at_address"].free + limits.LANE_WIDTH
    assert [her.send("/account/passphrase", **fields).status_code for _ in range(free + 1)][-1] == 429


def test_four_words_are_offered_kept_over_a_mistake_and_taken_with_a_tick(app, client):
    page = client.get("/begin")
    offered, name_in_it = field_in(page, "words"), field_in(page, "offered")
    assert len(offered.split()) == 4
    wrong = client.send("/begin", offered=name_in_it, words=offered, passphrase="short", again="short")
    assert wrong.status_code == 422
    assert field_in(wrong, "words") == offered
    assert field_in(wrong, "offered") == name_in_it
    assert client.send("/begin", offered=name_in_it, words=offered, take_words="y").status_code == 303
    assert is_in(client)
    her_name = re.search(r'<dd translate="no">([^<]+)', client.get("/account").text)[1]
    assert app.test_client().sign_in(her_name, offered).status_code == 303


def test_words_that_were_not_offered_are_not_shown_again(client):
    page = client.send("/begin", words="<script>alert(1)</script>", passphrase="short", again="short")
    assert "alert(1)" not in page.text


def test_a_name_that_was_not_offered_opens_nothing(app, client):
    answer = client.send("/begin", offered="mara", passphrase=PASSPHRASE, again=PASSPHRASE)
    assert answer.status_code == 422
    assert "This name is no longer free." in words_of(answer)
    with app.app_context(), transaction() as session:
        assert session.scalars(select(User)).all() == []


# ---- the recovery code ----


def test_a_new_account_is_led_to_its_code_which_is_shown_once(app, client):
    assert client.begin().location == "/account/recovery-code"
    assert "Not now" in words_of(client.get("/account/recovery-code"))
    code = make_code(client)
    assert len(code) == 29
    again = client.get("/account/recovery-code")
    assert code not in again.text
    assert "If you make another, the old one no longer works." in words_of(again)
    with app.app_context(), transaction() as session:
        (row,) = session.scalars(select(ReturnCode))
        assert code not in row.code_hash


def test_a_device_left_open_gives_no_code_without_the_passphrase(sign_in_as):
    her = sign_in_as("requester")
    clock.move(timedelta(minutes=11))
    assert "Your present passphrase" in words_of(her.get("/account/recovery-code"))
    assert her.send("/account/recovery-code").status_code == 422
    assert her.send("/account/recovery-code", present="not the right one").status_code == 422
    assert her.send("/account/recovery-code", present=PASSPHRASE).status_code == 303


def test_a_code_lets_her_in_once_ends_every_sign_in_and_gives_a_new_code(app, sign_in_as, client):
    her = sign_in_as("requester")
    code = make_code(her)
    sent = {"username": her.username.upper(), "code": f" {code.lower()} ", "passphrase": NEW, "again": NEW}
    answer = client.send("/forgotten", **sent)
    assert (answer.status_code, answer.location) == (303, "/forgotten/done")
    page = client.get("/forgotten/done")
    assert code_on(page) != code
    assert not is_in(her)
    assert client.send("/forgotten", **sent).status_code == 422
    assert client.sign_in(her.username).status_code == 422
    assert client.sign_in(her.username, NEW).status_code == 303
    assert ("recovery code used", None) in actions(app, her.user_id)
    assert client.send("/forgotten", **{**sent, "code": code_on(page)}).status_code == 303


def test_a_wrong_code_a_wrong_name_and_a_closed_account_answer_alike(app, sign_in_as, client):
    her = sign_in_as("requester")
    code = make_code(her)
    other = sign_in_as("requester")
    make_code(other)
    pages = set()
    for name, tried in ((her.username, "0" * 24), ("nobody-here", code), (other.username, code)):
        answer = client.send(
            "/forgotten", username=name, code=tried, passphrase=NEW, again=NEW, words="kettle candle river lemon"
        )
        assert answer.status_code == 422
        pages.add(words_of(answer).replace(name, "").replace(tried, ""))
    assert len(pages) == 1
    assert is_in(her)


def test_a_code_used_twice_at_once_is_used_once(on_either):
    app, answers = on_either, []
    her = browser_of(app)
    code = make_code(her)
    together = threading.Barrier(3)

    def come_back():
        browser = app.test_client()
        browser.hidden_field()
        together.wait()
        sent = {"username": her.username, "code": code, "passphrase": NEW, "again": NEW}
        answers.append(browser.send("/forgotten", **sent).status_code)

    threads = [threading.Thread(target=come_back) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 422, 422]


def test_guesses_at_codes_are_bounded(client):
    sent = {"username": "mara", "passphrase": NEW, "again": NEW}
    clock.stop()
    free = limits.PACES["way_back"].free + limits.LANE_WIDTH
    codes = [client.send("/forgotten", code=f"{n:024}", **sent).status_code for n in range(free + 1)]
    assert codes == [422] * free + [429]


# ---- words for the phone ----


def test_words_that_somebody_else_used_are_told_to_her(app, sign_in_as, client):
    """Whoever overheard them has them read out; her passphrase stays hers, and she hears of it."""
    her, desk = sign_in_as("requester"), sign_in_as("coordinator")
    set_phone_words(her, "blue kettle")
    assert desk.send("/desk/let-in", username=her.username, words="blue kettle").status_code == 303
    assert "gave out a code with which your passphrase can be chosen" in words_of(her.get("/account"))
    assert client.sign_in(str(her.username)).status_code == 303
    assert "gave out a code with which your passphrase can be chosen" in words_of(client.get("/next"))
    assert "gave out a code" not in words_of(client.get("/next"))
    code = code_on(desk.get("/desk/let-in"))
    stranger = app.test_client()
    assert stranger.send(f"/reset/{code}", passphrase=NEW, again=NEW).status_code == 303
    assert stranger.sign_in(str(her.username), NEW).status_code == 303
    assert "Your passphrase was set anew on" in words_of(stranger.get("/next"))


def test_blanks_around_a_passphrase_are_none_of_it(sign_in_as, client):
    her = sign_in_as("requester")
    assert client.sign_in(str(her.username), f" {PASSPHRASE} ").status_code == 303


def test_the_desk_types_her_words_and_reads_out_a_code_of_an_hour(app, sign_in_as, client):
    her, desk = sign_in_as("requester"), sign_in_as("coordinator")
    set_phone_words(her, "Théière bleue")
    answer = desk.send("/desk/let-in", username=her.username, words="theiere BLEUE")
    assert answer.status_code == 303
    page = desk.get("/desk/let-in")
    code = code_on(page)
    assert code not in desk.get("/desk/let-in").text
    assert client.send("/reset", code=code.lower().replace("-", " ")).location == f"/reset/{code}"
    assert her.username in words_of(client.get(f"/reset/{code}"))
    assert client.send(f"/reset/{code}", passphrase=NEW, again=NEW).status_code == 303
    assert not is_in(her)
    assert client.sign_in(her.username, NEW).status_code == 303
    assert "Your passphrase was set anew on" in words_of(client.get("/next"))
    assert "set anew" not in words_of(client.get("/next"))
    assert "set anew" in words_of(client.get("/account"))
    told = actions(app, her.user_id)
    assert ("phone words tried", "right") in told
    assert ("reset link made", "coordinator") in told
    assert ("reset link used", "coordinator") in told
    with app.app_context(), transaction() as session:
        assert session.scalars(select(PhoneWords)).all() == []


def test_names_that_are_not_there_answer_like_wrong_words(app, sign_in_as):
    desk, her, colleague = sign_in_as("coordinator"), sign_in_as("supporter"), sign_in_as("coordinator")
    without = sign_in_as("requester")
    for person in (her, colleague, desk):
        set_phone_words(person, "blue kettle")
    desk.get("/account")  # what was told there once stands on no later page
    said = set()
    tried = {her.username: "green kettle", "nobody-here": "blue kettle", without.username: "blue kettle",
             colleague.username: "blue kettle", desk.username: "blue kettle"}  # fmt: skip
    for name, words in tried.items():
        answers = [desk.send("/desk/let-in", username=name, words=words) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [422] * 4
        said.add(tuple(words_of(answer).replace(name, "").replace(words, "") for answer in answers))
    assert len(said) == 1
    assert "used up" in next(iter(said))[3]


def test_three_tries_a_day_whatever_door_they_come_by(app):
    story = Story(app)
    woman = story.woman()
    desk = story.browser()
    set_phone_words(story.browser(woman.username), "blue kettle")
    path = f"/desk/requests/{woman.thing_id}/let-in"
    assert desk.send(path, words="green kettle").status_code == 422
    assert desk.send("/desk/let-in", username=woman.username, words="red kettle").status_code == 422
    assert desk.send(path, words="grey kettle").status_code == 422
    assert "used up" in words_of(desk.send(path, words="blue kettle"))
    clock.move(timedelta(days=1))
    assert story.browser().send(path, words="blue kettle").status_code == 303


def test_the_page_of_a_request_says_when_there_are_no_words(app):
    story = Story(app)
    woman = story.woman()
    page = words_of(story.browser().get(f"/desk/requests/{woman.thing_id}/let-in"))
    assert "She has no words for the phone" in page


def test_words_that_are_offered_are_never_refused():
    """Two short words of a draw would be: that is one draw in five hundred."""
    assert all(are_phone_words(phone_words.offer(language)) for language in ("en", "fr") for _ in range(20_000))


def test_words_that_prove_nothing_are_refused(app):
    story = Story(app)
    woman = story.woman(code_word="Purple lantern")
    her = story.browser(woman.username)
    for said, why in (("kettle", "Use two words or more"), ("purple LANTERN", "These are your code word.")):
        answer = her.send("/account/phone-words", said=said)
        assert answer.status_code == 422
        assert why in words_of(answer)
    offered = field_in(her.get("/account/phone-words"), "words")
    assert her.send("/account/phone-words", words=offered, take_words="y").status_code == 303
    assert her.send("/account/phone-words/forget").status_code == 303
    assert "You have no words for the phone now." in words_of(her.get("/account"))


def test_the_words_are_nowhere_in_clear(app, sign_in_as):
    set_phone_words(sign_in_as("requester"), "blue kettle")
    with app.app_context():
        file = Path(db.engine.url.database)
    kept = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert b"kettle" not in kept


def test_a_reset_leaves_the_recovery_code_alive(app, sign_in_as, client):
    her = sign_in_as("requester")
    code = make_code(her)
    client.send(f"/reset/{reset_code(app, her)}", passphrase=NEW, again=NEW)
    sent = {"username": her.username, "code": code, "passphrase": PASSPHRASE, "again": PASSPHRASE}
    assert client.send("/forgotten", **sent).status_code == 303


def test_look_alike_names_cannot_both_exist(app, sign_in_as, client):
    open_account(app, "marnie-10", Role.SUPPORTER)
    for twin in ("mamie-10", "MARNIE.lO", "márnie_10"):
        answer = client.send(f"/setup/{link_for(app)}", username=twin, passphrase=PASSPHRASE, again=PASSPHRASE)
        assert answer.status_code == 422
    assert client.sign_in("Marnie10").status_code == 303


def test_the_database_holds_no_name_in_clear(app, client):
    client.begin()
    with app.app_context():
        file = Path(db.engine.url.database)
    kept = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert client.username.encode() not in kept


def test_a_name_with_a_nul_is_a_wrong_name(on_either):
    assert on_either.test_client().sign_in("ma\x00ra").status_code == 422
