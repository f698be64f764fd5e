"""Clocks that end in one task each: cards that lie, a woman without her supporter after an ending, words unanswered."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.pages.absences.waiting import begun, open_tasks
from tests.pages.story import Story
from webapp import clock
from webapp.domain.tasks import Kind
from webapp.extensions import transaction
from webapp.jobs import late_requests, pairs, unchosen
from webapp.jobs.worker import find_jobs
from webapp.services import choices, requests

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture
def story(app) -> Story:
    clock.move(MONDAY - clock.now())
    return Story(app)


def run(story, job, **later):
    clock.move(timedelta(**later))
    with story.app.app_context():
        return job.run(clock.now())


def test_cards_that_lie_for_days_are_one_task_until_she_chooses(story):
    woman, dee = story.woman(), story.supporter()
    cards = story.shown(woman, dee)
    assert run(story, unchosen, days=4, hours=23) == 0
    assert run(story, unchosen, hours=2) == 1
    assert run(story, unchosen, days=1) == 0
    assert open_tasks(story, Kind.NOT_CHOSEN) == [(woman.actor.id, story.coordinator.id)]
    assert "Ask Dee" in story.browser(woman.username).get("/people").text
    with story.app.app_context(), transaction() as session:
        choices.choose(session, woman.actor, woman.thing_id, ordered=cards, instead=None, now=clock.now())
    assert run(story, unchosen) == 1
    assert open_tasks(story, Kind.NOT_CHOSEN) == []
    with story.app.app_context(), transaction() as session:
        choices.unask(session, woman.actor, woman.thing_id, now=clock.now())
    assert run(story, unchosen, days=2) == 0  # she has just been here: the days begin anew
    assert run(story, unchosen, days=4) == 1


@pytest.mark.parametrize("act", [requests.pause_request, requests.withdraw_request])
def test_it_goes_with_the_cards(story, act):
    woman = story.woman()
    story.shown(woman, story.supporter())
    assert run(story, unchosen, days=6) == 1
    with story.app.app_context(), transaction() as session:
        act(session, woman.actor, woman.thing_id, now=clock.now())
    assert open_tasks(story, Kind.NOT_CHOSEN) == []
    assert run(story, unchosen) == 0


def test_who_waits_again_after_an_ending_is_told_from_who_waits_for_her_first(story):
    left, new, dee = story.woman("Ada"), story.woman("Berta"), story.supporter()
    pair = story.introduced(left, dee)
    assert story.browser(left.username).send(f"/together/{pair}/end", then="another").status_code == 303
    assert run(story, late_requests, days=8) == 2
    assert run(story, late_requests) == 0
    assert open_tasks(story, Kind.WITHOUT_SUPPORTER) == [(left.actor.id, story.coordinator.id)]
    assert open_tasks(story, Kind.REQUEST_LATE) == [(new.actor.id, story.coordinator.id)]
    assert run(story, late_requests, days=10) == 2
    assert len(open_tasks(story, Kind.WITHOUT_SUPPORTER)) == 1
    story.shown(left, story.supporter("Eve"))
    assert open_tasks(story, Kind.WITHOUT_SUPPORTER) == []


def test_what_she_writes_again_without_an_answer_ends_no_silence(story):
    away = begun(story)
    for _ in range(5):
        story.browser(away.claire.username).send(f"{away.page}/messages", body="Are you there?")
        run(story, pairs, days=3)
    assert open_tasks(story, Kind.SILENCE) == [(away.claire.actor.id, story.coordinator.id)]
    story.browser(away.claire.username).send(f"{away.page}/messages", body="Still there?")
    run(story, pairs, days=1)
    assert len(open_tasks(story, Kind.SILENCE)) == 1
    story.browser(away.dee.username).send(f"{away.page}/messages", body="I am here.")
    assert open_tasks(story, Kind.SILENCE) == []
    assert run(story, pairs, days=1) == 0


def test_the_worker_runs_them():
    assert {"absences", "late_requests", "pairs", "unchosen"} <= find_jobs().keys()
