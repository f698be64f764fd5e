"""How we may reach her: her own page at every hour, what it refuses, what it opens and closes, what she is told."""

import re
from datetime import timedelta

import pytest

from tests.pages.story import Story
from tests.pages.women import NEEDED, begin, heading_of, send_request, show_people, turn_clock
from tests.programme.browsing import words_of
from webapp import clock
from webapp.domain.safe_contact import Channel, Standing
from webapp.extensions import transaction
from webapp.services.safety import reading, records

PAGE = "/how-to-reach-me"
HOURS = ["weekday_evening", "weekend_morning"]


@pytest.fixture(autouse=True)
def _on_that_day(app):
    turn_clock()


@pytest.fixture
def her(sign_in_as):
    return send_request(sign_in_as())


def known(app, browser):
    with app.app_context(), transaction() as session:
        return reading.read(session, browser.user_id, now=clock.now())


def with_email(browser, *, hours=HOURS):
    assert browser.send(f"{PAGE}/ways", ways=["email"], address="claire@example.org").status_code == 303
    assert browser.send(f"{PAGE}/hours", hours=hours, time_zone="America/Toronto").status_code == 303
    return browser


def test_at_first_nothing_leaves_the_site_and_her_page_says_so(app, her):
    page = her.get(PAGE)
    assert page.status_code == 200
    assert "Everything happens in this site. Nothing is sent, and nobody calls." in words_of(page)
    assert "Nothing. In this site only." in words_of(page)
    assert known(app, her).contact.addresses == {}


def test_each_part_is_kept_and_shown_again(app, her):
    with_email(her)
    her.send(f"{PAGE}/words", wording="named", code_word="  purple\u202e lantern ")
    contact = known(app, her).contact
    assert contact.addresses == {Channel.EMAIL: "claire@example.org"}
    assert (contact.wording, contact.code_word, len(contact.hours)) == ("named", "purple lantern", 5 * 6 + 2 * 6)
    said = words_of(her.get(PAGE))
    for words in (
        "claire@example.org",
        "Weekday evenings",
        "You may say the name",
        "purple lantern",
        "This counts until",
    ):
        assert words in said
    assert 'value="claire@example.org"' in her.get(f"{PAGE}/ways").text
    assert len(re.findall(r'name="hours"[^>]* checked', her.get(f"{PAGE}/hours").text)) == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"ways": ["email"]}, "we need an e-mail address"),
        ({"ways": ["email"], "address": "claire"}, "Write it alone"),
        ({"ways": ["email"], "address": "a@example.org, b@example.org"}, "Write it alone"),
        ({"ways": ["email"], "address": "a@example.org\r\nBcc: b@example.org"}, "Write it alone"),
        ({"ways": ["call"]}, "we need a number"),
        ({"ways": ["text"], "number": "555-0123"}, "with its area code"),
        ({"ways": ["pigeon"]}, "Choose one of these."),
        ({"others": "everybody"}, "Choose one of these."),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_remedy_and_stays_typed(app, her, fields, said):
    answer = her.send(f"{PAGE}/ways", **fields)
    assert answer.status_code == 422
    assert said in words_of(answer)
    assert known(app, her).contact.addresses == {}
    if "number" in fields:
        assert f'value="{fields["number"]}"' in answer.text


def test_no_way_keeps_an_address_once_its_tick_is_gone(app, her):
    with_email(her)
    her.send(f"{PAGE}/ways", address="claire@example.org", number="519 555 0123")
    assert known(app, her).contact.addresses == {}


def test_voicemail_is_asked_only_where_a_call_is_marked(app, her):
    assert "may we leave a message" not in her.get(f"{PAGE}/words").text
    her.send(f"{PAGE}/words", voicemail="named")
    assert known(app, her).contact.voicemail == "none"
    her.send(f"{PAGE}/ways", ways=["call"], number="(519) 555-0123")
    assert "may we leave a message" in her.get(f"{PAGE}/words").text
    her.send(f"{PAGE}/words", voicemail="named")
    assert known(app, her).contact.voicemail == "named"
    her.send(f"{PAGE}/ways", ways=["text"], number="(519) 555-0123")
    assert known(app, her).contact.voicemail == "none"


def test_a_code_word_that_is_her_words_for_the_phone_is_refused(app, her):
    her.send("/account/phone-words", said="blue kettle", present="river stones are warm in June")
    answer = her.send(f"{PAGE}/words", code_word="Blue kettle")
    assert answer.status_code == 422
    assert "coordinators read the code word" in words_of(answer)


def test_a_part_that_is_none_is_a_page_that_is_not_there(her):
    assert her.get(f"{PAGE}/secrets").status_code == 404
    assert her.send(f"{PAGE}/secrets").status_code == 404


# It is never locked


def test_it_changes_in_a_draft_while_cards_are_out_and_for_one_who_never_asked(app, sign_in_as):
    never, drafting, choosing = sign_in_as(), begin(sign_in_as(), "start"), send_request(sign_in_as())
    show_people(app, choosing, "Dee")
    for browser in (never, drafting, choosing):
        assert browser.send(f"{PAGE}/ways", ways=["email"], address="c@example.org").status_code == 303
        assert known(app, browser).contact.addresses == {Channel.EMAIL: "c@example.org"}


