"""What stays undone goes to another named person: by the clock, and at once from one who is away."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.pages.story import Story
from tests.programme.browsing import words_of
from webapp import clock
from webapp.domain.access import Role
from webapp.domain.tasks import PASSED_ON_AFTER, Desk, Kind, Outcome, PassedOn, Soon
from webapp.extensions import reading, transaction
from webapp.jobs import pass_on_tasks
from webapp.models import AuditRecord, ClosedFile, OutboxRow, StaffMember, Task
from webapp.services import tasks
from webapp.services.acting import TooLate
from webapp.services.tasks import cover, passing
from webapp.services.threads import talking

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def story(on_either):
    clock.move(MONDAY - clock.now())
    return Story(on_either)


def open_for(story, woman, kind=Kind.CONTACT_SOON, **more):
    with story.app.app_context(), transaction() as session:
        return tasks.open_task(
            session, woman.actor, kind, about=woman.actor.id, thing=woman.thing_id, soon=Soon.TODAY, now=clock.now(),
            **more,
        ).id  # fmt: skip


def stands(story, task_id):
    """Say whose a task is, at which desk, and how far it has come."""
    with story.app.app_context(), reading() as session:
        task = session.get_one(Task, task_id)
        return task.owner_id, task.desk, task.passed_on


def run(story):
    with story.app.app_context():
        return pass_on_tasks.run(clock.now())


def told(story, task_id):
    """Say to whom a notice of a task waits."""
    with story.app.app_context(), reading() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.kind == "something needs you"))
        return [row.to_user_id for row in rows if row.payload["task"] == str(task_id) and row.state == "ready"]


def records(story, action):
    with story.app.app_context(), reading() as session:
        found = session.scalars(select(AuditRecord).where(AuditRecord.action == action).order_by(AuditRecord.number))
        return [(one.thing_id, one.code) for one in found]


def past_due(task_hours):
    """Turn the clock to some time after the end of this Monday's hours."""
    clock.set_right()
    clock.move(datetime(2026, 11, 23, 21, tzinfo=UTC) + task_hours - clock.now())


def with_deputy(story):
    sam, kim = story._person("sam", Role.COORDINATOR), story._person("kim", Role.COORDINATOR)
    with story.app.app_context(), transaction() as session:
        cover.choose_deputy(session, story.coordinator, kim.id, now=clock.now())
    return sam, kim


def of_robin(story, woman):
    """Open a task that is Robin's: she is the only one there."""
    task_id = open_for(story, woman)
    assert stands(story, task_id)[0] == story.coordinator.id
    return task_id


def test_each_step_comes_once_in_its_time_to_the_deputy_then_to_the_approver(story):
    task_id = of_robin(story, story.woman())
    _, kim = with_deputy(story)
    pat = story._person("pat", Role.APPROVER)
    past_due(PASSED_ON_AFTER - A_MINUTE)
    assert run(story) == 0
    past_due(PASSED_ON_AFTER)
    assert run(story) == 1
    assert stands(story, task_id) == (kim.id, Desk.COORDINATORS, PassedOn.DEPUTY)
    assert told(story, task_id) == [kim.id]
    clock.move(A_MINUTE)
    assert run(story) == 0
    past_due(2 * PASSED_ON_AFTER)
    assert run(story) == 1
    assert stands(story, task_id) == (pat.id, Desk.APPROVER, PassedOn.APPROVER)
    assert told(story, task_id) == [pat.id]
    clock.move(timedelta(days=3))
    assert run(story) == 0
    assert records(story, "task passed on") == [(task_id, "deputy"), (task_id, "approver")]


def test_within_a_day_past_its_time_every_task_is_named_to_another_person(story):
    tasks_of = [open_for(story, story.woman(name)) for name in ("Ada", "Berta", "Clara")]
    before = {one: stands(story, one)[0] for one in tasks_of}
    story._person("pat", Role.APPROVER)
    past_due(2 * PASSED_ON_AFTER)
    run(story)
    assert all(stands(story, one)[0] not in (None, before[one]) for one in tasks_of)


def test_where_no_coordinator_is_there_the_approver_has_what_is_in_hand_and_what_comes(story):
    woman, robin = story.woman(), story.coordinator
    pat, before = story._person("pat", Role.APPROVER), open_for(story, woman)
    with story.app.app_context(), transaction() as session:
        cover.go_away(session, robin, None, MONDAY.date() + timedelta(days=2), now=clock.now())
    after = open_for(story, woman, Kind.CONCERN)
    assert [stands(story, one)[:2] for one in (before, after)] == [(pat.id, Desk.APPROVER)] * 2


