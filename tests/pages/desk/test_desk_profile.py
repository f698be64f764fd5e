"""How the engine reads a request: her profile vector on a page for the coordinator."""

from uuid import uuid4

import pytest

from matcher import read_vector
from tests.pages.story import Story
from tests.programme.browsing import words_of
from webapp import clock
from webapp.extensions import transaction
from webapp.models import AuditRecord, Request
from webapp.services import matching

ANSWERS = {
    "topics": "alcohol*; grief",
    "wishes": "is_mother=must; same_faith=nice",
    "not_now": "trauma",
    "hope": "Calm.",
}


@pytest.fixture
def story(app) -> Story:
    return Story(app)


def test_each_answer_stands_with_its_columns_what_they_can_earn_and_the_rules(story):
    woman = story.woman(**ANSWERS)
    browser = story.browser()
    assert f'href="/desk/requests/{woman.thing_id}/profile"' in browser.get(f"/desk/requests/{woman.thing_id}").text
    page = browser.get(f"/desk/requests/{woman.thing_id}/profile")
    said = words_of(page)
    for words in (
        "★ matters most: alcohol",
        "topics=alcohol 2, topics=grief 1",
        "wishes=is_mother 2",
        "a mother a must",
        "A rule: each must holds.",
        "A rule: nobody who brings one of these.",
        "half-hours of a week",
        "availability@Mon 18:00 1",
        "Left out, and so counted for nobody: Where she is now",
    ):
        assert words in said, said
    assert "Calm." not in page.text
    with story.app.app_context(), transaction() as session:
        assert session.query(AuditRecord).filter_by(action="request read", thing_id=woman.thing_id).count() == 2


def test_the_points_of_all_her_answers_and_of_headroom_add_up_to_a_hundred(story):
    woman = story.woman(**ANSWERS)
    with story.app.app_context(), transaction() as session:
        need = matching.need_of(session, session.get(Request, woman.thing_id), now=clock.now())
        with matching.keeper.roster(session, now=clock.now()) as roster:
            read = read_vector(roster, need)
            headroom = next(one for one in roster.encoding.encode(need).lines if one.part == "headroom").maximum
    assert round(sum(one.points or 0 for one in read) + headroom / 100_000, 5) == 100


def test_nobody_but_a_coordinator_reads_it_and_nothing_of_a_request_that_is_not_there(story):
    woman = story.woman()
    assert story.browser(woman.username).get(f"/desk/requests/{woman.thing_id}/profile").status_code == 404
    assert story.browser().get(f"/desk/requests/{uuid4()}/profile").status_code == 404


def test_without_which_answers_nobody_passes_is_said(story):
    woman = story.woman(availability="")
    said = words_of(story.browser().get(f"/desk/requests/{woman.thing_id}/profile"))
    assert "Left out, and nobody passes without it: Shared times" in said
    assert "counted for nobody: Shared times" not in said
