"""The compiled backend is the plain one, bit for bit; if anything is wrong with it, the plain one is used."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import backends
from matcher._compiled import forget_outdated
from matcher.assignment import reduced_costs
from matcher.assignment.matching import NOBODY, Matching
from matcher.rounds import column_generation
from matcher.rounds.market import Market
from matcher.rounds.objectives import OBJECTIVES
from tests.matcher.rounds.test_solve import STRUCTURED, popular
from tests.matcher.worlds.markets import OUT, market_of

ROOT = Path(__file__).parents[2]
ROUND = ["-m", "matcher", "round", "--offers", "seeds/supporters.csv", "--needs", "seeds/requests.csv"]
ROUND += ["--on", "2026-11-23", "--format", "json"]
BOTH = {way.name: way for way in (backends.PLAIN, backends.compiled())}


def told(matching: Matching) -> tuple[list[int], ...]:
    return list(matching.at), list(matching.gain), list(matching.price)


def by(way: backends.Backend, market: Market, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Solve a market in a way, then take pairs and places away; tell everything that comes of it."""
    monkeypatch.setattr(backends, "current", lambda: way)
    matching, bound = column_generation.by_augmenting(market)
    story: list[object] = [bound, told(matching), told(column_generation.best_matching(market)[0])]
    other = matching.copy()
    for row in range(min(4, len(matching.at))):
        column = other.at[row]
        if column == NOBODY:
            continue
        freed = {row}
        other.drop(row, column)
        if row % 2:
            other.close(row)
            freed = {other.take_place(column)} - {NOBODY}
        other.settle(sorted(freed))
        story.append(told(other))
    return [*story, told(matching)]


def assert_same(market: Market) -> None:
    with pytest.MonkeyPatch.context() as patch:
        plain, compiled = (by(way, market, patch) for way in BOTH.values())
    assert plain == compiled


@st.composite
def markets(draw: st.DrawFn) -> Market:
    """Draw markets with ties, doubles, too many rows, columns without places, rows without pairs."""
    rows, columns = draw(st.integers(0, 12)), draw(st.integers(0, 8))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    grains = rng.integers(0, draw(st.sampled_from([1, 3, 10_000_000])) + 1, (rows, columns))
    grains[rng.random((rows, columns)) < draw(st.sampled_from([0, 0.3, 0.8]))] = OUT
    doubled = np.repeat(grains, draw(st.integers(1, 3)), axis=0)
    places = rng.integers(0, draw(st.integers(1, 4)), columns).tolist()
    weeks = rng.integers(0, 40, len(doubled)).tolist()
    return market_of(doubled, places, draw(st.sampled_from(OBJECTIVES)), weeks)


@settings(max_examples=60, deadline=None)
@given(markets())
def test_any_market_comes_out_the_same(market: Market) -> None:
    assert_same(market)


@pytest.mark.parametrize("name", [name for name in STRUCTURED if name not in ("a long chain", "all tied")])
def test_structured_markets_come_out_the_same(name: str) -> None:
    grains, places = STRUCTURED[name]
    assert_same(market_of(grains.astype(np.int64), places, "fair", [row % 7 for row in range(len(grains))]))


def test_a_market_of_hundreds_comes_out_the_same() -> None:
    assert_same(market_of(popular(500, 300, 4, 0.4), [1] * 300, "total"))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 20), st.integers(0, 2**32), st.sampled_from([1, 3, 1000]), st.integers(1, 5))
def test_the_best_of_a_needs_choices_are_the_same(count: int, seed: int, most: int, few: int) -> None:
    rng = np.random.default_rng(seed)
    columns = np.sort(rng.permutation(30)[:count]).astype(np.uint16)
    worth, prices = rng.integers(0, most + 1, count).astype(np.uint32), rng.integers(0, 2 * most, 30)
    compiled = BOTH["compiled"]
    for base, step in ((0, 1), (2**60, 5)):
        asked = columns, worth, base, step, prices
        assert compiled.best_reduced_value(*asked) == reduced_costs.best_reduced_value(*asked)
        assert list(compiled.best_k(*asked, few)) == list(reduced_costs.best_k(*asked, few))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 9), st.integers(0, 6), st.integers(0, 2**32), st.sampled_from([1, 3, 1000]), st.integers(0, 30))
def test_bids_are_the_same(rows: int, columns: int, seed: int, most_worth: int, most: int) -> None:
    rng = np.random.default_rng(seed)
    worths = []
    for _ in range(rows):
        hers = np.flatnonzero(rng.random(columns) < 0.7).astype(np.uint16)
        worths.append((hers, rng.integers(0, most_worth + 1, len(hers)).astype(np.uint16), int(rng.integers(0, 9)), 2))
    asked = reduced_costs.listed(worths), rng.integers(0, 4, columns), int(rng.integers(0, 2 * most_worth)), 1, most
    (prices, at), (plain_prices, plain_at) = BOTH["compiled"].auction(*asked), reduced_costs.auction(*asked)
    assert (prices.tolist(), at.tolist()) == (plain_prices.tolist(), plain_at.tolist())


# Choosing


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    full = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=full, capture_output=True, text=True, check=False)


def test_where_numba_is_installed_it_is_used_and_only_when_a_round_is_asked_for() -> None:
    asked = "import sys, matcher.cli.main; from matcher import backends; "
    told = run("-c", f"{asked}print('numba' in sys.modules, backends.current().name)")
    assert told.stdout.split() == ["False", "compiled"]


def test_without_numba_everything_goes_the_plain_way_without_a_word() -> None:
    is_plain = "from matcher import backends; print(backends.current() is backends.PLAIN"
    assert run("-c", f"import sys; sys.modules['numba'] = None; {is_plain})").stdout.strip() == "True"
    asked = f"import sys; {is_plain}, 'numba' in sys.modules)"
    assert run("-c", asked, PAIRWELL_PLAIN="1").stdout.split() == ["True", "False"]


def test_a_broken_numba_gives_the_same_round_and_one_note(tmp_path: Path) -> None:
    (tmp_path / "numba.py").write_text("raise OSError('no compiler here\\nand more')")
    broken = run(*ROUND, PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    sound = run(*ROUND)
    assert broken.stdout == sound.stdout != ""
    assert broken.stderr.count("numba is installed and cannot be used (no compiler here)") == 1
    assert "numba" not in sound.stderr


@pytest.mark.parametrize("field", ["best_reduced_value", "auction", "best_k"])
def test_a_way_that_comes_to_other_numbers_is_not_taken(field: str) -> None:
    wrong = {
        "best_reduced_value": lambda *asked: reduced_costs.best_reduced_value(*asked) + 1,
        "auction": lambda *asked: reduced_costs.auction(*asked[:-1], 1),
        "best_k": lambda *asked: reduced_costs.best_k(*asked)[1:],
    }
    chosen = backends.checked(lambda: BOTH["compiled"]._replace(**{field: wrong[field]}))
    assert (chosen.name, chosen.matching) == ("plain", backends.PLAIN.matching)
    assert "it comes to other numbers" in str(chosen.note)
    assert backends.checked(backends.compiled) == BOTH["compiled"]


def test_what_was_compiled_before_a_source_changed_is_forgotten(tmp_path: Path) -> None:
    compiled = tmp_path / "__pycache__"
    compiled.mkdir()
    for file, second in ((tmp_path / "called.py", 5), (compiled / "old.nbi", 4), (compiled / "new.nbi", 6)):
        file.touch()
        os.utime(file, (second, second))
    forget_outdated(tmp_path)
    assert [file.name for file in compiled.iterdir()] == ["new.nbi"]
