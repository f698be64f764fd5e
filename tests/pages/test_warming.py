"""A process gets ready to rank beside its first answers, and nothing is locked while somebody is ranked."""

import logging
from dataclasses import replace

import click
import pytest
from sqlalchemy import event

from tests.pages.story import Story
from webapp import clock, create_app
from webapp.extensions import db, reading
from webapp.jobs import warm
from webapp.services import matching


@pytest.fixture
def story(app) -> Story:
    told = Story(app)
    told.supporter("Dee")
    return told


def begun(app) -> list[str]:
    said: list[str] = []

    def keep(_connection, _cursor, statement, *_rest) -> None:
        if statement.startswith(("BEGIN", "INSERT INTO rankings", "COMMIT")) or "FROM supporters" in statement:
            said.append(statement.partition(" (")[0])

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", keep)
    return said


def test_nothing_is_locked_while_a_ranking_is_worked_out(story):
    woman, browser = story.woman(), story.browser()
    said = begun(story.app)
    matching.keeper.forget()
    assert browser.send(f"/desk/requests/{woman.thing_id}/rank").status_code == 303
    locked = len(said) - 1 - said[::-1].index("BEGIN IMMEDIATE")
    read = [place for place, one in enumerate(said) if "FROM supporters" in one]
    assert read
    assert max(read) < locked < said.index("INSERT INTO rankings")


def test_a_process_that_serves_gets_ready_and_then_only_follows(story):
    matching.keeper.forget()
    thread = warm.begin(story.app)
    thread.join()
    assert warm.is_warm(story.app)
    said = begun(story.app)
    with story.app.app_context(), reading() as session, matching.keeper.roster(session, now=clock.now()) as ready:
        assert ready.columns_.count == 1
    assert not [one for one in said if "FROM supporters" in one]


def test_commands_and_tests_do_not_get_ready(settings):
    assert warm.THREAD not in create_app(settings).extensions
    with click.Context(click.Command("some")):
        assert warm.THREAD not in create_app(replace(settings, warm=True)).extensions


def test_what_hinders_is_logged_and_the_process_goes_on(settings, caplog, tmp_path):
    app = create_app(replace(settings, database=f"sqlite:///{tmp_path / 'nothing.db'}"))
    with caplog.at_level(logging.ERROR):
        warm.begin(app).join()
    assert "not ready to rank: OperationalError" in caplog.text
    with app.app_context():
        db.engine.dispose()
