"""Every refusal of a service has its page, and what was half-done is taken back."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from tests.programme.browsing import words_of
from webapp.domain import requests
from webapp.domain.lifecycles import WrongStep
from webapp.domain.places import NoPlaceLeft
from webapp.extensions import db, transaction
from webapp.models import Tries
from webapp.services.acting import Missing, TooLate

QUICKER = [
    TooLate(),
    NoPlaceLeft(),
    WrongStep(requests.State.CLOSED, requests.Event.SENT),
    IntegrityError("insert", {"name": "her name"}, Exception("her name")),
    StaleDataError("her name"),
]


@pytest.fixture
def raising(app, monkeypatch):
    """Let the sign-in page write something and then raise."""

    def replace(error):
        def view():
            db.session.add(Tries(key="half-done", count=1, last_at=_now()))
            db.session.flush()
            raise error

        view.action = app.view_functions["accounts.show_sign_in"].action
        monkeypatch.setitem(app.view_functions, "accounts.show_sign_in", view)

    return replace


def _now():
    from webapp import clock

    return clock.now()


def half_done(app):
    with app.app_context(), transaction() as session:
        return session.scalar(select(func.count()).select_from(Tries))


@pytest.mark.parametrize("error", QUICKER, ids=lambda error: type(error).__name__)
def test_somebody_was_quicker(app, client, raising, error, caplog):
    raising(error)
    answer = client.get("/sign-in")
    assert answer.status_code == 409
    assert "her name" not in answer.text + caplog.text
    assert half_done(app) == 0


def test_what_is_missing_looks_like_a_page_that_is_not_there(app, client, raising):
    raising(Missing())
    answer = client.get("/sign-in")
    assert answer.status_code == 404
    assert words_of(answer) == words_of(client.get("/no-such-page"))
    assert half_done(app) == 0


def test_a_failure_is_taken_back_too(app, client, raising):
    app.testing = False
    raising(RuntimeError())
    assert client.get("/sign-in").status_code == 500
    assert half_done(app) == 0


@pytest.mark.parametrize("language", ["en", "fr"])
def test_refusals_speak_her_language(client, language):
    page = client.get("/no-such-page", headers={"Accept-Language": language})
    assert f'<html lang="{language}">' in page.text
