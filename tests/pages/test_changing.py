"""A pair pauses, goes on and ends through its pages: one step, no reason, everything kept; and what the days bring."""

import re
from datetime import timedelta

import pytest

from tests.pages.story import Story
from tests.programme.browsing import words_of
from webapp import clock
from webapp.domain.tasks import Kind
from webapp.extensions import transaction
from webapp.jobs import pairs as days
from webapp.models import CheckIn, Introduction, Message, OutboxRow, Request, Supporter
from webapp.services import tasks
from webapp.services.pairs import endings


@pytest.fixture
def story(on_either):
    return Story(on_either)


@pytest.fixture
def pair(story):
    return story.pair()


def of(story, kind, thing_id):
    with story.app.app_context(), transaction() as session:
        row = session.get_one(kind, thing_id)
        return {column.name: getattr(row, column.name) for column in kind.__table__.columns}


def run_days(story, **later):
    clock.move(timedelta(**later))
    with story.app.app_context():
        return days.run(clock.now())


@pytest.mark.parametrize("then", ["another", "rest", "done"])
def test_wherever_she_stands_then_she_finds_what_they_wrote_and_the_questions_about_it(story, pair, then):
    """Her last word has two weeks, and her questions wait: both must be found from the page that comes next."""
    pair_id, woman, _dee = pair
    browser = story.browser(woman.username)
    browser.send(f"/together/{pair_id}/end", then=then)
    found = browser.get("/next", follow_redirects=True).text
    assert f'href="/together/{pair_id}"' in found
    assert re.search(r'href="/check-ins/[0-9a-f-]+"', found)


def test_a_goodbye_that_comes_a_moment_after_the_others_end_is_given_back(story, pair):
    pair_id, woman, dee = pair
    story.browser(dee.username).send(f"/together/{pair_id}/end", then="rest")
    late = story.browser(woman.username).send(f"/together/{pair_id}/end", then="another", goodbye="You listened.")
    assert late.status_code == 409
    assert "You listened." in words_of(late)


@pytest.mark.parametrize("then", ["", "everything"])
def test_without_saying_what_comes_next_nothing_ends(story, pair, then):
    pair_id, woman, _dee = pair
    page = story.browser(woman.username).send(f"/together/{pair_id}/end", then=then, goodbye="You listened.")
    assert page.status_code == 422
    assert "You listened." in page.text
    assert story.browser(woman.username).send(f"/together/{pair_id}/messages", body="Hello").status_code == 303


def test_who_is_shown_others_by_then_finds_it_too(story, pair):
    """While she has cards, and while one of them is asked."""
    pair_id, woman, _dee = pair
    browser = story.browser(woman.username)
    browser.send(f"/together/{pair_id}/end", then="another")
    (card,) = story.shown(woman, story.supporter("Eve"))
    assert f'href="/together/{pair_id}"' in browser.get("/people").text
    browser.send("/people", pick=str(card))
    asked = browser.get("/people").text
    assert "Eve" in asked
    assert f'href="/together/{pair_id}"' in asked


@pytest.mark.parametrize(
    ("then", "state", "words"),
    [
        ("another", "waiting", "The coordinator is looking for someone"),
        ("rest", "paused", "Your request is resting"),
        ("done", "closed", "Begin when you are ready"),
    ],
)
def test_she_stops_in_one_step_and_keeps_her_place(story, pair, then, state, words):
    pair_id, woman, dee = pair
    before = of(story, Request, woman.thing_id)
    browser = story.browser(woman.username)
    assert "Pause, change or stop" in browser.get(f"/together/{pair_id}").text
    assert browser.send(f"/together/{pair_id}/end", then=then, goodbye="Thank you, Dee.").status_code == 303
    after = of(story, Request, woman.thing_id)
    assert (after["state"], of(story, Introduction, pair_id)["state"]) == (state, "ended")
    assert after["waiting_since"] == before["waiting_since"]
    assert after["answers_sealed"] == before["answers_sealed"]
    assert words in words_of(browser.get("/questions/state"))
    assert of(story, Supporter, dee.thing_id)["taken"] == 0
    read_by_dee = words_of(story.browser(dee.username).get(f"/together/{pair_id}"))
    assert "Thank you, Dee." in read_by_dee
    assert "Your time together has ended" in read_by_dee


