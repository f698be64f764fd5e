"""Real server processes on one database, and people who are signed in at them: every request goes over a socket."""

import http.client
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask, session
from itsdangerous import URLSafeTimedSerializer

from tests.programme.databases import KEYS, Databases, settings_for
from tests.reliability.servers.zygote import OUT_OF_ORDER
from webapp import create_app
from webapp.domain.factors import Proof
from webapp.extensions import db, transaction
from webapp.models import User
from webapp.security import sessions
from webapp.services.accounts import know

ROOT = Path(__file__).parents[3]
FORM_TOKEN = "0" * 40
LONGEST = 60
"""Seconds after which an answer counts as none."""


@dataclass(frozen=True)
class Answer:
    """What came back: its status (0 where the connection broke), where it leads, and the page."""

    status: int
    leads_to: str = ""
    page: str = ""


@dataclass(frozen=True)
class Visitor:
    """Somebody who is signed in: her cookie, and the hidden field of her forms."""

    cookie: str
    hidden: str

    def post(self, port: int, path: str, fields: dict[str, object]) -> Answer:
        """Send a form."""
        body = urlencode({"csrf_token": self.hidden, **fields}, doseq=True)
        return self._ask(port, "POST", path, body)

    def get(self, port: int, path: str) -> Answer:
        """Open a page."""
        return self._ask(port, "GET", path, None)

    def _ask(self, port: int, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": f"session={self.cookie}", "Content-Type": "application/x-www-form-urlencoded"}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers.get("Location", ""), answer.read().decode())
        except (OSError, http.client.HTTPException):
            return Answer(0)
        finally:
            connection.close()


@dataclass(frozen=True)
class Shot:
    """One form that somebody sends."""

    who: Visitor
    path: str
    fields: dict[str, object] = field(default_factory=dict)


@dataclass
class Server:
    """One process; a worker has port 0."""

    pid: int
    port: int

    def kill(self) -> None:
        """End it as a power cut would."""
        os.kill(self.pid, signal.SIGKILL)


class Fleet:
    """The processes on one database, and the same site in this process to make people with."""

    def __init__(self, app: Flask, parent: "subprocess.Popen[str]") -> None:
        self.app, self._parent = app, parent
        self.servers: list[Server] = []

    def start(self, role: str = "serve") -> Server:
        """Start one more process."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(f"{role}\n")
        self._parent.stdin.flush()
        pid, port = map(int, self._parent.stdout.readline().split())
        assert port >= 0, f"{role} did not start"
        server = Server(pid, port)
        if port:
            self.servers.append(server)
        return server

    def out_of_order(self) -> list[str]:
        """Return what the processes locked out of order."""
        file = self.app.config["SETTINGS"].instance / OUT_OF_ORDER
        return file.read_text().splitlines() if file.exists() else []

    def visitor(self, user_id: UUID | None) -> Visitor:
        """Plant a sign-in, and return who holds it; with None a visitor."""
        with self.app.test_request_context("/sign-in"):
            sessions.look_at_cookie()
            if user_id is not None:
                with transaction() as reading:
                    known = know(reading.get_one(User, user_id))
                sessions.begin(known, Proof.CODE)
            session["csrf_token"] = FORM_TOKEN
            kept = dict(session)
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        signer = URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token")  # type: ignore[arg-type]
        return Visitor(str(serializer.dumps(kept)), str(signer.dumps(FORM_TOKEN)))

    def fire(self, shots: Sequence[Shot]) -> list[Answer]:
        """Send all forms at the same moment, spread over the servers; return the answers in the same order."""
        barrier = threading.Barrier(len(shots))
        answers = [Answer(0)] * len(shots)

        def send(place: int, shot: Shot, port: int) -> None:
            barrier.wait()
            answers[place] = shot.who.post(port, shot.path, shot.fields)

        ports = cycle(server.port for server in self.servers)
        threads = [threading.Thread(target=send, args=(i, shot, next(ports))) for i, shot in enumerate(shots)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers


@contextmanager
def fleet(databases: Databases, servers: int = 2) -> Iterator[Fleet]:
    """Start servers on a fresh database; all of them end at the end."""
    with tempfile.TemporaryDirectory(prefix="pairwell-fleet-") as name:
        folder, url = Path(name), databases.ready()
        KEYS.write(folder / "keys.json")
        said = {"INSTANCE": name, "KEYS": str(folder / "keys.json"), "DATABASE": url, "HTTPS": "0", "HASH_KIB": "1024"}
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **{f"PAIRWELL_{key}": one for key, one in said.items()}}
        with (folder / "errors.txt").open("w") as errors:
            command = [sys.executable, "-m", "tests.reliability.servers.zygote"]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": errors}
            parent = subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes)  # type: ignore[call-overload]
            app = create_app(settings_for(url, folder, https=False))
            try:
                made = Fleet(app, parent)
                for _ in range(servers):
                    made.start()
                yield made
            finally:
                parent.kill()
                parent.communicate()
                with app.app_context():
                    db.session.remove()
                    db.engine.dispose()
