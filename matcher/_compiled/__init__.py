"""The compiled backend: twins of the engine's innermost functions in numba, the optional extra `fast`.

Nothing is decided here: each function does the steps of its plain twin in the same order and comes to the same
numbers. backends.py chooses between the two, and loads this package only where numba is installed.
"""

from contextlib import suppress
from pathlib import Path

HERE = Path(__file__).parent


def forget_outdated(folder: Path = HERE) -> None:
    """Delete what was compiled before the newest source of a folder.

    numba compiles a function again if its own file has changed, and not if the file of one that it calls has.
    """
    newest = max(source.stat().st_mtime_ns for source in folder.glob("*.py"))
    for index in folder.glob("__pycache__/*.nbi"):
        with suppress(FileNotFoundError):  # another process that starts now may have deleted it first
            if index.stat().st_mtime_ns < newest:
                index.unlink()
