"""Build a bare Debian root, run both commands of the README in a fresh clone there, and say what each took.

As root, with debootstrap. Only the ways to the package registries (of apt and pip) are copied from this machine.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fresh.root import Root, build

REPOSITORY = Path(__file__).parents[2]
CLONE = "/srv/pairwell"
DEMO_WITHIN, TEST_WITHIN = 900, 5400


def main() -> int:
    """Build, run, tell; exit 1 where one of the two commands failed."""
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        sys.stderr.write("Run it as root, with debootstrap: sudo apt-get install debootstrap\n")
        return 1
    with tempfile.TemporaryDirectory(prefix="pairwell-fresh-") as folder, told("a bare Debian root"):
        root = build(Path(folder))
        clone_into(root)
        results = [
            timed("make demo, until the first page answers", lambda: demo(root)),
            timed("make demo, the second time", lambda: demo(root)),
            timed("make test", lambda: test(root)),
            timed("the lock of the tests with the newest pip", lambda: newest_pip(root)),
        ]
    return int(not all(results))


def clone_into(root: Root) -> None:
    """Clone what is committed, as somebody would who comes by."""
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(REPOSITORY), str(root.path / CLONE[1:])], check=True)


def demo(root: Root) -> bool:
    """Start the demonstration, and stop it when its first page has answered."""
    port = free_port()
    with root.running(f"cd {CLONE} && make demo PORT={port}", "demo.log") as process:
        ends = time.monotonic() + DEMO_WITHIN
        while time.monotonic() < ends and process.poll() is None:
            if answers(f"http://127.0.0.1:{port}/"):
                return True
            time.sleep(0.2)
    sys.stdout.write(root.tail("demo.log"))
    return False


def test(root: Root) -> bool:
    """Run what CI runs, and print what failed, and the line with which pytest closes."""
    ended = root.run(f"cd {CLONE} && bash .ci/run", "test.log", within=TEST_WITHIN)
    closing = re.findall(r"^(?:FAILED .*|ERROR .*|=+ \d+ .* in .* =+)$", root.text("test.log"), re.MULTILINE)
    sys.stdout.writelines(f"  {line}\n" for line in closing or [root.tail("test.log")])
    return ended == 0


def newest_pip(root: Root) -> bool:
    """Install the lock of the tests with the newest pip, as somebody does who upgrades it first."""
    steps = (
        "python3 -m venv /tmp/newest",
        "/tmp/newest/bin/pip install --quiet --upgrade pip",
        f"/tmp/newest/bin/pip install --quiet --require-hashes -r {CLONE}/requirements/test.txt",
        "/tmp/newest/bin/pip check",
        "/tmp/newest/bin/pip --version | cut -d' ' -f1,2",
    )
    ended = root.run(" && ".join(steps), "pip.log", within=DEMO_WITHIN)
    sys.stdout.write(f"  {root.text('pip.log').splitlines()[-1]}\n" if ended == 0 else root.tail("pip.log"))
    return ended == 0


def answers(address: str) -> bool:
    """Say whether an address answers with a page."""
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def timed(what: str, act: object) -> bool:
    """Do something and tell how long it took."""
    with told(what):
        return bool(act())  # type: ignore[operator]


@contextmanager
def told(what: str) -> Iterator[None]:
    """Tell how long what stands inside took."""
    begun = time.monotonic()
    yield
    sys.stdout.write(f"{what}: {time.monotonic() - begun:.0f} s\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
