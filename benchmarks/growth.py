"""How time and memory grow: ranking over supporters, rounds over needs, as tables and as pictures.

`python -m benchmarks.growth --rank 1000 1000000 --rounds 500 100000`; each size of each mix goes in a process of its
own, plain and fast. Writes docs/benchmarks/growth.md and its two pictures.
"""

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from math import ceil, floor, log10

import numpy as np

from benchmarks.measuring import (
    BOTH_WAYS,
    Found,
    Row,
    in_a_process,
    machine,
    median_of,
    peak_megabytes,
    table,
    told,
    way_chosen,
    write_page,
)
from benchmarks.mixes import NAMES, mix
from benchmarks.solving import ours
from benchmarks.tasks import Size, task_of
from matcher.reports.svg import Panel, document, legend, legend_height, lines, text

RANK_SIZES, MILLION = (1_000, 10_000, 100_000), (1_000_000,)
ROUND_SIZES, HUGE, PLAIN_UP_TO = (500, 1_000, 2_000, 5_000), (10_000, 20_000, 50_000, 100_000), 20_000
MET, RANKED, TOP = 200, 40, 10
OFFERS_A_NEED = 0.75
WIDTH, MARGIN, GAP, HEIGHT, HEADED = 1180, 28, 20, 400, 84
"""Of a picture, in pixels: around it, between its two charts, how high these are, and how far down the legend ends."""


def rank_of(name: str, supporters: int) -> Found:
    """Measure ranking a request that is new to the roster, in milliseconds."""
    drawn = mix(name)
    roster, needs = drawn.roster(drawn.offers(supporters)), drawn.needs(MET + RANKED)
    for need in needs[:MET]:
        roster.rank(need, TOP)
    time = median_of(partial(roster.rank, need, TOP) for need in needs[MET:])
    return {"time": time, "packed": roster.columns_.nbytes / 1e6}


def round_of(name: str, needs: int) -> Found:
    """Measure a fair round from people to pairs, in seconds."""
    solved = ours(task_of(name, Size(needs, int(OFFERS_A_NEED * needs)), "fair"))
    return {"time": solved.times["scores"] + solved.times["solve"], "gap": solved.times["gap"]}


@dataclass(frozen=True)
class Subject:
    """What grows: how it is measured and told."""

    name: str
    grows: str
    unit: str
    title: str
    more: str


SUBJECTS: Mapping[str, Subject] = {
    "rank": Subject("rank", "supporters", "ms", "Ranking one request", "packed"),
    "rounds": Subject("rounds", "needs", "s", "A fair round, from people to pairs", "gap"),
}
MEASURES = {"rank": rank_of, "rounds": round_of}


@dataclass(frozen=True)
class Point:
    """One size of one mix, one way."""

    mix: str
    way: str
    size: int
    found: Found


class Grown:
    """All sizes of a subject."""

    def __init__(self, subject: Subject, points: Iterable[Point]) -> None:
        self.subject = subject
        self.points = list(points)
        self.cases = list(dict.fromkeys((point.mix, point.way) for point in self.points))

    def of(self, case: tuple[str, str], measure: str) -> list[tuple[float, float]]:
        """Return size and measure of one mix in one way."""
        return [(one.size, one.found[measure]) for one in self.points if (one.mix, one.way) == case]

    def rows(self) -> list[Row]:
        """Give a row for each size."""
        more = {"packed": "{:.1f}", "gap": "{:.0f}"}[self.subject.more]
        return [
            [
                *(one.mix, one.way, f"{one.size:,}", f"{one.found['time']:,.2f}", f"{one.found['memory']:,.0f}"),
                more.format(one.found[self.subject.more]),
            ]
            for one in self.points
        ]

    def exponents(self) -> list[Row]:
        """Give a row for each mix and way: how time and memory grow."""
        return [
            [*case, *(f"{exponent(self.of(case, measure)):.2f}" for measure in ("time", "memory"))]
            for case in self.cases
        ]

    def picture(self) -> str:
        """Draw time and memory."""
        names = [self._named(case) for case in self.cases]
        top = HEADED + legend_height(names, WIDTH - 2 * MARGIN)
        parts = [
            text(MARGIN, 44, self.subject.title, 22, bold=1),
            *legend(MARGIN, 78, names, WIDTH - 2 * MARGIN),
            *self._lines(f"Time, {self.subject.unit}", "time", MARGIN, top),
            *self._lines("Memory, MB", "memory", WIDTH / 2 + GAP / 2, top),
        ]
        described = (
            f"Time and memory over the number of {self.subject.grows}, both axes logarithmic; "
            "a line for each mix and way."
        )
        return document(WIDTH, top + HEIGHT + MARGIN, self.subject.title, described, parts)

    def _lines(self, title: str, measure: str, left: float, top: float) -> Iterable[str]:
        sizes = sorted({point.size for point in self.points})
        values = [point.found[measure] for point in self.points]
        lowest, highest = floor(log10(min(values))), ceil(log10(max(values)))
        panel = Panel(
            *(left, top, WIDTH / 2 - MARGIN - GAP / 2, HEIGHT, title, self.subject.grows),
            labels=[f"{size:,}" for size in sizes],
            least=10.0**lowest,
            most=10.0 ** max(lowest + 1, highest),
            places=[log10(size / sizes[0]) / log10(sizes[-1] / sizes[0]) for size in sizes] if sizes[1:] else (),
        )
        return lines(panel, [[dict(self.of(case, measure)).get(size) for size in sizes] for case in self.cases])

    def _named(self, case: tuple[str, str]) -> str:
        time, memory = (exponent(self.of(case, measure)) for measure in ("time", "memory"))
        return f"{', '.join(case)}: time n^{time:.2f}, memory n^{memory:.2f}"


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """Return the least-squares exponent of value = c x size^exponent over the logarithms, to two decimals.

    >>> exponent([(10, 3.0), (100, 300.0), (1000, 30_000.0)])
    2.0
    """
    if len({size for size, _ in points}) < 2:
        return float("nan")
    sizes, values = np.log(np.array(points)).T
    return float(np.polyfit(sizes, values, 1)[0].round(2)) + 0.0


