"""Every way of assigning keeps places and gates and tells true scores; those that are exact come to the same value."""

import json
from dataclasses import replace
from functools import cache
from itertools import product

import pytest

from benchmarks import round as rounds
from benchmarks.after import after
from benchmarks.measuring import NOT_MEASURED, PLAIN, in_a_process
from benchmarks.mixes import NAMES
from benchmarks.outcomes import Outcome, Outcomes
from benchmarks.round_reaches import reached
from benchmarks.solving import WAYS, is_installed, ours
from benchmarks.tasks import Seat, Size, Task, task_of
from matcher.rounds.objectives import Objective

SIZE, EVERYONE = Size(40, 30), 10**6
HERE = [way for way in WAYS if way not in ("fast", "plain", "mentor-match")]
CASES = tuple(product(NAMES, rounds.OBJECTIVES))
task_in = cache(task_of)


@pytest.fixture(params=CASES, ids=" ".join)
def task(request: pytest.FixtureRequest) -> Task:
    name, objective = request.param
    return task_in(name, SIZE, objective)


@pytest.fixture
def themes_total() -> Task:
    return task_in("themes", SIZE, "total")


@pytest.mark.parametrize("way", HERE)
def test_an_answer_keeps_places_and_gates(task: Task, way: str):
    if not is_installed(way):
        pytest.skip(f"{way} is installed by make bench alone")
    solved = WAYS[way](task)
    task.check(solved.seats, EVERYONE)
    best = task.came_of(ours(task).seats)
    assert 0 < task.came_of(solved.seats)["value"] <= best["value"]
    if way in ("scipy", "lapx"):
        assert task.came_of(solved.seats)["value"] == best["value"]


def test_a_round_of_the_engine_is_proved_changed_and_checked(task: Task):
    solved = ours(task)
    task.check(solved.seats, EVERYONE)
    assert solved.times["gap"] == 0
    assert solved.round is not None
    assert task.came_of(solved.seats)["value"] == solved.round.value
    found = after(task, solved.round)
    assert found["holds"]
    assert found["gap again"] == 0


@pytest.mark.skipif(not is_installed("mentor-match"), reason="mentor-match is installed by make bench alone")
def test_mentor_match_comes_to_the_best_total_in_a_process_of_its_own():
    scipy, theirs = (
        in_a_process("round", ["--one", way, "--mixes", "themes", "--", SIZE.written], PLAIN)
        for way in ("scipy", "mentor-match")
    )
    assert theirs["value"] == scipy["value"], theirs


@pytest.mark.parametrize("wrong", ["twice", "place", "score", "gate"])
def test_a_wrong_answer_is_seen(themes_total: Task, wrong: str):
    seat, places = ours(themes_total).seats[0], themes_total.places.tolist()
    passing = themes_total.roster.scored(themes_total.needs[0]).rows
    shut = next(row for row, free in enumerate(places) if free and row not in passing)
    seats = {
        "twice": [seat, seat],
        "place": [seat._replace(row=places.index(0))],
        "score": [seat._replace(grains=seat.grains + 1)],
        "gate": [Seat(0, shut, 1)],
    }
    with pytest.raises(AssertionError, match={"twice": "two", "place": "twice"}.get(wrong, wrong)):
        themes_total.check(seats[wrong], EVERYONE)


def test_ways_that_would_take_hours_are_left_out():
    def ways(size: str, objective: Objective = "total") -> set[str]:
        return set(rounds.ways_for(Size.read(size), objective))

    assert ways("500x400") == set(WAYS)
    assert ways("500x400", "fair") == {"fast", "plain", "scipy"}
    assert ways("10000x10000") == {"fast", "plain", "scipy", "lapx", "greedy"}
    assert ways("20000x15000") == {"fast", "plain"}
    assert ways("20000x20000:1") == {"fast", "plain", "scipy", "lapx"}
    assert ways("100000x100000:1") == {"fast"}


def found(solve: float, total: float, lowest: list[float], matched: int = 40) -> dict[str, object]:
    worst = sum(lowest[:2]) / 2
    told = {"matched": matched, "total": total, "worst": worst, "quantile": lowest[1], "value": 7, "lowest": lowest}
    return {"solve": solve, "peak": 100, "gap": 0, **told}


def test_the_table_of_fairness_counts_a_woman_without_anybody_as_nothing():
    fair = Outcome("themes", SIZE, "fair", "fast", found(2, 1_000, [20, 30, 40]))
    total = Outcome("themes", SIZE, "total", "fast", found(1, 1_250, [10, 30, 40], matched=39))
    outcomes = Outcomes([fair, total])
    (row,) = outcomes.rows(outcomes.fairness)
    assert row == [
        *("themes", "40 x 30", "fast", "2.00", "40", "39"),
        *("1.2500", "1.0000", "0.8000", "25.00", "5.00"),
    ]


def test_a_way_that_fails_is_named_in_the_table_and_compared_with_nothing():
    fast = Outcome("themes", SIZE, "total", "fast", found(1, 1_000, [20, 30, 40]))
    scipy = replace(fast, way="scipy", found={"failed": "MemoryError"})
    outcomes = Outcomes([fast, scipy])
    ours_, theirs = outcomes.rows(outcomes.time)
    assert ours_[6] == ""
    assert theirs == [*scipy.named, "failed: MemoryError"]


def test_a_process_prints_what_came_of_it(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.argv", ["round", "--one", "greedy", "--mixes", "themes", "--", SIZE.written])
    rounds.main()
    printed = json.loads(capsys.readouterr().out)
    assert printed["matched"] == len(WAYS["greedy"](task_in("themes", SIZE, "total")).seats)


def test_what_is_reached_is_told_where_it_was_measured_and_nowhere_else():
    size = Size.read("10000x10000:1")
    ways = {"plain": 40.0, "fast": 2.0, "scipy": 60.0}
    outcomes = Outcomes(
        [Outcome("themes", size, "total", way, found(solve, 1_000, [20, 30, 40])) for way, solve in ways.items()]
    )
    rows = {words: cells for words, _, *cells in reached(outcomes)}
    assert rows["10,000 x 10,000, scipy's solve / whole"] == [NOT_MEASURED, "1.5 / 30.0"]
    assert {cell for words, cells in rows.items() if "10,000 x 10,000, scipy" not in words for cell in cells} == {
        NOT_MEASURED
    }
