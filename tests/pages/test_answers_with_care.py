"""Answers that need care: who is too young, a device that is not safe, what cannot be read, what is still needed."""

import re
from io import BytesIO

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.pages.women import actor_of, begin, request_of, send_request, stored, turn_clock
from tests.programme.browsing import words_of
from webapp import clock
from webapp.extensions import db, transaction
from webapp.models import Request
from webapp.services import requests


@pytest.fixture
def her(sign_in_as):
    turn_clock()
    return sign_in_as()


def test_a_girl_is_shown_who_can_talk_with_her_and_nothing_is_stored(her, app):
    her.send("/questions")
    answer = her.send("/questions/start", **{"q-adult": "no", "q-name": "Zoe"})
    assert "1-800-668-6868" in answer.text
    assert "686868" in answer.text
    assert stored(app, her) == {}
    assert request_of(app, her)[0] == "withdrawn"


def test_what_a_girl_answered_before_is_forgotten_too(her, app):
    begin(her)
    asked = her.send("/questions/start", **{"q-adult": "no"})
    assert "Are you younger than 18?" in words_of(asked)
    assert stored(app, her)["adult"]["answer"] == ["yes"]
    her.send("/questions/start", **{"q-adult": "no"}, sure="1")
    with app.app_context(), transaction() as session:
        assert [(one.name, one.answers) for one in session.query(Request)] == [(None, {})]


def test_an_age_that_was_not_offered_empties_nothing(her, app):
    begin(her)
    assert her.send("/questions/start", **{"q-adult": "maybe"}, sure="1").status_code == 422
    assert stored(app, her)["adult"]["answer"] == ["yes"]


def test_what_is_needed_cannot_be_cleared_once_it_is_sent(her, app):
    send_request(her)
    for way in ({"skip": "1"}, {"q-modes": ["site_messages"]}):
        page = her.send("/questions/talking", **way)
        assert page.status_code == 422
        assert "take your request back" in words_of(page)
    assert stored(app, her)["languages"]["answer"] == ["en"]


def test_a_request_that_is_taken_back_while_she_sends_it_is_not_there(her, app):
    begin(her, "start")

    def take_back(_session):
        with Session(db.engine) as session, session.begin():
            hers = requests.find_open_request(session, actor_of(her))
            requests.withdraw_request(session, actor_of(her), hers.id, now=clock.now())

    event.listen(db.session, "after_rollback", take_back, once=True)
    assert her.send("/questions/send").status_code == 404


def test_signs_that_cannot_be_seen_are_taken_out(her, app):
    begin(her)
    her.send("/questions/start", **{"q-adult": "yes", "q-name": "Vera\u202egnol\x07 "})
    assert stored(app, her)["name"]["answer"] == "Veragnol"


def test_a_file_in_place_of_a_text_is_no_answer(her, app):
    begin(her)
    token = re.search(r'name="csrf_token" value="([^"]+)"', her.get("/questions/start").text)[1]
    sent = {"csrf_token": token, "q-adult": "yes", "q-name": (BytesIO(b"x" * 200), "name.txt")}
    answer = her.post("/questions/start", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 303
    assert stored(app, her)["name"]["answer"] == "Claire"


def test_a_request_that_was_sent_is_not_lost_by_a_slip_of_the_finger(her, app):
    send_request(her)
    assert "as it was before" in her.send("/questions/start", **{"q-adult": "no"}).text
    assert stored(app, her)["adult"]["answer"] == ["yes"]


@pytest.mark.parametrize("answer", ["no", "not_sure"])
def test_where_the_device_is_not_safe_she_is_told_how_to_be_safer_and_can_go_on(her, answer):
    her.send("/questions")
    after = her.send("/questions/safety", **{"q-device_safe": answer}).location
    shown = her.get(after)
    assert shown.status_code == 200
    assert "Ways to stay safer" in shown.text
    assert 'href="/private-browsing"' in shown.text.split("<main")[1].split("</main>")[0]


def test_where_the_device_is_safe_nothing_more_is_said(her):
    her.send("/questions")
    after = her.send("/questions/safety", **{"q-device_safe": "yes"}).location
    assert "Ways to stay safer" not in her.get(after).text


def test_no_message_at_all_goes_with_no_other_way(her, app):
    begin(her)
    page = her.send("/questions/reach", **{"q-reach": ["call", "i_will_contact"]})
    assert page.status_code == 422
    assert "cannot go with others" in words_of(page)
    assert stored(app, her)["reach"]["answer"] == ["in_site"]
    assert her.send("/questions/reach", **{"q-reach": ["i_will_contact"]}).status_code == 303
