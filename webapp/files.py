"""The modes of our files: nobody but their owner opens them, whatever the umask under which they were made."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ONLY_OWNER = 0o077
"""The bits that a file or folder of ours must not have."""


def close_to_others() -> None:
    """Let this process make every file for its owner alone."""
    os.umask(ONLY_OWNER)


def is_open_to_others(path: Path) -> bool:
    """Say whether anybody but the owner may do something with a file or folder that is there."""
    return bool(stat.S_IMODE(path.stat().st_mode) & ONLY_OWNER)


def find_open(folder: Path, *others: Path) -> list[Path]:
    """List what others may open: the folder, everything in it, and files elsewhere."""
    return [path for path in _ours(folder, *others) if is_open_to_others(path)]


def close(folder: Path, *others: Path) -> list[Path]:
    """Close what others may open and is ours to close. Returns what was open."""
    was_open = [path for path in find_open(folder, *others) if path.stat().st_uid == os.geteuid()]
    for path in was_open:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~ONLY_OWNER)
    return was_open


def write_whole(path: Path, text: str) -> None:
    """Write a file for its owner alone, so that a reader finds the old text or the new, never a piece."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    _sync_folder(path.parent)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Let one process at a time change the files of a folder."""
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _ours(folder: Path, *others: Path) -> Iterator[Path]:
    found = [folder, *folder.rglob("*"), *others] if folder.is_dir() else list(others)
    return (path for path in found if path.exists() and not path.is_symlink())
