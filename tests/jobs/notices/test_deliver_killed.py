"""Real workers that send to a real line: killed at any moment, a letter leaves at least once, and is never lost."""

import signal
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.jobs.notices.mailing import environment, log_holds, mail_through, prove_address, put, reach, rows, settle_all
from tests.jobs.working import Place, end_with, eventually, make_due, worker
from tests.pages.story import Person, Story
from tests.services.notices.mail_server import mail_server, make_paper
from webapp import clock
from webapp.domain.notices import Notice
from webapp.models import OutboxRow

QUICK = ("--lease", "3")


@pytest.fixture
def server(place: Place, tmp_path, monkeypatch):
    with mail_server(paper=make_paper(tmp_path)) as found:
        for name, value in environment(found).items():
            monkeypatch.setenv(name, value)
        mail_through(place.app, found.settings())
        yield found


@pytest.fixture
def robin(place: Place, server):
    story = Story(place.app)
    person = Person("robin", story.coordinator, story.coordinator.id)
    prove_address(story, person, zone_of_day())
    put(place.app, person, "1", Notice.SOMETHING_NEEDS_YOU)
    return person


def zone_of_day() -> str:
    """Name a clock by which it is about noon: these workers go by the real time."""
    zones = (f"Etc/GMT{ahead:+d}" for ahead in range(-12, 13))
    return next(zone for zone in zones if datetime.now(ZoneInfo(zone)).hour == 12)


def let_leases_end(place: Place) -> None:
    with Session(place.engine) as session, session.begin():
        over = clock.now() - timedelta(seconds=1)
        session.execute(update(OutboxRow).where(OutboxRow.lease_until.is_not(None)).values(lease_until=over))
    eventually(lambda: True)


def is_sent(place: Place) -> bool:
    return [row.state for row in rows(place.app)] == ["sent"]


def test_a_worker_sends_and_marks(place, server, robin):
    with worker(place):
        assert eventually(lambda: is_sent(place))
    assert len(server.taken) == 1


def test_killed_after_the_server_took_it_the_letter_leaves_again_and_is_marked_once(place, server, robin):
    killed = []
    with worker(place, *QUICK) as process:

        def kill():
            server.after_data = None
            killed.append(end_with(process, signal.SIGKILL))

        server.after_data = kill
        assert eventually(lambda: bool(killed))
    assert len(server.taken) == 1
    (row,) = rows(place.app)
    assert (row.state, row.attempts) == ("ready", 1)
    let_leases_end(place)
    with worker(place, *QUICK):
        assert eventually(lambda: make_due(place) or is_sent(place))
    assert len(server.taken) == 2
    assert {(sender, to) for sender, to, _ in server.taken} == {server.taken[0][:2]}
    assert rows(place.app)[0].attempts == 2


def test_killed_before_the_server_took_it_the_letter_leaves_later(place, server, robin):
    server.does, server.delay = "slow", 3
    with worker(place, *QUICK) as process:
        assert eventually(lambda: server.tried == 1)
        assert end_with(process, signal.SIGKILL) == -signal.SIGKILL
    assert server.taken == []
    server.does = "take"
    let_leases_end(place)
    with worker(place, *QUICK):
        assert eventually(lambda: make_due(place) or is_sent(place))
    assert len(server.taken) == 1


def test_told_to_stop_it_ends_the_letter_in_hand_and_marks_it(place, server, robin):
    stopped = []
    with worker(place) as process:

        def stop():
            process.send_signal(signal.SIGTERM)
            stopped.append(1)

        server.after_data = stop
        assert eventually(lambda: bool(stopped))
        assert process.wait(30) == 0
    assert is_sent(place)
    assert len(server.taken) == 1


def test_two_workers_send_each_letter_once(place, server):
    story = Story(place.app)
    women = [story.woman(f"W{number}") for number in range(5)]
    for woman in women:
        reach(story, woman)
    settle_all(place.app)
    for woman in women:
        put(place.app, woman, woman.username)
    with worker(place), worker(place):
        assert eventually(lambda: {row.state for row in rows(place.app)} == {"sent"})
    assert len(server.taken) == 5
    assert log_holds(place, "@example.org", "W1", "W4") == []
