"""What stands on the page after a check-in, and on her own lines: just what came of it."""

from datetime import UTC, datetime

import pytest

from tests.pages.absences.waiting import Away, begun
from tests.pages.safety.telling import tell
from tests.pages.story import Story
from tests.programme.browsing import words_of
from webapp import clock
from webapp.domain.safe_contact import Contact, Standing
from webapp.extensions import reading, transaction
from webapp.models import Introduction
from webapp.services.safety import reading as record_of
from webapp.services.safety import records

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)
SATURDAY_NIGHT = datetime(2026, 11, 29, 2, 19, tzinfo=UTC)
"""Saturday the 28th, 9:19 in the evening, in Toronto."""
LAST_WORD = "leave a last word on your page together"


@pytest.fixture
def story(app) -> Story:
    clock.move(MONDAY - clock.now())
    return Story(app)


@pytest.fixture
def pair(story):
    return story.pair()


def checked_in(browser, pair_id, **said):
    """Begin a check-in and answer it; return its address."""
    path = browser.send(f"/together/{pair_id}/check-in").location.partition("?")[0]
    assert browser.send(path, **said).status_code == 303
    return path


@pytest.mark.parametrize("safe", ["no", "not_sure"])
def test_after_not_safe_she_reads_what_was_closed_and_where_she_opens_it_again(story, pair, safe):
    pair_id, woman, _ = pair
    with story.app.app_context(), transaction() as session:
        records.write(session, woman.actor, woman.actor.id, Contact(hours=frozenset({1})), now=clock.now())
    hers = story.browser(woman.username)
    page = hers.get(checked_in(hers, pair_id, safe=safe))
    with story.app.app_context(), reading() as session:
        assert record_of.read(session, woman.actor.id, now=clock.now()).standing is Standing.CLOSED
    said = words_of(page)
    assert "we closed every way to you outside this site at once" in said
    assert "took back whatever you had shown a supporter" in said
    assert "Nothing is closed to you" not in said
    assert 'href="/how-to-reach-me"' in page.text


def test_after_any_other_answer_nothing_is_said_of_closing(story, pair):
    pair_id, woman, _ = pair
    hers = story.browser(woman.username)
    page = words_of(hers.get(checked_in(hers, pair_id, safe="yes", next="change_something")))
    assert "we closed every way" not in page


def active(story):
    """Claire talks with Eve, who covers for Dee."""
    away: Away = begun(story)
    away.begin()
    assert away.answer("yes") == 303
    assert away.yes().status_code == 303
    return away, away.talk().id


def test_the_check_in_of_a_cover_offers_and_says_what_is_true_there(story):
    away, talk = active(story)
    story.supporter("Fay")
    hers = away.browser(away.claire)
    begun_at = hers.send(f"/together/{talk}/check-in").location
    form = hers.get(begun_at)
    assert 'value="different_supporter"' not in form.text
    assert "“Stop” happens when you send this: only your conversation with Eve ends." in words_of(form)
    path = begun_at.partition("?")[0]
    assert hers.send(path, next="different_supporter").status_code == 422
    assert hers.send(path, next="stop").status_code == 303
    page = hers.get(path)
    said = words_of(page)
    assert "Only your conversation with Eve has ended, as you wished." in said
    assert "You wait in your old place" not in said
    assert "nobody looks for someone else until you say so" not in said
    assert LAST_WORD in said
    assert f'href="/together/{away.pair}"' in page.text
    assert away.states()[0] == "parted"
    with story.app.app_context(), reading() as session:
        pair = session.get_one(Introduction, away.pair)
        assert (pair.state, pair.request.state) == ("introduced", "matched")
    away.work()
    assert "Show me someone" in words_of(hers.get(away.page))


def test_a_last_word_is_offered_only_where_one_may_be_left(story, pair):
    pair_id, woman, _ = pair
    hers = story.browser(woman.username)
    path = checked_in(hers, pair_id, next="stop")
    assert LAST_WORD in words_of(hers.get(path))
    assert hers.send(f"/together/{pair_id}/goodbye", goodbye="Thank you").status_code == 303
    assert LAST_WORD not in words_of(hers.get(path))


@pytest.mark.parametrize("wish", ["stop", "different_supporter"])
def test_no_last_word_is_promised_after_a_hold(story, pair, wish):
    pair_id, woman, _ = pair
    hers = story.browser(woman.username)
    tell(hers, kind="danger", pair=str(pair_id))
    page = words_of(hers.get(checked_in(hers, pair_id, next=wish)))
    assert "Your time with Dee has ended, as you wished" in page
    assert "last word" not in page


def test_who_answered_in_words_alone_is_not_told_that_she_has_answered_nothing(story, pair):
    pair_id, woman, _ = pair
    hers = story.browser(woman.username)
    assert "When you have answered a check-in" in words_of(hers.get("/check-ins"))
    checked_in(hers, pair_id, line="It goes well.")
    page = words_of(hers.get("/check-ins"))
    assert "When you have answered a check-in" not in page
    assert "You have answered, and ticked none of the statements that are shown here over time." in page


def test_a_day_of_hers_is_by_her_own_clock(story, pair):
    pair_id, woman, _ = pair
    clock.move(SATURDAY_NIGHT - clock.now())
    hers = story.browser(woman.username)
    checked_in(hers, pair_id, listened="fully")
    page = words_of(hers.get("/check-ins"))
    assert "Saturday, November 28" in page
    assert "Sunday" not in page
    desk = words_of(story.browser().get(f"/desk/pairs/{pair_id}"))
    assert "Claire · Saturday, November 28" in desk
