"""A bare Debian root: built by debootstrap with what the README asks for, and commands run inside it."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SUITE = "bookworm"
INSTALL_WITHIN = 600
ASKED_FOR = ("python3.11", "python3.11-venv", "make", "git")
"""What the README asks for; apt brings it, because debootstrap does not know what provides what."""
SOURCES = ("etc/apt/sources.list", "etc/apt/sources.list.d/debian.sources")
WAYS = ("etc/pip.conf", "etc/xdg/pip", "etc/ssl/certs/ca-certificates.crt", "etc/resolv.conf")
SETTINGS = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CERT", "PIP_DEFAULT_TIMEOUT", "SSL_CERT_FILE")
SETTINGS += ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")
ENTER = 'mount -t proc proc {root}/proc && mount --rbind /dev {root}/dev && exec chroot {root} /bin/bash -c "$0"'


@dataclass(frozen=True)
class Root:
    """One root. What runs inside sees its own processes and mounts; all of it ends with the command."""

    path: Path

    def run(self, command: str, log: str, *, within: float) -> int:
        """Run a command to its end and return its exit status."""
        with self.running(command, log) as process:
            try:
                return process.wait(timeout=within)
            except subprocess.TimeoutExpired:
                return 124

    @contextmanager
    def running(self, command: str, log: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a command as long as what stands inside lasts; then everything that it started ends."""
        enter = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "-c", ENTER.format(root=self.path)]
        with (self.path.parent / log).open("wb") as output:
            process = subprocess.Popen(
                [*enter, command], stdout=output, stderr=subprocess.STDOUT, env=settings(), start_new_session=True
            )
            try:
                yield process
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def text(self, log: str) -> str:
        """Return what a command printed."""
        return (self.path.parent / log).read_text(encoding="utf-8", errors="replace")

    def tail(self, log: str) -> str:
        """Return the end of what a command printed."""
        return "\n".join(self.text(log).splitlines()[-30:]) + "\n"


def build(folder: Path) -> Root:
    """Build the root below a folder. Raises CalledProcessError, RuntimeError."""
    root = Root(folder / "root")
    command = ["debootstrap", "--variant=minbase", "--include=ca-certificates", SUITE, str(root.path)]
    with (folder / "debootstrap.log").open("wb") as log:
        subprocess.run([*command, *mirror()], check=True, stdout=log, stderr=subprocess.STDOUT)
    for way in (*SOURCES, *WAYS):
        copy(Path("/") / way, root.path / way)
    install = f"apt-get -qq update && apt-get -qq install -y --no-install-recommends {' '.join(ASKED_FOR)}"
    if root.run(install, "install.log", within=INSTALL_WITHIN) != 0:
        raise RuntimeError(root.tail("install.log"))
    return root


def mirror() -> list[str]:
    """Return where this machine has its Debian from; nothing where apt does not say."""
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI)", f"Codename: {SUITE}", "Component: main"]
    said = subprocess.run(asked, capture_output=True, text=True).stdout.split()
    return said[:1]


def copy(source: Path, target: Path) -> None:
    """Copy a file or a folder, where this machine has it."""
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    elif source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def settings() -> dict[str, str]:
    """Return the few settings that a command inside gets."""
    kept = {name: os.environ[name] for name in SETTINGS if name in os.environ}
    return {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "CI": "1", **kept}
