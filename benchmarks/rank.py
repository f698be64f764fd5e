"""Time `rank` against a linear read of the same bytes, a plain Python loop and cosine similarity, all in one run.

Run by `make bench`, which writes the tables into docs/benchmarks.md; `--million` adds a roster of a million.
"""

import argparse
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import sklearn

from benchmarks import invented
from benchmarks.cosine import FILTERED_FROM, Cosine
from benchmarks.plain_loop import PlainLoop
from matcher import questionnaire, weights
from matcher.people import Need
from matcher.ranking import Roster
from matcher.results import Ranking
from matcher.scoring import encode

SIZES, MILLION = (1_000, 10_000, 100_000), 1_000_000
NEEDS, TOP, UPDATES, REPEATED = 20, 10, 200, 3
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
Row = list[str]


def median_ms(act: Callable[[Need], object], needs: Sequence[Need], repeated: int = REPEATED) -> float:
    """Return the median over the needs of the best of a few times, in milliseconds."""
    return statistics.median(min(_ms(lambda need=need: act(need)) for _ in range(repeated)) for need in needs)


def _ms(act: Callable[[], object]) -> float:
    """Return the processor time of an act: a machine that others use too does not stretch it."""
    started = time.process_time()
    act()
    return 1e3 * (time.process_time() - started)


