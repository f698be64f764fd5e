"""Ways of assigning a waiting list: the engine's, and what others would reach for. All see the same scores.

Each takes a task and returns an answer with its times: `scores` for working out all pairs, `solve` for the rest. The
engine works out what it needs as it goes: its `solve` is all of it.
"""

import importlib
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from itertools import chain
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import MENTOR_MATCH
from benchmarks.tasks import Numbers, Seat, Solved, Task, seats_of
from matcher.people import Need
from matcher.rounds.solve import solve_round

DEEP, STACK = 1_000_000, 512 * 2**20
"""Recursion and bytes of stack that `matching` needs, because it copies its players, who know each other, deeply."""
WARMED_BY, AT_ONCE = 20, 2**16
Costs = NDArray[np.float64]
Result = TypeVar("Result")


def timed(act: Callable[[], Result]) -> tuple[Result, float]:
    """Return what an act returns, and its seconds of processor time."""
    started = time.process_time()
    result = act()
    return result, time.process_time() - started


def ours(task: Task) -> Solved:
    """Solve it as a round does. A few needs go first, so that nothing is compiled or loaded while time is taken.

    `scores` is the time until every need is read: scored with everybody, or, of a long list, made a program.
    """
    read = list[float]()

    def through(needs: Sequence[Need]) -> Iterator[Need]:
        yield from needs
        read.append(time.process_time())

    solve_round(task.roster, task.needs[:WARMED_BY], objective=task.objective)
    started = time.process_time()
    found, whole = timed(lambda: solve_round(task.roster, task.needs, objective=task.objective, progress=through))
    scores = read[0] - started
    number = {need.id: place for place, need in enumerate(task.needs)}
    row_of = task.roster.columns_.row_of
    seats = seats_of((number[pair.need], row_of[pair.offer], pair.grains) for pair in found.pairs)
    return Solved(seats, {"scores": scores, "solve": whole - scores, "gap": found.gap}, found)


# On a matrix of all pairs, each supporter repeated by her places


def scipy(task: Task) -> Solved:
    """Solve with linear_sum_assignment as it is usually called."""
    from scipy.optimize import linear_sum_assignment

    return _densely(task, lambda values: linear_sum_assignment(values, maximize=True))


def lapx(task: Task) -> Solved:
    """Solve with lapjv of the package lapx."""
    lapjv = importlib.import_module("lap").lapjv

    def solve(values: Costs) -> tuple[Numbers, Numbers]:
        np.negative(values, out=values)
        slots, _ = lapjv(values, extend_cost=values.shape[0] != values.shape[1], return_cost=False)
        np.negative(values, out=values)
        rows = np.flatnonzero(slots >= 0)
        return rows, slots[rows]

    return _densely(task, solve)


def _densely(task: Task, solve: Callable[[Costs], tuple[Numbers, Numbers]]) -> Solved:
    owners = np.repeat(np.arange(len(task.places)), task.places)
    values, scoring = timed(lambda: _laid_out(task, owners))
    (numbers, slots), solving = timed(lambda: solve(values))
    worth = values[numbers, slots] > 0
    at = zip(numbers[worth].tolist(), owners[slots[worth]].tolist(), strict=True)
    return Solved(_scored(task, dict(at)), {"scores": scoring, "solve": solving})


def _laid_out(task: Task, owners: Numbers) -> Costs:
    """Lay out what every pair is worth, shape (needs, places); 0 is no pair."""
    values = np.zeros((len(task.needs), len(owners)))
    for number, (rows, grains) in enumerate(task.pairs()):
        whole = np.zeros(len(task.places))
        whole[rows] = task.values(number, grains)
        values[number] = whole[owners]
    return values


def _scored(task: Task, row_of: Mapping[int, int]) -> list[Seat]:
    """Look up the scores of an answer that tells who is with whom."""
    seats = []
    for number, row in sorted(row_of.items()):
        scored = task.roster.scored(task.needs[number])
        seats.append(Seat(number, row, int(scored.grains[np.searchsorted(scored.rows, row)])))
    return seats


# On lists of pairs


def greedy(task: Task) -> Solved:
    """Take the best pair that is left, again and again."""
    (numbers, rows, grains), scoring = timed(lambda: _listed(task))

    def solve() -> list[Seat]:
        left, free, seats = task.places.tolist(), [True] * len(task.needs), []
        order = np.argsort(-grains, kind="stable")
        for number, row, of in chain.from_iterable(_some_at_a_time(order, numbers, rows, grains)):
            if free[number] and left[row]:
                seats.append(Seat(number, row, of))
                free[number] = False
                left[row] -= 1
        return sorted(seats)

    seats, solving = timed(solve)
    return Solved(seats, {"scores": scoring, "solve": solving})


