"""The supporter's start: an offer without contact or score, answered in one step, declined in silence."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.pages.story import Story
from tests.programme.browsing import words_of
from webapp import clock
from webapp.extensions import transaction
from webapp.models import AuditRecord, Proposal


@pytest.fixture
def story(app) -> Story:
    return Story(app)


def test_without_an_offer_the_page_says_when_to_look_in_again(story):
    said = words_of(story.browser(story.supporter().username).get("/offers"))
    assert "Nobody is waiting for your answer" in said
    assert "Look in every other day." in said


def test_the_small_card_tells_hopes_and_neither_score_nor_contact(story):
    dee, woman = story.supporter(), story.woman(topics="alcohol*; grief", hope="a secret hope", code_word="tulip")
    offer, browser = story.offered(woman, dee), story.browser(dee.username)
    assert "Claire" in words_of(browser.get("/offers"))
    page = browser.get(f"/offers/{offer}")
    said = words_of(page)
    for words in ("Claire hopes to talk with you", "You can answer until", "She would like support with: alcohol."):
        assert words in said
    for hidden in ("grief", "a secret hope", "tulip", "points", woman.username):
        assert hidden not in said
    assert page.text.count("/decline") == 2
    assert 'class="btn go"' in page.text


def test_accepting_leads_to_the_pair_and_a_second_tap_does_too(story):
    dee, woman = story.supporter(), story.woman()
    offer, browser = story.offered(woman, dee), story.browser(dee.username)
    answer = browser.send(f"/offers/{offer}/accept")
    assert answer.status_code == 303
    assert "You and Claire" in words_of(browser.get(answer.location))
    assert browser.send(f"/offers/{offer}/accept").location == answer.location
    over = browser.send(f"/offers/{offer}/decline")
    assert over.status_code == 409
    assert "This offer is over" in words_of(over)
    assert "You are introduced." in words_of(browser.get("/offers"))


def test_declining_is_silent_and_the_next_is_asked(story):
    dee, noor, woman = story.supporter("Dee"), story.supporter("Noor"), story.woman()
    offer, browser = story.offered(woman, dee, noor), story.browser(dee.username)
    answer = browser.send(f"/offers/{offer}/decline")
    assert answer.status_code == 303
    said = words_of(browser.get(answer.location))
    assert "Nobody is told why" in said
    assert "Claire" not in said
    assert "Claire" in words_of(story.browser(noor.username).get("/offers"))
    with story.app.app_context(), transaction() as session:
        assert session.get(Proposal, offer).state == "declined"
        assert {row.code for row in session.query(AuditRecord).filter_by(thing_id=offer, actor_id=dee.actor.id)} == {
            None
        }


def test_an_offer_that_is_over_says_that_it_is_too_late(story):
    dee = story.supporter()
    clock.move(-timedelta(hours=49))
    offer = story.offered(story.woman(), dee)
    clock.set_right()
    browser = story.browser(dee.username)
    assert "Nobody is waiting for your answer" in words_of(browser.get("/offers"))
    for page in (browser.get(f"/offers/{offer}"), browser.send(f"/offers/{offer}/accept")):
        assert page.status_code == 409
        assert "This offer is over" in words_of(page)


def test_a_pair_that_has_ended_can_still_be_read_by_both(story):
    dee, woman = story.supporter(), story.woman()
    pair = story.introduced(woman, dee)
    hers, theirs = story.browser(woman.username), story.browser(dee.username)
    said = words_of(hers.get("/questions/withdraw"))
    assert "Stop and leave?" in said
    assert "nobody can write in it any more" in said
    assert "Stay Stop and leave" in said
    hers.send("/questions/withdraw")
    for browser, page in ((theirs, "/offers"), (hers, "/questions/state")):
        assert f"/together/{pair}" in browser.get(page).text
    assert "Who has gone on Your time together has ended." in words_of(theirs.get("/offers"))
    late = theirs.send(f"/together/{pair}/messages", body="Take care of yourself")
    assert late.status_code == 409
    assert "Not sent" in words_of(late)
    assert "Take care of yourself" in words_of(late)


def test_another_supporter_s_offer_is_not_there(story):
    dee, noor, woman = story.supporter("Dee"), story.supporter("Noor"), story.woman()
    offer, other = story.offered(woman, dee), story.browser(noor.username)
    for path in (f"/offers/{offer}", f"/offers/{uuid4()}"):
        assert other.get(path).status_code == 404
    assert other.send(f"/offers/{offer}/accept").status_code == 404
    assert other.send(f"/offers/{offer}/decline").status_code == 404
    assert story.browser(woman.username).get(f"/offers/{offer}").status_code == 404
