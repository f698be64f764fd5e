"""Her questions, one topic a screen: kept at once, skipped at will, read over, sent, taken back."""

import re
from datetime import timedelta

import pytest

from tests.pages.women import (
    NEEDED,
    actor_of,
    begin,
    chosen_in,
    heading_of,
    request_of,
    send_request,
    show_people,
    statements,
    stored,
    turn_clock,
)
from tests.programme.browsing import words_of
from webapp import clock
from webapp.extensions import transaction
from webapp.models import AuditRecord
from webapp.services import questions, requests
from webapp.services.matching import questionnaire, read_cell

MOST_STATEMENTS = 12


@pytest.fixture
def her(sign_in_as):
    turn_clock()
    return sign_in_as()


# One topic a screen


def test_every_screen_is_shown_in_order_and_every_question_says_why_it_is_asked(her):
    her.send("/questions")
    address, seen = "/questions/start", []
    while not address.endswith("/summary"):
        shown = her.get(address)
        seen.append(address.rsplit("/", 1)[1])
        for question in questionnaire().asked_of("requester"):
            if questions.screen_of(question) == seen[-1]:
                assert all(said in shown.text.replace("&#39;", "'") for said in question.why["en"].splitlines())
        assert f"{len(seen)} of 15" in words_of(shown)
        address = her.send(address, skip="1").location
    assert tuple(seen) == questions.her_screens({})


def test_nothing_is_chosen_beforehand_and_skip_stands_beside_continue(her):
    her.send("/questions")
    for screen in questions.her_screens({}):
        page = her.get(f"/questions/{screen}")
        text = page.text
        assert chosen_in(page) == []
        assert 'class="btn no" name="skip"' in text
        assert 'class="btn go">Continue' in text


def test_an_answer_is_kept_at_once_and_is_there_when_she_comes_back(her, app):
    begin(her, "start", "support")
    assert stored(app, her)["topics"] == {"answer": ["alcohol", "loneliness"], "stars": ["alcohol"]}
    shown = her.get("/questions/support").text
    assert re.findall(r'name="q-topics" value="(\w+)" checked', shown) == ["alcohol", "loneliness"]
    assert re.findall(r'name="q-topics-star" value="(\w+)" checked', shown) == ["alcohol"]


def test_skip_forgets_what_was_answered_and_says_so(her, app):
    begin(her, "support")
    assert "Clear and skip" in her.get("/questions/support").text
    her.send("/questions/support", skip="1")
    assert "topics" not in stored(app, her)


def test_she_comes_back_to_the_screen_after_the_last_one_she_answered(her):
    begin(her, "start")
    her.send("/questions/safety", skip="1")
    her.send("/questions/reach", **NEEDED["reach"])
    assert her.send("/questions").location.endswith("/questions/talking")
    assert 'href="/questions/talking"' in her.get("/questions/state").text


def test_when_the_last_screen_is_answered_the_summary_is_next(her):
    begin(her)
    assert her.send("/questions/choosing", **{"q-how_to_choose": "show_me"}).location.endswith("/questions/summary")
    assert her.send("/questions").location.endswith("/questions/summary")


def test_an_option_of_another_question_is_refused_in_plain_words(her, app):
    her.send("/questions")
    assert her.send("/questions/talking", **{"q-languages": ["en; fr"]}).status_code == 422
    assert stored(app, her) == {}


def test_wishes_are_kept_as_must_and_nice_and_no_matter_is_nothing(her, app):
    her.send("/questions")
    her.send(
        "/questions/wishes",
        **{"q-wishes-same_faith": "must", "q-wishes-close_in_age": "nice", "q-wishes-is_mother": "no_matter"},
    )
    assert stored(app, her)["wishes"]["answer"] == {"same_faith": "must", "close_in_age": "nice"}


def test_hours_that_no_day_part_covers_stay_unless_she_takes_them_away(her, app):
    begin(her, "start")
    with app.app_context(), transaction() as session:
        hers = requests.find_open_request(session, actor_of(her))
        paper = read_cell("availability", "weekday_evening; Tue 06:30-08:00", "requester")
        requests.answer_questions(session, actor_of(her), hers.id, {"availability": paper}, now=clock.now())
    before = stored(app, her)["availability"]["answer"]
    assert "Tue 06:30 to 08:00" in her.get("/questions/times").text
    her.send("/language", language="fr")
    assert "mar. 6\u00a0h\u00a030 à 8\u00a0h" in her.get("/questions/summary").text
    her.send("/questions/times", **{"q-availability": ["weekday_evening", "kept"]})
    assert stored(app, her)["availability"]["answer"] == before
    her.send("/questions/times", **{"q-availability": ["weekday_evening"]})
    assert len(stored(app, her)["availability"]["answer"]) == len(before) - 3


def test_her_clock_is_asked_on_the_first_screen_and_eastern_if_she_skips_it(her, app):
    begin(her, "start")
    assert request_of(app, her) == ("draft", "America/Toronto")
    her.send("/questions/start", **NEEDED["start"], time_zone="America/Edmonton")
    assert request_of(app, her)[1] == "America/Edmonton"
    assert 'value="America/Edmonton" checked' in her.get("/questions/start").text
    assert "Mountain" in her.get("/questions/summary").text