def _listed(task: Task) -> tuple[Numbers, Numbers, Numbers]:
    """List all pairs: number of the need, row, grains."""
    every = list(task.pairs())
    numbers = np.repeat(np.arange(len(every)), [len(rows) for rows, _ in every])
    return numbers, np.concatenate([rows for rows, _ in every]), np.concatenate([grains for _, grains in every])


def _some_at_a_time(order: Numbers, *lists: Numbers) -> Iterator[Iterator[tuple[int, ...]]]:
    """Go through lists in an order, as Python's own numbers, without holding all of those at once."""
    for start in range(0, len(order), AT_ONCE):
        some = order[start : start + AT_ONCE]
        yield zip(*(one[some].tolist() for one in lists), strict=True)


def stable(task: Task) -> Solved:
    """Match stably with the package `matching`: both sides rank by the same scores."""
    hospital_resident = importlib.import_module("matching.games").HospitalResident

    (numbers, rows, grains), scoring = timed(lambda: _listed(task))
    hers, theirs = _wanted(numbers, rows, grains), _wanted(rows, numbers, grains)
    places = {row: int(task.places[row]) for row in theirs}

    def solve() -> dict[int, int]:
        game = hospital_resident.create_from_dictionaries(hers, theirs, places)
        return {player.name: supporter.name for supporter, players in game.solve().items() for player in players}

    row_of, solving = timed(lambda: _in_deep_stack(solve))
    return Solved(_scored(task, row_of), {"scores": scoring, "solve": solving})


def _wanted(of: Numbers, whom: Numbers, grains: Numbers) -> dict[int, list[int]]:
    """List for each one whom she wants, the best first."""
    wanted: dict[int, list[int]] = {}
    for place in np.lexsort((whom, -grains)).tolist():
        wanted.setdefault(int(of[place]), []).append(int(whom[place]))
    return wanted


def _in_deep_stack(act: Callable[[], Result]) -> Result:
    """Run it where recursion may go deep; process time counts all threads."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(DEEP)
    threading.stack_size(STACK)
    try:
        with ThreadPoolExecutor(1) as alone:
            return alone.submit(act).result()
    finally:
        threading.stack_size(0)
        sys.setrecursionlimit(before)


def mentor_match(task: Task) -> Solved:
    """Match with the package mentor-match: a mentor for each place, a pair that fails a gate disqualified by rule."""
    sys.path.insert(0, str(MENTOR_MATCH))
    process, rules = (importlib.import_module(f"matching.{name}") for name in ("process", "rules.rule"))
    people = [importlib.import_module(f"matching.{name}") for name in ("mentor", "mentee")]
    scores, scoring = timed(lambda: [dict(zip(*map(np.ndarray.tolist, pair), strict=True)) for pair in task.pairs()])
    owners = np.repeat(np.arange(len(task.places)), task.places).tolist()

    def solve() -> Any:
        mentors = [people[0].Mentor(grade=row, email=f"s{place}") for place, row in enumerate(owners)]
        mentees = [people[1].Mentee(grade=number, email=f"r{number}") for number in range(len(task.needs))]
        kept = [rules.Disqualify(lambda pair: pair.mentor.grade not in scores[pair.mentee.grade]), _ByScore(scores)]
        mentors, _ = process.process_data(mentors, mentees, [kept])
        return mentors

    mentors, solving = timed(solve)
    seats = seats_of(
        (mentee.grade, mentor.grade, scores[mentee.grade][mentor.grade])
        for mentor in mentors
        for mentee in mentor.mentees
    )
    return Solved(seats, {"scores": scoring, "solve": solving})


class _ByScore:
    """A rule of mentor-match that gives each pair the score that it has."""

    def __init__(self, scores: Sequence[dict[int, int]]) -> None:
        self.scores = scores

    def apply(self, match_object: Any) -> int:
        """Return the score of a pair."""
        hers, theirs = match_object.mentee.grade, match_object.mentor.grade
        return self.scores[int(hers)].get(int(theirs), 0)


WAYS: Mapping[str, Callable[[Task], Solved]] = {
    "fast": ours, "plain": ours, "scipy": scipy, "lapx": lapx, "greedy": greedy, "stable": stable,
    "mentor-match": mentor_match,
}  # fmt: skip


def is_installed(way: str) -> bool:
    """Say whether what a way needs is there."""
    needed = {"fast": "numba", "lapx": "lap", "stable": "matching"}
    return MENTOR_MATCH.is_dir() if way == "mentor-match" else way not in needed or find_spec(needed[way]) is not None
