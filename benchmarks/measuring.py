"""How everything is measured: processor time, processes of their own with their peak memory, and tables of figures."""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from matcher import backends

DOCS = Path(__file__).parents[1] / "docs"
MENTOR_MATCH = Path(sys.prefix) / "mentor-match"
"""Where that package is installed apart: it and the package `matching` are both imported as `matching`."""
PLAIN = {"PAIRWELL_PLAIN": "1"}
"""What the environment says so that the plain backend is used."""
BOTH_WAYS: Mapping[str, Mapping[str, str]] = {"plain": PLAIN, "fast": {"PAIRWELL_PLAIN": ""}}
NOT_MEASURED = "not in this run"
Row = Sequence[str]
Found = dict[str, Any]


def milliseconds(act: Callable[[], object]) -> float:
    """Return the processor time of an act: a machine that others use too does not stretch it."""
    started = time.process_time()
    act()
    return 1e3 * (time.process_time() - started)


def median_of(acts: Iterable[Callable[[], object]], repeated: int = 1) -> float:
    """Return the median over some acts of the best of a few times, in milliseconds."""
    return statistics.median(min(milliseconds(act) for _ in range(repeated)) for act in acts)


def peak_megabytes() -> int:
    """Return the peak of this process; ru_maxrss would count its parent's before it began."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) // 1024


def in_a_process(module: str, arguments: Sequence[str], environment: Mapping[str, str]) -> Found:
    """Run a module in a process of its own and read what it prints; `failed` says why it could not."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})
    if done.returncode:
        said = done.stderr.strip().splitlines()
        return {"failed": said[-1] if said else f"it ended with {done.returncode}"}
    found: Found = json.loads(done.stdout.splitlines()[-1])
    return found


def way_chosen() -> str:
    """Name the backend of this process."""
    return backends.current().name


def table(header: Row, rows: Iterable[Row], words: int = 1) -> str:
    """Write a table of Markdown; the first columns are words, the others figures."""
    ruler = ["---"] * words + ["---:"] * (len(header) - words)
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, ruler, *rows])


def machine(*packages: str) -> str:
    """Say on what was measured."""
    named = [f"{name} {found}" for name in ("numpy", *packages) if (found := _version(name))]
    return ", ".join([platform.machine(), f"{os.cpu_count()} cores", f"Python {platform.python_version()}", *named])


def write_page(name: str, text: str) -> None:
    """Write a page of the docs."""
    (DOCS / name).write_text(text, encoding="utf-8")


def told(*cells: object) -> None:
    """Show how far it is."""
    print(*cells, file=sys.stderr, flush=True)


def _version(package: str) -> str | None:
    found = distributions(name=package, path=[*sys.path, str(MENTOR_MATCH)])
    return next((one.version for one in found), None)
