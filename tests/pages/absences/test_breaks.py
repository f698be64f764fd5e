"""A supporter takes a break and comes back, by her own hand; what her women, the desk and the next in line see."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.pages.story import Story
from tests.programme.browsing import words_of
from webapp import clock
from webapp.domain.tasks import Kind
from webapp.extensions import reading, transaction
from webapp.jobs import absences as job
from webapp.models import AuditRecord, OutboxRow, Proposal, Supporter, Task
from webapp.services import tasks
from webapp.services.accounts import closing
from webapp.services.tasks.order import place_of

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)
AWAY = "Dee is away for a while"


@pytest.fixture
def story(app) -> Story:
    clock.move(MONDAY - clock.now())
    return Story(app)


@pytest.fixture
def pair(story):
    return story.pair()


def open_tasks(story, kind):
    """Return the open tasks of a kind: about whom, and who looks after each."""
    with story.app.app_context(), reading() as session:
        found = session.scalars(select(Task).where(Task.done_at.is_(None)))
        return [(one.about_id, one.owner_id) for one in found if place_of(one).kind == kind]


def state_of(story, person):
    with story.app.app_context(), reading() as session:
        row = session.get_one(Supporter, person.thing_id)
        return row.state, row.away_until


def notices_to(story, person):
    with story.app.app_context(), reading() as session:
        told = select(OutboxRow).where(OutboxRow.to_user_id == person.actor.id, OutboxRow.kind == "something for you")
        found = session.scalars(told.order_by(OutboxRow.due_at)).all()
        session.expunge_all()
        return found


def settle(story, pair_id):
    """A coordinator looks, and says so."""
    with story.app.app_context(), transaction() as session:
        tasks.close_of_pair(session, story.coordinator, pair_id, {Kind.AWAY}, now=clock.now())


def run_job(story):
    with story.app.app_context():
        return job.run(clock.now())


def test_she_begins_a_break_in_one_step_and_her_women_read_it_without_a_reason(story, pair):
    pair_id, woman, dee = pair
    hers = story.browser(dee.username)
    assert "Take a break" in words_of(hers.get("/offers"))
    assert "Each woman you are there for reads" in words_of(hers.get("/break"))
    assert hers.send("/break", until="2026-12-03").status_code == 303
    assert "You are on a break until Thursday, December 3" in words_of(hers.get("/break"))
    assert "You are on a break." in words_of(hers.get("/offers"))
    page = words_of(story.browser(woman.username).get(f"/together/{pair_id}"))
    assert f"{AWAY}, until Thursday, December 3" in page
    assert "Someone at the programme knows, and looks after you meanwhile." in page
    assert open_tasks(story, Kind.AWAY) == [(woman.actor.id, story.coordinator.id)]


def test_without_a_day_none_is_named_and_she_ends_it_herself(story, pair):
    pair_id, woman, dee = pair
    hers, theirs = story.browser(dee.username), story.browser(woman.username)
    hers.send("/break", until="")
    page = words_of(theirs.get(f"/together/{pair_id}"))
    assert f"{AWAY}. That says nothing about you." in page
    assert hers.send("/break/end").status_code == 303
    assert state_of(story, dee) == ("active", None)
    assert AWAY not in words_of(theirs.get(f"/together/{pair_id}"))
    assert open_tasks(story, Kind.AWAY) == []
    assert hers.send("/break/end").status_code == 303


def test_no_card_and_no_offer_of_hers_is_open_from_the_same_minute(story):
    dee, eve = story.supporter("Dee"), story.supporter("Eve")
    asking, choosing = story.woman("Ada"), story.woman("Berta")
    offer = story.offered(asking, dee, eve)
    (card,) = story.shown(choosing, dee)
    story.browser(dee.username).send("/break", until="")
    with story.app.app_context(), reading() as session:
        assert [session.get_one(Proposal, one).state for one in (offer, card)] == ["fell away", "fell away"]
        (asked,) = session.scalars(select(Proposal).where(Proposal.state == "offered"))
        assert asked.supporter_id == eve.thing_id
    assert "Eve" in words_of(story.browser(asking.username).get("/people"))


@pytest.mark.parametrize("day", ["2026-11-22", "2027-12-01", "soon"])
def test_a_day_that_cannot_be_is_said_beside_the_field(story, pair, day):
    _, _, dee = pair
    page = story.browser(dee.username).send("/break", until=day)
    assert page.status_code == 422
    assert day in page.text
    assert state_of(story, dee) == ("active", None)


def test_past_its_last_day_the_desk_gets_another_task_in_place_of_the_first(story, pair):
    pair_id, woman, dee = pair
    run_job(story)  # it names who covers
    story.browser(dee.username).send("/break", until="2026-11-24")
    run_job(story)
    assert run_job(story) == 0
    clock.move(timedelta(days=2))
    assert run_job(story) == 1
    assert run_job(story) == 0
    assert open_tasks(story, Kind.AWAY) == [(woman.actor.id, story.coordinator.id)]
    page = words_of(story.browser(woman.username).get(f"/together/{pair_id}"))
    assert "has not said yet that she is back" in page
    assert "Are you back?" in words_of(story.browser(dee.username).get("/break"))


@pytest.mark.parametrize("until", ["", "2026-11-24"])
def test_a_break_that_goes_on_is_looked_after_each_month(story, pair, until):
    """She may never come back to say so; the woman is told of it once."""
    pair_id, woman, dee = pair
    run_job(story)  # it names who covers
    story.browser(dee.username).send("/break", until=until)
    clock.move(timedelta(days=2))
    run_job(story)
    told = [one.id for one in notices_to(story, woman)]
    for _ in range(2):
        settle(story, pair_id)
        assert run_job(story) == 0
        clock.move(timedelta(days=31))
        assert run_job(story) == 1
        assert open_tasks(story, Kind.AWAY) == [(woman.actor.id, story.coordinator.id)]
    assert [one.id for one in notices_to(story, woman)] == told


def test_the_job_tells_what_the_act_could_not(story, pair, monkeypatch):
    _, woman, dee = pair
    story.supporter("Eve")
    run_job(story)
    monkeypatch.setattr("webapp.pages.breaks.views.at_once.follow", lambda *_, **__: None)
    story.browser(dee.username).send("/break", until="")
    assert open_tasks(story, Kind.AWAY) == []
    assert run_job(story) == 2  # the desk is told, and the woman is asked whether she would like Eve
    assert open_tasks(story, Kind.AWAY) == [(woman.actor.id, story.coordinator.id)]
    story.browser(dee.username).send("/break/end")
    assert run_job(story) == 2
    assert open_tasks(story, Kind.AWAY) == []


def test_a_second_break_is_told_anew_and_another_day_is_not(story, pair):
    _, woman, dee = pair
    hers = story.browser(dee.username)
    hers.send("/break", until="2026-12-01")
    hers.send("/break", until="2026-12-03")
    assert len(open_tasks(story, Kind.AWAY)) == 1
    hers.send("/break/end")
    clock.move(timedelta(minutes=1))
    hers.send("/break", until="")
    assert len(open_tasks(story, Kind.AWAY)) == 1
    with story.app.app_context(), reading() as session:
        told = session.scalars(select(OutboxRow).where(OutboxRow.kind == "something for you"))
        assert [one.to_user_id for one in told] == [woman.actor.id] * 2
        acts = session.scalars(select(AuditRecord.action).where(AuditRecord.action.like("break%")))
        assert sorted(acts) == ["break begun"] * 3 + ["break ended"]


def test_who_has_asked_to_leave_is_suggested_to_nobody_after_her_break(story, pair):
    _, _, dee = pair
    hers = story.browser(dee.username)
    hers.send("/break", until="")
    hers.send("/account/leaving")
    with story.app.app_context(), reading() as session:
        assert session.execute(closing.wishes(), {"me": story.coordinator.id}).first() is not None
    assert "Your wish to leave stands on the desk." in words_of(hers.get("/break"))
    hers.send("/break/end")
    assert state_of(story, dee)[0] == "on a break"


def test_the_task_names_the_page_of_the_pair(story, pair):
    pair_id, _, dee = pair
    story.browser(dee.username).send("/break", until="")
    desk = story.browser().get("/desk?queue=tasks")
    assert "Her supporter is away" in words_of(desk)
    with story.app.app_context(), reading() as session:
        (task,) = [one for one in session.scalars(select(Task)) if place_of(one).kind == Kind.AWAY]
        assert tasks.read_task(session, story.coordinator, task.id).thing == pair_id
