"""Tasks on the desk: opened once, named to a person who may look after them, shown by their clock, done with a note."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.pages.story import Story
from tests.programme.browsing import words_of
from webapp import clock
from webapp.domain.access import Actor, Role
from webapp.domain.tasks import Desk, Kind, Soon
from webapp.extensions import transaction
from webapp.models import ClosedFile, OutboxRow, StaffMember, Task
from webapp.services import tasks
from webapp.services.tasks import order, passing


@pytest.fixture
def story(on_either):
    return Story(on_either)


def open_for(story, woman, kind=Kind.CONTACT_SOON, soon=Soon.TODAY, **more):
    with story.app.app_context(), transaction() as session:
        thing = more.pop("thing", woman.thing_id)
        return tasks.open_task(
            session, woman.actor, kind, about=woman.actor.id, thing=thing, soon=soon, now=clock.now(), **more
        ).id


def owner_of(story, task_id):
    with story.app.app_context(), transaction() as session:
        return session.get_one(Task, task_id).owner_id


def test_a_task_is_opened_once_and_told_to_the_one_who_looks_after_it(story):
    woman = story.woman()
    assert open_for(story, woman) == open_for(story, woman)
    with story.app.app_context(), transaction() as session:
        (task,) = session.query(Task)
        assert task.owner_id == story.coordinator.id
        told = session.query(OutboxRow).filter_by(kind="something needs you").one()
        assert told.to_user_id == story.coordinator.id


def test_the_desk_lists_tasks_by_their_clock_and_a_done_one_is_gone(story):
    late, soon = story.woman("Late"), story.woman("Soon")
    open_for(story, late, soon=Soon.NEXT_DAY)
    first = open_for(story, soon, Kind.CHECK_INS_MISSED, Soon.AT_ONCE)
    browser = story.browser()
    page = words_of(browser.get("/desk?queue=tasks"))
    assert page.index("Soon Two check-ins went by") < page.index("Late Asks to be contacted soon")
    path = f"/desk/tasks/{first}"
    assert browser.send(path, note="She picked up.").status_code == 422
    assert "She picked up." in browser.send(path, note="She picked up.").text
    assert browser.send(path, act="talked", note="She picked up.").status_code == 303
    done = words_of(browser.get(path))
    assert "I talked with her" in done
    assert "She picked up." in done
    assert (
        "Soon" not in words_of(browser.get("/desk?queue=tasks")).partition("Late")[0].partition("what is due first")[2]
    )
    assert browser.send(path, act="talked").status_code == 303
    assert "Somebody has looked after it already." in words_of(browser.get(path))


def test_nobody_looks_after_her_own_task_or_one_that_is_closed_to_her(story):
    woman = story.woman()
    sam = story._person("sam", Role.COORDINATOR)
    with story.app.app_context(), transaction() as session:
        session.add(ClosedFile(staff_id=sam.id, about_id=woman.actor.id, closed_at=clock.now()))
    task_id = open_for(story, woman)
    closed = story.browser("sam")
    assert owner_of(story, task_id) == story.coordinator.id
    assert "Claire" not in words_of(closed.get("/desk?queue=tasks"))
    assert closed.get(f"/desk/tasks/{task_id}").status_code == 404
    assert closed.send(f"/desk/tasks/{task_id}", act="talked").status_code == 404
    assert story.browser().get(f"/desk/tasks/{task_id}").status_code == 200
    assert story.browser().get(f"/desk/tasks/{uuid4()}").status_code == 404


def test_a_supporter_of_hers_who_also_works_at_the_desk_never_gets_her_task(story):
    dee, woman = story.supporter(), story.woman()
    pair = story.introduced(woman, dee)
    with story.app.app_context(), transaction() as session:
        both = Actor(dee.actor.id, frozenset({Role.COORDINATOR, Role.SUPPORTER}))
        task = tasks.open_task(
            session, woman.actor, Kind.SILENCE, about=woman.actor.id, thing=pair, soon=Soon.TODAY, now=clock.now(),
            introduction_id=pair,
        )  # fmt: skip
        session.flush()
        assert tasks.read_page(session, both, 0, 9) == []
        assert [one.id for one in tasks.read_page(session, story.coordinator, 0, 9)] == [task.id]


def test_a_task_goes_to_whoever_has_least_in_hand_and_is_there(story):
    sam = story._person("sam", Role.COORDINATOR)
    owners = {owner_of(story, open_for(story, story.woman(name))) for name in ("Ada", "Berta")}
    assert owners == {story.coordinator.id, sam.id}
    with story.app.app_context(), transaction() as session:
        session.add(StaffMember(id=sam.id, away_from=passing.today(clock.now()), away_until=None))
    assert owner_of(story, open_for(story, story.woman("Clara"))) == story.coordinator.id


def test_what_is_for_the_approver_is_on_no_coordinator_s_desk(story):
    woman = story.woman()
    story._person("pat", Role.APPROVER)
    task_id = open_for(story, woman, Kind.CONCERN, desk=Desk.APPROVER)
    assert "Claire" not in words_of(story.browser().get("/desk?queue=tasks"))
    assert story.browser().get(f"/desk/tasks/{task_id}").status_code == 404
    other = open_for(story, woman, Kind.CONTACT_SOON, desk=Desk.APPROVER)
    assert story.browser().send(f"/desk/tasks/{other}", act="talked").status_code == 404
    assert story.browser("pat").send(f"/desk/tasks/{other}", act="talked").status_code == 303


def test_tasks_close_when_what_they_were_for_has_happened(story):
    woman = story.woman()
    task_id = open_for(story, woman)
    with story.app.app_context(), transaction() as session:
        done = tasks.close_things(session, woman.actor, [(Kind.CONTACT_SOON, woman.thing_id)], now=clock.now())
        assert done == 1
        assert not tasks.is_open(session, Kind.CONTACT_SOON, woman.thing_id)
    assert "It happened by itself" in words_of(story.browser().get(f"/desk/tasks/{task_id}"))


def test_nothing_in_the_database_tells_how_urgent_a_task_is(story):
    first = open_for(story, story.woman("Ada"), Kind.ON_HOLD, Soon.AT_ONCE)
    clock.move(timedelta(seconds=1))
    second = open_for(story, story.woman("Berta"), Kind.CONTACT_SOON, Soon.NEXT_DAY)
    clock.set_right()
    with story.app.app_context(), transaction() as session:
        one, other = session.get_one(Task, first), session.get_one(Task, second)
        assert len(one.said_sealed) == len(other.said_sealed)
        shown = {"id", "about_id", "opened_at", "said_sealed", "owner_id", "introduction_id"}
        clear = [column.name for column in Task.__table__.columns if column.name not in shown]
        assert [getattr(one, name) for name in clear] == [getattr(other, name) for name in clear]


def test_the_desk_reads_the_most_urgent_first_whatever_was_opened_before(story):
    """The order is kept in mind by the process, and follows every opening and every end."""
    desk, made = story.browser(), {}
    for name, soon in (("Anna", Soon.NEXT_DAY), ("Berta", Soon.NEXT_DAY), ("Clara", Soon.AT_ONCE)):
        made[name] = open_for(story, story.woman(name), soon=soon)
        listed(desk)
    assert listed(desk) == ["Clara", "Anna", "Berta"]
    assert desk.send(f"/desk/tasks/{made['Anna']}", act="wrote").status_code == 303
    assert listed(desk) == ["Clara", "Berta"]
    order.keeper.forget()
    assert listed(desk) == ["Clara", "Berta"]


def listed(browser) -> list[str]:
    return re.findall(r"/desk/tasks/[^>]*>\s*(\w+)", browser.get("/desk?queue=tasks").text)


def test_danger_stands_before_all_that_is_overdue_and_says_that_it_cannot_wait(story):
    """Fifty that wait past their day fill the first page; what was told just now is still the first that is read."""
    story._person("pat", Role.APPROVER)
    woman = story.woman("Waits")
    clock.move(-timedelta(days=20))
    for number in range(51):
        open_for(story, woman, Kind.REQUEST_LATE, Soon.NEXT_DAY, desk=Desk.APPROVER, count=number)
    clock.set_right()
    unsafe = open_for(story, story.woman("Unsafe"), Kind.CHECK_IN, Soon.TODAY, desk=Desk.APPROVER)
    danger = open_for(story, story.woman("Danger"), Kind.CONCERN, Soon.AT_ONCE, desk=Desk.APPROVER)
    page = story.browser("pat").get("/approvals")
    assert re.findall(r"/desk/tasks/[^>]*>\s*(\w+)", page.text)[:3] == ["Danger", "Unsafe", "Waits"]
    said = words_of(page)
    assert "Danger A concern cannot wait until" in said
    assert "Unsafe A check-in needs somebody soon until" in said
    assert "What cannot wait stands first, and then what is due first." in said
    assert "cannot wait" not in said.partition("Waits")[2]
    for task_id, mark in ((danger, "cannot wait"), (unsafe, "soon")):
        assert mark in words_of(story.browser("pat").get(f"/desk/tasks/{task_id}"))


def test_a_task_of_before_is_as_urgent_as_its_kind(story):
    """How soon somebody must act was not kept once: of a concern nobody can say that it may wait."""
    made = {name: open_for(story, story.woman(name), kind) for name, kind in OF_BEFORE.items()}
    with story.app.app_context(), transaction() as session:
        for task_id in made.values():
            task = session.get_one(Task, task_id)
            task.said = {name: value for name, value in task.said.items() if name != "soon"}
    order.keeper.forget()
    assert listed(story.browser()) == ["Concern", "Checkin", "Waits"]


OF_BEFORE = {"Waits": Kind.REQUEST_LATE, "Checkin": Kind.CHECK_IN, "Concern": Kind.CONCERN}


def test_a_count_is_amber_only_where_something_is_late(story):
    story._person("pat", Role.APPROVER)
    woman = story.woman()
    story.browser(woman.username).send("/coordinator", body="Is anybody there?")
    open_for(story, woman, Kind.CONCERN, Soon.NEXT_DAY, desk=Desk.APPROVER)
    desk, approver = story.browser(), story.browser("pat")
    said = words_of(desk.get("/desk"))
    assert "For you to do 1 Words unanswered 1" in said
    assert "For the approver 1" in words_of(approver.get("/approvals"))
    clock.move(timedelta(days=5))
    desk, approver = story.browser(), story.browser("pat")
    assert "For you to do late: 1 Words unanswered late: 1" in words_of(desk.get("/desk"))
    assert "For the approver late: 1" in words_of(approver.get("/approvals"))