def test_her_supporter_ends_it_and_she_waits_in_her_old_place(story, pair):
    pair_id, woman, dee = pair
    theirs = story.browser(dee.username)
    page = words_of(theirs.get(f"/together/{pair_id}/change"))
    assert "She keeps her place" in page
    assert "Meet another supporter" not in page
    assert theirs.send(f"/together/{pair_id}/end", then="done").status_code == 303
    assert of(story, Request, woman.thing_id)["state"] == "waiting"
    assert "looking for someone" in words_of(story.browser(woman.username).get("/questions/state"))
    with story.app.app_context(), transaction() as session:
        told = session.query(OutboxRow).filter_by(kind="a pair has ended").one()
        assert told.to_user_id == woman.actor.id
        assert tasks.is_open(session, Kind.ENDED, pair_id)


def test_her_supporter_is_asked_how_she_is_and_rests_for_a_week(story, pair):
    pair_id, woman, dee = pair
    story.browser(woman.username).send(f"/together/{pair_id}/end", then="rest")
    assert of(story, Supporter, dee.thing_id)["rests_why"] == "cool-down"
    assert "How is it with Claire?" in words_of(story.browser(dee.username).get("/offers"))
    other = story.woman("Ana")
    assert str(dee.thing_id) not in story.browser().get(f"/desk/rankings/{story.ranked(other)}").text
    run_days(story, days=7)
    assert of(story, Supporter, dee.thing_id)["rests_why"] == "cool-down"
    run_days(story, days=1)
    assert of(story, Supporter, dee.thing_id)["rests_why"] is None
    assert str(dee.thing_id) in story.browser().get(f"/desk/rankings/{story.ranked(story.woman('Bea'))}").text


def test_nothing_that_was_planned_is_due_after_the_end(story, pair):
    pair_id, woman, _ = pair
    story.browser(woman.username).send(f"/together/{pair_id}/end", then="rest")
    with story.app.app_context(), transaction() as session:
        left = session.query(CheckIn).filter_by(introduction_id=pair_id, state="due").all()
        assert {one.kind for one in left} == {"ending"}
        assert len(left) == 2


def test_a_second_end_and_an_end_of_another_are_refused_kindly(story, pair):
    pair_id, woman, dee = pair
    browser, theirs = story.browser(woman.username), story.browser(dee.username)
    browser.send(f"/together/{pair_id}/end", then="another")
    theirs.send(f"/together/{pair_id}/end", then="rest")
    assert "had ended already" in words_of(theirs.get(f"/together/{pair_id}"))
    assert of(story, Request, woman.thing_id)["state"] == "waiting"
    stranger = story.browser(story.woman("Else").username)
    for path in ("change", "end", "pause", "go-on", "last-day", "goodbye"):
        there = f"/together/{pair_id}/{path}"
        sent = (
            stranger.get(there) if path == "change" else stranger.send(there, goodbye="Hello", weeks="1", then="rest")
        )
        assert sent.status_code == 404


def test_an_endless_goodbye_ends_nothing_and_is_kept_on_the_page(story, pair):
    pair_id, woman, _ = pair
    answer = story.browser(woman.username).send(f"/together/{pair_id}/end", then="rest", goodbye="x" * 2001)
    assert answer.status_code == 422
    assert "x" * 2001 in answer.text
    assert of(story, Introduction, pair_id)["state"] == "introduced"


