"""Time `rank` against a plain Python loop and against cosine similarity with filters after it, all in one run.

Run by `make bench`, which writes the tables into docs/benchmarks.md.
"""

import platform
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import sklearn
from sklearn.metrics.pairwise import cosine_similarity

from benchmarks import invented
from benchmarks.plain_loop import PlainLoop
from matcher import questionnaire, weights
from matcher.people import Need, Offer
from matcher.ranking import Roster
from matcher.results import Ranking

ON = date(2026, 11, 23)
SIZES = (1_000, 10_000, 50_000)
NEEDS, TOP, FILTERED_FROM = 20, 10, 2_000
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def median_time(act: Callable[[Need], object], needs: list[Need]) -> float:
    """Return the median of one act over the needs, in seconds."""
    times = []
    for need in needs:
        started = time.perf_counter()
        act(need)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


class Cosine:
    """What a first attempt would do: cosine similarity of the marks, then the gates on the most similar ones."""

    def __init__(self, roster: Roster, offers: list[Offer], loop: PlainLoop) -> None:
        self.roster, self.offers, self.loop = roster, offers, loop
        space = roster.space_
        marks = [space.columns_of(q.id) for q in space.questionnaire.with_rule("coverage")]
        self.columns = np.concatenate([np.arange(span.start, span.stop - 1) for span in marks])
        self.matrix = space.transform(offers)[:, self.columns]

    def rank(self, need: Need) -> list[str]:
        """Return the ids of the most similar who pass the gates."""
        hers = self.roster.space_.transform([need])[:, self.columns]
        similar = np.argsort(-cosine_similarity(hers, self.matrix)[0], kind="stable")[:FILTERED_FROM]
        passing = []
        for row in similar:
            if self.loop.passes(need, int(row)):
                passing.append(self.offers[row].id)
            if len(passing) == TOP:
                break
        return passing


def measure(size: int) -> list[str]:
    """Measure one size of roster and return its row of the table."""
    questions = questionnaire.load()
    weighed = weights.load(questions)
    offers, needs = invented.offers(questions, size), invented.needs(questions, NEEDS)
    started = time.perf_counter()
    roster = Roster(questionnaire=questions, weights=weighed, on=ON).fit(offers)
    fitting = time.perf_counter() - started
    roster.rank(needs[0])
    loop = PlainLoop(roster, offers, ON)
    cosine = Cosine(roster, offers, loop)
    ours = median_time(lambda need: roster.rank(need, TOP), needs)
    looped = median_time(lambda need: loop.rank(need, TOP), needs)
    same = sum(_said(roster.rank(need, TOP)) == loop.rank(need, TOP) for need in needs)
    similar = median_time(cosine.rank, needs)
    recall = np.mean([_recall(roster.rank(need, TOP), cosine.rank(need)) for need in needs])
    row = [
        f"{size:,}",
        f"{ours * 1e3:.2f}",
        f"{looped / ours:,.1f}",
        f"{similar / ours:.1f}",
        f"{recall:.2f}",
        f"{same} of {NEEDS}",
        f"{fitting:.1f}",
    ]
    print(" | ".join(row), file=sys.stderr)
    return row


def _said(ranking: Ranking) -> list[tuple[str, int]]:
    return [(candidate.offer, candidate.grains) for candidate in ranking.candidates]


def _recall(ranking: Ranking, found: list[str]) -> float:
    right = [candidate.offer for candidate in ranking.candidates]
    return len(set(right) & set(found)) / len(right) if right else 1.0


def main() -> None:
    """Measure every size and write the page."""
    rows = [measure(size) for size in SIZES]
    header = [
        "supporters",
        "rank, ms",
        "plain loop, times",
        "cosine then gates, times",
        "its recall",
        "loop equal",
        "fit, s",
    ]
    table = "\n".join("| " + " | ".join(row) + " |" for row in [header, ["---:"] * len(header), *rows])
    PAGE.write_text(TEMPLATE.format(table=table, machine=_machine(), needs=NEEDS, top=TOP, filtered=FILTERED_FROM))
    print(table)


def _machine() -> str:
    versions = f"Python {platform.python_version()}, numpy {np.__version__}, scikit-learn {sklearn.__version__}"
    return f"{platform.machine()}, {versions}"


TEMPLATE = """# Benchmarks

Written by `make bench`; not typed by hand. Times of shared machines drift: what counts are the ratios within one run.

## Ranking one request

Medians over {needs} invented requests on the default questionnaire (benchmarks/invented.py), top {top}, {machine}.

{table}

- *plain loop*: benchmarks/plain_loop.py, sets and dicts, gates first, then the sum of the same grains, supporter by
  supporter. *Loop equal* counts the requests whose top {top} and grains are the same in both.
- *cosine then gates*: scikit-learn's cosine similarity of the marks, then the gates on the {filtered} most similar,
  until {top} pass. *Its recall* is the share of the right {top} that it finds.
- *fit*: encoding the whole roster and learning rarities and means, once.
"""

if __name__ == "__main__":
    main()
