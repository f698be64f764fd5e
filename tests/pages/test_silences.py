"""Silence between two: nobody waits for a word unseen, whoever of the two is silent, and however long a pause is."""

from datetime import timedelta

import pytest

from tests.pages.story import Story
from webapp import clock
from webapp.domain.tasks import Kind, Outcome
from webapp.extensions import reading, transaction
from webapp.jobs import pairs as days
from webapp.models import OutboxRow
from webapp.services import tasks
from webapp.services.pairs import silences


@pytest.fixture
def story(app) -> Story:
    return Story(app)


@pytest.fixture
def pair(story):
    """Introduced four days ago."""
    dee, woman = story.supporter(), story.woman()
    clock.move(-timedelta(days=4))
    pair_id = story.introduced(woman, dee)
    clock.set_right()
    return pair_id, woman, dee


def days_later(story, **later):
    clock.move(timedelta(**later))
    with story.app.app_context():
        days.run(clock.now())


def test_no_first_word_and_silence_are_laid_on_the_desk_and_a_word_ends_both(story, pair):
    pair_id, woman, dee = pair

    def kinds():
        with story.app.app_context(), transaction() as session:
            found = tasks.read_page(session, story.coordinator, 0, 50)
            return {one.kind for one in found if one.introduction_id == pair_id}

    days_later(story, hours=1)
    assert Kind.FIRST_WORD_LATE in kinds()
    story.browser(woman.username).send(f"/together/{pair_id}/messages", body="Hello Dee")
    assert Kind.FIRST_WORD_LATE not in kinds()
    days_later(story, days=11)
    assert Kind.SILENCE not in kinds()
    with story.app.app_context(), transaction() as session:
        nudged = session.query(OutboxRow).filter_by(kind="it has been quiet").one()
        assert nudged.to_user_id == dee.actor.id
    days_later(story, days=4)
    assert Kind.SILENCE in kinds()
    story.browser(dee.username).send(f"/together/{pair_id}/messages", body="Hello Claire")
    assert Kind.SILENCE not in kinds()


def test_of_two_pairs_the_one_whose_supporter_wrote_is_not_silent(on_either):
    """Each pair is asked about its own supporter."""
    story = Story(on_either)
    dee, eve = story.supporter("Dee"), story.supporter("Eve")
    pairs = [story.introduced(story.woman(f"W{number}"), one) for number, one in enumerate((dee, eve))]
    clock.move(timedelta(days=15))
    for pair_id, one in zip(pairs, (dee, eve), strict=True):
        story.browser(one.username).send(f"/together/{pair_id}/messages", body="Hello")
        clock.move(timedelta(days=11))
    with story.app.app_context(), reading() as session:
        assert silences.list_quiet(session, now=clock.now() - timedelta(days=3)) == pairs[:1]


def test_a_woman_who_writes_on_without_an_answer_is_on_the_desk_within_two_weeks_of_her_first_word(story, pair):
    pair_id, woman, dee = pair

    def is_on_the_desk():
        with story.app.app_context(), transaction() as session:
            found = tasks.read_page(session, story.coordinator, 0, 50)
            return Kind.SILENCE in {one.kind for one in found if one.introduction_id == pair_id}

    story.browser(dee.username).send(f"/together/{pair_id}/messages", body="Hello Claire")
    for day in range(4):
        days_later(story, days=4, hours=day and 1)
        assert not is_on_the_desk()
        story.browser(woman.username).send(f"/together/{pair_id}/messages", body=f"Are you there? {day}")
    days_later(story, days=3)
    assert is_on_the_desk()
    story.browser(woman.username).send(f"/together/{pair_id}/messages", body="I wait")
    assert is_on_the_desk()
    story.browser(dee.username).send(f"/together/{pair_id}/messages", body="Here I am")
    assert not is_on_the_desk()


def test_a_pause_without_a_last_day_is_looked_after_each_month(story, pair):
    pair_id, _, dee = pair
    story.browser(dee.username).send(f"/together/{pair_id}/messages", body="Hello Claire")
    story.browser(dee.username).send(f"/together/{pair_id}/pause", weeks="0")

    def on_the_desk():
        with story.app.app_context(), transaction() as session:
            found = tasks.read_page(session, story.coordinator, 0, 50)
            return [one.id for one in found if (one.kind, one.introduction_id) == (Kind.SILENCE, pair_id)]

    days_later(story, days=29)
    assert on_the_desk() == []
    for _month in range(2):
        days_later(story, days=31)
        (task,) = on_the_desk()
        with story.app.app_context(), transaction() as session:
            tasks.finish(session, story.coordinator, task, act=Outcome.TALKED, now=clock.now())
        days_later(story, days=20)
        assert on_the_desk() == []
