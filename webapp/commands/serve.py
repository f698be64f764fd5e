"""`flask --app webapp serve`: the site on waitress, with settings measured under attack (docs/decisions/0019).

What she writes is held in memory while it arrives, never in a temporary file. The proxies in front are counted once, in
PAIRWELL_PROXIES; the application reads their headers, so the server leaves them as they are.
"""

import logging
import os
import resource
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import click
from flask import Flask, current_app
from waitress import wasyncore
from waitress.server import BaseWSGIServer, create_server

from webapp.commands.patience import CountedChannel, PatientChannel
from webapp.config import Settings
from webapp.jobs import warm
from webapp.security.headers import LARGEST_REQUEST
from webapp.security.lanes import TwoLanes

KIB = 1024
CONNECTIONS = 2000
MEASURED: dict[str, Any] = {
    "threads": 8,
    "connection_limit": CONNECTIONS,
    "channel_timeout": 20,
    "cleanup_interval": 5,
    "max_request_header_size": 32 * KIB,
    "max_request_body_size": 2 * LARGEST_REQUEST,
    "inbuf_overflow": 2 * LARGEST_REQUEST + KIB,
    "outbuf_overflow": 4 * KIB * KIB,
    "backlog": 1024,
    "asyncore_use_poll": True,
    "clear_untrusted_proxy_headers": False,
    "log_socket_errors": False,
    "ident": None,
}
"""`max_request_body_size` leaves room above what the site takes, so that a form too large gets the site's own page."""
LONGEST_END = 10.0
RESTART_AFTER = 2.0

log = logging.getLogger(__name__)


@dataclass
class WorkerBeside:
    """The worker as a child of the server: started again when it dies, ended with it."""

    process: subprocess.Popen[bytes] | None = None
    not_before: float = 0.0

    def look(self) -> None:
        """Start the worker where there is none."""
        if self.process is not None and self.process.poll() is not None:
            log.error("the worker ended with %s and is started again", self.process.returncode)
            self.process, self.not_before = None, time.monotonic() + RESTART_AFTER
        if self.process is None and time.monotonic() >= self.not_before:
            command = [sys.executable, "-m", "flask", "--app", "webapp", "work", "--beside", str(os.getpid())]
            self.process = subprocess.Popen(command, start_new_session=True)  # noqa: S603  # our own command

    def end(self) -> None:
        """Let the worker end its act, and end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(LONGEST_END)
            except subprocess.TimeoutExpired:
                self.process.kill()


@dataclass
class Server:
    """Waitress, run until it is told to stop; then what has arrived is answered first."""

    app: Flask
    host: str
    port: int
    beside: WorkerBeside | None = None
    stopping: bool = False
    map: dict[int, Any] = field(default_factory=dict)

    def run(self) -> None:
        """Serve until told to stop."""
        raise_open_files(CONNECTIONS + 200)
        lanes = TwoLanes(MEASURED["threads"])
        server = create_server(
            self.app, map=self.map, host=self.host, port=self.port, _dispatcher=lanes, **MEASURED
        )  # fmt: skip
        if self.app.config["SETTINGS"].warm:
            warm.begin(self.app)
        for one in self._servers():
            one.channel_class = channel_for(self.app.config["SETTINGS"])
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self.stop)
        log.info("serving at http://%s:%s", self.host, self._servers()[0].effective_port)
        while not self.stopping:
            if self.beside is not None:
                self.beside.look()
            self._once()
        self._end(server)

    def _once(self) -> None:
        wasyncore.loop(timeout=1, use_poll=True, map=self.map, count=1)

    def _servers(self) -> list[BaseWSGIServer]:
        return [one for one in self.map.values() if isinstance(one, BaseWSGIServer)]

    def _end(self, server: Any) -> None:
        for one in self._servers():
            one.accepting = False
        until = time.monotonic() + LONGEST_END
        while self._is_busy() and time.monotonic() < until:
            self._once()
        server.task_dispatcher.shutdown()
        if self.beside is not None:
            self.beside.end()

    def _is_busy(self) -> bool:
        channels = [channel for one in self._servers() for channel in one.active_channels.values()]
        return any(channel.requests or channel.total_outbufs_len for channel in channels)

    def stop(self, *_signal: object) -> None:
        """Stop as soon as what has arrived is answered."""
        self.stopping = True


def channel_for(settings: Settings) -> type[PatientChannel]:
    """Return how connections are treated: behind a proxy all of them come from its address, and it counts them."""
    return PatientChannel if settings.proxies else CountedChannel


def raise_open_files(wanted: int) -> None:
    """Let this process have that many files open, as far as the machine allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; a proxy reaches it there.")
@click.option("--port", default=8000, show_default=True, envvar="PORT", show_envvar=True, help="0 takes a free one.")
@click.option("--with-worker", is_flag=True, help="Start the worker too, and start it again when it dies.")
def serve(host: str, port: int, with_worker: bool) -> None:
    """Serve the site until told to stop."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("webapp").setLevel(logging.INFO)
    app = current_app._get_current_object()  # type: ignore[attr-defined] # every proxy has it
    try:
        Server(app, host, port, WorkerBeside() if with_worker else None).run()
    except OSError as error:
        raise click.ClickException(
            f"{host}:{port} cannot be listened at: {error.strerror}. Is something else there? Try --port."
        ) from None
