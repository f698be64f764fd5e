"""A drill: nginx from Debian, as docs/examples/nginx.conf sets it up, in front of two processes of the site.

It asks whether addresses are those of the visitors, forged headers are not believed, forms go through as over HTTPS,
strangers keep nobody waiting, another name gets no answer, and one process that dies is not missed.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

from tests.programme.databases import KEYS, OnSqlite
from tests.proofs.counts import Count
from tests.reliability.servers.strangers import (
    HALF,
    ROOT,
    Attack,
    attacked,
    free_port,
    let_many_files_be_open,
    wait_until_served,
)

EXAMPLE = ROOT / "docs/examples/nginx.conf"
NAME = "example.org"
WRAPPED = """daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
worker_processes 1; worker_rlimit_nofile 4096;
events {{ worker_connections 2048; }}
http {{ client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi; {site} }}
"""


def prove(*, long: bool) -> Count:
    """Count what was asked of the site behind nginx, and what was not as it should be."""
    install()
    let_many_files_be_open()
    with behind_nginx() as (port, processes):
        found = {
            "a page with what HTTPS needs": is_as_over_https(port),
            "a form goes through": form_goes_through(port),
            "a forged address is not believed": addresses_are_the_visitors(port),
            "another name gets no answer": other_names_get_no_answer(port),
            "half-sent forms keep nobody waiting": nobody_waits(port, times=40 if long else 10),
            "a process that dies is not missed": one_may_die(port, processes),
        }
    wrong = [name for name, is_right in found.items() if not is_right]
    return Count(len(found), len(wrong), "; ".join(wrong) or "nginx 1.22 of Debian, two processes, SQLite")


AT_ONCE = 30
"""Guesses at the same moment: more than the lane of a name lets through."""


def install() -> None:
    """Install nginx where that is possible. Raises RuntimeError with the remedy."""
    if shutil.which("nginx") is None and os.geteuid() == 0:
        subprocess.run(["apt-get", "install", "-qq", "-y", "nginx-light"], check=True, capture_output=True)
    if shutil.which("nginx") is None:
        raise RuntimeError("nginx is missing. Install it: sudo apt-get install nginx-light")


@contextmanager
def behind_nginx() -> Iterator[tuple[int, list[subprocess.Popen[bytes]]]]:
    """Serve the site by two processes behind nginx; give nginx's port and the processes."""
    databases = OnSqlite()
    with tempfile.TemporaryDirectory(prefix="pairwell-") as name, ExitStack() as all_of_them:
        folder = Path(name)
        KEYS.write(folder / "keys.json")
        url = databases.ready()
        ports = [free_port(), free_port()]
        processes = [all_of_them.enter_context(_site(folder, url, port)) for port in ports]
        for port in ports:
            wait_until_served(port)
        front = free_port()
        all_of_them.enter_context(_nginx(folder, front, ports))
        yield front, processes
    databases.close()


@contextmanager
def _site(folder: Path, url: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    mine = {
        "PAIRWELL_DATABASE": url,
        "PAIRWELL_INSTANCE": str(folder),
        "PAIRWELL_PROXIES": "1",
        "PAIRWELL_HASH_KIB": "1024",
    }
    command = [sys.executable, "-m", "flask", "--app", "webapp", "serve", "--port", str(port)]
    with (folder / f"{port}.log").open("wb") as log:
        told = {**os.environ, **mine, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, cwd=ROOT, env=told, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def _nginx(folder: Path, front: int, ports: list[int]) -> Iterator[None]:
    folder.chmod(0o755)  # nginx's own user looks for its folders in here
    site = EXAMPLE.read_text(encoding="utf-8").replace("listen 443", f"listen 127.0.0.1:{front}")
    for number, port in zip((8001, 8002), ports, strict=True):
        site = site.replace(f"127.0.0.1:{number}", f"127.0.0.1:{port}")
    path = folder / "nginx.conf"
    path.write_text(WRAPPED.format(folder=folder, site=site), encoding="utf-8")
    process = subprocess.Popen(["nginx", "-c", str(path)], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError, HTTPException):
                if ask(front, "/help")[0].status == 200:
                    break
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


def ask(
    port: int, path: str, *, fields: dict[str, str] | None = None, source: str = "127.0.0.1", **headers: str
) -> tuple[HTTPResponse, str]:
    """Ask nginx for a page, or send it a form; return the answer and its text."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20, source_address=(source, 0))
    told = {
        "Host": NAME,
        "Referer": f"https://{NAME}/",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    if fields is not None:
        told["Content-Type"] = "application/x-www-form-urlencoded"
    body = urlencode(fields) if fields is not None else None
    connection.request("GET" if fields is None else "POST", path, body=body, headers=told)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer, text


def form_of(port: int, path: str) -> tuple[str, dict[str, str]]:
    """Open a page with a form; return the cookie and the hidden field."""
    answer, text = ask(port, path)
    cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
    (token,) = set(re.findall(r'name="csrf_token" value="([^"]+)"', text))
    return cookie, {"csrf_token": token}


def is_as_over_https(port: int) -> bool:
    """Say whether cookies are for HTTPS alone and the browser is told to stay with it."""
    answer, _ = ask(port, "/sign-in")
    cookie = answer.headers["Set-Cookie"]
    return (
        "Secure" in cookie and cookie.startswith("__Host-") and answer.headers["Strict-Transport-Security"] is not None
    )


def form_goes_through(port: int) -> bool:
    """Say whether a form with the right hidden field and an https referrer is taken, and leads on within the site."""
    cookie, hidden = form_of(port, "/sign-in")
    answer, _ = ask(port, "/language", fields={**hidden, "language": "fr", "back": "/about"}, Cookie=cookie)
    return answer.status == 303 and answer.headers["Location"] == "/about"


def addresses_are_the_visitors(port: int) -> bool:
    """Say whether guesses are counted by where they come from, whatever their headers say."""
    cookie, hidden = form_of(port, "/sign-in")
    guess = {**hidden, "username": "nobody.here", "passphrase": "wrong and long enough"}
    forged_as = (f"203.0.113.{number}" for number in range(AT_ONCE))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        forged = list(
            pool.map(
                lambda said: ask(
                    port, "/sign-in", fields=guess, source="127.0.0.2", Cookie=cookie, X_Forwarded_For=said
                ),
                forged_as,
            )
        )
    from_elsewhere, _ = ask(port, "/sign-in", fields=guess, source="127.0.0.3", Cookie=cookie)
    statuses = [answer.status for answer, _ in forged]
    return {422, 429} <= set(statuses) and from_elsewhere.status != 429


def other_names_get_no_answer(port: int) -> bool:
    """Say whether somebody who asks for another host is left without an answer."""
    try:
        ask(port, "/", Host="evil.example")
    except (HTTPException, OSError):
        return True
    return False


def nobody_waits(port: int, times: int) -> bool:
    """Say whether pages come within a second while many send half a form."""
    with attacked(port, Attack("half", 500, HALF.replace(b"Host: site", f"Host: {NAME}".encode()))):
        for _ in range(times):
            begun = time.monotonic()
            if ask(port, "/help")[0].status != 200 or time.monotonic() - begun > 1:
                return False
    return True


def one_may_die(port: int, processes: list[subprocess.Popen[bytes]]) -> bool:
    """Say whether every page comes though one of the two processes was killed."""
    processes[0].kill()
    processes[0].wait()
    return all(ask(port, "/help")[0].status == 200 for _ in range(20))


if __name__ == "__main__":
    print(prove(long="--long" in sys.argv))
