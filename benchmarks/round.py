"""Rounds, plain and compiled, against scipy's dense assignment, the greedy best pair and stable marriage.

`python -m benchmarks.round` measures 500 x 400 and 2,000 x 1,500; name other sizes as 5000x5000. All ways see the same
values, each in a process of its own, so that its peak memory is its own. Writes docs/benchmarks-rounds.md.
"""

import argparse
import json
import os
import pickle
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from random import Random

import numpy as np

from benchmarks import invented
from matcher import questionnaire, weights
from matcher.assignment import as_round
from matcher.changes import _forbid
from matcher.choices import Choices
from matcher.market import Market, longest_waiting_first, open_market
from matcher.matching import NOBODY
from matcher.objectives import Objective, fold
from matcher.people import Need
from matcher.pricing import best_matching, settle
from matcher.ranking import Roster
from matcher.scoring import FULL_SCORE
from matcher.terms import Terms

ON = date(2026, 11, 23)
OBJECTIVES: tuple[Objective, ...] = ("fair", "total")
STABLE_UP_TO = 500
DENSE_ONCE_FROM = 50_000_000
"""Cells from which scipy's dense way, minutes long, is gone once alone."""
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks-rounds.md"
Found = dict[str, float]
Timed = tuple[float, float]


# Markets


def of_people(rows: int, columns: int) -> tuple[Market, float]:
    """Score invented people on the default questionnaire; return the market, and the processor time of scoring."""
    questions = questionnaire.load()
    draw = Random(3)
    needs = [replace(n, waiting_since=_day(draw.randrange(200))) for n in invented.needs(questions, rows)]
    roster = Roster(questionnaire=questions, weights=weights.load(questions), on=ON)
    roster.fit(invented.offers(questions, columns))
    started = time.process_time()
    market = open_market(roster, sorted(needs, key=longest_waiting_first), Terms("total", 0, (), ()))
    return market, time.process_time() - started


