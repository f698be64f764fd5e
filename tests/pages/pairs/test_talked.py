"""Did you talk? One tap of each, side by side, without blame; and what counts as a sign of life."""

from datetime import timedelta

import pytest

from tests.pages.pairs.test_times import propose, tap
from tests.programme.browsing import words_of
from webapp import clock
from webapp.models import Introduction, TalkLog
from webapp.services import conversations
from webapp.services.pairs import talks


@pytest.fixture
def after(pair):
    """The same pair, after a talk that was planned."""
    propose(pair, pair.hers)
    tap(pair, pair.theirs, "/accept")
    clock.move(timedelta(hours=10))
    pair.hers.sign_in(pair.woman.username)
    pair.theirs.sign_in(pair.dee.username)
    return pair


def say(pair, browser, talked="yes", **more):
    return browser.send(f"{pair.path}/talks", talked=talked, **more)


def planned(pair) -> str:
    return str(pair.do(lambda session: session.query(talks.Meeting).one().id))


def test_both_are_asked_and_both_said_yes(after):
    for browser in (after.hers, after.theirs):
        assert "Did you talk on Monday, November 23 at 6:00" in after.words(browser)
    assert say(after, after.hers, meeting=planned(after)).status_code == 303
    assert "You marked that you talked on Monday, November 23. Dee has not said yet." in after.words(after.hers)
    assert "Claire marked that you talked" in after.words(after.theirs)
    say(after, after.theirs, meeting=planned(after))
    for browser in (after.hers, after.theirs):
        assert "You both said that you talked on Monday, November 23." in after.words(browser)
        assert "Did you talk on" not in after.words(browser)


def test_a_difference_is_nobody_s_fault_and_can_be_changed(after):
    say(after, after.hers, meeting=planned(after))
    say(after, after.theirs, "no", meeting=planned(after))
    for browser in (after.hers, after.theirs):
        assert "That can be a slip, and it is nobody’s fault." in after.words(browser)
    say(after, after.theirs, "yes", meeting=planned(after))
    assert "You both said that you talked" in after.words(after.hers)
    assert after.do(lambda session: session.query(TalkLog).count()) == 2


def test_both_say_that_it_did_not_work_out(after):
    for browser in (after.hers, after.theirs):
        say(after, browser, "no", meeting=planned(after))
    assert "it did not work out this time. You both said so." in after.words(after.hers)


def test_at_any_moment_either_says_that_they_talked_and_two_taps_are_one(pair):
    for _ in range(2):
        assert say(pair, pair.theirs, length="about an hour", way="phone").status_code == 303
    (log,) = pair.do(lambda session: [one.said for one in session.query(TalkLog)])
    assert log == {"talked": "yes", "length": "about an hour", "way": "phone"}
    assert "Dee marked that you talked on Monday, November 23. Did you?" in pair.words(pair.hers)
    assert say(pair, pair.hers, day="2026-11-23").status_code == 303
    assert "You both said that you talked on Monday, November 23." in pair.words(pair.theirs)


def test_yesterday_is_another_day_and_only_what_is_offered_is_kept(pair):
    say(pair, pair.hers, day="yesterday", length="a year", way="<b>")
    assert str(pair.do(lambda session: session.query(TalkLog.on_day).scalar())) == "2026-11-22"
    assert pair.do(lambda session: session.query(TalkLog).one().said) == {"talked": "yes", "length": "", "way": ""}


@pytest.mark.parametrize(
    ("form", "status"),
    [({"talked": "maybe"}, 422), ({"day": "2026-12-24"}, 409), ({"day": "2020-01-01"}, 409), ({"day": "x"}, 303)],
)
def test_what_cannot_be_is_answered_with_a_page(pair, form, status):
    answer = say(pair, pair.hers, **{"talked": "yes", **form})
    assert answer.status_code == status
    assert status == 303 or "<h1>" in answer.text


def test_before_it_begins_nobody_can_say_so(pair):
    propose(pair, pair.hers)
    assert say(pair, pair.hers, meeting=planned(pair)).status_code == 404
    tap(pair, pair.theirs, "/accept")
    assert "changed meanwhile" in words_of(say(pair, pair.hers, meeting=planned(pair)))


def test_a_message_a_time_and_a_tap_of_hers_are_signs_of_life(pair):
    def last():
        return pair.do(lambda session: talks.last_sign_of_life(session, session.get(Introduction, pair.id)))

    assert last() is None
    acts = (
        lambda now: pair.do(conversations.write_message, pair.woman.actor, pair.id, "Hello", now=now),
        lambda now: pair.do(talks.say_talked, pair.dee.actor, pair.id, talked=False, now=now),
        lambda _now: propose(pair, pair.hers),
        lambda _now: tap(pair, pair.theirs, "/accept"),
    )
    for act in acts:
        clock.move(timedelta(minutes=1))
        before = clock.now()
        act(before)
        assert last() >= before
