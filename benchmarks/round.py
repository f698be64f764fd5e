"""Rounds against scipy's dense assignment, the greedy best pair and stable marriage, on the same values.

`python -m benchmarks.round` measures 500 x 400 and 2,000 x 1,500; name other sizes as 5000x5000. Each way runs in a
process of its own, so that its peak memory is its own.
"""

import argparse
import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import numpy as np

from benchmarks import invented
from matcher import questionnaire, weights
from matcher.assignment import as_round
from matcher.augmenting import NOBODY
from matcher.changes import _forbid
from matcher.market import Choices, Market, longest_waiting_first, open_market
from matcher.objectives import Objective, fold
from matcher.people import Need
from matcher.pricing import best_matching, settle
from matcher.ranking import Roster
from matcher.scoring import FULL_SCORE
from matcher.terms import Terms

ON = date(2026, 11, 23)
OBJECTIVES: tuple[Objective, ...] = ("fair", "total")
STABLE_UP_TO = 500
Found = dict[str, float]


# Markets


def of_people(rows: int, columns: int) -> tuple[Market, float]:
    """Score invented people on the default questionnaire; return the market, and the seconds that scoring took."""
    questions = questionnaire.load()
    draw = Random(3)
    needs = [replace(n, waiting_since=_day(draw.randrange(200))) for n in invented.needs(questions, rows)]
    roster = Roster(questionnaire=questions, weights=weights.load(questions), on=ON)
    roster.fit(invented.offers(questions, columns))
    started = time.perf_counter()
    market = open_market(roster, sorted(needs, key=longest_waiting_first), Terms("total", 0, (), ()))
    return market, time.perf_counter() - started


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
    """Solve as a round does; then forbid one pair and mend the round."""
    started = time.perf_counter()
    matching, bound = best_matching(market)
    solving = time.perf_counter() - started
    solved = as_round(Terms(market.folding.objective, 0, (), ()), market, matching, bound)
    pair, changed, freed = solved.pairs[len(solved.pairs) // 2], matching.copy(), set[int]()
    started = time.perf_counter()
    settle(_forbid(market, changed, (pair.need, pair.offer), freed), changed, sorted(freed))
    return matching.at, {"seconds": solving, "gap": solved.gap, "change": time.perf_counter() - started}


def dense(market: Market) -> tuple[list[int], Found]:
    """Solve with scipy's linear_sum_assignment, each supporter repeated by her places."""
    from scipy.optimize import linear_sum_assignment

    owners = np.repeat(np.arange(len(market.places)), market.places)
    started = time.perf_counter()
    values = np.zeros((len(market.needs), len(owners)))
    for row, one in enumerate(market.choices):
        whole = np.zeros(len(market.places))
        whole[one.columns] = market.values(row)
        values[row] = whole[owners]
    rows, slots = linear_sum_assignment(values, maximize=True)
    seconds = time.perf_counter() - started
    at = [NOBODY] * len(market.needs)
    for row, slot in zip(rows.tolist(), slots.tolist(), strict=True):
        if values[row, slot] > 0:
            at[row] = int(owners[slot])
    return at, {"seconds": seconds}


def greedy(market: Market) -> tuple[list[int], Found]:
    """Take the best pair that is left, again and again."""
    started = time.perf_counter()
    counts = [len(one.columns) for one in market.choices]
    rows = np.repeat(np.arange(len(counts)), counts)
    columns = np.concatenate([one.columns for one in market.choices])
    order = np.argsort(-np.concatenate([one.grains for one in market.choices]).astype(np.int64), kind="stable")
    at, left = [NOBODY] * len(counts), list(market.places)
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if at[row] == NOBODY and left[column]:
            at[row] = column
            left[column] -= 1
    return at, {"seconds": time.perf_counter() - started}


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
    started = time.perf_counter()
    found = HospitalResident.create_from_dictionaries(hers, theirs, places).solve()
    at = [NOBODY] * len(market.needs)
    for supporter, women in found.items():
        for woman in women:
            at[int(woman.name[1:])] = int(supporter.name[1:])
    return at, {"seconds": time.perf_counter() - started}


WAYS: dict[str, Callable[[Market], tuple[list[int], Found]]] = {
    "ours": ours, "scipy": dense, "greedy": greedy, "stable": stable,
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
    market: Market = pickle.loads(path.read_bytes())
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


def compare(name: str, market: Market, scoring: float | None) -> None:
    """Go every way on one market, under each objective."""
    pairs = sum(len(one.columns) for one in market.choices)
    said = f"{name}: {len(market.needs):,} x {len(market.places):,}, {sum(market.places):,} places, {pairs:,} pairs"
    print(said + (f", scored in {scoring:.2f} s" if scoring else ""), flush=True)
    for objective in OBJECTIVES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "market"
            path.write_bytes(pickle.dumps(seen_as(market, objective)))
            ways = ["ours", "scipy", *(["greedy", "stable"] if objective == "total" else [])]
            if len(market.needs) > STABLE_UP_TO and "stable" in ways:
                ways.remove("stable")
            for way in ways:
                print(f"  {objective:6} {way:7}", _row(in_a_process(way, path)), flush=True)


def _row(found: Found) -> str:
    return ", ".join(
        f"{key} {value:,.3f}" if isinstance(value, float) else f"{key} {value}" for key, value in found.items()
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the sizes that are named."""
    parser = argparse.ArgumentParser(description="Measure rounds.")
    parser.add_argument("sizes", nargs="*", default=["500x400", "2000x1500"])
    parser.add_argument("--of", choices=("people", "numbers"), help="measure one kind of market alone")
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--market", type=Path)
    options = parser.parse_args(arguments)
    if options.way:
        print(json.dumps(measured(options.way, options.market)))
        return
    for size in options.sizes:
        rows, columns = map(int, size.split("x"))
        if options.of != "numbers":
            compare("people", *of_people(rows, columns))
        if options.of != "people":
            compare("numbers", of_numbers(rows, columns), None)


if __name__ == "__main__":
    main()
