"""Time `rank` against a linear read of the same bytes, a plain Python loop and cosine similarity, on both mixes.

`python -m benchmarks.rank 1000 10000 --mixes themes`; each mix, size and way goes in a process of its own, and each
ratio is to something measured in the same process. `make bench` writes the tables into docs/benchmarks/ranking.md.
"""

import argparse
import json
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.cosine import FILTERED_FROM, Cosine
from benchmarks.measuring import (
    BOTH_WAYS,
    NOT_MEASURED,
    Found,
    Row,
    in_a_process,
    machine,
    median_of,
    milliseconds,
    peak_megabytes,
    table,
    told,
    way_chosen,
    write_page,
)
from benchmarks.mixes import NAMES, mix
from benchmarks.plain_loop import PlainLoop
from matcher.people import Need, Offer
from matcher.ranking.results import Ranking
from matcher.ranking.roster import Roster
from matcher.rules.gates import Avoided, gates
from matcher.rules.shared_hours import Query

SIZES, MILLION, OTHERS_UP_TO = (1_000, 10_000, 100_000), 1_000_000, 100_000
MET, NEEDS, TOP, UPDATES, REPEATED, READS = 200, 40, 10, 200, 3, 15
"""Requests that a roster has met before, and those that are timed, each the first time that it is ranked."""


# One mix, one size, one way


def measured(name: str, size: int) -> Found:
    """Measure one size of one mix in this process, the way that its environment chooses."""
    drawn = mix(name)
    offers, all_needs = drawn.offers(size), drawn.needs(MET + 2 * NEEDS)
    met, needs, others = all_needs[:MET], all_needs[MET:-NEEDS], all_needs[-NEEDS:]
    roster = drawn.roster(offers[:1])
    found: Found = {"way": way_chosen(), "fit": milliseconds(lambda: roster.fit(offers))}
    for need in met:
        roster.rank(need, TOP)
    found |= {
        "bytes": roster.columns_.nbytes,
        "rank": median_of(partial(roster.rank, need, TOP) for need in needs),
        "read": _linear_read(roster.columns_.nbytes),
        "update": _one_update(roster, offers),
        "peak": peak_megabytes(),
    }
    found |= _where_it_goes(roster, others)
    return found if size > OTHERS_UP_TO else found | _others(roster, offers, needs)