def test_whoever_ended_it_can_leave_one_last_word_for_two_weeks(story, pair):
    pair_id, woman, dee = pair
    browser, theirs = story.browser(woman.username), story.browser(dee.username)
    browser.send(f"/together/{pair_id}/end", then="rest")
    assert 'id="goodbye"' in browser.get(f"/together/{pair_id}").text
    assert 'id="goodbye"' not in theirs.get(f"/together/{pair_id}").text
    theirs.send(f"/together/{pair_id}/goodbye", goodbye="And yet")
    browser.send(f"/together/{pair_id}/goodbye", goodbye="Take care.")
    browser.send(f"/together/{pair_id}/goodbye", goodbye="Once more.")
    with story.app.app_context(), transaction() as session:
        assert [one.body for one in session.query(Message).filter_by(introduction_id=pair_id)] == ["Take care."]


def test_no_last_word_follows_a_hold(story, pair):
    pair_id, woman, dee = pair
    with story.app.app_context(), transaction() as session:
        session.get_one(Introduction, pair_id).state = "on hold"
    theirs = story.browser(dee.username)
    theirs.send(f"/together/{pair_id}/end", then="rest", goodbye="You will hear of me")
    theirs.send(f"/together/{pair_id}/goodbye", goodbye="You will hear of me")
    assert of(story, Introduction, pair_id)["state"] == "ended"
    assert "You will hear of me" not in story.browser(woman.username).get(f"/together/{pair_id}").text


def test_what_they_wrote_is_gone_after_ninety_days(story, pair):
    pair_id, woman, _ = pair
    browser = story.browser(woman.username)
    browser.send(f"/together/{pair_id}/messages", body="Only for Dee")
    browser.send(f"/together/{pair_id}/end", then="rest")
    run_days(story, days=89)
    assert "Only for Dee" in story.browser(woman.username).get(f"/together/{pair_id}").text
    run_days(story, days=2)
    assert "Only for Dee" not in story.browser(woman.username).get(f"/together/{pair_id}").text
    with story.app.app_context(), transaction() as session:
        assert session.query(Message).filter_by(introduction_id=pair_id).count() == 0
        assert endings.list_to_forget(session, now=clock.now()) == []


# Pauses


def test_a_pause_rests_both_until_its_last_day(story, pair):
    pair_id, woman, dee = pair
    browser, theirs = story.browser(woman.username), story.browser(dee.username)
    assert browser.send(f"/together/{pair_id}/pause").status_code == 422
    assert browser.send(f"/together/{pair_id}/pause", weeks="1").status_code == 303
    assert "You take a pause." in words_of(browser.get(f"/together/{pair_id}"))
    assert "Claire takes a pause." in words_of(theirs.get(f"/together/{pair_id}"))
    assert theirs.send(f"/together/{pair_id}/messages", body="Hello?").status_code == 409
    theirs.send(f"/together/{pair_id}/go-on")
    assert "ends it when she is ready" in words_of(theirs.get(f"/together/{pair_id}"))
    theirs.send(f"/together/{pair_id}/pause", weeks="4")
    assert of(story, Introduction, pair_id)["state"] == "paused"
    run_days(story, days=7)
    assert of(story, Introduction, pair_id)["state"] == "paused"
    run_days(story, days=1)
    assert of(story, Introduction, pair_id)["state"] == "in contact"


def test_she_goes_on_when_she_says_so(story, pair):
    pair_id, woman, _ = pair
    browser = story.browser(woman.username)
    browser.send(f"/together/{pair_id}/pause", weeks="0")
    run_days(story, days=60)
    assert of(story, Introduction, pair_id)["state"] == "paused"
    browser = story.browser(woman.username)
    browser.send(f"/together/{pair_id}/go-on")
    browser.send(f"/together/{pair_id}/go-on")
    assert of(story, Introduction, pair_id)["state"] == "in contact"


