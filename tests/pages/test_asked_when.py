"""Questions that hang on an earlier answer, and what a new version of the file brings: all without JavaScript."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.matcher.worlds.small_programme import changed
from tests.pages.story import Story
from tests.pages.women import actor_of, begin, request_of, send_request, stored, turn_clock
from tests.programme.browsing import words_of
from tests.programme.questionnaires import asking, default_text
from tests.services.worlds import said
from webapp import clock
from webapp.extensions import transaction
from webapp.models import Request, Supporter
from webapp.services import matching, requests
from webapp.services.answers import answers_of
from webapp.services.engine.people import need_of, offer_of, read_offers

SUPPORT = "/questions/support"
ALCOHOL, GRIEF = {"q-topics": ["alcohol"]}, {"q-topics": ["grief"]}


def with_keys(question: str, *keys: str, text: str | None = None) -> str:
    """Add keys to a question of the programme's file."""
    return changed(f'id = "{question}"\nkind', "\n".join((f'id = "{question}"', *keys, "kind")), text or default_text())


def when(question: str, has: str) -> str:
    return f'asked_when = {{question = "{question}", has = "{has}"}}'


def with_conditions() -> str:
    """Ask for her stage where she marked alcohol, then need her interests where she is steady; hope hangs on grief."""
    text = with_keys("stage", when("topics", "alcohol"))
    text = with_keys("interests", when("stage", "steady"), "required = true", text=text)
    return with_keys("hope", when("topics", "grief"), text=text)


@pytest.fixture
def her(sign_in_as, tmp_path: Path) -> Iterator[object]:
    turn_clock()
    with asking(with_conditions(), tmp_path):
        yield sign_in_as()


def needed_in(page: str) -> list[str]:
    """Return the questions that a refused summary says are still needed."""
    return re.findall(r"#q-(\w+)-0", page.split('class="summary-of-errors"')[1].split("</div>")[0])


def test_a_question_whose_condition_does_not_hold_is_shown_nowhere(her):
    begin(her)
    after = her.send(SUPPORT, **GRIEF).location
    assert after == "/questions/ways"
    assert "7 of 13" in words_of(her.get(after))
    assert her.get("/questions/now").location == "/questions/ways"
    assert "/questions/now" not in her.get("/questions/summary").text
    assert 'name="q-hope"' in her.get("/questions/hope").text
    her.send(SUPPORT, **ALCOHOL)
    assert 'name="q-hope"' not in her.get("/questions/hope").text
    assert 'name="q-access_needs"' in her.get("/questions/hope").text


def test_where_it_holds_it_comes_in_its_place(her):
    begin(her)
    after = her.send(SUPPORT, **ALCOHOL).location
    assert after == "/questions/now"
    assert "7 of 14" in words_of(her.get(after))
    her.send(after, **{"q-stage": "steady"})
    assert "/questions/interests" in her.get("/questions/summary").text


def test_an_answer_to_what_is_not_asked_is_not_kept(her, app):
    begin(her)
    her.send(SUPPORT, **GRIEF)
    assert her.send("/questions/now", **{"q-stage": "steady"}).location == "/questions/ways"
    assert her.send("/questions/hope", **{"q-hope": "x", "q-access_needs": "captions"}).status_code == 303
    her.send(SUPPORT, **ALCOHOL)
    assert stored(app, her).keys() & {"stage", "hope", "access_needs"} == {"access_needs"}


def test_what_hung_on_an_answer_goes_with_it_however_far_down(her, app):
    begin(her)
    her.send(SUPPORT, **ALCOHOL)
    her.send("/questions/now", **{"q-stage": "steady"})
    her.send("/questions/interests", **{"q-interests": ["music"]})
    assert stored(app, her).keys() >= {"stage", "interests"}
    her.send(SUPPORT, **GRIEF)
    with app.app_context(), transaction() as session:
        assert not request_in(session).answers.keys() & {"stage", "interests"}