def of_numbers(rows: int, columns: int, share: float = 0.18) -> Market:
    """Draw scores alone: some supporters are popular with everybody, a share of the pairs passes, 0 to 2 places."""
    draw = np.random.default_rng(3)
    tastes, gifts = draw.standard_normal((rows, 8)), draw.standard_normal((columns, 8))
    popularity, choices = 10 * draw.random(columns), []
    for taste in tastes:
        passing = np.flatnonzero(draw.random(columns) < share)
        points = np.clip(45 + 6 * gifts[passing] @ taste + popularity[passing], 0, 100)
        grains = (points * (FULL_SCORE // 100)).astype(np.uint32)
        choices.append(Choices(passing.astype(np.uint16), grains, grains, 0))
    needs = tuple(Need(id=f"n{row:06d}", waiting_since=_day(200 - 200 * row // rows)) for row in range(rows))
    offers = tuple(f"s{column:06d}" for column in range(columns))
    places = tuple(draw.integers(0, 3, columns).tolist())
    return Market(fold("total", needs, sum(places), ON), needs, offers, places, tuple(choices))


def _day(ago: int) -> date:
    return ON - timedelta(days=ago)


def seen_as(market: Market, objective: Objective) -> Market:
    """Return the same market under an objective, its needs without their answers."""
    needs = tuple(Need(id=need.id, waiting_since=need.waiting_since) for need in market.needs)
    folding = fold(objective, needs, sum(market.places), ON)
    choices = []
    for need, one in zip(needs, market.choices, strict=True):
        worth = folding.table(one.grains.astype(np.int64)).astype(np.uint16 if objective == "fair" else np.uint32)
        choices.append(Choices(one.columns, one.grains, worth, folding.credit(need, ON)))
    return replace(market, folding=folding, needs=needs, choices=tuple(choices))


# Ways: each returns for each row a column, or nobody, and how long it took


def ours(market: Market) -> tuple[list[int], Found]:
    """Solve as a round does; then forbid one pair, mend the round, and prove it again."""
    best_matching(_beginning(market))
    begun = _now()
    matching, bound = best_matching(market)
    solving = _since(begun)
    solved = as_round(Terms(market.folding.objective, 0, (), ()), market, matching, bound)
    pair, changed, freed = solved.pairs[len(solved.pairs) // 2], matching.copy(), set[int]()
    other = _forbid(market, changed, (pair.need, pair.offer), freed)
    begun = _now()
    changed.settle(sorted(freed))
    mending = _since(begun)
    begun = _now()
    settle(other, changed, [])
    return list(matching.at), {
        **_named("", solving), **_named("change ", mending), **_named("proof ", _since(begun)), "gap": solved.gap,
    }  # fmt: skip


def _beginning(market: Market) -> Market:
    """Return a few rows of a market: to solve them compiles, or loads, all that the whole will call."""
    few = 20
    choices = tuple(one.without(-1) for one in market.choices[:few])
    return replace(market, needs=market.needs[:few], choices=choices)


def plain(market: Market) -> tuple[list[int], Found]:
    """Do it without numba, even where it is installed."""
    os.environ["PAIRWELL_PLAIN"] = "1"
    return ours(market)


def _now() -> Timed:
    return time.process_time(), time.perf_counter()


def _since(begun: Timed) -> Timed:
    return time.process_time() - begun[0], time.perf_counter() - begun[1]


def _named(of: str, timed: Timed) -> Found:
    return {f"{of}processor": timed[0], f"{of}wall": timed[1]}


def dense(market: Market) -> tuple[list[int], Found]:
    """Solve with scipy's linear_sum_assignment, each supporter repeated by her places."""
    from scipy.optimize import linear_sum_assignment

    owners = np.repeat(np.arange(len(market.places)), market.places)
    begun = _now()
    values = np.zeros((len(market.needs), len(owners)))
    for row, one in enumerate(market.choices):
        whole = np.zeros(len(market.places))
        whole[one.columns] = market.values(row)
        values[row] = whole[owners]
    rows, slots = linear_sum_assignment(values, maximize=True)
    timed = _since(begun)
    at = [NOBODY] * len(market.needs)
    for row, slot in zip(rows.tolist(), slots.tolist(), strict=True):
        if values[row, slot] > 0:
            at[row] = int(owners[slot])
    return at, _named("", timed)


def greedy(market: Market) -> tuple[list[int], Found]:
    """Take the best pair that is left, again and again."""
    begun = _now()
    counts = [len(one.columns) for one in market.choices]
    rows = np.repeat(np.arange(len(counts)), counts)
    columns = np.concatenate([one.columns for one in market.choices])
    order = np.argsort(-np.concatenate([one.grains for one in market.choices]).astype(np.int64), kind="stable")
    at, left = [NOBODY] * len(counts), list(market.places)
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if at[row] == NOBODY and left[column]:
            at[row] = column
            left[column] -= 1
    return at, _named("", _since(begun))


def stable(market: Market) -> tuple[list[int], Found]:
    """Match stably with the package `matching`: both sides rank by the same scores."""
    from matching.games import HospitalResident

    sys.setrecursionlimit(1_000_000)
    wanted: dict[int, list[tuple[int, int]]] = {}
    hers: dict[str, list[str]] = {}
    for row, one in enumerate(market.choices):
        ranked = sorted(zip((-one.grains.astype(np.int64)).tolist(), one.columns.tolist(), strict=True))
        ranked = [(score, column) for score, column in ranked if market.places[column]]
        if ranked:
            hers[f"n{row}"] = [f"s{column}" for _, column in ranked]
        for score, column in ranked:
            wanted.setdefault(column, []).append((score, row))
    theirs = {f"s{column}": [f"n{row}" for _, row in sorted(rows)] for column, rows in wanted.items()}
    places = {f"s{column}": market.places[column] for column in wanted}
    begun = _now()
    found = HospitalResident.create_from_dictionaries(hers, theirs, places).solve()
    at = [NOBODY] * len(market.needs)
    for supporter, women in found.items():
        for woman in women:
            at[int(woman.name[1:])] = int(supporter.name[1:])
    return at, _named("", _since(begun))


WAYS: dict[str, Callable[[Market], tuple[list[int], Found]]] = {
    "compiled": ours, "plain": plain, "scipy": dense, "greedy": greedy, "stable": stable,
}  # fmt: skip


def in_a_process(way: str, path: Path) -> Found:
    """Run one way on a stored market in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.round", "--way", way, "--market", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"failed": 1, "why": done.stderr.strip().splitlines()[-1]}  # type: ignore[dict-item]
    found: Found = json.loads(done.stdout)
    return found


def measured(way: str, path: Path) -> Found:
    """Load a market, go one way, and say what came of it."""
    with path.open("rb") as file:
        market: Market = pickle.load(file)
    before = _megabytes()
    at, found = WAYS[way](market)
    pairs = [(row, column) for row, column in enumerate(at) if column != NOBODY]
    positions = [(row, market.choices[row].at(column)) for row, column in pairs]
    scores = np.array([int(market.choices[row].grains[position]) for row, position in positions]) / (FULL_SCORE // 100)
    value = sum(int(market.values(row)[position]) for row, position in positions)
    worst = float(np.quantile(scores, 0.05)) if len(scores) else 0.0
    more = {"matched": len(pairs), "total": float(scores.sum()), "worst twentieth": worst, "value": value}
    return {**found, **more, "peak MB": _megabytes(), "of which loaded MB": before}


def _megabytes() -> int:
    """Return the peak of this process; ru_maxrss would count its parent's before it began."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) // 1024


def compare(kind: str, market: Market, scoring: float | None) -> Iterator[list[str]]:
    """Go every way on one market, under each objective; give the rows of the table."""
    pairs, cells = sum(len(one.columns) for one in market.choices), len(market.needs) * sum(market.places)
    size = f"{len(market.needs):,} x {len(market.places):,}"
    print(f"{kind} {size}: {pairs:,} pairs, scored in {scoring or 0:.2f} s", file=sys.stderr)
    for objective in OBJECTIVES:
        going = ["compiled", "plain", *(["scipy"] if cells < DENSE_ONCE_FROM or objective == "total" else [])]
        if objective == "total":
            going += ["greedy", *(["stable"] if len(market.needs) <= STABLE_UP_TO and find_spec("matching") else [])]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "market"
            with path.open("wb") as file:
                pickle.dump(seen_as(market, objective), file)
            found = {way: in_a_process(way, path) for way in going}
        for way in going:
            yield [kind, size, f"{pairs:,}", objective, way, *_cells(found[way], found)]
            print(
                *(f"{cell:>10}" for cell in [kind, size, objective, way, *_cells(found[way], found)]), file=sys.stderr
            )


def _cells(one: Found, found: dict[str, Found]) -> list[str]:
    if "failed" in one:
        return ["failed", *[""] * 8]
    scipy = found.get("scipy", {})
    best = found["compiled"]
    return [
        f"{one['processor']:.2f}",
        f"{one['wall']:.2f}",
        _ratio(scipy, one, "processor"),
        f"{one['peak MB']:,}",
        _ratio(scipy, one, "peak MB"),
        "" if "gap" not in one else str(one["gap"]),
        f"{one['value'] / best['value']:.4%}" if one["value"] != best["value"] else "equal",
        "" if "gap" not in one else f"{one['processor'] / max(one['change processor'], 1e-6):,.0f}",
        "" if "gap" not in one else f"{one['proof processor'] / one['processor']:.2f}",
    ]


def _ratio(scipy: Found, one: Found, key: str) -> str:
    return f"{scipy[key] / one[key]:.1f}" if key in scipy and one is not scipy else ""


HEADER = [
    *("market", "size", "pairs", "objective", "way", "processor, s", "wall, s", "scipy / this"),
    *("peak, MB", "scipy / this", "gap", "value", "solve / one change", "proof / solve"),
]
TEMPLATE = """# Benchmarks of rounds

Written by `make bench` (`make bench LARGE=1` adds the last sizes); not typed by hand. The machine is shared, so what
counts are the ratios within one run; processor time is of one thread. {machine}.

{table}

- *people*: invented people on the default questionnaire (benchmarks/invented.py). *numbers*: scores alone, 18 % of all
  pairs, some supporters popular with everybody, as many places as supporters on average.
- *compiled*: a round with the extra `fast`. *plain*: without. *scipy*: `linear_sum_assignment` on all cells, each
  supporter repeated by her places; laying them out is counted.
  *greedy*: the best pair left, again and again. *stable*: the package
  `matching`, where it is installed.
- *scipy / this*: how many times the processor time, and the memory, of this way scipy takes. *peak*: of the whole
  process, the market (the same in all ways) and Python with its libraries in it.
- *value*: the sum that the objective adds up, against that of compiled. *gap*: what its prices leave open, 0 is proved.
- *solve / one change*: one pair forbidden in the finished round, and the round mended. *proof / solve*: all pairs
  priced again after it, as a part of the whole solve.
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the sizes that are named, and write the page."""
    parser = argparse.ArgumentParser(description="Measure rounds.")
    parser.add_argument("sizes", nargs="*", default=["500x400", "2000x1500"])
    parser.add_argument("--large", action="store_true", help="add 5000x5000 and 10000x10000")
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--market", type=Path)
    options = parser.parse_args(arguments)
    if options.way:
        print(json.dumps(measured(options.way, options.market)))
        return
    rows: list[list[str]] = []
    for size in [*options.sizes, *(["5000x5000", "10000x10000"] if options.large else [])]:
        needs, offers = map(int, size.split("x"))
        rows += compare("people", *of_people(needs, offers))
        rows += compare("numbers", of_numbers(needs, offers), None)
        _write(rows)


def _write(rows: Sequence[Sequence[str]]) -> None:
    lines = ["| " + " | ".join(row) + " |" for row in [HEADER, ["---:"] * len(HEADER), *rows]]
    versions = f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}"
    PAGE.write_text(TEMPLATE.format(table="\n".join(lines), machine=versions), encoding="utf-8")


if __name__ == "__main__":
    main()
