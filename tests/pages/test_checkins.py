"""Check-ins: a minute for each side, everything to skip, and who reads it and when."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from tests.pages.story import Story
from tests.programme.browsing import words_of
from webapp import clock
from webapp.domain.safe_contact import Contact, Standing
from webapp.domain.tasks import Kind
from webapp.extensions import transaction
from webapp.jobs import pairs as days
from webapp.models import CheckIn, Introduction, Request, Supporter
from webapp.services import tasks
from webapp.services.safety import reading, records


@pytest.fixture
def story(app) -> Story:
    return Story(app)


@pytest.fixture
def pair(story):
    """Introduced four days ago, so that the first check-ins are due."""
    dee, woman = story.supporter(), story.woman()
    clock.move(-timedelta(days=4))
    pair_id = story.introduced(woman, dee)
    clock.set_right()
    return pair_id, woman, dee


def due_of(story, pair_id, person):
    with story.app.app_context(), transaction() as session:
        found = session.query(CheckIn).filter_by(introduction_id=pair_id, user_id=person.actor.id)
        return [(one.id, one.state, one.said) for one in found.order_by(CheckIn.due_on)]


def task_of(story, path):
    """Say whether a check-in waits for somebody at the desk."""
    with story.app.app_context(), transaction() as session:
        return tasks.is_open(session, Kind.CHECK_IN, UUID(path.rpartition("/")[2]))


def test_each_side_is_led_to_its_own_questions(story, pair):
    pair_id, woman, dee = pair
    hers, theirs = story.browser(woman.username), story.browser(dee.username)
    path = f"/check-ins/{due_of(story, pair_id, woman)[0][0]}"
    assert path in hers.get(f"/together/{pair_id}").text
    page = hers.get(path)
    assert page.text.count('type="radio"') == 4 * 5 + 4 + 3
    assert '" checked>' not in page.text
    assert "Dee never does" in words_of(page)
    path = f"/check-ins/{due_of(story, pair_id, dee)[0][0]}"
    assert path in theirs.get("/offers").text
    page = theirs.get(path)
    assert page.text.count('type="radio"') == 3 * 3 + 5
    assert "I need to talk" in words_of(page)


@pytest.mark.parametrize("safe", ["no", "not_sure"])
def test_after_not_safe_stand_who_reads_it_when_and_numbers_and_nothing_is_blocked(story, pair, safe):
    pair_id, woman, _ = pair
    browser, path = story.browser(woman.username), f"/check-ins/{due_of(story, pair_id, woman)[0][0]}"
    answer = browser.send(path, safe=safe)
    assert answer.status_code == 303
    said = words_of(browser.get(answer.location))
    for words in ("A coordinator reads this first", "Monday to Friday, 9 to 4", "The numbers below answer", "9-8-8"):
        assert words in said
    assert browser.get(f"/together/{pair_id}").status_code == 200
    assert task_of(story, path)
    assert "safe? no" in words_of(story.browser().get(f"/desk{path}"))


def test_a_supporter_who_needs_to_talk_reaches_the_desk(story, pair):
    pair_id, _, dee = pair
    browser, path = story.browser(dee.username), f"/check-ins/{due_of(story, pair_id, dee)[0][0]}"
    browser.send(path, feeling="need_to_talk")
    assert "by the next working day" in words_of(browser.get(path))
    assert task_of(story, path)
    read = words_of(story.browser().get(f"/desk{path}"))
    assert "supporter of Claire" in read
    assert "I need to talk" in read


def test_a_calm_answer_is_kept_and_needs_nobody(story, pair):
    pair_id, woman, _ = pair
    path = f"/check-ins/{due_of(story, pair_id, woman)[0][0]}"
    story.browser(woman.username).send(path, listened="fully", next="keep_going", safe="yes")
    assert due_of(story, pair_id, woman)[0][1:] == (
        "answered",
        {"listened": "fully", "next": "keep_going", "safe": "yes"},
    )
    assert not task_of(story, path)


def test_what_was_skipped_can_be_answered_after_all(story, pair):
    pair_id, woman, _ = pair
    browser, path = story.browser(woman.username), f"/check-ins/{due_of(story, pair_id, woman)[0][0]}"
    assert browser.send(path + "/skip").status_code == 303
    assert due_of(story, pair_id, woman)[0][1] == "skipped"
    assert "I want to answer after all" in words_of(browser.get(path))
    assert "<fieldset" in browser.get(path + "?again=1").text
    assert browser.send(path, safe="no").status_code == 303
    assert due_of(story, pair_id, woman)[0][1] == "answered"
    assert browser.send(path + "/skip").status_code == 409


def test_nothing_ticked_is_asked_again_and_closes_nothing(story, pair):
    pair_id, woman, _ = pair
    browser, path = story.browser(woman.username), f"/check-ins/{due_of(story, pair_id, woman)[0][0]}"
    page = browser.send(path)
    assert page.status_code == 422
    assert "Tick at least one answer, or choose Skip." in words_of(page)
    assert due_of(story, pair_id, woman)[0][1] == "due"


def test_either_can_tell_the_coordinator_at_any_time(story, pair):
    pair_id, woman, dee = pair
    for person, said in ((woman, {"safe": "no"}), (dee, {"feeling": "need_to_talk"})):
        browser = story.browser(person.username)
        begun = browser.send(f"/together/{pair_id}/check-in").location
        assert browser.send(f"/together/{pair_id}/check-in").location == begun
        assert browser.send(begun.partition("?")[0], **said).status_code == 303
    assert "For you to do 3" in words_of(story.browser().get("/desk"))
    for name in ("robin", story.woman("Else").username):
        assert story.browser(name).send(f"/together/{pair_id}/check-in").status_code == 404


def test_an_answer_that_was_not_offered_is_refused_and_the_rest_stays(story, pair):
    pair_id, woman, _ = pair
    path = f"/check-ins/{due_of(story, pair_id, woman)[0][0]}"
    page = story.browser(woman.username).send(path, safe="maybe", listened="fully")
    assert page.status_code == 422
    assert "Choose one of these, or none." in words_of(page)
    assert page.text.count('" checked>') == 1


def test_before_its_day_and_for_everybody_else_it_is_not_there(story, pair):
    pair_id, woman, dee = pair
    first, later, *_ = [one[0] for one in due_of(story, pair_id, woman)]
    assert story.browser(woman.username).get(f"/check-ins/{later}").status_code == 404
    assert story.browser(woman.username).send(f"/check-ins/{later}/skip").status_code == 404
    for username in (dee.username, "robin", story.woman("Else").username):
        browser = story.browser(username)
        assert browser.get(f"/check-ins/{first}").status_code == 404
        assert browser.send(f"/check-ins/{first}", safe="no").status_code == 404
        assert browser.send(f"/check-ins/{first}/skip").status_code == 404
    assert story.browser(dee.username).get(f"/check-ins/{uuid4()}").status_code == 404


# What follows from an answer


def answer(story, pair_id, person, **said):
    browser, path = story.browser(person.username), f"/check-ins/{due_of(story, pair_id, person)[0][0]}"
    assert browser.send(path, **said).status_code == 303
    return browser, path


def row_of(story, kind, thing_id):
    with story.app.app_context(), transaction() as session:
        row = session.get_one(kind, thing_id)
        return {column.name: getattr(row, column.name) for column in kind.__table__.columns}


@pytest.mark.parametrize(
    ("said", "state", "words"),
    [("stop", "paused", "has ended, as you wished"), ("different_supporter", "waiting", "she does not come back")],
)
def test_stop_and_another_supporter_happen_at_once(story, pair, said, state, words):
    pair_id, woman, dee = pair
    browser, path = answer(story, pair_id, woman, next=said, listened="a_little")
    assert words in words_of(browser.get(path))
    assert row_of(story, Introduction, pair_id)["state"] == "ended"
    assert row_of(story, Request, woman.thing_id)["state"] == state
    assert row_of(story, Supporter, dee.thing_id)["taken"] == 0
    assert task_of(story, path)


@pytest.mark.parametrize(
    "said",
    [
        *({"listened": "not_at_all"}, {"respected": "not_at_all"}, {"pushed": "mostly"}, {"pushed": "fully"}),
        *({"next": "change_something"}, {"safe": "not_sure"}, {"line": "Could we talk in French?"}),
    ],
)
def test_whatever_worries_her_reaches_the_desk_and_can_be_read_there(story, pair, said):
    pair_id, woman, _ = pair
    _, path = answer(story, pair_id, woman, matters="fully", **said)
    assert task_of(story, path)
    page = words_of(story.browser().get(f"/desk{path}"))
    assert said.get("line", "We talk about what matters to me. fully") in page
    assert row_of(story, Introduction, pair_id)["state"] != "ended"


@pytest.mark.parametrize(
    "said", [{"limits": "no"}, {"debrief": "no"}, {"feeling": "heavy"}, {"burnout": "burning_out"}]
)
def test_whatever_wears_a_supporter_reaches_the_desk(story, pair, said):
    pair_id, _, dee = pair
    _, path = answer(story, pair_id, dee, **said)
    assert task_of(story, path)


@pytest.mark.parametrize("said", [{"feeling": "need_to_talk"}, {"burnout": "burnt_out"}])
def test_no_new_woman_is_suggested_to_a_supporter_who_is_worn_until_somebody_talked_with_her(story, pair, said):
    pair_id, _, dee = pair
    browser, path = answer(story, pair_id, dee, **said)
    assert "no new woman is suggested to you" in words_of(browser.get(path))
    ana, desk = story.woman("Ana"), story.browser()
    assert str(dee.thing_id) not in desk.get(f"/desk/rankings/{story.ranked(ana)}").text
    with story.app.app_context(), transaction() as session:
        strain = next(one for one in tasks.read_page(session, story.coordinator, 0, 9) if one.kind == Kind.STRAIN)
    assert "She can be suggested again" in words_of(desk.get(f"/desk/tasks/{strain.id}"))
    assert desk.send(f"/desk/supporters/{dee.thing_id}/ready").status_code == 303
    assert str(dee.thing_id) in desk.get(f"/desk/rankings/{story.ranked(ana)}").text


def test_heavy_gives_a_supporter_less_room_and_fine_all_of_it_again(story, pair):
    pair_id, _, dee = pair
    answer(story, pair_id, dee, feeling="heavy")
    assert row_of(story, Supporter, dee.thing_id)["strain"] == Decimal("0.5")
    browser = story.browser(dee.username)
    begun = browser.send(f"/together/{pair_id}/check-in").location.partition("?")[0]
    browser.send(begun, feeling="fine")
    assert row_of(story, Supporter, dee.thing_id)["strain"] == 0


def test_the_coordinator_can_be_told_twice_on_one_day_and_always_reads_it(story, pair):
    pair_id, woman, _ = pair
    browser = story.browser(woman.username)
    paths = set()
    for _once in range(3):
        begun = browser.send(f"/together/{pair_id}/check-in").location.partition("?")[0]
        assert browser.send(begun, listened="fully").status_code == 303
        paths.add(begun)
    assert len(paths) == 3
    assert sum(task_of(story, path) for path in paths) == 2
    pair_page = words_of(story.browser().get(f"/desk/pairs/{pair_id}"))
    assert pair_page.count("I feel listened to. fully") == 3


def test_an_endless_line_is_refused_and_stays_on_the_page(story, pair):
    pair_id, woman, _ = pair
    path = f"/check-ins/{due_of(story, pair_id, woman)[0][0]}"
    page = story.browser(woman.username).send(path, line="x" * 501)
    assert page.status_code == 422
    assert "x" * 501 in page.text


def test_her_own_lines_are_hers_alone(story, pair):
    pair_id, woman, dee = pair
    browser = story.browser(woman.username)
    assert "When you have answered a check-in" in words_of(browser.get("/check-ins"))
    answer(story, pair_id, woman, listened="partly")
    page = browser.get("/check-ins")
    assert "<polyline" in page.text
    assert "I feel listened to." in words_of(page)
    assert story.browser(dee.username).get("/check-ins").status_code == 404
    assert "<polyline" not in story.browser(story.woman("Else").username).get("/check-ins").text


def test_not_safe_closes_every_way_out_at_once_and_a_yes_renews_the_record(story, pair):
    pair_id, woman, _ = pair
    with story.app.app_context(), transaction() as session:
        records.write(session, woman.actor, woman.actor.id, Contact(hours=frozenset({1})), now=clock.now())
    clock.move(timedelta(days=20))
    answer(story, pair_id, woman, safe="yes")
    with story.app.app_context(), transaction() as session:
        known = reading.read(session, woman.actor.id, now=clock.now() + timedelta(days=29))
        assert known.standing is Standing.OPEN
    browser = story.browser(woman.username)
    begun = browser.send(f"/together/{pair_id}/check-in").location.partition("?")[0]
    browser.send(begun, safe="not_sure")
    with story.app.app_context(), transaction() as session:
        assert reading.read(session, woman.actor.id, now=clock.now()).standing is Standing.CLOSED
    assert row_of(story, Introduction, pair_id)["state"] != "ended"


# What the days bring


def days_later(story, **later):
    clock.move(timedelta(**later))
    with story.app.app_context():
        days.run(clock.now())


def test_check_ins_go_on_monthly_and_two_that_went_by_bring_somebody(story, pair):
    pair_id, woman, _ = pair
    for _month in range(4):
        days_later(story, days=31)
    with story.app.app_context(), transaction() as session:
        hers = session.query(CheckIn).filter_by(introduction_id=pair_id, user_id=woman.actor.id)
        states = [one.state for one in hers.order_by(CheckIn.due_on)]
        kinds = [one.kind for one in tasks.read_page(session, story.coordinator, 0, 50)]
    assert len(states) >= 6
    assert states.count("missed") >= 4
    assert Kind.CHECK_INS_MISSED in kinds


def test_nobody_is_asked_while_a_pair_rests(story, pair):
    pair_id, woman, _ = pair
    story.browser(woman.username).send(f"/together/{pair_id}/pause", weeks="0")
    days_later(story, days=40)
    with story.app.app_context(), transaction() as session:
        hers = session.query(CheckIn).filter_by(introduction_id=pair_id, user_id=woman.actor.id)
        assert {one.state for one in hers} == {"due"}