class Measured:
    """One size of roster, fitted, with what was measured of it."""

    def __init__(self, size: int) -> None:
        questions = questionnaire.load()
        self.offers, self.needs = invented.offers(questions, size), invented.needs(questions, NEEDS)
        self.roster = Roster(questionnaire=questions, weights=weights.load(questions), on=invented.ON)
        self.fit_ms = _ms(lambda: self.roster.fit(self.offers))
        self.roster.rank(self.needs[0], TOP)
        self.bytes = self.roster.columns_.nbytes
        self.rank_ms = median_ms(lambda need: self.roster.rank(need, TOP), self.needs)
        self.read_ms = self._linear_read_ms()

    def _linear_read_ms(self) -> float:
        """Read as many bytes as all packed facts take, once from end to end."""
        same = np.ones(self.bytes // 8, dtype=np.uint64)
        return statistics.median(_ms(lambda: np.bitwise_xor.reduce(same)) for _ in range(15))

    def against_others(self) -> Row:
        """Compare with the plain loop and with cosine similarity."""
        roster, needs = self.roster, self.needs
        loop = PlainLoop(roster, self.offers, invented.ON)
        cosine = Cosine(roster, loop)
        said: dict[str, list[tuple[str, int]]] = {}
        looped = median_ms(lambda need: said.update({need.id: loop.rank(need, TOP)}), needs, 1)
        same = sum(_said(roster.rank(need, TOP)) == said[need.id] for need in needs)
        similar = median_ms(lambda need: cosine.rank(need, TOP), needs)
        recall = np.mean([_recall(roster.rank(need, TOP), cosine.rank(need, TOP)) for need in needs])
        ratios = (f"{looped / self.rank_ms:,.0f}", f"{same} of {NEEDS}", f"{similar / self.rank_ms:,.0f}")
        return [f"{len(self.offers):,}", f"{self.rank_ms:.2f}", *ratios, f"{recall:.2f}"]

    def against_reading(self) -> Row:
        """Compare with a linear read, and tell where the time goes."""
        roster, needs = self.roster, self.needs
        encoding = median_ms(lambda n: encode(n, roster.columns_.facts, roster.weights, roster.learned_), needs)
        judging = median_ms(lambda need: roster._plain_scan(need, None).held, needs) - encoding
        survivors = statistics.median(len(roster.scored(need).rows) for need in needs)
        explained = median_ms(lambda need: [one.facts for one in roster.rank(need, TOP).candidates], needs)
        times = (self.rank_ms, self.read_ms, self.rank_ms / self.read_ms, encoding, judging)
        rest = self.rank_ms - encoding - judging
        return [f"{len(self.offers):,}", *(f"{ms:.2f}" for ms in (*times, rest, explained)), f"{survivors:,.0f}"]

    def kept_up_to_date(self) -> Row:
        """Compare one update with fitting anew, and tell what memory is taken."""
        changed = self.offers[:: max(1, len(self.offers) // UPDATES)][:UPDATES]
        update_ms = statistics.median(_ms(lambda offer=offer: self.roster.update(offer)) for offer in changed)
        size = len(self.offers)
        return [
            f"{size:,}",
            f"{1e3 * self.fit_ms / size:.1f}",
            f"{update_ms:.2f}",
            f"{self.fit_ms / update_ms:,.0f}",
            f"{self.bytes / size:.0f}",
            f"{self.bytes / 1e6:,.1f}",
            f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f}",
        ]


def _said(ranking: Ranking) -> list[tuple[str, int]]:
    return [(candidate.offer, candidate.grains) for candidate in ranking.candidates]


def _recall(ranking: Ranking, found: list[str]) -> float:
    right = [candidate.offer for candidate in ranking.candidates]
    return len(set(right) & set(found)) / len(right) if right else 1.0


def main() -> None:
    """Measure every size and write the page."""
    parser = argparse.ArgumentParser(description="Time ranking, and write docs/benchmarks.md.")
    parser.add_argument("--million", action="store_true", help="measure a million supporters too; takes some minutes")
    sizes = [*SIZES, *[MILLION] * parser.parse_args().million]
    others, reading, kept = [], [], []
    for size in sizes:
        measured = Measured(size)
        reading.append(measured.against_reading())
        kept.append(measured.kept_up_to_date())
        if size < MILLION:
            others.append(measured.against_others())
        print(reading[-1], kept[-1], others[-1], file=sys.stderr)
    tables = {"others": _table(OTHERS, others), "reading": _table(READING, reading), "kept": _table(KEPT, kept)}
    PAGE.write_text(TEMPLATE.format(**tables, machine=_machine(), needs=NEEDS, top=TOP, filtered=FILTERED_FROM))
    print(PAGE.read_text())


def _table(header: Row, rows: Sequence[Row]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, ["---:"] * len(header), *rows])


def _machine() -> str:
    versions = f"Python {platform.python_version()}, numpy {np.__version__}, scikit-learn {sklearn.__version__}"
    return f"{platform.machine()}, {versions}"


OTHERS = ["supporters", "rank, ms", "plain loop, times", "loop equal", "cosine then gates, times", "its recall"]
READING = [
    "supporters",
    "rank, ms",
    "linear read, ms",
    "rank / read",
    "encoding, ms",
    "gates, ms",
    "scores and order, ms",
    "rank and explain, ms",
    "pass",
]
KEPT = [
    "supporters",
    "fit, µs each",
    "one update, ms",
    "fit / update",
    "packed, bytes each",
    "packed, MB",
    "whole process, MB",
]
TEMPLATE = """# Benchmarks

Written by `make bench` (`make bench MILLION=1` adds the last size); not typed by hand. Times are processor time of
one thread; they drift on a shared machine, so what counts are the ratios within one run.

Medians over {needs} invented requests on the default questionnaire (benchmarks/invented.py), top {top}, {machine}.

## Ranking one request, and other ways of doing it

{others}

- *plain loop*: benchmarks/plain_loop.py, sets and dicts, gates first, then the sum of the same grains, supporter by
  supporter. *Loop equal* counts the requests whose top {top} and grains are the same in both.
- *cosine then gates*: benchmarks/cosine.py, scikit-learn's cosine similarity of the marks, then the gates on the
  {filtered} most similar, until {top} pass. *Its recall* is the share of the right {top} that it finds.

## Where the time goes

{reading}

- *linear read*: reading as many bytes as all packed facts take, once from end to end, by one NumPy call.
- *encoding*: the request to whole grains. *gates*: all of them for everybody, shared hours too. *scores and order*: who
  passes, scored until nobody else can reach the last place shown. These three are *rank*; on small rosters they are
  the price of some hundred NumPy calls, whatever the size.
- *rank and explain*: what the {top} share and lack is worked out when it is read; here it is.
- *pass*: the median of how many supporters pass every gate.

## Keeping a roster

{kept}

- *fit*: packing every supporter and learning rarities and means. *update*: one supporter changed, packed again.
- *packed*: all facts, with the week and the date in use. Supporters as they were read, their ids and the way from ids
  to rows are not in it; *whole process* is the most that Python, its libraries, those objects and the packed facts
  took up to then.
"""

if __name__ == "__main__":
    main()
