"""Strangers who try to stop the site, and how quickly others are answered meanwhile.

`python -m tests.reliability.servers.strangers [serve|waitress|gunicorn] [FOLDER OF GUNICORN]` prints the table of
docs/decisions/0019; `prove` counts.
"""

import contextlib
import os
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.programme.databases import KEYS, OnSqlite
from tests.proofs.counts import Count

ROOT = Path(__file__).parents[3]
PAGES = ("/help", "/sign-in")
PATIENCE = 8.0
GIVE_UP_AFTER = 3
HEAD = b"POST /sign-in HTTP/1.1\r\nHost: site\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@dataclass
class Answers:
    """How long each request took that was answered, and how many were not."""

    seconds: list[float] = field(default_factory=list)
    missing: int = 0

    def say(self) -> str:
        """Say the median and the longest in milliseconds."""
        if not self.seconds:
            return "no answer"
        said = f"{median(self.seconds) * 1000:.0f} ({max(self.seconds) * 1000:.0f})"
        return f"{said}, {self.missing} unanswered" if self.missing else said


@dataclass(frozen=True)
class Attack:
    """What strangers do at once: so many connections, from so many addresses, each by `open`; some go on by a byte."""

    name: str
    connections: int
    opens: bytes
    addresses: int = 250
    goes_on: bytes = b""


HALF = HEAD + b"Content-Length: 70000\r\n\r\n" + b"username=" + b"x" * 35_000
ATTACKS = (
    Attack("500 half-sent forms of 70 kB, one address", 500, HALF, addresses=1),
    Attack("500 half-sent forms of 70 kB, many addresses", 500, HALF),
    Attack("500 forms of which a byte comes each second", 500, HEAD + b"Content-Length: 5000\r\n\r\n", goes_on=b"x"),
    Attack("500 heads of which a byte comes each second", 500, b"GET /help HTTP/1.1\r\nX-A: ", goes_on=b"x"),
    Attack("500 forms of 900 kB", 500, HEAD + b"Content-Length: 900000\r\n\r\n" + b"x" * 400_000),
    Attack("1,900 idle connections, many addresses", 1900, b""),
    Attack("1,900 idle connections, one address", 1900, b"", addresses=1),
)


@contextmanager
def attacked(port: int, attack: Attack) -> Iterator[None]:
    """Keep an attack up until the end of the block; whoever is closed stays away."""
    sockets, over = _open_all(port, attack), threading.Event()
    slow = threading.Thread(target=_drip, args=(sockets, attack.goes_on, over))
    slow.start()
    try:
        yield
    finally:
        over.set()
        slow.join()
        for one in sockets:
            one.close()


def _open_all(port: int, attack: Attack) -> list[socket.socket]:
    opened = []
    for number in range(attack.connections):
        one = socket.socket()
        one.bind((f"127.0.{1 + number % attack.addresses // 250}.{1 + number % attack.addresses % 250}", 0))
        one.settimeout(1)
        try:
            one.connect(("127.0.0.1", port))
            one.setblocking(False)
            if attack.opens:
                one.send(attack.opens)
        except OSError:  # refused, or closed at once: that is the server's good right
            one.close()
        else:
            opened.append(one)
    return opened


def _drip(sockets: Sequence[socket.socket], drop: bytes, over: threading.Event) -> None:
    while not over.wait(1):
        for one in sockets if drop else ():
            with contextlib.suppress(OSError):
                one.send(drop)


def ask(port: int, path: str, times: int) -> Answers:
    """Ask for a page over and over, each time on a connection of its own."""
    answers = Answers()
    for _ in range(times):
        begun = time.perf_counter()
        try:
            answered = _get(port, path)
        except OSError:
            answered = False
        if answered:
            answers.seconds.append(time.perf_counter() - begun)
        else:
            answers.missing += 1
            if answers.missing >= GIVE_UP_AFTER:
                break
    return answers


