"""Last words: whoever ends it leaves one, both on the day that they had named; what is not left is given back."""

from datetime import timedelta

import pytest

from tests.pages.story import Story
from tests.programme.browsing import words_of
from webapp import clock
from webapp.domain.holds import HeldFor
from webapp.extensions import reading, transaction
from webapp.jobs import pairs as days
from webapp.models import Introduction, Message
from webapp.services.safety import holds

WORDS = "You listened, and I thank you."


@pytest.fixture
def story(on_either) -> Story:
    return Story(on_either)


@pytest.fixture
def pair(story):
    return story.pair()


def goodbyes(story, pair_id):
    with story.app.app_context(), reading() as session:
        return [one.body for one in session.query(Message).filter_by(introduction_id=pair_id, is_goodbye=True)]


def test_words_of_a_page_that_is_older_than_a_hold_are_given_back_and_the_pair_ends_all_the_same(story, pair):
    pair_id, woman, _dee = pair
    with story.app.app_context(), transaction() as session:
        holds.hold_pair(session, story.coordinator, pair_id, HeldFor.ASKED, now=clock.now())
    answer = story.browser(woman.username).send(f"/together/{pair_id}/end", then="rest", goodbye=WORDS)
    assert WORDS in words_of(answer)
    assert "These words stayed with you." in words_of(answer)
    assert goodbyes(story, pair_id) == []
    with story.app.app_context(), reading() as session:
        assert session.get_one(Introduction, pair_id).state == "ended"


def test_a_second_press_says_nothing_of_words_that_were_left(story, pair):
    pair_id, woman, _dee = pair
    browser = story.browser(woman.username)
    for _press in range(2):
        assert browser.send(f"/together/{pair_id}/end", then="rest", goodbye=f" {WORDS} ").status_code == 303
    assert goodbyes(story, pair_id) == [WORDS]
    late = browser.send(f"/together/{pair_id}/end", then="rest", goodbye="And one thing more.")
    assert late.status_code == 409
    assert "And one thing more." in words_of(late)


@pytest.mark.parametrize("words", ["Another word.", "x" * 2001])
def test_a_last_word_that_cannot_be_left_is_given_back(story, pair, words):
    pair_id, woman, _dee = pair
    browser = story.browser(woman.username)
    browser.send(f"/together/{pair_id}/end", then="rest", goodbye=WORDS)
    late = browser.send(f"/together/{pair_id}/goodbye", goodbye=words)
    assert late.status_code == 409
    assert words in words_of(late)
    assert browser.send(f"/together/{pair_id}/goodbye", goodbye=WORDS).status_code == 303
    assert goodbyes(story, pair_id) == [WORDS]


def test_after_the_day_that_both_had_named_each_has_a_last_word(story, pair):
    pair_id, woman, dee = pair
    story.browser(woman.username).send(f"/together/{pair_id}/messages", body="Hello")
    with story.app.app_context(), transaction() as session:
        session.get_one(Introduction, pair_id).until = clock.now().date() + timedelta(days=3)
    story.browser(woman.username).send(f"/together/{pair_id}/last-day", wish="part")
    clock.move(timedelta(days=5))
    with story.app.app_context():
        days.run(clock.now())
    for one in (woman, dee):
        browser = story.browser(one.username)
        assert "A last word, if you like" in words_of(browser.get(f"/together/{pair_id}"))
        assert browser.send(f"/together/{pair_id}/goodbye", goodbye=f"{WORDS} {one.username}").status_code == 303
    assert sorted(goodbyes(story, pair_id)) == sorted(f"{WORDS} {one.username}" for one in (woman, dee))


def test_she_who_is_done_is_thanked(story, pair):
    pair_id, woman, _dee = pair
    browser = story.browser(woman.username)
    browser.send(f"/together/{pair_id}/end", then="done")
    assert "Thank you for being here." in words_of(browser.get("/next", follow_redirects=True))
