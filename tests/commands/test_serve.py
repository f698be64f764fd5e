"""The server as a process: where it listens, the worker beside it, how it ends, and who is kept waiting."""

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.jobs.working import Place, eventually
from tests.reliability.servers.strangers import (
    HALF,
    HEAD,
    PAGES,
    Attack,
    ask,
    attacked,
    free_port,
    ours,
    served,
    wait_until_served,
)
from webapp.cli import NEED_SETUP, app_before_setup
from webapp.commands import patience
from webapp.commands.patience import CountedChannel, PatientChannel
from webapp.commands.serve import MEASURED, channel_for
from webapp.security.headers import LARGEST_REQUEST

ROOT = Path(__file__).parents[2]


@contextmanager
def serving(place, *arguments, **environment):
    command = [sys.executable, "-m", "flask", "--app", "webapp", "serve", *arguments]
    with (place.folder / "server.log").open("wb") as log:
        told = {**place.environment(), **environment}
        process = subprocess.Popen(command, cwd=ROOT, env=told, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def place(app, tmp_path):
    return Place(app, tmp_path)


def log_of(place):
    return (place.folder / "server.log").read_text(encoding="utf-8")


def workers_of(process):
    """Return the ids of the processes that a server started."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state = (folder / "stat").read_text().rpartition(") ")[2].split()
            except OSError:
                continue
            if state[1] == str(process.pid) and state[0] != "Z":
                found.append(int(folder.name))
    return found


def is_gone(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def test_the_port_of_the_environment_is_obeyed_and_a_stop_answers_what_has_arrived(place):
    port = free_port()
    with serving(place, PORT=str(port)) as process:
        wait_until_served(port)
        assert f"http://127.0.0.1:{port}" in log_of(place)
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0


def test_a_port_that_is_taken_is_told_with_the_remedy(place):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with serving(place, "--port", str(other.getsockname()[1])) as process:
            assert process.wait(30) == 1
    assert "Is something else there? Try --port." in log_of(place)
    assert "Traceback" not in log_of(place)


def test_the_worker_beside_it_is_started_again_when_it_dies_and_ends_with_the_server(place):
    port = free_port()
    with serving(place, "--port", str(port), "--with-worker") as process:
        wait_until_served(port)
        assert eventually(lambda: len(place.beats()) == 1)
        (first,) = workers_of(process)
        os.kill(first, signal.SIGKILL)
        assert eventually(lambda: len(place.beats()) == 2)
        (second,) = workers_of(process)
        assert second != first
        assert "started again" in log_of(place)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert is_gone(second)
    assert place.beats()[1].ended_at is not None


def test_a_worker_does_not_outlive_a_server_that_was_killed(place):
    port = free_port()
    with serving(place, "--port", str(port), "--with-worker") as process:
        assert eventually(lambda: len(place.beats()) == 1)
        (worker,) = workers_of(process)
        process.kill()
        process.wait()
        assert eventually(lambda: is_gone(worker), 20)


@pytest.fixture(scope="module")
def port():
    with served(ours) as listening:
        yield listening


def test_half_sent_forms_by_the_hundred_keep_nobody_waiting(port):
    with attacked(port, Attack("half", 300, HALF)):
        for page in PAGES:
            answers = ask(port, page, 5)
            assert answers.missing == 0
            assert sorted(answers.seconds)[2] < 1


def test_a_cut_form_never_reaches_the_site(port):
    with socket.create_connection(("127.0.0.1", port)) as one:
        one.sendall(HEAD + b"Content-Length: 500\r\n\r\nusername=claire")
        one.shutdown(socket.SHUT_WR)
        one.settimeout(10)
        assert one.recv(100) == b""


def test_a_form_too_large_gets_the_page_of_the_site(port):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as one:
        one.sendall(HEAD + f"Content-Length: {LARGEST_REQUEST + 1}\r\n\r\n".encode() + b"x" * (LARGEST_REQUEST + 1))
        answer = one.recv(100_000).decode()
    assert answer.startswith("HTTP/1.1 413")
    assert re.search(r"\r\nServer:", answer) is None


def test_nothing_that_is_written_waits_in_a_temporary_file():
    assert MEASURED["inbuf_overflow"] > MEASURED["max_request_body_size"] > LARGEST_REQUEST


class Clock:
    now = 1000.0

    def monotonic(self):
        return self.now

    def time(self):
        return self.now


class FakeServer:
    """What a channel asks of its server while nothing is answered."""

    def __init__(self):
        self.active_channels = {}


@contextmanager
def a_channel(kind, address="192.0.2.1"):
    from waitress.adjustments import Adjustments

    ours, theirs = socket.socketpair()
    channel = kind(FakeServer(), ours, (address, 1), Adjustments(**MEASURED), map={})
    try:
        yield channel, theirs
    finally:
        channel.handle_close()
        theirs.close()


def test_a_request_may_take_a_minute_to_arrive_and_no_longer_however_it_drips(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(patience, "time", clock)
    with a_channel(PatientChannel) as (channel, _):
        channel.received(HEAD)
        for _ in range(6):
            clock.now += 10
            channel.received(b"X-A: b\r\n")
            assert channel.readable()
        clock.now += 1
        assert not channel.readable()
        assert channel.will_close


def test_an_idle_connection_is_left_to_the_server_s_own_patience(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(patience, "time", clock)
    with a_channel(PatientChannel) as (channel, _):
        clock.now += 1000
        assert channel.readable()


def test_one_address_holds_a_hundred_connections_and_gets_them_back():
    with a_channel(CountedChannel) as (first, _):
        CountedChannel.open_from["192.0.2.1"] = patience.FROM_ONE_ADDRESS
        with a_channel(CountedChannel) as (one_more, _):
            assert one_more.will_close
        with a_channel(CountedChannel, "192.0.2.2") as (another, _):
            assert not another.will_close
        CountedChannel.open_from["192.0.2.1"] = 1
        assert not first.will_close
    assert not CountedChannel.open_from


def test_behind_a_proxy_the_proxy_counts(settings):
    from dataclasses import replace

    assert channel_for(settings) is CountedChannel
    assert channel_for(replace(settings, proxies=1)) is PatientChannel


@pytest.mark.parametrize("command", NEED_SETUP)
def test_before_setup_a_command_says_what_is_missing(tmp_path, monkeypatch, command):
    monkeypatch.setenv("PAIRWELL_INSTANCE", str(tmp_path))
    ran = app_before_setup().test_cli_runner().invoke(args=[command, "--any", "argument"])
    assert ran.exit_code == 1
    assert "Run: flask --app webapp setup" in ran.output
