"""Check-ins: a minute for each side, everything to skip, and who reads it and when."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.pages.story import Story
from tests.programme.browsing import words_of
from webapp import clock
from webapp.extensions import transaction
from webapp.models import CheckIn
from webapp.services import checkin_order


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
    assert page.text.count('type="radio"') == 9
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
    desk = story.browser()
    assert path in desk.get("/desk?queue=checkins").text
    assert "safe? no" in words_of(desk.get(f"/desk{path}"))


def test_a_supporter_who_needs_to_talk_reaches_the_desk(story, pair):
    pair_id, _, dee = pair
    browser, path = story.browser(dee.username), f"/check-ins/{due_of(story, pair_id, dee)[0][0]}"
    browser.send(path, feeling="need_to_talk")
    assert "by the next working day" in words_of(browser.get(path))
    desk = story.browser()
    assert "supporter of Claire" in words_of(desk.get("/desk?queue=checkins"))
    assert "I need to talk" in words_of(desk.get(f"/desk{path}"))


def test_a_calm_answer_is_kept_and_needs_nobody(story, pair):
    pair_id, woman, _ = pair
    path = f"/check-ins/{due_of(story, pair_id, woman)[0][0]}"
    story.browser(woman.username).send(path, listened="fully", next="keep_going", safe="yes")
    assert due_of(story, pair_id, woman)[0][1:] == (
        "answered",
        {"listened": "fully", "next": "keep_going", "safe": "yes"},
    )
    assert "No check-in needs you." in words_of(story.browser().get("/desk?queue=checkins"))


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
    assert "Check-ins for you late: 2" in words_of(story.browser().get("/desk"))
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


def checkins_on_the_desk(browser) -> list[tuple[str, str]]:
    """Return whose check-ins the desk shows, in their order, and how soon each needs somebody."""
    page = browser.get("/desk?queue=checkins").text
    return re.findall(r'/desk/check-ins/[^>]*>\s*(\w+).*?class="pill[^>]*>\s*([^<]*?)\s*<', page, re.S)


def test_the_desk_reads_the_most_urgent_first_whatever_was_answered_before(story):
    """The order is kept in mind by the process, and follows every answer and every settling."""
    desk, paths = story.browser(), {}
    for name, said in (("Anna", {"next": "stop"}), ("Berta", {"next": "stop"}), ("Clara", {"safe": "no"})):
        woman = story.woman(name)
        pair_id = story.introduced(woman, story.supporter(f"For{name}"))
        browser = story.browser(woman.username)
        begun = browser.send(f"/together/{pair_id}/check-in").location.partition("?")[0]
        assert browser.send(begun, **said).status_code == 303
        paths[name] = f"/desk{begun}"
        checkins_on_the_desk(desk)
    assert [name for name, _ in checkins_on_the_desk(desk)] == ["Clara", "Anna", "Berta"]
    assert desk.send(paths["Anna"] + "/settle").status_code == 303
    assert [name for name, _ in checkins_on_the_desk(desk)] == ["Clara", "Berta"]
    checkin_order.keeper.forget()
    assert [name for name, _ in checkins_on_the_desk(desk)] == ["Clara", "Berta"]
