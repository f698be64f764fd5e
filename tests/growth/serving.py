"""A real server process on a database, and a client that keeps its connection and its cookie, as a browser does."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tests.growth.site import COUNTED
from tests.programme.browsing import Browser
from tests.programme.databases import KEYS

PATIENCE = 300.0
CALL = "tests.growth.site:create_app"


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took until its last byte, in milliseconds."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    took: float

    @property
    def counts(self) -> list[int]:
        """Return what a server that counts says: COUNTED."""
        return [int(self.headers.get(f"x-{what}", 0)) for what in COUNTED]


class Client:
    """One person's connection to the server."""

    def __init__(self, port: int, browser: Browser | None = None) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._site = f"http://127.0.0.1:{port}/"
        self._csrf = browser.hidden_field() if browser else ""
        cookie = browser.get_cookie("session", domain="localhost") if browser else None
        self._headers = {"Cookie": f"session={cookie.value}"} if cookie else {}

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode({"csrf_token": self._csrf, **fields}))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        more = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        begun = time.perf_counter()
        self._connection.request(method, path, body, {**self._headers, **more, "Referer": self._site})
        response = self._connection.getresponse()
        said = response.read()
        took = (time.perf_counter() - begun) * 1000
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, said, took)


@contextmanager
def served(database: str, folder: Path, *, counts: bool = False) -> Iterator[int]:
    """Serve the site on a database from a process of its own, one worker with four threads. Yields the port."""
    keys = folder / "keys.json"
    if not keys.exists():
        KEYS.write(keys)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ, "PYTHONPATH": ".", "PAIRWELL_INSTANCE": str(folder), "PAIRWELL_KEYS": str(keys),
        "PAIRWELL_DATABASE": database, "PAIRWELL_HTTPS": "0", "PAIRWELL_HASH_KIB": "1024", "PAIRWELL_PLAIN": "1",
        "PAIRWELL_WARM": "1", "GROWTH_COUNTS": str(int(counts)),
    }  # fmt: skip
    command = [sys.executable, "-m", "waitress", "--listen", f"127.0.0.1:{port}", "--threads", "4", "--call", CALL]
    log = folder / "server.log"
    with log.open("w") as said, subprocess.Popen(command, env=environment, stdout=said, stderr=said) as process:
        try:
            _wait_for(port, process, log)
            yield port
        finally:
            process.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            Client(port).get("/help")
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start: {log.read_text()[-1000:]}")