def _linear_read(size: int) -> float:
    """Read as many bytes as the packed roster takes, once from end to end."""
    same = np.ones(size // 8, dtype=np.uint64)
    return median_of([lambda: np.bitwise_xor.reduce(same)] * READS)


def _one_update(roster: Roster, offers: Sequence[Offer]) -> float:
    changed = offers[:: max(1, len(offers) // UPDATES)][:UPDATES]
    return median_of(partial(roster.update, offer) for offer in changed)


def _where_it_goes(roster: Roster, needs: Sequence[Need]) -> Found:
    """Tell the parts of ranking that can be called alone, of requests that were not ranked, and how many pass."""

    def encoded(need: Need) -> object:
        return roster.encoding.encode(need)

    def held(need: Need) -> object:
        return gates(Query(need, roster.columns_, roster.on), Avoided({}, {}))

    def explained(need: Need) -> object:
        return [one.facts for one in roster.rank(need, TOP).candidates]

    parts = {"encoding": encoded, "gates": held, "explained": explained}
    times = {name: median_of(partial(act, need) for need in needs) for name, act in parts.items()}
    return {**times, "pass": statistics.median(len(roster.scored(need).rows) for need in needs)}


def _others(roster: Roster, offers: Sequence[Offer], needs: Sequence[Need]) -> Found:
    """Compare with the plain loop and with cosine similarity."""
    loop = PlainLoop(roster, offers)
    cosine = Cosine(roster, loop)
    ranked = [roster.rank(need, TOP) for need in needs]
    return {
        "loop": median_of(partial(loop.rank, need, TOP) for need in needs),
        "equal": sum(_said(one) == loop.rank(need, TOP) for one, need in zip(ranked, needs, strict=True)),
        "cosine": median_of([partial(cosine.rank, need, TOP) for need in needs], REPEATED),
        "recall": statistics.mean(
            _recall(one, cosine.rank(need, TOP)) for one, need in zip(ranked, needs, strict=True)
        ),
    }


def _said(ranking: Ranking) -> list[tuple[str, int]]:
    return [(candidate.offer, candidate.grains) for candidate in ranking.candidates]


def _recall(ranking: Ranking, found: Sequence[str]) -> float:
    right = [candidate.offer for candidate in ranking.candidates]
    return len(set(right) & set(found)) / len(right) if right else 1.0


# The page


def both_ways(name: str, size: int) -> "Size":
    """Measure one size of one mix in both ways, each in a process of its own."""
    arguments = ["--one", "--mixes", name, "--", str(size)]
    plain, fast = (in_a_process("rank", arguments, environment) for environment in BOTH_WAYS.values())
    for found in (plain, fast):
        if "failed" in found:
            raise RuntimeError(f"{name} {size}: {found['failed']}")
    return Size(name, size, plain, fast)


@dataclass(frozen=True)
class Size:
    """One mix at one size, and what was measured in both ways."""

    name: str
    size: int
    plain: Found
    fast: Found

    @property
    def named(self) -> Row:
        """Name it, as the first cells of a row."""
        return self.name, f"{self.size:,}"

    def times(self, over: str, form: str = ",.0f") -> Iterator[str]:
        """Give the same ratio in both ways: how many times the ranking something takes."""
        for found in (self.plain, self.fast):
            yield format(found[over] / found["rank"], form)

    def against_others(self) -> Row:
        """Compare with the plain loop and with cosine similarity."""
        plain, fast = self.plain, self.fast
        times = (f"{plain['rank']:.2f}", f"{fast['rank']:.2f}")
        equal = f"{plain['equal'] + fast['equal']} of {2 * NEEDS}"
        return [*self.named, *times, *self.times("loop"), equal, *self.times("cosine"), f"{plain['recall']:.2f}"]

    def against_reading(self) -> Row:
        """Compare with a linear read of the packed roster."""
        plain, fast = self.plain, self.fast
        ratios = (f"{found['rank'] / found['read']:,.2f}" for found in (plain, fast))
        bytes_ = (f"{plain['bytes'] / self.size:.0f}", f"{plain['bytes'] / 1e6:,.1f}")
        return [*self.named, *bytes_, f"{plain['read']:.3f}", f"{plain['rank']:.2f}", f"{fast['rank']:.2f}", *ratios]

    def where_it_goes(self) -> Row:
        """Tell where the time of the plain way goes."""
        plain = self.plain
        rest = plain["rank"] - plain["encoding"] - plain["gates"]
        times = (plain["rank"], plain["encoding"], plain["gates"], rest, plain["explained"])
        return [*self.named, *(f"{ms:.2f}" for ms in times), f"{plain['pass']:,.0f}"]

    def kept_up_to_date(self) -> Row:
        """Compare one update with fitting anew."""
        plain = self.plain
        each = (f"{1e3 * plain['fit'] / self.size:.1f}", f"{plain['update']:.2f}")
        return [*self.named, *each, f"{plain['fit'] / plain['update']:,.0f}", f"{plain['peak']:,}"]


def reached(sizes: Sequence[Size]) -> Iterator[Row]:
    """Give a row for each reach, and a cell for each mix."""
    found = {(one.name, one.size): one for one in sizes}
    for words, asked, size, told_of in REACHES:
        cells = (told_of(found[name, size]) if (name, size) in found else NOT_MEASURED for name in NAMES)
        yield [words, asked, *cells]


def _beside_a_read(one: Size) -> str:
    return " / ".join(f"{found['rank'] / found['read']:.2f}" for found in (one.plain, one.fast))


REACHES: tuple[tuple[str, str, int, Callable[[Size], str]], ...] = (
    ("among 1,000,000, times a linear read", "1.5 / 1.0", MILLION, _beside_a_read),
    ("packed roster of 1,000,000, MB", "150", MILLION, lambda one: f"{one.plain['bytes'] / 1e6:.0f}"),
    ("among 100,000, loop / rank", "250 / 1,000", 100_000, lambda one: " / ".join(one.times("loop"))),
    (
        "among 100,000, cosine / rank (its recall)",
        "100",
        100_000,
        lambda one: f"{' / '.join(one.times('cosine'))} ({one.plain['recall']:.2f})",
    ),
    ("1,000,000, fit / update", "10,000", MILLION, lambda one: f"{one.plain['fit'] / one.plain['update']:,.0f}"),
)
REACHED = ["reach", "asked", *NAMES]
OTHERS = [
    *("mix", "supporters", "plain, ms", "fast, ms", "loop / plain", "loop / fast", "loop equal"),
    *("cosine / plain", "cosine / fast", "its recall"),
]
READING = [
    *("mix", "supporters", "bytes each", "packed, MB", "linear read, ms", "plain, ms", "fast, ms"),
    *("plain / read", "fast / read"),
]
PARTS = [
    "mix",
    "supporters",
    "rank, ms",
    "encoding, ms",
    "gates, ms",
    "scores and order, ms",
    "and explain, ms",
    "pass",
]
KEPT = ["mix", "supporters", "fit, µs each", "one update, ms", "fit / update", "whole process, MB"]
TEMPLATE = """# Benchmarks: ranking

Written by `make bench` (`make bench MILLION=1` adds the last size); not typed by hand. Times are processor time; they
drift on a shared machine, so what counts are the ratios, each to something measured in the same process.

Medians over {needs} drawn requests, each ranked for the first time after {met} others, top {top}. Two question mixes:
*recovery* (the default questionnaire) and *themes* (200 topics): [their people, and how they
differ](people.md). *plain* is without, *fast* with the extra `fast` (its way here: {ways}). {machine}.

## What is to be reached, and what is

{reached}

With a slash: plain / fast.

## Ranking one request, and other ways of doing it

{others}

- *loop*: benchmarks/plain_loop.py, sets and dicts, cheap gates first, then the sum of the same grains, supporter by
  supporter; *loop / plain* is how many times as long it takes. *Loop equal* counts the requests whose top {top} and
  grains are the same in both, in both ways.
- *cosine*: benchmarks/cosine.py, scikit-learn's cosine similarity of the marks, then the gates on the {filtered} most
  similar, until {top} pass. *Its recall* is the share of the right {top} that it finds; that of `rank` is 1.

## Beside a linear read of the packed roster

{reading}

- *packed*: all columns, with the week and the date in use. Supporters as they were read, their ids and the way from ids
  to rows are not in it.
- *linear read*: reading as many bytes as the packed roster takes, once from end to end, by one NumPy call.

## Where the time goes, plain

{parts}

- *encoding*: the request to whole grains. *gates*: all of them for everybody, shared hours too. *scores and order*: who
  passes, scored until nobody else can reach the last place shown. These three are *rank*; on small rosters they are
  the price of some hundred NumPy calls, whatever the size.
- *and explain*: what the {top} share and lack is worked out when it is read; here it is.
- *pass*: the median of how many supporters pass every gate.

## Keeping a roster

{kept}

- *fit*: packing every supporter and learning rarities and means. *update*: one supporter changed, packed again.
- *whole process*: the most that Python, its libraries, everybody as an object and the packed roster took.
"""


def page(sizes: Sequence[Size]) -> str:
    """Write the page of what was measured."""
    others = [size.against_others() for size in sizes if size.size <= OTHERS_UP_TO]
    return TEMPLATE.format(
        needs=NEEDS,
        met=MET,
        top=TOP,
        filtered=f"{FILTERED_FROM:,}",
        machine=machine("scikit-learn", "numba"),
        ways=" or ".join(sorted({size.fast["way"] for size in sizes})),
        reached=table(REACHED, reached(sizes), 2),
        others=table(OTHERS, others),
        reading=table(READING, [size.against_reading() for size in sizes]),
        parts=table(PARTS, [size.where_it_goes() for size in sizes]),
        kept=table(KEPT, [size.kept_up_to_date() for size in sizes]),
    )


def main() -> None:
    """Measure every size and write the page."""
    parser = argparse.ArgumentParser(description="Time ranking, and write docs/benchmarks/ranking.md.")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="supporters; default 1000 10000 100000")
    parser.add_argument("--mixes", nargs="+", choices=NAMES, default=NAMES)
    parser.add_argument("--million", action="store_true", help="measure a million supporters too; takes some minutes")
    parser.add_argument("--one", action="store_true", help="measure one size of one mix in this process, as JSON")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measured(options.mixes[0], options.sizes[0])))
        return
    done = []
    for size in [*options.sizes, *[MILLION] * options.million]:
        for name in options.mixes:
            done.append(both_ways(name, size))
            told(*done[-1].against_reading())
            write_page("benchmarks/ranking.md", page(sorted(done, key=lambda one: (NAMES.index(one.name), one.size))))


if __name__ == "__main__":
    main()