def test_what_is_done_is_not_passed_on_and_its_notice_goes(story):
    task_id = of_robin(story, story.woman())
    with_deputy(story)
    past_due(PASSED_ON_AFTER)
    run(story)
    with story.app.app_context(), transaction() as session:
        tasks.finish(session, story.coordinator, task_id, act=Outcome.TALKED, now=clock.now())
    assert told(story, task_id) == []
    past_due(2 * PASSED_ON_AFTER)
    assert run(story) == 0


def test_a_coordinator_still_reads_and_ends_what_the_clock_gave_to_the_approver(story):
    task_id = of_robin(story, story.woman())
    story._person("pat", Role.APPROVER)
    past_due(2 * PASSED_ON_AFTER)
    run(story)
    desk = story.browser()
    assert "It went to the approver" in desk.get(f"/desk/tasks/{task_id}").text
    assert "Claire" in words_of(story.browser("pat").get("/approvals"))
    assert desk.send(f"/desk/tasks/{task_id}", act="talked").status_code == 303
    assert "I talked with her" in desk.get(f"/desk/tasks/{task_id}").text
    assert "Nothing waits for you." in story.browser("pat").get("/approvals").text


def test_what_was_the_approver_s_from_the_start_is_closed_to_every_coordinator(story):
    story._person("pat", Role.APPROVER)
    task_id = open_for(story, story.woman(), Kind.CONCERN, desk=Desk.APPROVER)
    desk = story.browser()
    assert desk.get(f"/desk/tasks/{task_id}").status_code == 404
    assert desk.send(f"/desk/tasks/{task_id}", act="talked").status_code == 404
    assert story.browser("pat").get(f"/desk/tasks/{task_id}").status_code == 200


def test_to_nobody_whose_hands_must_not_have_it(story):
    dee, woman = story.supporter(), story.woman()
    story.introduced(woman, dee)
    task_id = of_robin(story, woman)
    sam, _ = with_deputy(story)
    with story.app.app_context(), transaction() as session:
        kim = session.get_one(StaffMember, story.coordinator.id).deputy_id
        session.add(ClosedFile(staff_id=kim, about_id=woman.actor.id, closed_at=clock.now()))
    past_due(PASSED_ON_AFTER)
    run(story)
    assert stands(story, task_id)[0] == sam.id


# Away


def test_away_her_tasks_go_to_her_deputy_at_once_and_new_ones_too(story):
    woman = story.woman()
    task_id = of_robin(story, woman)
    _, kim = with_deputy(story)
    robin = story.browser()
    assert robin.send("/desk/me/away").status_code == 303
    assert stands(story, task_id) == (kim.id, Desk.COORDINATORS, PassedOn.NOBODY)
    assert told(story, task_id) == [kim.id]
    new = open_for(story, woman, Kind.SILENCE)
    assert stands(story, new)[0] != story.coordinator.id
    assert "You stand in for robin." in words_of(story.browser("kim").get("/desk"))
    assert "You stand in for" not in words_of(story.browser("sam").get("/desk"))
    page = words_of(robin.get("/desk/me"))
    assert "You are away since Monday, November 23." in page
    assert robin.send("/desk/me/back").status_code == 303
    assert "You are away" not in words_of(robin.get("/desk/me"))
    assert "You stand in for" not in words_of(story.browser("kim").get("/desk"))


def test_new_tasks_of_her_women_go_to_the_deputy_of_one_who_is_away(story):
    dee, woman = story.supporter(), story.woman()
    story.introduced(woman, dee)
    _, kim = with_deputy(story)
    for name in ("Ada", "Berta", "Clara", "Dora"):
        open_for(story, story.woman(name))
    with story.app.app_context(), transaction() as session:
        cover.go_away(session, story.coordinator, None, None, now=clock.now())
    assert stands(story, open_for(story, woman))[0] == kim.id


def test_an_absence_that_begins_later_takes_her_tasks_on_that_day(story):
    task_id = of_robin(story, story.woman())
    _, kim = with_deputy(story)
    robin = story.browser()
    assert robin.send("/desk/me/away", begins="2026-11-24", ends="2026-11-25").status_code == 303
    assert "You will be away from Tuesday, November 24." in words_of(robin.get("/desk/me"))
    assert run(story) == 0
    past_due(timedelta(hours=9))
    run(story)
    assert stands(story, task_id)[0] == kim.id


def test_it_is_the_day_of_the_desk_that_counts(story):
    with story.app.app_context(), transaction() as session:
        cover.go_away(session, story.coordinator, date(2026, 11, 24), None, now=clock.now())
    late_on_monday = datetime(2026, 11, 24, 3, tzinfo=UTC)
    with story.app.app_context(), reading() as session:
        assert not cover.read_cover(session, story.coordinator, now=late_on_monday).is_away
        assert cover.read_cover(session, story.coordinator, now=late_on_monday + timedelta(hours=3)).is_away


