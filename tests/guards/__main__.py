"""Switch each guard off in turn, in a copy of the project, and see its test turn red: `make guards-bite`.

With words, only the guards whose name holds one of them: python -m tests.guards exit.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.guards.listed import Guard, guards

ROOT = Path(__file__).parents[2]
FAILED = 1
"""How pytest ends when a test failed; anything else, a broken import for one, proves nothing."""


def main() -> int:
    """Print a line a guard, and at the end how many bit; exit 1 where one did not."""
    asked = sys.argv[1:]
    chosen = [guard for guard in guards() if not asked or any(word in guard.name for word in asked)]
    with tempfile.TemporaryDirectory(prefix="pairwell-guards-") as folder:
        copy = copy_of_the_project(Path(folder))
        if _run(copy, *sorted({guard.red for guard in chosen})) != 0:
            sys.stdout.write("Not every test is green while all guards stand: see to that first.\n")
            return 1
        bit = [_tell(guard, bites(guard, copy)) for guard in chosen]
    sys.stdout.write(f"guards that bite: {sum(bit)} of {len(bit)}\n")
    return int(not all(bit))


def copy_of_the_project(folder: Path) -> Path:
    """Copy what git tracks, as it stands now."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)
    return folder


def bites(guard: Guard, copy: Path) -> bool:
    """Say whether the test, which is green with the guard, is red without it; the copy is put right again."""
    path = copy / guard.file
    whole = path.read_text(encoding="utf-8")
    if whole.count(guard.cut) != 1:
        return False
    path.write_text(whole.replace(guard.cut, guard.put), encoding="utf-8")
    try:
        return _run(copy, guard.red) == FAILED
    finally:
        path.write_text(whole, encoding="utf-8")


def _run(copy: Path, *tests: str) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", *tests]
    return subprocess.run(command, cwd=copy, capture_output=True, env=_environment()).returncode


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": "."}


def _tell(guard: Guard, it_bites: bool) -> bool:
    sys.stdout.write(f"{'bites' if it_bites else 'DOES NOT BITE'}  {guard.name}\n")
    sys.stdout.flush()
    return it_bites


if __name__ == "__main__":
    sys.exit(main())