def test_a_request_rests_and_goes_on_in_its_old_place(story):
    woman = story.woman()
    before, browser = of(story, Request, woman.thing_id), story.browser(woman.username)
    assert "Or let it rest" in words_of(browser.get("/questions/withdraw"))
    for path in ("rest", "rest"):
        assert browser.send(f"/questions/{path}").status_code == 303
    assert "Your request is resting" in words_of(browser.get("/questions/state"))
    assert "Waiting Claire" not in words_of(story.browser().get("/desk?queue=waiting"))
    browser.send("/questions/go-on")
    browser.send("/questions/go-on")
    after = of(story, Request, woman.thing_id)
    assert (after["state"], after["waiting_since"]) == ("waiting", before["waiting_since"])


def test_cards_that_are_out_fall_away_when_she_rests(story):
    dee, woman = story.supporter(), story.woman()
    offer = story.offered(woman, dee)
    story.browser(woman.username).send("/questions/rest")
    assert "This offer is over" in words_of(story.browser(dee.username).get(f"/offers/{offer}"))


def test_whoever_came_to_a_good_end_begins_again_with_her_answers(story, pair):
    pair_id, woman, _ = pair
    browser = story.browser(woman.username)
    browser.send(f"/together/{pair_id}/end", then="done")
    assert browser.send("/questions").status_code == 303
    assert "Claire" in words_of(browser.get("/questions/summary"))


# The last day


def near(story, pair_id):
    clock.move(timedelta(days=71))
    with story.app.app_context():
        days.run(clock.now())


@pytest.mark.parametrize(
    ("hers", "theirs", "state", "weeks"),
    [
        ("go_on", "go_on", "introduced", 24),
        (None, None, "introduced", 16),
        ("go_on", None, "introduced", 16),
        ("part", "go_on", "ended", 12),
        (None, "part", "ended", 12),
    ],
)
def test_the_last_day_does_what_the_two_have_said(story, pair, hers, theirs, state, weeks):
    pair_id, woman, dee = pair
    until = of(story, Introduction, pair_id)["until"]
    near(story, pair_id)
    for person, wish in ((woman, hers), (dee, theirs)):
        browser = story.browser(person.username)
        assert "meant to end on that day" in words_of(browser.get(f"/together/{pair_id}")) or "would like to part" in (
            words_of(browser.get(f"/together/{pair_id}"))
        )
        if wish:
            assert browser.send(f"/together/{pair_id}/last-day", wish=wish).status_code == 303
    run_days(story, days=14)
    after = of(story, Introduction, pair_id)
    assert after["state"] == state
    assert (after["until"] - until).days // 7 == weeks - 12
    if state == "ended":
        assert of(story, Request, woman.thing_id)["state"] == "paused"


def test_a_wish_to_part_can_be_taken_back_until_the_day(story, pair):
    pair_id, woman, _ = pair
    near(story, pair_id)
    browser = story.browser(woman.username)
    browser.send(f"/together/{pair_id}/last-day", wish="part")
    assert of(story, Introduction, pair_id)["state"] == "ending"
    browser.send(f"/together/{pair_id}/last-day", wish="go_on")
    assert of(story, Introduction, pair_id)["state"] == "in contact"


def test_both_are_told_once_that_the_day_comes_near(story, pair):
    pair_id, woman, dee = pair
    near(story, pair_id)
    run_days(story, days=1)
    with story.app.app_context(), transaction() as session:
        told = session.query(OutboxRow).filter_by(kind="last day comes near").all()
        assert {one.to_user_id for one in told} == {woman.actor.id, dee.actor.id}
        assert len(told) == 2


def test_before_its_time_nobody_is_asked_about_the_last_day(story, pair):
    pair_id, woman, _ = pair
    browser = story.browser(woman.username)
    assert "twelve weeks more" not in words_of(browser.get(f"/together/{pair_id}"))
    browser.send(f"/together/{pair_id}/last-day", wish="part")
    assert of(story, Introduction, pair_id)["state"] == "introduced"
    assert re.search("settled meanwhile", words_of(browser.get(f"/together/{pair_id}")))
