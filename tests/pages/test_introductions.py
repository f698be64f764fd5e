"""The page of a pair: who the other is, what they share, and a conversation for the two of them alone."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.pages.statements import fill_conversation
from tests.pages.story import Story
from tests.programme.browsing import words_of
from webapp import clock
from webapp.extensions import transaction
from webapp.models import Introduction


@pytest.fixture
def story(app) -> Story:
    return Story(app)


@pytest.fixture
def pair(story):
    return story.pair()


def test_each_sees_the_other_s_name_and_what_speaks_for_them(story, pair):
    pair_id, woman, dee = pair
    hers = words_of(story.browser(woman.username).get(f"/together/{pair_id}"))
    for words in ("You and Dee", "What you share", "A first hello is hoped for by", "Hello Dee, I am glad"):
        assert words in hers
    theirs = words_of(story.browser(dee.username).get(f"/together/{pair_id}"))
    for words in ("You and Claire", "What she hopes for", "She would like support with: alcohol."):
        assert words in theirs


def test_messages_are_escaped_keep_their_lines_and_stand_in_order(story, pair):
    pair_id, woman, dee = pair
    hers, theirs = story.browser(woman.username), story.browser(dee.username)
    body = "Hello <script>alert(1)</script>\r\n\r\nEvenings & weekends"
    assert hers.send(f"/together/{pair_id}/messages", body=body).status_code == 303
    assert theirs.send(f"/together/{pair_id}/messages", body="I am glad").status_code == 303
    page = theirs.get(f"/together/{pair_id}").text
    assert "Hello &lt;script&gt;alert(1)&lt;/script&gt;\n\nEvenings &amp; weekends" in page
    assert page.index("Hello &lt;") < page.index("I am glad")
    assert page.count('<li class="mine"') == 1
    assert "hoped for by" not in page


@pytest.mark.parametrize(("body", "words"), [("  \n ", "Write something"), ("x" * 4001, "longer than 4,000")])
def test_an_empty_or_endless_message_loses_nothing(story, pair, body, words):
    pair_id, woman, _ = pair
    page = story.browser(woman.username).send(f"/together/{pair_id}/messages", body=body)
    assert page.status_code == 422
    assert words in words_of(page)
    assert body.strip() in page.text


def test_a_message_of_just_the_longest_length_is_sent_as_a_browser_counts_it(story, pair):
    pair_id, woman, _ = pair
    body = "x\r\n" * 2000
    assert story.browser(woman.username).send(f"/together/{pair_id}/messages", body=body).status_code == 303


@pytest.mark.parametrize(
    ("state", "words", "may_write"),
    [
        ("paused", "takes a pause", False),
        ("on hold", "rests while we look at something", False),
        ("ending", "saying goodbye", True),
        ("ended", "has ended", False),
    ],
)
def test_each_state_says_what_is_possible(story, pair, state, words, may_write):
    pair_id, woman, _ = pair
    with story.app.app_context(), transaction() as session:
        session.get(Introduction, pair_id).state = state
    browser = story.browser(woman.username)
    page = browser.get(f"/together/{pair_id}")
    assert words in words_of(page)
    assert ("<textarea" in page.text) is may_write
    sent = browser.send(f"/together/{pair_id}/messages", body="Hello")
    assert sent.status_code == (303 if may_write else 409)


def test_nobody_else_finds_the_pair(story, pair):
    pair_id, woman, _ = pair
    for username in ("robin", story.woman("Else").username, story.supporter("Noor").username):
        browser = story.browser(username)
        assert browser.get(f"/together/{pair_id}").status_code == 404
        assert browser.send(f"/together/{pair_id}/messages", body="Hello").status_code == 404
    assert story.browser(woman.username).get(f"/together/{uuid4()}").status_code == 404


def test_a_long_conversation_is_one_link_away(story, pair):
    pair_id, woman, _ = pair
    browser, path = story.browser(woman.username), f"/together/{pair_id}"
    fill_conversation(story, pair_id, woman.actor.id, 100)
    said, pages = [], []
    link = path
    while link:
        pages.append(browser.get(link))
        said.append(pages[-1].text.count('<li class="mine"'))
        earlier = re.search(r'href="([^"]+)" rel="prev">Show earlier messages', pages[-1].text)
        link = earlier and earlier.group(1).partition("#")[0]
    assert said == [40, 40, 20]
    assert "Back to the latest messages" in words_of(pages[1])
    assert "Back to the latest messages" not in words_of(pages[0])
    assert browser.get(f"{path}?before=nonsense").text.count('<li class="mine"') == 40
    assert browser.get(f"{path}?before={pair_id}").status_code == 404


def test_a_late_first_hello_is_no_reproach(app):
    story = Story(app)
    dee, woman = story.supporter(), story.woman()
    clock.move(-timedelta(days=4))
    pair_id = story.introduced(woman, dee)
    clock.set_right()
    assert "it is not too late for it" in words_of(story.browser(woman.username).get(f"/together/{pair_id}"))
