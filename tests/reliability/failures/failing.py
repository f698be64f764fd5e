"""What can fail under the site, made real: a held write lock, a full disk, PostgreSQL gone, cut off, or mute."""

import os
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

HOLDS = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""
SMALL_DISK = 8 * 1024 * 1024
SMALL_FILE = 16 * 1024


@contextmanager
def held_lock(database: Path) -> Iterator[None]:
    """Let another process hold SQLite's write lock."""
    command = [sys.executable, "-c", HOLDS, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        try:
            yield
        finally:
            other.kill()


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of its own that can be filled: as root a small tmpfs, else the folder itself (see `full`)."""
    if os.geteuid() != 0:
        yield folder
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "none", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Fill a small disk to its last byte; who is not root gets a limit on the size of every file instead."""
    if os.geteuid() == 0:
        _fill(disk / "filler")
        yield
        (disk / "filler").unlink()
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_FILE, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _fill(path: Path) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT)
    with suppress(OSError):
        for size in (64 * 1024, 1):
            with suppress(OSError):
                while os.write(handle, b"x" * size):
                    pass
    os.close(handle)


class Wire:
    """The line between the site and a PostgreSQL server; it can be cut, taken away, or go mute."""

    def __init__(self, url: str) -> None:
        self._to, self.url = _address_of(url)
        self._alive: list[socket.socket] = []
        self._way = "open"
        self._listen(0)
        self.url = self.url.format(port=self._listener.getsockname()[1])

    def _listen(self, port: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            self._alive.append(near)
            if self._way == "open":
                self._join(near)

    def _join(self, near: socket.socket) -> None:
        family = socket.AF_UNIX if isinstance(self._to, str) else socket.AF_INET
        far = socket.socket(family)
        far.connect(self._to)
        self._alive.append(far)
        for one, other in ((near, far), (far, near)):
            threading.Thread(target=_pump, args=(one, other), daemon=True).start()

    def cut(self) -> None:
        """Cut every connection that is there; new ones go through."""
        for one in self._alive:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._alive.clear()

    def take_away(self) -> None:
        """Let the server be gone: nothing listens any more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def go_mute(self) -> None:
        """Cut what is there, and from now on accept whoever calls and say nothing."""
        self._way = "mute"
        self.cut()


def _pump(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while said := one.recv(65536):
            other.sendall(said)
    with suppress(OSError):
        other.shutdown(socket.SHUT_RDWR)


def _address_of(url: str) -> tuple[str | tuple[str, int], str]:
    parts = urlsplit(url)
    folder = parse_qs(parts.query).get("host", [""])[0]
    user = f"{parts.username}:{parts.password or ''}@" if parts.username else ""
    through = f"{parts.scheme}://{user}127.0.0.1:{{port}}{parts.path}"
    if folder:
        return f"{folder}/.s.PGSQL.{parts.port or 5432}", through
    return (parts.hostname or "127.0.0.1", parts.port or 5432), through