# The summary, and sending


def test_the_summary_shows_every_question_with_a_link_that_leads_back_to_it(her):
    begin(her)
    shown = her.get("/questions/summary").text
    for question in questionnaire().asked_of("requester"):
        assert f"/questions/{question.screen}?then=summary#q-{question.id}" in shown
    changed = her.send("/questions/support?then=summary", **{"q-topics": ["grief"]})
    assert changed.location.endswith("/questions/summary")
    assert "Grief or loss" in her.get("/questions/summary").text


def test_the_links_of_the_summary_lead_to_a_control_that_is_there(her):
    begin(her)
    links = re.findall(r'href="(/questions/\w+\?then=summary)#([\w-]+)"', her.get("/questions/summary").text)
    assert len(links) > 30
    for address, target in links:
        assert f'id="{target}"' in her.get(address).text, target


def test_what_is_still_needed_is_named_with_links_and_nothing_is_sent(her, app):
    begin(her, "start", "safety")
    refused = her.send("/questions/send")
    assert refused.status_code == 422
    told = refused.text.split('class="summary-of-errors"')[1].split("</div>")[0]
    assert re.findall(r"/questions/(\w+)\?then=summary", told) == ["reach", "talking", "talking", "support"]
    assert request_of(app, her)[0] == "draft"


def test_once_sent_she_reads_what_happens_who_reads_it_and_when_to_come_back(her, app):
    begin(her)
    sent = her.send("/questions/send")
    assert sent.location.endswith("/questions/sent")
    words = words_of(her.get(sent.location))
    assert "Come back on Monday, November 30" in words
    assert "This site sends you nothing, so look in here yourself." in words
    assert (
        "Nobody reads your answers before you send them. Then coordinators do, and each reading is recorded." in words
    )


def test_answers_can_change_while_she_waits(her, app):
    send_request(her)
    her.send("/questions/support?then=summary", **{"q-topics": ["grief"]})
    assert stored(app, her)["topics"]["answer"] == ["grief"]
    assert ">Send<" not in her.get("/questions/summary").text


def test_sending_twice_is_sending_once(her, app):
    send_request(her)
    assert her.send("/questions/send").location == "/questions/sent"
    with app.app_context(), transaction() as session:
        assert session.query(AuditRecord).filter_by(action="request sent").count() == 1


def test_once_people_are_shown_answers_stay_as_they_are(her, app):
    send_request(her)
    show_people(app, her, "Dee")
    assert her.send("/questions/support", **{"q-topics": ["grief"]}).status_code == 409
    assert "/questions/state" in her.get("/questions/support").location
    assert "then=summary" not in her.get("/questions/summary").text


# Where it stands


def test_after_the_day_that_was_named_the_page_says_that_it_takes_longer(her, sign_in_as):
    send_request(her)
    clock.move(timedelta(days=8))
    words = words_of(sign_in_as(username=her.username).get("/questions/sent"))
    assert "by Monday, November 30" in words
    assert "not because of you" in words


@pytest.mark.parametrize(
    ("stage", "heading"),
    [
        ("none", "Begin when you are ready"),
        ("draft", "Your answers are kept"),
        ("waiting", "The coordinator is looking for someone"),
        ("proposed", "There are women for you to meet"),
    ],
)
def test_her_page_says_where_her_request_stands(her, app, stage, heading):
    if stage != "none":
        begin(her)
    if stage in ("waiting", "proposed"):
        her.send("/questions/send")
    if stage == "proposed":
        show_people(app, her, "Dee")
    assert heading_of(her.get("/questions/state")) == heading


def test_without_a_request_her_pages_lead_to_the_beginning(her):
    for address in ("start", "summary", "sent", "withdraw"):
        assert her.get(f"/questions/{address}").location.endswith("/questions/state")


def test_a_screen_that_does_not_exist_is_not_there(her):
    her.send("/questions")
    assert her.get("/questions/nowhere").status_code == 404
    assert her.send("/questions/nowhere").status_code == 404
    assert her.get("/questions/offer_you").status_code == 404


def test_taking_it_back_needs_one_yes_and_no_reason(her, app):
    send_request(her)
    page = her.get("/questions/withdraw")
    assert "<textarea" not in page.text
    her.send("/questions/withdraw")
    assert request_of(app, her)[0] == "withdrawn"
    assert "taken back" in her.get("/questions/state").text


# What pages cost, and in French


def test_pages_are_small_and_ask_the_database_little(her, app):
    begin(her)
    for address in ("start", "support", "wishes", "about_you", "summary", "state", "withdraw"):
        with statements(app) as said:
            answer = her.get(f"/questions/{address}")
        assert answer.status_code == 200
        assert len(answer.data) < 45_000, address
        assert len(said) <= MOST_STATEMENTS, (address, said)


def test_a_french_page_has_no_english_left(her):
    begin(her)
    her.send("/language", language="fr", back="/questions/state")
    for address in (*questions.her_screens({}), "summary", "state", "withdraw"):
        words = words_of(her.get(f"/questions/{address}")).split("Aide")[0]
        assert not re.search(r"\b(the|your|you|and|needed|skip|continue)\b", words, re.IGNORECASE), address
