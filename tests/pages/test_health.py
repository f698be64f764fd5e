"""The health address tells a monitor in words, never more than a second late; the desk is told when nobody works."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.programme.browsing import words_of
from tests.programme.fixtures import browser_of
from webapp import clock
from webapp.domain.access import Role
from webapp.extensions import db, transaction
from webapp.models import JobRun
from webapp.pages.health import views
from webapp.services import work

SILENT = "Offers do not end by themselves"


@pytest.fixture
def beat(app):
    with app.app_context(), transaction() as session:
        return work.begin_beat(session, "one", now=clock.now())


def test_all_is_well(client, beat):
    answer = client.get("/health")
    assert (answer.status_code, answer.text) == (200, "database ok\nworker ok\njobs ok\noutbox ok\n")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype == "text/plain"


def test_a_silent_worker_is_late(client, beat):
    clock.move(timedelta(minutes=6))
    answer = client.get("/health")
    assert answer.status_code == 503
    assert "worker late" in answer.text
    assert "database ok" in answer.text


def test_a_job_that_nobody_does_is_late(app, client, beat):
    with app.app_context(), transaction() as session:
        session.add(JobRun(job="expire", due_at=clock.now() - timedelta(minutes=9)))
    assert "jobs late" in client.get("/health").text


def test_a_database_without_tables_is_late_and_no_error(app, client):
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE worker_beats RENAME TO gone"))
    answer = client.get("/health")
    assert answer.status_code == 503
    assert set(answer.text.split()) == {"database", "worker", "jobs", "outbox", "late"}


def test_a_database_that_does_not_answer_holds_it_up_for_less_than_a_second(app, client, monkeypatch):
    monkeypatch.setattr(views, "read_health", lambda *_all, **_more: time.sleep(3) or {})
    for _ in range(2):
        begun = time.monotonic()
        assert client.get("/health").status_code == 503
        assert time.monotonic() - begun < 1.5
    views._looking.submit(lambda: None).result(10)


def test_a_write_lock_does_not_hold_it_up(app, client, beat):
    with app.app_context(), db.engine.connect() as other:
        other.execute(text("SELECT 1"))  # begins as an act does: with the write lock
        assert client.get("/health").status_code == 200


def test_the_desk_says_since_when_nobody_works_and_what_that_means(app, beat):
    coordinator = browser_of(app, Role.COORDINATOR)
    assert SILENT not in words_of(coordinator.get("/desk"))
    clock.move(timedelta(minutes=6))
    said = words_of(coordinator.get("/desk"))
    assert f"{SILENT} since" in said
    assert "flask --app webapp doctor" in said


def test_the_desk_says_where_nobody_has_worked_yet(app):
    assert f"{SILENT}: what should run beside the site has not run yet" in words_of(
        browser_of(app, Role.COORDINATOR).get("/desk")
    )