@pytest.mark.parametrize(
    "fields",
    [
        {"begins": "2026-11-25", "ends": "2026-11-24"},
        {"begins": "", "ends": "2026-11-20"},
        *({"begins": "soon"}, {"ends": "2026-13-01"}, {"begins": "9999-12-31"}),
    ],
)
def test_an_absence_that_cannot_be_is_given_back_with_what_to_mend(story, fields):
    refused = story.browser().send("/desk/me/away", **fields)
    assert refused.status_code == 422
    assert "To mend:" in refused.text
    assert all(value in refused.text for value in fields.values())
    with story.app.app_context(), reading() as session:
        assert session.get(StaffMember, story.coordinator.id) is None


def test_a_deputy_is_a_colleague_and_nobody_else(story):
    sam = story._person("sam", Role.COORDINATOR)
    dee, robin = story.supporter(), story.browser()
    for chosen in (dee.actor.id, story.coordinator.id):
        assert "does not work at this desk" in words_of(
            robin.get(robin.send("/desk/me/deputy", deputy=str(chosen)).location)
        )
    robin.send("/desk/me/deputy", deputy=str(sam.id))
    assert f'value="{sam.id}" checked' in robin.get("/desk/me").text
    robin.send("/desk/me/deputy", deputy="nobody")
    assert 'value="nobody" checked' in robin.get("/desk/me").text
    assert [code for _, code in records(story, "deputy chosen")] == [None, None]


def test_where_nobody_is_left_the_desk_says_so_and_the_task_stays(story):
    task_id = of_robin(story, story.woman())
    past_due(timedelta(days=2))
    assert run(story) == 0
    assert stands(story, task_id) == (story.coordinator.id, Desk.COORDINATORS, PassedOn.NOBODY)
    assert "Nobody else could take over from you" in words_of(story.browser().get("/desk"))
    story._person("pat", Role.APPROVER)
    assert "Nobody else could take over from you" not in words_of(story.browser().get("/desk"))


# At the same moment


def at_once(story, *acts):
    barrier, ends = threading.Barrier(len(acts)), []

    def one(act):
        barrier.wait()
        try:
            with story.app.app_context(), transaction() as session:
                act(session)
            ends.append("kept")
        except TooLate:
            ends.append("too late")

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ends) == len(acts)
    return ends


@pytest.mark.parametrize("_round", range(4))
def test_passed_on_or_done_never_both(story, _round):
    task_id = of_robin(story, story.woman())
    with_deputy(story)
    past_due(PASSED_ON_AFTER)
    now = clock.now()
    at_once(
        story,
        lambda session: passing.pass_on(session, task_id, now=now),
        lambda session: passing.pass_on(session, task_id, now=now),
        lambda session: tasks.finish(session, story.coordinator, task_id, act=Outcome.TALKED, now=now),
    )
    done = [number for number, (_, code) in enumerate(records(story, "task done"))]
    assert len(done) == 1
    assert len(records(story, "task passed on")) <= 1
    assert told(story, task_id) == []


@pytest.mark.parametrize("_round", range(4))
def test_nothing_stays_with_one_who_goes_away_while_it_is_opened(story, _round):
    woman = story.woman()
    with_deputy(story)
    opened = {"about": woman.actor.id, "thing": woman.thing_id, "soon": Soon.TODAY}
    now = clock.now()
    at_once(
        story,
        lambda session: cover.go_away(session, story.coordinator, None, None, now=now),
        lambda session: tasks.open_task(session, woman.actor, Kind.SILENCE, **opened, now=now),
        lambda session: tasks.open_task(session, woman.actor, Kind.AWAY, **opened, now=now),
    )
    run(story)
    with story.app.app_context(), reading() as session:
        owners = {task.owner_id for task in session.scalars(select(Task))}
    assert story.coordinator.id not in owners


@pytest.mark.parametrize("_round", range(4))
def test_two_answers_at_once_end_one_wait_and_a_word_between_them_waits_on(story, _round):
    woman, sam = story.woman(), story._person("sam", Role.COORDINATOR)
    with story.app.app_context(), transaction() as session:
        talking.write(session, woman.actor, "Hello?", "1", now=clock.now())
    with story.app.app_context(), reading() as session:
        seen, now = talking.read_own(session, woman.actor).hers, clock.now() + A_MINUTE
    at_once(
        story,
        lambda session: talking.answer(session, story.coordinator, woman.actor.id, "Yes.", "2", seen=seen, now=now),
        lambda session: talking.answer(session, sam, woman.actor.id, "We are here.", "3", seen=seen, now=now),
        lambda session: talking.write(session, woman.actor, "It is about Friday.", "4", now=now),
    )
    with story.app.app_context(), reading() as session:
        talk = talking.read_own(session, woman.actor)
        assert len(talk.words) == 4
        assert talk.wait is not None
        assert len(session.scalars(select(Task).where(Task.done_at.is_(None))).all()) == 1