def test_what_is_needed_is_needed_only_of_her_who_is_asked(her, app):
    begin(her)
    her.send("/questions/now", **{"q-stage": "steady"})
    refused = her.send("/questions/send")
    assert refused.status_code == 422
    assert needed_in(refused.text) == ["interests"]
    her.send("/questions/now", **{"q-stage": "helping_others"})
    assert her.send("/questions/send").status_code == 303


def test_she_who_changes_an_answer_is_led_to_what_it_makes_us_ask_and_back(her, app):
    begin(her)
    her.send(SUPPORT, **GRIEF)
    her.send("/questions/send")
    after = her.send(f"{SUPPORT}?then=summary", **ALCOHOL).location
    assert after == "/questions/now?then=summary"
    after = her.send(after, **{"q-stage": "steady"}).location
    assert after == "/questions/interests?then=summary"
    assert her.send(after, **{"q-interests": ["music"]}).location == "/questions/summary"
    assert request_of(app, her)[0] == "waiting"


def test_she_who_comes_back_goes_on_where_she_is_asked_something(her):
    begin(her)
    her.send(SUPPORT, **GRIEF)
    assert her.send("/questions").location == "/questions/ways"


def test_of_a_supporter_too_only_what_she_is_asked_is_kept_and_compared(her, app):
    dee = Story(app).supporter(topics="grief", stage="steady", interests="music")
    with app.app_context(), transaction() as session:
        row = session.get_one(Supporter, dee.thing_id)
        assert not answers_of(row).keys() & {"stage", "interests"}
        assert offer_of(row).answers.keys() >= read_offers(session)[0].answers.keys()


# What a new version of the file changes for those who are there already


def request_in(session) -> Request:
    return session.query(Request).one()


def test_a_condition_that_a_new_version_brings_holds_for_answers_given_before(sign_in_as, app, tmp_path):
    turn_clock()
    story = Story(app)
    woman = story.woman(topics="grief", stage="steady", hope="One calm week")
    dee = story.supporter(topics="grief", stage="steady")
    assert "Where you are now" in words_of(story.browser().get(f"/desk/requests/{woman.thing_id}"))
    with asking(with_conditions(), tmp_path):
        page = words_of(story.browser().get(f"/desk/requests/{woman.thing_id}"))
        assert "One calm week" in page
        assert "Where you are now" not in page
        with app.app_context(), transaction() as session:
            assert "stage" not in need_of(session, request_in(session), now=clock.now()).answers
            row = session.get_one(Supporter, dee.thing_id)
            assert "stage" not in offer_of(row).answers
            assert "stage" not in read_offers(session)[0].answers


def test_a_question_that_a_new_version_adds_counts_as_not_asked(sign_in_as, app, tmp_path):
    turn_clock()
    her = sign_in_as()
    before = re.sub(r'\[\[question\]\]\nid = "safe_hours".*?(?=\[\[question\]\])', "", default_text(), flags=re.DOTALL)
    with asking(before, tmp_path):
        send_request(her)
        with app.app_context(), transaction() as session:
            assert need_of(session, request_in(session), now=clock.now()).safe_hours == frozenset()
    with asking(with_keys("interests", "required = true"), tmp_path):
        with app.app_context(), transaction() as session:
            need = need_of(session, request_in(session), now=clock.now())
            assert (need.safe_hours, "interests" in need.answers) == (frozenset(), False)
        assert request_of(app, her)[0] == "waiting"
        assert "still needed" in her.get("/questions/summary").text
        her.send(f"{SUPPORT}?then=summary", **GRIEF)
        assert stored(app, her)["topics"]["answer"] == ["grief"]


def test_the_name_stays_where_a_new_version_does_not_ask_for_it(sign_in_as, app, tmp_path):
    turn_clock()
    her = send_request(sign_in_as())
    without = default_text().replace('role = "name"\n', "")
    with asking(without, tmp_path), app.app_context(), transaction() as session:
        hers, answers = request_in(session), said({"hope": "One calm week"}, "requester")
        requests.answer_questions(session, actor_of(her), hers.id, answers, now=hers.started_at)
        assert matching.name_of(hers) == "Claire"
    assert stored(app, her)["name"]["answer"] == "Claire"
