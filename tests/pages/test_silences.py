"""Silence between two: nobody waits for a word unseen, whoever of the two is silent, and however long a pause is."""

from datetime import timedelta

import pytest

from tests.pages.absences.waiting import Away
from tests.pages.pairs.conftest import pair_of
from tests.pages.pairs.test_times import propose, tap
from tests.pages.story import Story
from tests.programme.browsing import words_of
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


def test_a_late_first_word_is_looked_after_and_she_reads_it(story, pair):
    pair_id, woman, dee = pair
    known = "A coordinator knows that no word has come yet, and looks after it."
    assert known not in words_of(story.browser(woman.username).get(f"/together/{pair_id}"))
    days_later(story, hours=1)
    hers, theirs = story.browser(woman.username), story.browser(dee.username)
    assert Kind.FIRST_WORD_LATE in on_the_desk(story, pair_id)
    assert known in words_of(hers.get(f"/together/{pair_id}"))
    assert known not in words_of(theirs.get(f"/together/{pair_id}"))
    theirs.send(f"/together/{pair_id}/messages", body="Hello Claire")
    assert known not in words_of(hers.get(f"/together/{pair_id}"))


def test_a_pause_counts_as_no_silence(story):
    dee, claire = story.supporter("Dee"), story.woman("Claire")
    away = Away(story, story.introduced(claire, dee), claire, dee, story.supporter("Eve"))
    away.browser(dee).send(f"{away.page}/messages", body="Hello Claire")
    away.browser(claire).send(f"{away.page}/messages", body="Hello Dee")
    days_later(story, days=7)
    away.work()
    away.browser(claire).send(f"{away.page}/pause", weeks="2")
    quiet = "It has been quiet between you two for a while"
    for more in (15, 9):
        days_later(story, days=more)
        away.work()
        assert quiet not in words_of(away.browser(claire).get(away.page))
        assert Kind.SILENCE not in on_the_desk(story, away.pair)
        assert nudges(story) == 0
    days_later(story, days=6)
    away.work()
    assert quiet in words_of(away.browser(claire).get(away.page))
    assert Kind.SILENCE in on_the_desk(story, away.pair)
    assert nudges(story) == 1


def nudges(story) -> int:
    with story.app.app_context(), transaction() as session:
        return session.query(OutboxRow).filter_by(kind="it has been quiet").count()


def test_not_this_time_is_no_first_word(story, pair):
    pair_id, woman, dee = pair
    for one in (woman, dee):
        story.browser(one.username).send(f"/together/{pair_id}/talks", talked="no", day="today")
    days_later(story, hours=1)
    assert Kind.FIRST_WORD_LATE in on_the_desk(story, pair_id)


@pytest.mark.parametrize("what", ["proposes a time", "says that they did not talk"])
def test_whatever_a_woman_does_alone_her_supporter_s_silence_is_noticed(app, what):
    pair = pair_of(app)
    pair.theirs.send(f"{pair.path}/messages", body="Hello Claire")
    pair.hers.send(f"{pair.path}/messages", body="Hello Dee")
    pair.theirs.send(f"{pair.path}/messages", body="How are you?")
    for _week in range(4):
        if what == "proposes a time":
            propose(pair, pair.hers)
        else:
            pair.hers.send(f"{pair.path}/talks", talked="no", day="today")
        later(pair, days=7)
    assert Kind.SILENCE in on_the_desk(pair.story, pair.id)


def test_an_answer_to_a_time_that_she_proposed_ends_a_silence(app):
    pair = pair_of(app)
    propose(pair, pair.hers)
    later(pair, days=15)
    assert Kind.SILENCE in on_the_desk(pair.story, pair.id)
    propose(pair, pair.hers)
    assert Kind.SILENCE in on_the_desk(pair.story, pair.id)
    tap(pair, pair.theirs, "/decline")
    assert Kind.SILENCE not in on_the_desk(pair.story, pair.id)
    later(pair, days=8)
    assert Kind.SILENCE not in on_the_desk(pair.story, pair.id)


def test_a_time_that_is_proposed_is_a_first_word(app):
    pair = pair_of(app)
    later(pair, days=4)
    assert Kind.FIRST_WORD_LATE in on_the_desk(pair.story, pair.id)
    propose(pair, pair.hers)
    assert Kind.FIRST_WORD_LATE not in on_the_desk(pair.story, pair.id)


def later(pair, **past):
    """Let days pass, and both sign in again."""
    days_later(pair.story, **past)
    pair.hers.sign_in(pair.woman.username)
    pair.theirs.sign_in(pair.dee.username)


def on_the_desk(story, pair_id):
    with story.app.app_context(), transaction() as session:
        return {
            one.kind for one in tasks.read_page(session, story.coordinator, 0, 50) if one.introduction_id == pair_id
        }
