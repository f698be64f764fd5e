"""A real server under attack: guessers who never stop, and a woman who signs in beside them, rightly."""

import http.client
import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests.programme.browsing import PASSPHRASE
from tests.programme.databases import KEYS, Databases, settings_for
from tests.programme.fixtures import open_account
from webapp import create_app
from webapp.extensions import db

SERVE = """
import os
from waitress.server import create_server
from webapp import create_app
server = create_server(create_app(), host="127.0.0.1", port=0, threads=4, clear_untrusted_proxy_headers=False)
print(server.effective_port, flush=True)
server.run()
"""
HER_NAME = "mara"
WITHIN = 10.0


@contextmanager
def serving(databases: Databases, folder: Path, **env: str) -> Iterator[int]:
    """Serve a site with one account by waitress, in a process of its own; give its port."""
    url = databases.ready()
    app = create_app(settings_for(url, folder))
    open_account(app, HER_NAME)
    with app.app_context():
        db.engine.dispose()
    KEYS.write(folder / "keys.json")
    ours = {"PAIRWELL_INSTANCE": str(folder), "PAIRWELL_DATABASE": url, "PAIRWELL_HTTPS": "0", "PYTHONPATH": "."}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVE], env={**os.environ, **ours, **env}, stdout=subprocess.PIPE, stderr=log
        )
    try:
        assert server.stdout is not None
        yield int(server.stdout.readline())
    finally:
        server.terminate()
        server.wait()
        if server.stdout is not None:
            server.stdout.close()


@dataclass
class Visitor:
    """Somebody at a browser that keeps a cookie; `address` is what a proxy says of where she is."""

    port: int
    address: str | None = None
    cookie: str = ""
    token: str = ""

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Send one request; return the status and the body."""
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        headers |= {"X-Forwarded-For": self.address} if self.address else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, urlencode(form) if form else None, headers)
            answer = connection.getresponse()
            body = answer.read().decode()
            for cookie in answer.headers.get_all("Set-Cookie") or ():
                self.cookie = cookie.split(";")[0]
            return answer.status, body
        finally:
            connection.close()

    def sign_in(self, passphrase: str = PASSPHRASE, name: str = HER_NAME) -> int:
        """Sign in through the form; return the status."""
        if not self.token:
            _, page = self.ask("GET", "/sign-in")
            found = re.search(r'name="csrf_token" value="([^"]+)"', page)
            assert found is not None
            self.token = found.group(1)
        return self.ask("POST", "/sign-in", {"csrf_token": self.token, "username": name, "passphrase": passphrase})[0]


@dataclass
class Attack:
    """Guessers in threads, each of whom guesses her name over and over, from addresses of its own, until the end."""

    port: int
    addresses: list[list[str | None]]
    pause: float
    ends: Counter[int] = field(default_factory=Counter)
    stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Attack":
        self.threads = [threading.Thread(target=self._guess, args=(mine,)) for mine in self.addresses]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def _guess(self, mine: list[str | None]) -> None:
        guesser = Visitor(self.port, mine[0])
        while not self.stop.is_set():
            for guesser.address in mine:
                self.ends[guesser.sign_in("a guess that is wrong")] += 1
                if self.stop.wait(self.pause):
                    return


def polling(port: int) -> Attack:
    """Somebody at her own address who tries her name four times a second."""
    return Attack(port, [[None]], 0.25)


def from_everywhere(port: int, threads: int = 8) -> Attack:
    """Three hundred addresses that try her name as fast as they are answered."""
    everywhere: list[str | None] = [f"203.0.{n // 200}.{n % 200 + 1}" for n in range(300)]
    return Attack(port, [everywhere[n::threads] for n in range(threads)], 0.01)


def seconds_to_get_in(port: int, address: str | None = None) -> float:
    """Let her sign in on a fresh device, once, and leave by the exit; return how many seconds it took."""
    she, begun = Visitor(port, address), time.perf_counter()
    status = she.sign_in()
    took = time.perf_counter() - begun
    assert status == 303, f"she was refused with {status} after {took:.1f} s"
    assert she.ask("GET", "/next")[0] in (200, 303)
    assert she.ask("GET", "/leave")[0] == 303
    return took


def get_in(attack: Attack, *, times: int, address: str | None = None, warm: float = 4) -> list[float]:
    """Let the attack run by itself first, then let her in and out again some times; return how long each took."""
    with attack:
        time.sleep(warm)
        took = []
        for _ in range(times):
            took.append(seconds_to_get_in(attack.port, address))
            time.sleep(0.3)
    assert sum(attack.ends.values()) > 10, "nobody attacked"
    assert set(attack.ends) <= {422, 429}, attack.ends
    return took
