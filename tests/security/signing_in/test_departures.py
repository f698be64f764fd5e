"""Who has left is known at once, in every process that shares the folder, and the rows follow."""

import os
import stat
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from webapp import clock
from webapp.extensions import transaction
from webapp.jobs import departures as job
from webapp.models import AuditRecord, SignIn
from webapp.security import afterwards, departures
from webapp.security.departures import Departures
from webapp.services.accounts import hash_token

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
ONE, OTHER = "a" * 64, "b" * 64


def test_another_process_learns_of_it(tmp_path):
    here, there = Departures(tmp_path), Departures(tmp_path)
    assert not there.holds(ONE, NOON)
    here.add(ONE, NOON)
    assert there.holds(ONE, NOON)
    here.add(OTHER, NOON)
    assert there.holds(OTHER, NOON)
    assert Departures(tmp_path).all(NOON) == {ONE, OTHER}


def test_it_is_known_over_midnight_and_no_longer_than_it_matters(tmp_path):
    left = Departures(tmp_path)
    late = NOON.replace(hour=23, minute=59)
    left.add(ONE, late)
    assert left.holds(ONE, late + timedelta(hours=12))
    left.take_old_away(late + timedelta(days=1))
    assert len(list(tmp_path.iterdir())) == 1
    left.take_old_away(late + timedelta(days=2))
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_for_its_owner_alone_and_grows_once(tmp_path):
    left = Departures(tmp_path)
    left.add(ONE, NOON)
    (path,) = tmp_path.iterdir()
    size = path.stat().st_size
    left.add(ONE, NOON)
    Departures(tmp_path).add(ONE, NOON)
    assert path.stat().st_size == size
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_line_that_was_cut_short_spoils_no_other(tmp_path):
    left = Departures(tmp_path)
    left.add(ONE, NOON)
    (path,) = tmp_path.iterdir()
    with path.open("ab") as file:
        file.write(b"\nccc")
    left.add(OTHER, NOON)
    assert {ONE, OTHER} <= Departures(tmp_path).all(NOON)


def test_a_folder_that_is_gone_leaves_memory(tmp_path):
    left = Departures(tmp_path / "gone")
    left.add(ONE, NOON)
    assert left.holds(ONE, NOON)


@pytest.fixture
def gone(app, sign_in_as):
    """A sign-in whose token has left while its row could not be ended."""
    browser = sign_in_as("requester")
    departures.of(app).add(hash_token(browser.token()), clock.now())
    return browser


def test_a_token_that_has_left_is_dead_whatever_its_row_says(app, gone):
    assert gone.get("/account").status_code == 303
    with app.app_context(), transaction() as session:
        assert session.scalars(select(SignIn.ended_at)).all() == [None]


def test_the_worker_ends_the_rows(app, gone):
    with app.app_context():
        assert job.run(clock.now()) == 1
        assert job.run(clock.now()) == 0
        with transaction() as session:
            assert session.scalars(select(SignIn.ended_at)).one() is not None
            assert session.scalars(select(AuditRecord.action)).all()[-1] == "signed out"


def test_an_act_that_fails_stops_nothing_behind_it(app):
    done = []

    def fail():
        raise ValueError

    afterwards.of(app).do(fail)
    afterwards.of(app).do(lambda: done.append(os.getpid()))
    afterwards.wait(app)
    assert done == [os.getpid()]
