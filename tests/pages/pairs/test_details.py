"""Ways to be reached: seen by her first, released to one, taken back at once; nothing by default."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.pages.pairs.conftest import forms_in
from tests.programme.browsing import words_of
from webapp import clock
from webapp.content import programme
from webapp.domain.introductions import State
from webapp.domain.safe_contact import Channel, Contact
from webapp.models import AuditRecord, ContactDetail, Introduction
from webapp.services import requests
from webapp.services.pairs import rooms, withdrawing
from webapp.services.safety import records

NUMBER = {"kind": "number", "said": "416 555 0199"}
NOT_SAFE = "You have not told us that it is safe for you"


def release(pair, browser, **changed):
    return browser.send(f"{pair.path}/reach", **{**NUMBER, **changed})


def count(pair) -> int:
    return len(pair.do(lambda session: session.scalars(select(ContactDetail)).all()))


def test_nothing_is_released_by_default_and_nobody_is_asked(pair):
    for browser, name in ((pair.hers, "Dee"), (pair.theirs, "Claire")):
        assert f"{name} has released nothing" in pair.words(browser)
    page = pair.theirs.get(pair.path).text
    assert [one for one in forms_in(page, "") if "ask" in one] == []


def test_she_sees_what_the_other_will_see_before_it_is_released(pair):
    looked = pair.hers.send(f"{pair.path}/reach/look", **NUMBER)
    assert looked.status_code == 200
    assert "This is what Dee will see Phone number 416 555 0199" in words_of(looked)
    assert "she may have noted it" in words_of(looked)
    assert count(pair) == 0
    assert release(pair, pair.hers).location == f"{pair.path}#reach"
    assert "Phone number 416 555 0199 Claire released this to you alone" in pair.words(pair.theirs)
    assert "Dee sees of you: Phone number 416 555 0199" in pair.words(pair.hers)
    assert release(pair, pair.hers).status_code == 303
    assert count(pair) == 1


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"kind": "", "said": "416 555 0199"}, "Choose one of these."),
        ({"kind": "number", "said": ""}, "Write how she can reach you."),
        ({"kind": "number", "said": "call me"}, "does not look like a phone number"),
        ({"kind": "email", "said": "dee at example"}, "does not look like an e-mail"),
        ({"kind": "other", "said": "x" * 121}, "longer than 120"),
        ({"kind": "other", "said": "a\x00b"}, "hidden sign"),
    ],
)
def test_a_slip_is_seen_and_nothing_typed_is_lost(pair, form, words):
    for step in ("/look", ""):
        page = pair.hers.send(f"{pair.path}/reach{step}", **form)
        assert page.status_code == 422
        assert words in words_of(page)
        assert form["said"].replace("\x00", "") in page.text
    assert count(pair) == 0


@pytest.mark.parametrize(
    ("safe_by", "kind", "said", "warned"),
    [
        ((), "number", "416 555 0199", True),
        ((Channel.CALL,), "number", "416 555 0199", False),
        ((Channel.TEXT,), "number", "416 555 0199", False),
        ((Channel.CALL,), "email", "c@example.org", True),
        ((Channel.EMAIL,), "email", "c@example.org", False),
        ((), "other", "Signal: claire.22", True),
    ],
)
def test_a_woman_is_warned_where_she_has_not_said_that_it_is_safe(pair, safe_by, kind, said, warned):
    contact = Contact(addresses=dict.fromkeys(safe_by, "somewhere"))
    pair.do(records.write, pair.woman.actor, pair.woman.actor.id, contact, now=clock.now())
    page = words_of(pair.hers.send(f"{pair.path}/reach/look", kind=kind, said=said))
    assert (NOT_SAFE in page) is warned
    assert NOT_SAFE not in words_of(pair.theirs.send(f"{pair.path}/reach/look", kind=kind, said=said))


def test_a_record_that_is_closed_warns_again(pair):
    contact = Contact(addresses={Channel.CALL: "416 555 0199"})
    pair.do(records.write, pair.woman.actor, pair.woman.actor.id, contact, now=clock.now())
    pair.do(records.close_outside, pair.woman.actor.id, actor=pair.woman.actor, now=clock.now())
    assert NOT_SAFE in words_of(pair.hers.send(f"{pair.path}/reach/look", kind="number", said="416 555 0199"))


def test_what_is_taken_back_is_gone_at_once_from_the_row_and_the_page(pair):
    release(pair, pair.hers)
    (back,) = forms_in(pair.hers.get(pair.path).text, "take-back")
    assert pair.theirs.send(back).status_code == 404
    assert pair.hers.send(back).status_code == 303
    assert "She may have noted it before" in pair.words(pair.hers)
    assert "416 555 0199" not in pair.theirs.get(pair.path).text
    assert count(pair) == 0
    assert pair.hers.send(back).status_code == 303


def test_there_is_an_end_to_how_many(pair):
    for number in range(5):
        assert release(pair, pair.hers, said=f"416 555 010{number}").status_code == 303
    page = release(pair, pair.hers)
    assert page.status_code == 422
    assert "released 5 ways already" in words_of(page)


@pytest.mark.parametrize("state", [State.PAUSED, State.ENDED])
def test_while_the_two_may_not_talk_neither_sees_the_other_s(pair, state):
    release(pair, pair.hers)
    release(pair, pair.theirs, said="416 555 0122")
    pair.do(lambda session: setattr(session.get(Introduction, pair.id), "state", state))
    assert "416 555 0199" not in pair.theirs.get(pair.path).text
    assert "Nobody sees it now" in pair.words(pair.hers)
    refused = release(pair, pair.theirs, said="416 555 0111")
    assert refused.status_code == 409
    assert "416 555 0111" in refused.text


def test_withdrawing_all_takes_both_s_ways_and_planned_times_and_makes_the_room_anew(pair):
    release(pair, pair.hers)
    release(pair, pair.theirs)
    turn = pair.do(lambda session: session.get(Introduction, pair.id).room_turn)
    pair.do(withdrawing.withdraw_all, pair.dee.actor, pair.id, now=clock.now())
    assert count(pair) == 0
    assert pair.do(lambda session: session.get(Introduction, pair.id).room_turn) == turn + 1


def test_an_ended_pair_keeps_no_way_to_reach_anybody(pair):
    release(pair, pair.hers)
    release(pair, pair.theirs)
    pair.do(requests.withdraw_request, pair.woman.actor, pair.woman.thing_id, now=clock.now())
    assert count(pair) == 0
    assert "416 555 0199" not in pair.theirs.get(pair.path).text


def test_the_audit_knows_ids_alone(pair):
    release(pair, pair.hers)
    table = AuditRecord.__table__
    records = pair.do(lambda session: session.execute(select(table).order_by(table.c.number)).all())
    assert records[-1].action == "detail released"
    assert "555" not in repr([(one.action, one.thing, one.code) for one in records])


def test_there_is_no_room_unless_the_programme_names_one(pair):
    assert programme.load().room == ""
    assert "Open the room" not in pair.words(pair.hers)


def test_a_room_is_the_pair_s_own_and_another_after_something_was_taken_back(pair, monkeypatch):
    template = programme.load().__class__(**{**vars(programme.load()), "room": "https://meet.example.org/{room}"})
    monkeypatch.setattr(rooms.programme, "load", lambda: template)
    rooms_seen = [room_in(pair.hers.get(pair.path).text), room_in(pair.theirs.get(pair.path).text)]
    assert rooms_seen[0] == rooms_seen[1]
    assert len(rooms_seen[0]) == rooms.LENGTH
    assert "That site, and the history of your browser" in pair.words(pair.hers)
    release(pair, pair.hers)
    (back,) = forms_in(pair.hers.get(pair.path).text, "take-back")
    pair.hers.send(back)
    assert room_in(pair.theirs.get(pair.path).text) != rooms_seen[0]
    pair.do(lambda session: setattr(session.get(Introduction, pair.id), "state", State.PAUSED))
    assert "meet.example.org" not in pair.hers.get(pair.path).text


def room_in(page: str) -> str:
    return page.partition('href="https://meet.example.org/')[2].partition('"')[0]


@pytest.mark.parametrize("room", ["http://meet.example.org/{room}", "https://meet.example.org/all"])
def test_a_room_that_is_not_private_is_refused(room):
    with pytest.raises(ValueError, match="room"):
        programme.load().__class__(**{**vars(programme.load()), "room": room})


@pytest.mark.parametrize("step", ["/look", ""])
def test_what_was_typed_outlives_the_end_of_a_sign_in(pair, step):
    clock.move(timedelta(minutes=20))
    assert pair.hers.send(f"{pair.path}/reach{step}", **NUMBER).location == "/sign-in?late=kept"
    pair.hers.sign_in(pair.woman.username)
    assert 'value="416 555 0199"' in pair.hers.get(f"{pair.path}/reach").text
    assert count(pair) == 0
    release(pair, pair.hers)
    assert "416 555 0199" not in pair.hers.get(f"{pair.path}/reach").text


def test_terms_outlive_it_too(pair):
    clock.move(timedelta(minutes=20))
    sent = pair.hers.send(f"{pair.path}/agreement", private="Not with my sister", weeks="8")
    assert sent.location == "/sign-in?late=kept"
    pair.hers.sign_in(pair.woman.username)
    page = pair.hers.get(f"{pair.path}/agreement").text
    assert "Not with my sister" in page
    assert 'value="8" checked' in page
