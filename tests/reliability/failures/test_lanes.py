"""While every thread of the server waits for something that does not come, the exit and help are answered at once."""

import http.client
import threading
import time
from contextlib import closing, suppress

import pytest
from waitress import wasyncore
from waitress.server import create_server
from waitress.task import ThreadedTaskDispatcher

from tests.reliability.failures.test_way_out import AT_ONCE
from webapp.security.lanes import TwoLanes

THREADS = 4


@pytest.fixture
def stuck(app):
    """Return a function: serve the site with these lanes while all threads wait; gives the port."""
    let_go, served, loops, waiting, dispatchers = threading.Event(), {}, [], [], []

    def wait():
        let_go.wait(30)
        return "late"

    wait.action = app.view_functions["accounts.show_sign_in"].action
    app.view_functions["accounts.show_sign_in"] = wait

    def serve(lanes):
        server = create_server(app, host="127.0.0.1", port=0, map=served, _dispatcher=lanes, threads=THREADS)
        port = server.effective_port
        dispatchers.append(lanes)
        loops.append(threading.Thread(target=answer, args=(served, let_go), daemon=True))
        waiting.extend(threading.Thread(target=wait_in_line, args=(port,), daemon=True) for _ in range(THREADS))
        for thread in (*loops, *waiting):
            thread.start()
        time.sleep(0.5)
        return port

    yield serve
    let_go.set()
    for thread in (*waiting, *loops):
        thread.join()
    for lanes in dispatchers:
        lanes.shutdown()
    wasyncore.close_all(served)


def answer(served, ends):
    """Serve until told to end: `server.run` would only end by an error, its sockets closed under it."""
    while not ends.is_set():
        wasyncore.loop(timeout=0.05, map=served, count=1)


def ask(port, path):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=3)) as connection:
        connection.request("GET", path)
        with closing(connection.getresponse()) as answer:
            return answer.status


def wait_in_line(port):
    with suppress(TimeoutError):
        ask(port, "/sign-in")


def test_the_exit_and_help_have_a_lane_of_their_own(stuck):
    port = stuck(TwoLanes(THREADS))
    ask(port, "/help")  # templates are read once
    for path, status in (("/leave", 303), ("/help", 200), ("/", 200), ("/before", 200), ("/static/exit.js", 200)):
        begun = time.perf_counter()
        assert ask(port, path) == status
        assert time.perf_counter() - begun < AT_ONCE, path


def test_without_it_the_exit_stands_in_line(stuck):
    lanes = ThreadedTaskDispatcher()
    lanes.set_thread_count(THREADS)
    port = stuck(lanes)
    with pytest.raises(TimeoutError):
        ask(port, "/leave")
