"""The worker as a process: killed, told to stop, locked out, cut off, twice at once; and every offer ends once."""

import signal
import time

from tests.jobs.working import (
    cut_connections,
    end_with,
    eventually,
    in_its_way,
    is_waiting,
    log_of,
    make_due,
    order_of_acts,
    worker,
)
from webapp.jobs import worker as the_worker

QUICK = ("--lease", "3")


def test_two_workers_end_each_offer_once_and_say_that_they_live(place):
    offers = place.make_offers(6)
    place.let_time_pass()
    with worker(place) as first, worker(place) as second:
        assert eventually(place.all_ended)
        assert eventually(lambda: len(place.beats()) == 2)
        assert [first.poll(), second.poll()] == [None, None]
    assert place.endings() == dict.fromkeys(offers, 1)
    assert place.run_of().succeeded_at is not None
    assert place.run_of().held_by is None


def test_a_database_that_is_locked_for_long_does_not_end_the_worker(on_file):
    (offer,) = on_file.make_offers(1)
    on_file.let_time_pass()
    with worker(on_file) as process:
        with in_its_way(on_file, offer):
            assert eventually(lambda: "failed: OperationalError" in log_of(on_file), 30)
        assert eventually(on_file.all_ended)
        assert process.poll() is None
        assert eventually(lambda: any(one.errors and "SQLITE_BUSY" in one.last_error for one in on_file.beats()))


def test_cut_connections_are_replaced(on_server):
    first, second = on_server.make_offers(2)
    on_server.let_time_pass(first)
    with worker(on_server) as process:
        assert eventually(lambda: on_server.states()[0] == "expired")
        assert cut_connections(on_server) > 0
        on_server.let_time_pass(second)
        make_due(on_server)
        assert eventually(on_server.all_ended)
        assert process.poll() is None
    assert on_server.endings() == {first: 1, second: 1}


def test_a_connection_cut_within_an_act_leaves_the_act_undone_and_it_is_done_later(on_server):
    (offer,) = on_server.make_offers(1)
    on_server.let_time_pass()
    with worker(on_server, *QUICK) as process:
        with in_its_way(on_server, offer):
            assert eventually(lambda: is_waiting(on_server))
            cut_connections(on_server, only_waiting=True)
            assert eventually(lambda: "AdminShutdown" in log_of(on_server) or "OperationalError" in log_of(on_server))
        make_due(on_server)
        assert eventually(on_server.all_ended)
        assert process.poll() is None
    assert on_server.endings() == {offer: 1}


def test_told_to_stop_it_ends_the_act_in_hand_and_gives_its_job_back(on_server):
    first, second = on_server.make_offers(2)
    on_server.let_time_pass(first)
    on_server.let_time_pass(second)
    held = first if order_of_acts(on_server)[0] == first else second
    with worker(on_server) as process:
        with in_its_way(on_server, held):
            assert eventually(lambda: is_waiting(on_server))
            process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            assert process.poll() is None
        assert process.wait(20) == 0
    assert sorted(on_server.states()) == ["expired", "offered"]
    assert on_server.endings() == {held: 1}
    assert on_server.run_of().held_by is None
    assert on_server.beats()[0].ended_at is not None


def test_killed_within_an_act_the_next_one_goes_on_when_the_lease_has_run_out(on_server):
    offers = on_server.make_offers(3)
    on_server.let_time_pass()
    held = order_of_acts(on_server)[1]
    with in_its_way(on_server, held):
        with worker(on_server, *QUICK) as process:
            assert eventually(lambda: is_waiting(on_server))
            assert end_with(process, signal.SIGKILL) == -signal.SIGKILL
        assert on_server.run_of().held_by is not None
        assert sorted(on_server.states()) == ["expired", "offered", "offered"]
    with worker(on_server, *QUICK):
        assert eventually(on_server.all_ended)
    assert on_server.endings() == dict.fromkeys(offers, 1)


def test_once_runs_what_is_due_and_stops(on_file):
    on_file.make_offers(2)
    on_file.let_time_pass()
    with worker(on_file, "--once") as process:
        assert process.wait(60) == 0
    assert on_file.all_ended()


def test_every_job_is_found_by_itself():
    found = the_worker.find_jobs()
    assert "expire" in found
    assert not {"worker", "acts"} & found.keys()
