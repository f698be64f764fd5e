"""Change the engine in one small place after another and see whether a test notices: `make mutation`."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.mutation.results import Results, mutants_made, report, told
from tests.mutation.sampling import sample

MUTANTS = Path("mutants")
MAKE = "from mutmut import __main__ as it; it.copy_src_dir(); it.copy_also_copy_files(); it.create_mutants(2)"
# The compiled backend is not mutated; fewer cases than 3,000 keep the comparison with the plain reading short.
QUICK = {"PAIRWELL_PLAIN": "1", "PAIRWELL_CASES": "600", "PAIRWELL_ROUNDS": "8", "OPENBLAS_NUM_THREADS": "1"}
PLUGINS = ("-p", "tests.mutation.quick", "-p", "tests.mutation.runner")
# pytest's own account of a failure reads the whole mutated file again, which takes seconds.
PLAIN = ("--tb=native", "--assert=plain")


def main() -> None:
    """Run a sample of the mutants, or all, or those named; print the score and write down who survived."""
    asked = _asked()
    subprocess.run([sys.executable, "-c", MAKE], check=True, stdout=subprocess.DEVNULL)
    names = mutants_made(MUTANTS)
    chosen = asked.names or (names if asked.all else sample(names, asked.sample, asked.seed))
    results = _run(chosen, asked.workers)
    sys.stdout.write(report(results, len(names)))
    (MUTANTS / "survivors.txt").write_text(told(results), encoding="utf-8")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how many small changes of the engine its tests notice.")
    parser.add_argument("--sample", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("names", nargs="*", help="the mutants to run, instead of a sample")
    return parser.parse_args()


def _run(mutants: Sequence[str], workers: int) -> Results:
    """Run pytest once, in the folder of the mutated engine."""
    (MUTANTS / "asked.json").write_text(json.dumps({"mutants": mutants, "workers": workers}), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", *PLUGINS, *PLAIN, "--basetemp=scratch", "tests/matcher"]
    subprocess.run(command, cwd=MUTANTS, env={**os.environ, **QUICK, "PYTHONPATH": "."}, check=True)
    found: Results = json.loads((MUTANTS / "found.json").read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    main()
