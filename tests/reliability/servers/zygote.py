"""One process that has imported everything and forks servers and workers: `python -m tests.reliability.servers.zygote`.

It reads what to start from its input, a line each, and answers with process and port. Its children end with it.
"""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import waitress

from tests.reliability.servers.watching import Watch
from webapp import clock, create_app
from webapp.config import Settings
from webapp.jobs import expire
from webapp.services import matching

THREADS = 8
OUT_OF_ORDER = "out-of-order.txt"
DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


def settings_of_a_process() -> Settings:
    """Read the settings; ten forms in one moment are what is tried here, so nobody is slowed down."""
    return replace(Settings.from_environment(), rate_limits=False, warm=False)


def note(said: str) -> None:
    """Keep what broke the order of locks where whoever started us finds it."""
    with (Path(os.environ["PAIRWELL_INSTANCE"]) / OUT_OF_ORDER).open("a") as file:
        file.write(f"{said}\n")


def serve(say: Callable[[int], None]) -> None:
    """Serve the site on a free port, as the runbook does."""
    server = waitress.create_server(create_app(settings_of_a_process()), host="127.0.0.1", port=0, threads=THREADS)
    say(server.effective_port)
    server.run()


def work(say: Callable[[int], None]) -> None:
    """End offers over and over, without a pause between."""
    app = create_app(settings_of_a_process())
    say(0)
    while True:
        with app.app_context():
            expire.run(clock.now())
        time.sleep(0.002)


ROLES = {"serve": serve, "work": work}


def child(role: str, writer: int) -> None:
    """Be a server or a worker until killed."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

    def say(port: int) -> None:
        os.write(writer, f"{port}\n".encode())
        os.close(writer)

    Watch(note).begin()
    ROLES[role](say)


def main() -> None:
    """Start what is asked for until nobody asks any more."""
    matching.questionnaire()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            try:
                child(line.strip(), writer)
            finally:
                os._exit(1)
        os.close(writer)
        with os.fdopen(reader) as said:
            sys.stdout.write(f"{pid} {said.readline().strip() or -1}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