def test_one_closes_all_with_one_tap_and_opens_it_with_one(app, her):
    with_email(her)
    her.send(f"{PAGE}/close")
    assert known(app, her).standing is Standing.CLOSED
    assert "Every way outside this site is closed" in words_of(her.get(PAGE))
    her.send(f"{PAGE}/hours", hours=HOURS[:1], time_zone="America/Toronto")
    assert known(app, her).standing is Standing.CLOSED
    her.send(f"{PAGE}/right")
    assert known(app, her).standing is Standing.OPEN
    assert known(app, her).contact.addresses


def test_after_thirty_days_her_next_page_asks_first_and_one_tap_answers(app, her):
    with_email(her)
    clock.move(timedelta(days=30))
    browser = again(app, her)
    assert browser.get("/next").location == PAGE
    page = browser.get(PAGE)
    assert heading_of(page) == "Is this still right?"
    assert "Until you say yes, nothing leaves this site" in words_of(page)
    assert browser.get("/next?later=1").location == "/questions/sent"
    assert browser.send(f"{PAGE}/right").location == "/next"
    assert browser.get("/next").location == "/questions/sent"
    assert known(app, her).standing is Standing.OPEN


def again(app, browser):
    fresh = app.test_client()
    fresh.sign_in(browser.username)
    fresh.user_id = browser.user_id
    return fresh


def test_the_day_before_she_is_not_asked(app, her):
    with_email(her)
    clock.move(timedelta(days=29, hours=23))
    assert again(app, her).get("/next").location == "/questions/sent"


# One truth


def test_once_there_is_a_record_the_questions_do_not_ask_it_again(app, her):
    assert her.get("/questions/reach").location == PAGE
    assert her.send("/questions/reach", **{"q-safe_hours": ["weekend_late"]}).location == PAGE
    assert known(app, her).contact.hours == frozenset()
    summary = her.get("/questions/summary").text
    assert "/questions/reach" not in summary
    assert PAGE in summary


def test_a_draft_can_be_sent_where_her_own_page_has_answered(app, sign_in_as):
    her = begin(sign_in_as(), *(screen for screen in NEEDED if screen != "reach"))
    with_email(her)
    assert her.get("/questions/reach").location == "/questions/talking"
    assert her.send("/questions/send").location == "/questions/sent"
    assert known(app, her).contact.addresses


# She is told at once what cannot happen


def test_ways_that_leave_the_site_without_safe_hours_are_said_beside_the_question_and_before_sending(app, sign_in_as):
    her = begin(sign_in_as(), "start", "safety", "reach")
    beside = words_of(her.get("/questions/talking"))
    assert "You have named no hours that are safe outside this site." in beside
    assert "phone calls" in beside
    her.send("/questions/talking", **{"q-languages": ["en"], "q-modes": ["site_messages", "video"]})
    page = her.get("/questions/summary")
    notice = re.search(r'<div class="notice">(.*?)</div>', page.text, re.DOTALL)[1]
    assert "video calls" in notice
    assert "phone calls" not in notice
    assert "nobody could be found" not in notice
    assert "/questions/reach?then=summary" in notice
    her.send("/questions/talking", **{"q-languages": ["en"], "q-modes": ["video"]})
    assert "nobody could be found" in her.get("/questions/summary").text
    her.send("/questions/reach", **{"q-reach": ["in_site"], "q-safe_hours": ["weekday_evening"]})
    assert "no hours that are safe" not in her.get("/questions/summary").text


def test_after_it_ran_out_the_summary_says_so_and_leads_to_her_page(app, sign_in_as):
    her = begin(sign_in_as())
    her.send("/questions/reach", **{"q-reach": ["in_site"], "q-safe_hours": ["weekday_evening"]})
    her.send("/questions/talking", **{"q-languages": ["en"], "q-modes": ["video"]})
    her.send("/questions/send")
    assert "no hours that are safe" not in her.get("/questions/summary").text
    her.send(f"{PAGE}/close")
    assert f"{PAGE}/hours" in her.get("/questions/summary").text


def test_only_what_is_in_this_site_needs_no_hours(her):
    assert "no hours that are safe" not in her.get("/questions/summary").text


# The desk


def test_the_desk_reads_how_she_may_be_reached_now_and_the_code_word_after_a_click(app, sign_in_as):
    story = Story(app)
    woman = story.woman(safe_hours="weekday_evening", code_word="lantern")
    desk, path = story.browser(), f"/desk/requests/{woman.thing_id}"
    page = desk.get(path)
    assert "Weekday evenings" in words_of(page)
    assert "in this site only" in words_of(page)
    assert "lantern" not in page.text
    word = desk.get(f"{path}/code-word")
    assert "lantern" in word.text
    assert recorded(app) == 1
    with app.app_context(), transaction() as session:
        records.close_outside(session, woman.actor.id, actor=woman.actor, now=clock.now())
    page = words_of(desk.get(path))
    assert "Every way outside was closed" in page
    assert desk.get(f"{path}/code-word").status_code == 404
    assert "Weekday evenings" not in page


def recorded(app):
    from sqlalchemy import select

    from webapp.models import AuditRecord

    with app.app_context(), transaction() as session:
        return len(session.scalars(select(AuditRecord).where(AuditRecord.action == "code word read")).all())


def test_the_desk_reads_when_it_ran_out(app):
    story = Story(app)
    woman = story.woman(safe_hours="weekday_evening")
    clock.move(timedelta(days=31))
    page = words_of(story.browser().get(f"/desk/requests/{woman.thing_id}"))
    assert "It ran out on" in page
    assert "Weekday evenings" not in page
