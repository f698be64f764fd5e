"""Nobody fills the database by writing: after twenty messages without a pause each waits up to ten seconds."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.pages.story import Story
from tests.programme.browsing import words_of
from webapp import clock
from webapp.extensions import transaction
from webapp.models import CheckIn, Message


@pytest.fixture
def pair(app):
    story = Story(app)
    woman, supporter = story.woman(), story.supporter()
    return story, story.introduced(woman, supporter), story.browser(woman.username)


def stored(app, kind):
    with app.app_context(), transaction() as session:
        return session.scalar(select(func.count()).select_from(kind))


def test_a_script_that_writes_without_a_pause_is_slowed_and_nothing_it_typed_is_lost(app, pair):
    _, pair_id, browser = pair
    clock.stop()
    answers = [browser.send(f"/together/{pair_id}/messages", body=f"Line {number}.") for number in range(30)]
    assert [one.status_code for one in answers].count(303) == 20
    last = answers[-1]
    assert last.status_code == 429
    assert int(last.headers["Retry-After"]) >= 1
    assert "Your words are still here" in words_of(last)
    assert "Line 29." in last.text
    assert stored(app, Message) == 20


def test_ten_seconds_are_the_longest_wait_and_a_minute_s_pause_forgets_all(app, pair):
    _, pair_id, browser = pair
    clock.stop()
    for number in range(150):
        browser.send(f"/together/{pair_id}/messages", body=f"Again {number}.")
        clock.move(timedelta(seconds=10 / 150))
    assert 20 <= stored(app, Message) <= 30
    clock.move(timedelta(seconds=10))
    assert browser.send(f"/together/{pair_id}/messages", body="Slowly.").status_code == 303
    clock.move(timedelta(seconds=61))
    for number in range(20):
        assert browser.send(f"/together/{pair_id}/messages", body=f"{number}").status_code == 303


def test_check_ins_are_begun_at_the_same_pace_with_a_kind_page(app, pair):
    _, pair_id, browser = pair
    clock.stop()
    before = stored(app, CheckIn)
    answers = [browser.send(f"/together/{pair_id}/check-in") for _ in range(25)]
    assert answers[-1].status_code == 429
    assert "Let us wait a moment" in words_of(answers[-1])
    assert stored(app, CheckIn) <= before + 1


def test_one_who_writes_slows_down_nobody_else(app, pair):
    story, pair_id, browser = pair
    clock.stop()
    for _ in range(25):
        browser.send(f"/together/{pair_id}/messages", body="Again.")
    other = story.browser("s-dee")
    assert other.send(f"/together/{pair_id}/messages", body="Hello.").status_code == 303