def measured(subject: str, name: str, size: int) -> Found:
    """Measure one size in this process; `memory` is its peak above Python with its libraries."""
    way_chosen()
    before = peak_megabytes()
    found = MEASURES[subject](name, size)
    return found | {"memory": max(1, peak_megabytes() - before)}


def points_of(subject: str, sizes: Sequence[int], names: Sequence[str]) -> Iterable[Point]:
    """Measure every size of every mix in both ways, each in a process of its own."""
    for name, (way, environment), size in product(names, BOTH_WAYS.items(), sizes):
        if (subject, way) == ("rounds", "plain") and size > PLAIN_UP_TO:
            continue
        found = in_a_process("growth", ["--one", subject, "--mixes", name, "--size", str(size)], environment)
        told(subject, name, way, size, found)
        if "failed" not in found:
            yield Point(name, way, size, found)


TEMPLATE = """# Benchmarks: growth

Written by `make bench` (`make bench MILLION=1 HUGE=1` adds the last sizes); not typed by hand. Processor time, each
size in a process of its own; *memory* is its peak above that of Python with its libraries: people, packed roster and
all that was worked out. *n^x* is the least-squares exponent over the logarithms of all sizes shown; small sizes, where
a call costs the same whatever the size, pull it down.

Two question mixes, *recovery* (the default questionnaire) and *themes* (200 topics):
[their people, and how they differ](people.md). *plain* is without, *fast* with the extra `fast`. {machine}.

## Ranking one request

![Time and memory of ranking over the number of supporters](../pictures/growth-rank.svg)

{rank_exponents}

{rank}

*packed*: the roster's columns as ranking reads them, MB; the rest of the memory is everybody as an object.

## A fair round, from people to pairs

![Time and memory of a round over the number of needs](../pictures/growth-rounds.svg)

{rounds_exponents}

{rounds}

Three supporters for four needs, with the places that they have. *gap*: what the prices leave open, 0 is proved.
"""
EXPONENTS = ["mix", "way", "time, n^", "memory, n^"]


def main() -> None:
    """Measure the sizes that are named; write the page and the pictures."""
    parser = argparse.ArgumentParser(description="Measure growth.")
    parser.add_argument("--rank", nargs="+", type=int, default=RANK_SIZES, metavar="SUPPORTERS")
    parser.add_argument("--rounds", nargs="+", type=int, default=ROUND_SIZES, metavar="NEEDS")
    parser.add_argument("--million", action="store_true", help="rank among a million, too")
    parser.add_argument("--huge", action="store_true", help="rounds up to 100,000 needs, too")
    parser.add_argument("--mixes", nargs="+", choices=NAMES, default=NAMES)
    parser.add_argument("--one", choices=MEASURES, help="measure one size in this process, as JSON")
    parser.add_argument("--size", type=int, help="with --one")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measured(options.one, options.mixes[0], options.size)))
        return
    tables = dict[str, str]()
    ranks, rounds = [*options.rank, *MILLION * options.million], [*options.rounds, *HUGE * options.huge]
    for name, sizes in (("rank", ranks), ("rounds", rounds)):
        subject = SUBJECTS[name]
        grown = Grown(subject, points_of(name, sizes, options.mixes))
        header = ["mix", "way", subject.grows, f"time, {subject.unit}", "memory, MB", subject.more]
        tables |= {name: table(header, grown.rows(), 2), f"{name}_exponents": table(EXPONENTS, grown.exponents(), 2)}
        write_page(f"pictures/growth-{name}.svg", grown.picture())
    write_page("benchmarks/growth.md", TEMPLATE.format(machine=machine("numba"), **tables))


if __name__ == "__main__":
    main()