def _get(port: int, path: str) -> bool:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as one:
        one.sendall(f"GET {path} HTTP/1.1\r\nHost: site\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while piece := one.recv(65_536):
            answer += piece
    return answer.startswith(b"HTTP/1.1 200") and answer.rstrip().endswith(b"</html>")


def free_port() -> int:
    """Find a port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


Command = Callable[[int], list[str]]


def ours(port: int) -> list[str]:
    """Serve as `make demo` and the runbook do."""
    return [sys.executable, "-m", "flask", "--app", "webapp", "serve", "--port", str(port)]


def plain_waitress(port: int) -> list[str]:
    """Serve by waitress as it comes."""
    return [sys.executable, "-m", "waitress", "--listen", f"127.0.0.1:{port}", "--call", "webapp:create_app"]


def gunicorn(port: int) -> list[str]:
    """Serve by gunicorn with one worker and eight threads."""
    listens = ["--bind", f"127.0.0.1:{port}", "--threads", "8", "--worker-class", "gthread"]
    return [sys.executable, "-m", "gunicorn", *listens, "webapp:create_app()"]


@contextmanager
def served(command: Command, *, path: str = "") -> Iterator[int]:
    """Serve the site on a database of its own in a process; give its port."""
    databases, port = OnSqlite(), free_port()
    with tempfile.TemporaryDirectory(prefix="pairwell-") as folder:
        KEYS.write(Path(folder) / "keys.json")
        mine = {"PAIRWELL_DATABASE": databases.ready(), "PAIRWELL_INSTANCE": folder, "PAIRWELL_HTTPS": "0"}
        environment = {**os.environ, **mine, "PYTHONPATH": f"{ROOT}:{path}", "PAIRWELL_HASH_KIB": "1024"}
        with (Path(folder) / "server.log").open("wb") as log:
            process = subprocess.Popen(command(port), cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_until_served(port)
            yield port
        finally:
            process.kill()
            process.wait()
    databases.close()


def wait_until_served(port: int) -> None:
    """Wait until pages are answered. Raises RuntimeError after a minute."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            if _get(port, "/help"):
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def rows(command: Command, *, times: int, path: str = "", attacks: Sequence[Attack] = ATTACKS) -> Iterator[tuple]:
    """Try every attack on a fresh server each; give what is said of it, page by page."""
    let_many_files_be_open()
    with served(command, path=path) as port:
        yield ("nobody", *(ask(port, page, times) for page in PAGES))
    for attack in attacks:
        with served(command, path=path) as port, attacked(port, attack):
            yield (attack.name, *(ask(port, page, times) for page in PAGES))


def let_many_files_be_open() -> None:
    """Let this process hold the attackers' connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 8192)), hard))


def prove(*, long: bool) -> Count:
    """Count the pages asked for under every attack, and those that took over a second or were not answered."""
    times = 100 if long else 15
    tried = late = 0
    medians = []
    for _, *answers in rows(ours, times=times):
        for one in answers:
            tried += len(one.seconds) + one.missing
            late += one.missing + sum(seconds > 1 for seconds in one.seconds)
            medians.append(median(one.seconds) * 1000 if one.seconds else float("inf"))
    free, attacked_ = max(medians[: len(PAGES)]), max(medians[len(PAGES) :])
    return Count(
        tried, late, f"median {free:.0f} ms unattacked, at most {attacked_:.0f} ms under {len(ATTACKS)} attacks"
    )


def main(*asked: str) -> None:
    """Print a table: pages in milliseconds, median and longest, by server and attack."""
    path = next((one for one in asked if one not in SERVERS), "")
    print("| who attacks | server | " + " | ".join(f"`{page}`" for page in PAGES) + " |\n|---|---|--:|--:|")
    for name in [one for one in asked if one in SERVERS] or SERVERS:
        for attack, *answers in rows(SERVERS[name], times=40, path=path):
            print(f"| {attack} | {name} | " + " | ".join(one.say() for one in answers) + " |", flush=True)


SERVERS = {"serve": ours, "waitress": plain_waitress, "gunicorn": gunicorn}

if __name__ == "__main__":
    main(*sys.argv[1:])
