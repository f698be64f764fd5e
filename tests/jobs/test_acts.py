"""Acts one by one: a poisoned one is counted and rests, the others go on; leases, pauses, the heartbeat."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from webapp import clock
from webapp.extensions import db, transaction
from webapp.jobs import expire
from webapp.jobs.acts import Stopping, between_acts, code_of, do_each
from webapp.models import JobFailure, JobRun, Programme, WorkerBeat
from webapp.services import work

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
EVERY = timedelta(minutes=1)
LEASE = timedelta(minutes=5)
POISON = {
    "sqlite": "CREATE TRIGGER poison BEFORE UPDATE ON proposals WHEN old.id = '{hex}' "
    "BEGIN SELECT RAISE(ABORT, 'poisoned'); END",
    "postgresql": "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'poisoned'; END $$; CREATE TRIGGER poison BEFORE UPDATE ON proposals "
    "FOR EACH ROW WHEN (old.id = '{hex}') EXECUTE FUNCTION poison()",
}
CURE = {"sqlite": "DROP TRIGGER poison", "postgresql": "DROP TRIGGER poison ON proposals"}


@pytest.fixture(autouse=True)
def _in_the_site(request):
    """Act as the worker does, inside the application."""
    name = next(name for name in ("place", "on_file", "on_server", "app") if name in request.fixturenames)
    place = request.getfixturevalue(name)
    with getattr(place, "app", place).app_context():
        yield


def say(place, statements):
    with place.engine.begin() as connection:
        connection.execute(text(statements[place.engine.dialect.name]))


def failure_of(thing):
    with transaction() as session:
        row = session.get(JobFailure, ("expire", str(thing)))
        return row and (row.count, row.due_at - row.failed_at, row.last_error)


def test_a_poisoned_offer_stops_no_other_rests_longer_each_time_and_is_done_when_it_can_be(place):
    offers = place.make_offers(3)
    place.let_time_pass()
    poison = {name: statement.format(hex=offers[1].hex) for name, statement in POISON.items()}
    say(place, poison)
    now = clock.now()
    assert expire.run(now) == 2
    assert place.states() == ["expired", "offered", "expired"]
    count, rest, error = failure_of(offers[1])
    assert (count, rest) == (1, timedelta(seconds=5))
    assert "poisoned" not in error
    assert " at services/" in error
    assert expire.run(now + timedelta(seconds=4)) == 0
    assert failure_of(offers[1])[0] == 1
    assert expire.run(now + timedelta(seconds=6)) == 0
    assert failure_of(offers[1])[:2] == (2, timedelta(seconds=10))
    say(place, CURE)
    assert expire.run(now + timedelta(seconds=17)) == 1
    assert failure_of(offers[1]) is None
    assert place.endings() == dict.fromkeys(offers, 1)


def test_what_need_not_be_done_any_more_is_no_failure_any_more(place):
    with transaction() as session:
        work.note_failure(session, "expire", "long gone", "ValueError", now=clock.now())
    assert expire.run(clock.now()) == 0
    assert failure_of("long gone") is None


def test_an_act_that_another_one_crossed_is_tried_again_at_once(on_server):
    tries = []

    def act(session, _thing):
        tries.append(1)
        if len(tries) < 3:
            session.execute(text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$"))

    assert do_each("trial", ["one"], act, now=NOW) == 1
    assert len(tries) == 3


def test_told_to_stop_it_stops_between_two_acts_and_keeps_the_one_that_is_done(place):
    seen = []

    def stop_after_one():
        if seen:
            raise Stopping

    token = between_acts.set(stop_after_one)
    try:
        with pytest.raises(Stopping):
            do_each("trial", ["a", "b"], lambda session, thing: (seen.append(thing), rename(session, thing)), now=NOW)
    finally:
        between_acts.reset(token)
    assert seen == ["a"]
    with transaction() as session:
        assert session.scalars(select(Programme.name)).one() == "a"


def rename(session, name):
    session.scalars(select(Programme)).one().name = name


def test_an_error_is_told_without_what_it_was_about(app):
    try:
        work.pause_after("Claire")  # type: ignore[arg-type]
    except TypeError as error:
        told = code_of(error)
    assert told.startswith("TypeError at services/work.py:")
    assert "Claire" not in told


def test_pauses_grow_and_end(app):
    pauses = [work.pause_after(number).total_seconds() for number in (1, 2, 3, 10, 11, 1000)]
    assert pauses == [5, 10, 20, 2560, 3600, 3600]


def book(**values):
    with transaction() as session:
        work.add_missing(session, ["one"], now=NOW)
        work.add_missing(session, ["one"], now=NOW)
        row = session.get_one(JobRun, "one")
        for name, value in values.items():
            setattr(row, name, value)


def claim(who, now=NOW):
    with transaction() as session:
        return work.claim(session, "one", who, every=EVERY, lease=LEASE, now=now)


def test_a_lease_is_one_worker_s_until_it_runs_out(place):
    book()
    assert claim("first")
    assert not claim("second")
    assert claim("first")
    assert not claim("second", NOW + LEASE - timedelta(seconds=1))
    assert claim("second", NOW + LEASE)
    with transaction() as session:
        assert not work.finish(session, "one", "first", due_at=NOW, now=NOW)
        assert not work.renew(session, "one", "first", lease=LEASE, now=NOW)
        assert work.finish(session, "one", "second", due_at=NOW + EVERY, now=NOW)
    assert not claim("first")
    assert claim("first", NOW + EVERY)


def test_a_lease_that_another_is_just_taking_is_not_waited_for(on_server):
    book()
    with on_server.engine.connect() as other:
        other.execute(text("SELECT 1 FROM job_runs FOR UPDATE"))
        assert not claim("second")


def test_a_clock_that_was_set_back_stops_nothing(place):
    book(due_at=NOW + timedelta(days=300))
    assert claim("first")


def test_a_job_that_fails_is_due_again_after_a_pause(place):
    book()
    for failures, pause in ((1, 5), (2, 10), (3, 20)):
        with transaction() as session:
            session.get_one(JobRun, "one").due_at = NOW
        assert claim("first")
        with transaction() as session:
            assert work.fail(session, "one", "first", "ValueError", now=NOW)
            row = session.get_one(JobRun, "one")
            assert (row.failures, row.due_at, row.held_by) == (failures, NOW + timedelta(seconds=pause), None)
    with transaction() as session:
        assert work.read_heartbeat(session, now=NOW).failing_jobs == [("one", "ValueError")]


def test_the_heartbeat_is_late_after_five_minutes_and_never_by_a_wrong_clock(place):
    with transaction() as session:
        assert work.read_silence(session, now=NOW) == work.Silence(None)
        mine = work.begin_beat(session, "one", now=NOW)
        session.add(WorkerBeat(name="from the future", begun_at=NOW, beat_at=NOW + timedelta(days=9), errors=0))
    with transaction() as session:
        for minutes, late in ((0, False), (5, False), (6, True)):
            later = NOW + timedelta(minutes=minutes)
            assert work.read_silence(session, now=later) == (work.Silence(NOW) if late else None)
        work.beat(session, mine, errors=1, last_error="ValueError", now=NOW + timedelta(minutes=6))
        assert work.read_heartbeat(session, now=later).silence is None
        work.begin_beat(session, "next", now=NOW + timedelta(days=8))
        assert {one.name for one in session.scalars(select(WorkerBeat))} == {"next", "from the future"}


def test_a_failure_that_cannot_be_written_down_ends_the_run(on_file):
    db.engine.dispose()

    def act(session, _thing):
        session.connection().exec_driver_sql("PRAGMA busy_timeout = 50")
        session.rollback()
        blocker.exec_driver_sql("BEGIN IMMEDIATE")
        raise ValueError

    with on_file.engine.connect() as connection:
        blocker = connection
        connection.connection.driver_connection.execute("PRAGMA busy_timeout = 50")
        with pytest.raises(Exception, match="locked"):
            do_each("trial", ["one"], act, now=NOW)
        connection.connection.driver_connection.execute("ROLLBACK")
