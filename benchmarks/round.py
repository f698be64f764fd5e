"""Rounds, plain and fast, beside what others would reach for: dense assignment, the greedy best pair, stable marriage.

`python -m benchmarks.round 500x400 10000x10000:1 --mixes themes`; each mix, size, objective and way goes in a process
of its own, so that its peak memory is its own. round_page.py writes docs/benchmarks/rounds.md of what was found.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from itertools import product

from benchmarks.after import after
from benchmarks.measuring import DOCS, PLAIN, Found, in_a_process, peak_megabytes, told
from benchmarks.mixes import NAMES
from benchmarks.outcomes import Outcome
from benchmarks.round_page import write
from benchmarks.solving import WAYS, is_installed
from benchmarks.tasks import Size, task_of
from matcher.rounds.objectives import Objective

SIZES, LARGE = ("500x400", "2000x1500"), ("5000x5000:1", "10000x10000", "10000x10000:1")
HUGE = ("20000x15000", "20000x20000:1", "100000x100000:1")
OBJECTIVES: tuple[Objective, ...] = ("fair", "total")
SMALL_UP_TO, GREEDY_UP_TO, DENSE_FAIR_UP_TO, DENSE_UP_TO, PLAIN_UP_TO = 500, 10_000, 2_000, 10_000, 20_000
"""Needs up to which a way is gone: beyond, it would take hours or more memory than there is, and tell nothing new."""
FOUND = DOCS / "benchmarks" / "rounds.json"
DENSE_ONCE = "20000x20000:1"
"""Where the dense ways are gone once more, with --huge: 8 GB and some minutes."""


def measured(name: str, size: Size, objective: Objective, way: str) -> Found:
    """Go one way in this process, and say what came of it."""
    task = task_of(name, size, objective)
    loaded = peak_megabytes()
    solved = WAYS[way](task)
    found = {**solved.times, "loaded": loaded, "peak": peak_megabytes()}
    task.check(solved.seats)
    return found | task.came_of(solved.seats) | (after(task, solved.round) if solved.round else {})


def ways_for(size: Size, objective: Objective) -> Iterator[str]:
    """Name the ways that are gone for a size: the others aim at the total alone."""
    dense = size.needs if size == Size.read(DENSE_ONCE) else DENSE_UP_TO
    limits = {"fast": size.needs, "plain": PLAIN_UP_TO, "scipy": DENSE_FAIR_UP_TO}
    if objective == "total":
        limits |= {"scipy": dense, "lapx": dense}
        limits |= {"greedy": GREEDY_UP_TO, "stable": SMALL_UP_TO, "mentor-match": SMALL_UP_TO}
    yield from (way for way, most in limits.items() if size.needs <= most)


def outcomes(name: str, size: Size, only: Sequence[str], objectives: Sequence[Objective]) -> Iterator[Outcome]:
    """Go all ways for one mix and size; with `only` no others than those."""
    for objective in objectives:
        for way in ways_for(size, objective):
            if is_installed(way) and (not only or way in only):
                arguments = ["--one", way, "--objective", objective, "--mixes", name, "--", size.written]
                environment = PLAIN if way == "plain" else {"PAIRWELL_PLAIN": ""}
                found = in_a_process("round", arguments, environment)
                yield Outcome(name, size, objective, way, found)


def keep(done: Sequence[Outcome]) -> None:
    """Keep what was found, for a run that adds to it: the largest sizes take an hour."""
    said = [[one.mix, one.size.written, one.objective, one.way, one.found] for one in done]
    FOUND.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


def kept() -> list[Outcome]:
    """Read what the runs before found."""
    said = json.loads(FOUND.read_text(encoding="utf-8")) if FOUND.exists() else []
    return [Outcome(mix, Size.read(size), objective, way, found) for mix, size, objective, way, found in said]


def main() -> None:
    """Measure the sizes that are named, and write the page."""
    parser = argparse.ArgumentParser(description="Measure rounds.")
    parser.add_argument("sizes", nargs="*", default=SIZES, help="500x400; 10000x10000:1 where all have one place")
    parser.add_argument("--large", action="store_true", help=f"add {' '.join(LARGE)}")
    parser.add_argument("--huge", action="store_true", help=f"add {' '.join(HUGE)}")
    parser.add_argument("--mixes", nargs="+", choices=NAMES, default=NAMES)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=(), help="go these alone")
    parser.add_argument("--one", choices=WAYS, help="go one way in this process, as JSON")
    parser.add_argument("--objectives", nargs="+", choices=OBJECTIVES, default=OBJECTIVES)
    parser.add_argument("--objective", choices=OBJECTIVES, default="total", help="with --one")
    parser.add_argument("--add", action="store_true", help="add to what the last runs found, a whole size at a time")
    options = parser.parse_args()
    if options.one:
        size = Size.read(options.sizes[0])
        print(json.dumps(measured(options.mixes[0], size, options.objective, options.one)))
        return
    done = kept() if options.add else []
    sizes = [*options.sizes, *LARGE * options.large, *HUGE * options.huge]
    for size, name in product(map(Size.read, sizes), options.mixes):
        done = [one for one in done if (one.mix, one.size) != (name, size)]
        for outcome in outcomes(name, size, options.ways, options.objectives):
            done.append(outcome)
            told(outcome)
        keep(done)
        write(done)


if __name__ == "__main__":
    main()
