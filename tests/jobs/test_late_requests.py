"""One clock for her page and for the desk: working days of the programme, and a new day once one has passed."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.pages.story import Story
from tests.programme.browsing import words_of
from webapp import clock
from webapp.domain import waiting as rules
from webapp.domain.access import Role
from webapp.domain.hours import StaffedHours
from webapp.domain.tasks import Kind
from webapp.extensions import reading, transaction
from webapp.jobs import late_requests
from webapp.models import AuditRecord, Request, Task
from webapp.services import requests, waiting
from webapp.services.tasks.order import place_of

DESK = StaffedHours("America/Toronto", frozenset(range(5)), time(9), time(16), frozenset({date(2026, 12, 25)}))
MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture
def story(on_either):
    turn_to(MONDAY)
    return Story(on_either)


def turn_to(moment):
    clock.set_right()
    clock.move(moment - clock.now())


def run(story):
    with story.app.app_context():
        return late_requests.run(clock.now())


def open_tasks(story):
    with story.app.app_context(), reading() as session:
        return [place_of(one).kind for one in session.scalars(select(Task).where(Task.done_at.is_(None)))]


def her_page(story, woman):
    return words_of(story.browser(woman.username).get("/questions/sent"))


def look_again(story, woman, day, word=""):
    return story.browser().send(f"/desk/requests/{woman.thing_id}/look-again", day=day, word=word)


@given(st.datetimes(datetime(2026, 11, 1), datetime(2027, 2, 1)), st.integers(0, 40 * 24))
def test_the_desk_and_her_page_turn_late_at_the_same_moment(since, hours):
    since = since.replace(tzinfo=UTC)
    now = since + timedelta(hours=hours)
    is_late = DESK.day_of(now) > rules.looked_by(since, DESK, within=5)
    assert is_late == (since < rules.late_before(DESK, within=5, now=now))


@pytest.mark.parametrize(
    ("day", "is_late", "days"),
    [(27, False, "4 working days"), (30, False, "5 working days"), (31, True, "6 working days")],
)
def test_the_desk_counts_the_days_that_her_page_counts(story, day, is_late, days):
    woman = story.woman()
    turn_to(MONDAY + timedelta(days=day - 23))
    late = words_of(story.browser().get("/desk?queue=late"))
    assert ("Claire" in late) == is_late
    assert ("It is taking longer" in her_page(story, woman)) == is_late
    assert days in words_of(story.browser().get("/desk?queue=waiting"))


def test_it_counts_anew_once_those_whom_she_saw_fell_away_and_she_keeps_her_place(story):
    woman, dee = story.woman(), story.supporter()
    story.shown(woman, dee)
    turn_to(MONDAY + timedelta(days=10))
    story.browser(woman.username).send("/people", instead="nobody")
    turn_to(MONDAY + timedelta(days=14))
    assert "It is taking longer" not in her_page(story, woman)
    assert "Claire" not in words_of(story.browser().get("/desk?queue=late"))
    with story.app.app_context(), reading() as session:
        assert session.get_one(Request, woman.thing_id).waiting_since < MONDAY + timedelta(days=1)


def test_once_a_day_has_passed_a_person_is_told_and_another_day_is_named(story):
    woman = story.woman()
    turn_to(MONDAY + timedelta(days=7))
    assert run(story) == 0
    assert "Come back on Monday, November 30." in her_page(story, woman)
    turn_to(MONDAY + timedelta(days=8))
    assert "No new day is named yet" in her_page(story, woman)
    assert run(story) == 1
    assert run(story) == 0
    assert open_tasks(story) == [Kind.REQUEST_LATE]
    page = her_page(story, woman)
    assert "We said that we would have looked by Monday, November 30." in page
    assert "The coordinator is still looking." in page
    assert "Come back on Thursday, December 3." in page
    assert "in a day or two" not in page
    assert "Say a word to the coordinator" in page
    turn_to(MONDAY + timedelta(days=9))
    assert "Come back on Thursday, December 3." in her_page(story, woman)
    turn_to(MONDAY + timedelta(days=11))
    assert run(story) == 1
    assert "Come back on Tuesday, December 8." in her_page(story, woman)
    assert open_tasks(story) == [Kind.REQUEST_LATE]


def test_a_day_passes_once_and_not_for_one_who_does_not_wait_any_more(story):
    woman, other = story.woman("Ada"), story.woman("Berta")
    turn_to(MONDAY + timedelta(days=8))
    with story.app.app_context(), transaction() as session:
        requests.withdraw_request(session, other.actor, other.thing_id, now=clock.now())
    done = []
    for request_id in (woman.thing_id, woman.thing_id, other.thing_id):
        with story.app.app_context(), transaction() as session:
            done.append(waiting.pass_the_day(session, request_id, now=clock.now()))
    assert done == [True, False, False]
    assert open_tasks(story) == [Kind.REQUEST_LATE]


def test_the_reason_is_what_is_known(story):
    woman = story.woman()
    story.ranked(woman)
    turn_to(MONDAY + timedelta(days=8))
    run(story)
    assert "Nobody who is free fits yet." in her_page(story, woman)


def test_a_coordinator_names_a_day_with_a_word_and_the_task_is_done(story):
    woman = story.woman()
    turn_to(MONDAY + timedelta(days=8))
    run(story)
    assert look_again(story, woman, "2026-12-07", "Two women finish their training on Friday.").status_code == 303
    assert open_tasks(story) == []
    page = her_page(story, woman)
    assert "Come back on Monday, December 7." in page
    assert "Two women finish their training on Friday." in page
    assert "her page names Monday, December 7" in words_of(story.browser().get(f"/desk/requests/{woman.thing_id}"))
    turn_to(MONDAY + timedelta(days=15))
    assert run(story) == 1
    assert open_tasks(story) == [Kind.REQUEST_LATE]
    assert "Two women" not in her_page(story, woman)
    with story.app.app_context(), reading() as session:
        named = session.scalars(select(AuditRecord).where(AuditRecord.action == "look again set"))
        assert [one.actor_id for one in named] == [None, story.coordinator.id, None]


@pytest.mark.parametrize("day", ["", "soon", "2026-11-23", "2026-11-28", "2027-03-01", "2026-12-25"])
def test_a_day_on_which_nobody_can_look_is_given_back(story, day):
    woman = story.woman()
    refused = look_again(story, woman, day, "A word.")
    assert refused.status_code == 422
    assert "A word." in refused.text
    assert "To mend:" in refused.text


def test_a_late_request_is_settled_once_people_are_shown_or_she_takes_it_back(story):
    first, second, dee = story.woman("Ada"), story.woman("Berta"), story.supporter()
    turn_to(MONDAY + timedelta(days=8))
    assert run(story) == 2
    story.shown(first, dee)
    assert open_tasks(story) == [Kind.REQUEST_LATE]
    with story.app.app_context(), transaction() as session:
        requests.withdraw_request(session, second.actor, second.thing_id, now=clock.now())
    assert open_tasks(story) == []
    assert run(story) == 0
    with story.app.app_context(), reading() as session:
        assert [one.look_again_sealed for one in session.scalars(select(Request))] == [None, None]
    assert look_again(story, first, "2026-12-07").status_code == 409


def test_the_word_is_sealed_and_no_longer_than_none(story):
    first, second = story.woman("Ada"), story.woman("Berta")
    look_again(story, first, "2026-12-01", "Patience, please.")
    look_again(story, second, "2026-12-01")
    with story.app.app_context(), reading() as session:
        one, other = (session.get_one(Request, woman.thing_id).look_again_sealed for woman in (first, second))
    assert len(one) == len(other)
    assert b"Patience" not in one


def test_nobody_names_a_day_for_herself(story):
    woman = story.woman()
    assert (
        story.browser(woman.username).send(f"/desk/requests/{woman.thing_id}/look-again", day="2026-12-01").status_code
        == 404
    )
    story._person("pat", Role.APPROVER)
    assert story.browser("pat").get(f"/desk/requests/{woman.thing_id}/look-again").status_code == 404
