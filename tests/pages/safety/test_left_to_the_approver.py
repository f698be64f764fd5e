"""Where no coordinator may read of her, the approver reads just what is left to her; the woman is told the truth."""

import pytest

from tests.pages.safety.telling import all_of, tell
from tests.programme.browsing import words_of
from webapp import clock
from webapp.domain.access import Role
from webapp.domain.tasks import Desk
from webapp.extensions import transaction
from webapp.models import AuditRecord, CheckIn, Task
from webapp.services.tasks.order import place_of

NO_COORDINATOR = "Someone at the programme who is not a coordinator"


@pytest.fixture
def named(story, pair):
    """She has said that it is about the only coordinator; her supporter and she go on."""
    pair_id, woman, dee = pair
    story._person("pat", Role.APPROVER)
    hers = story.browser(woman.username)
    tell(hers, kind="staff", staff=str(story.coordinator.id))
    return pair_id, woman, dee, hers


def checked_in(browser, pair_id, **said):
    """Begin a check-in and answer it; return its address."""
    path = browser.send(f"/together/{pair_id}/check-in").location.partition("?")[0]
    form = words_of(browser.get(f"{path}?again=1"))
    assert browser.send(path, **said).status_code == 303
    return path, form


def task_of(story, kind):
    (found,) = [one for one in all_of(story, Task) if place_of(one).kind == kind]
    return found


def test_the_approver_reads_and_settles_a_check_in_that_is_left_to_her_and_no_other(story, named):
    pair_id, _, _, hers = named
    calm, _ = checked_in(hers, pair_id, listened="fully")
    with story.app.app_context(), transaction() as session:
        session.query(Task).filter_by(introduction_id=pair_id).delete()
    path, _ = checked_in(hers, pair_id, safe="no", line="He reads my mail.")
    task = task_of(story, "check-in")
    assert task.desk == Desk.APPROVER
    assert story.browser().get(f"/desk{path}").status_code == 404
    approver = story.browser("pat")
    assert f"/desk{path}" in approver.get(f"/desk/tasks/{task.id}").text
    page = approver.get(f"/desk{path}")
    assert page.status_code == 200
    assert "He reads my mail." in page.text
    assert f"/desk/pairs/{pair_id}" not in page.text
    assert [one.thing_id for one in all_of(story, AuditRecord) if one.action == "check-in read"] == [task_thing(task)]
    assert approver.get(f"/desk{calm}").status_code == 404
    assert approver.get(f"/desk/pairs/{pair_id}").status_code == 404
    assert approver.send(f"/desk/tasks/{task.id}", act="talked").status_code == 303
    assert approver.get(f"/desk{path}").status_code == 404


def task_thing(task):
    return place_of(task).thing


def test_an_approver_reads_no_check_in_that_is_the_coordinators(story, pair):
    pair_id, woman, _ = pair
    story._person("pat", Role.APPROVER)
    path, form = checked_in(story.browser(woman.username), pair_id, safe="no")
    assert "Coordinators read this, Dee never does." in form
    assert story.browser("pat").get(f"/desk{path}").status_code == 404
    assert story.browser().get(f"/desk{path}").status_code == 200
    assert "A coordinator reads this first." in words_of(story.browser(woman.username).get(path))


def test_she_reads_before_and_after_that_no_coordinator_reads_it(story, named):
    pair_id, _, _, hers = named
    path, form = checked_in(hers, pair_id, safe="not_sure")
    assert "No coordinator reads this, and Dee never does." in form
    assert "Coordinators read this" not in form
    page = words_of(hers.get(path))
    assert f"{NO_COORDINATOR} reads this first." in page
    assert "A coordinator" not in page
    path, _ = checked_in(hers, pair_id, next="change_something")
    page = words_of(hers.get(path))
    assert f"{NO_COORDINATOR} reads this by the next working day" in page
    assert "A coordinator" not in page


def test_a_calm_check_in_that_nobody_may_read_says_so(story, named):
    _, woman, _, hers = named
    with story.app.app_context(), transaction() as session:
        due = session.query(CheckIn).filter_by(user_id=woman.actor.id).order_by(CheckIn.due_on).first()
        due.due_on = clock.now().date()
        path = f"/check-ins/{due.id}"
    assert hers.send(path, safe="yes").status_code == 303
    page = words_of(hers.get(path))
    assert "Nobody at the programme reads it now." in page
    assert "coordinators" not in page.partition("Thank you")[2].partition("How it has been")[0]


def test_while_her_supporter_is_away_she_reads_who_knows_and_the_approver_sees_whom_it_is_about(story, named):
    pair_id, _, dee, hers = named
    story.browser(dee.username).send("/break", until="")
    page = words_of(hers.get(f"/together/{pair_id}"))
    assert f"{NO_COORDINATOR} knows, and looks after you meanwhile." in page
    assert "A coordinator knows" not in page
    task = task_of(story, "away")
    assert task.desk == Desk.APPROVER
    seen = words_of(story.browser("pat").get(f"/desk/tasks/{task.id}"))
    assert "with Dee as her supporter" in seen
    assert "no first word yet" in seen
    assert "Dee is away for a while." in seen


def test_the_approver_is_offered_no_act_that_is_the_coordinators(story, named):
    pair_id, _, dee, _ = named
    tell(story.browser(dee.username), kind="staff", staff=str(story.coordinator.id))
    checked_in(story.browser(dee.username), pair_id, feeling="need_to_talk")
    strain = story.browser("pat").get(f"/desk/tasks/{task_of(story, 'strain').id}")
    assert strain.status_code == 200
    assert "She can be suggested again" not in words_of(strain)


def test_without_an_approver_she_reads_that_nobody_reads_it_yet(story, pair):
    pair_id, woman, dee = pair
    hers = story.browser(woman.username)
    tell(hers, kind="staff", staff=str(story.coordinator.id))
    path, form = checked_in(hers, pair_id, safe="no")
    page = words_of(hers.get(path))
    for said in (form, page):
        assert "Nobody is in the place to read this yet." in said
        assert "Coordinators read this" not in said
    assert "reads this first" not in page
    story.browser(dee.username).send("/break", until="")
    assert "looks after you meanwhile" not in words_of(hers.get(f"/together/{pair_id}"))


def test_who_wishes_for_another_is_promised_no_search_that_nobody_may_make(story, named):
    pair_id, _, _, hers = named
    path, _ = checked_in(hers, pair_id, next="different_supporter")
    page = words_of(hers.get(path))
    assert "You keep your place. Somebody must be found first who may look for you" in page
    assert "the coordinator looks for someone else" not in page
    assert "nobody can look for someone yet" in words_of(hers.get("/questions/state"))
