"""After the sign-in each role comes to its own first page, and a woman to where her request stands."""

import pytest
from sqlalchemy import select

from tests.programme.browsing import words_of
from webapp.domain.access import Actor, Role
from webapp.extensions import transaction
from webapp.models import Request
from webapp.services import requests


@pytest.mark.parametrize(("role", "path"), [(Role.COORDINATOR, "/desk"), (Role.SUPPORTER, "/offers")], ids=str)
def test_staff_and_supporters_go_to_their_own_page(sign_in_as, role, path):
    answer = sign_in_as(role).get("/next")
    assert (answer.status_code, answer.location) == (303, path)


def test_a_woman_who_is_new_is_told_what_comes(sign_in_as):
    page = sign_in_as(Role.REQUESTER).get("/next")
    assert page.status_code == 200
    assert "Start the questions" in words_of(page)
    assert 'action="/questions"' in page.text


@pytest.mark.parametrize(
    ("state", "path"),
    [("draft", None), ("waiting", "/questions/sent"), ("paused", "/questions/sent"), ("proposed", "/people")],
)
def test_a_woman_comes_to_where_her_request_stands(app, sign_in_as, state, path):
    from webapp import clock

    browser = sign_in_as(Role.REQUESTER)
    with app.app_context(), transaction() as session:
        actor = Actor(browser.user_id, frozenset({Role.REQUESTER}))
        requests.start_request(session, actor, time_zone="America/Toronto", now=clock.now())
    with app.app_context(), transaction() as session:
        session.scalars(select(Request)).one().state = state
    answer = browser.get("/next")
    assert answer.location == path
    assert path or "Go on with the questions" in words_of(answer)


def test_a_visitor_signs_in_first(client):
    answer = client.get("/next")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
