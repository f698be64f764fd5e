"""What an old page, a second tab or a bare form sends: nothing is chosen for her, and she reads what stands."""

import re
from datetime import timedelta

import pytest

from tests.pages.absences.waiting import begun
from tests.pages.story import Story
from tests.programme.browsing import words_of
from webapp import clock
from webapp.domain.holds import HeldFor
from webapp.domain.supporters import Rest
from webapp.extensions import reading, transaction
from webapp.models import CheckIn, Cover, Introduction, Meeting, Proposal, Supporter
from webapp.services.safety import holds

PRESS = "Press one of the buttons below"


@pytest.fixture
def story(app) -> Story:
    return Story(app)


@pytest.fixture
def pair(story):
    return story.pair()


def test_a_wish_that_no_button_sends_is_none(story, pair):
    pair_id, woman, _dee = pair
    with story.app.app_context(), transaction() as session:
        session.get_one(Introduction, pair_id).until = clock.now().date() + timedelta(days=7)
    browser = story.browser(woman.username)
    for wish in ({}, {"wish": "whatever"}):
        browser.send(f"/together/{pair_id}/last-day", **wish)
        assert PRESS in words_of(browser.get(f"/together/{pair_id}"))
    with story.app.app_context(), reading() as session:
        assert session.get_one(Introduction, pair_id).wishes is None


def test_an_answer_about_who_covers_that_no_button_sends_is_none(story):
    away = begun(story)
    away.begin("")
    (cover,) = away.covers()
    browser = away.browser(away.claire)
    browser.send(f"{away.page}/meanwhile", cover=str(cover.id))
    assert PRESS in words_of(browser.get(away.page))
    with story.app.app_context(), reading() as session:
        assert session.get_one(Cover, cover.id).state == "shown"


def test_an_order_from_an_old_page_says_that_a_card_is_gone_and_asks_nobody(story):
    woman = story.woman()
    made = story.shown(woman, *(story.supporter(name) for name in ("Dee", "Noor", "Eve")))
    browser = story.browser(woman.username)
    browser.send("/people/passed-by", card=str(made[0]))
    browser.send("/people", **{f"order-{made[0]}": "1", f"order-{made[1]}": "2"})
    assert "the cards have changed since you opened that page" in words_of(browser.get("/people"))
    with story.app.app_context(), reading() as session:
        assert session.query(Proposal).filter_by(state="offered").count() == 0


def test_a_second_tap_of_an_order_is_no_fault(story):
    woman = story.woman()
    made = story.shown(woman, *(story.supporter(name) for name in ("Dee", "Noor")))
    browser, order = story.browser(woman.username), {f"order-{made[0]}": "1", f"order-{made[1]}": "2"}
    browser.send("/people", **order)
    browser.send("/people", **order)
    assert "Nothing was changed" not in words_of(browser.get("/people"))


def test_other_answers_from_a_second_tab_are_said_not_to_be_kept(story, pair):
    pair_id, woman, _dee = pair
    browser = story.browser(woman.username)
    path = browser.send(f"/together/{pair_id}/check-in").location.partition("?")[0]
    browser.send(path, listened="fully")
    browser.send(path, listened="fully")
    assert "that answer stands" not in words_of(browser.get(path))
    browser.send(path, listened="not_at_all")
    assert "that answer stands" in words_of(browser.get(path))
    with story.app.app_context(), reading() as session:
        (kept,) = session.query(CheckIn).filter_by(state="answered")
        assert kept.said["listened"] == "fully"


# What is not so any more is not said


def test_while_a_pair_rests_its_forms_say_that_nothing_can_be_done_and_speak_of_no_words(story, pair):
    pair_id, woman, _dee = pair
    hold(story, pair_id)
    for path in ("reach", "agreement"):
        said = words_of(story.browser(woman.username).get(f"/together/{pair_id}/{path}"))
        assert "here now." in said
        assert "still below" not in said


def test_the_page_of_a_pair_that_rests_says_which_talk_is_called_off(story, pair):
    pair_id, woman, dee = pair
    starts = (clock.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    with story.app.app_context(), transaction() as session:
        which = {"introduction_id": pair_id, "proposed_by": dee.actor.id, "proposed_at": clock.now()}
        meeting = Meeting(**which, starts_at=starts, state="accepted")
        meeting.how = {"way": "video", "minutes": "30"}
        session.add(meeting)
    hold(story, pair_id)
    for one in (woman, dee):
        assert re.search(r"Called off: \w+", words_of(story.browser(one.username).get(f"/together/{pair_id}")))


@pytest.mark.parametrize(("rests", "said"), [(Rest.STRAIN, "talked with you"), (Rest.COOL_DOWN, "catch your breath")])
def test_who_is_given_nobody_new_reads_why(story, rests, said):
    dee = story.supporter()
    browser = story.browser(dee.username)
    assert said not in words_of(browser.get("/offers"))
    with story.app.app_context(), transaction() as session:
        row = session.get_one(Supporter, dee.thing_id)
        row.rests_why, row.rests_until = rests, clock.now().date() if rests is Rest.COOL_DOWN else None
    page = words_of(browser.get("/offers"))
    assert said in page
    assert "Nobody is waiting for your answer" not in page


def hold(story, pair_id):
    with story.app.app_context(), transaction() as session:
        holds.hold_pair(session, story.coordinator, pair_id, HeldFor.ASKED, now=clock.now())


def test_nobody_is_hoped_for_a_hello_from_who_is_away(story):
    away = begun(story)
    assert "A first hello is hoped for" in words_of(away.browser(away.claire).get(away.page))
    away.begin("")
    assert "A first hello" not in words_of(away.browser(away.claire).get(away.page))


def test_words_sent_into_a_pause_are_given_back_and_the_page_speaks_of_no_end(story, pair):
    pair_id, woman, dee = pair
    browser = story.browser(woman.username)
    browser.send(f"/together/{pair_id}/messages", body="Hello Dee")
    story.browser(dee.username).send(f"/together/{pair_id}/pause", weeks="1")
    said = words_of(browser.send(f"/together/{pair_id}/messages", body="How are you?"))
    assert "How are you?" in said
    assert "Your conversation rests" in said
    assert "any more" not in said


def test_after_sending_the_page_opens_at_what_was_sent(story, pair):
    pair_id, woman, _dee = pair
    browser = story.browser(woman.username)
    answer = browser.send(f"/together/{pair_id}/messages", body="Hello Dee")
    assert answer.location.endswith("#latest")
    latest = browser.get(f"/together/{pair_id}").text.partition('id="latest"')[2]
    assert latest.partition("</li>")[0].count("Hello Dee") == 1


def test_what_no_list_offers_is_refused_in_plain_words(story):
    story.supporter()
    ranking = story.ranked(story.woman())
    page = story.browser().send(f"/desk/rankings/{ranking}/approve", supporters=["c0ffee"])
    assert page.status_code == 422
    assert "Choose one of these." in words_of(page)
    assert "c0ffee" not in page.text
