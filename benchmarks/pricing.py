"""All rules of many needs, priced over a whole roster, beside a float32 matrix product of the bare linear part.

`python -m benchmarks.pricing`; `--large` takes 10,000 needs and 100,000 supporters. Writes docs/benchmarks/pricing.md.
"""

import argparse
from collections.abc import Sequence
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import machine, milliseconds, table, told, write_page
from benchmarks.mixes import NAMES, mix
from matcher import backends
from matcher.ranking.bounds import lowest_of_parts
from matcher.ranking.compiler import Program
from matcher.ranking.roster import Roster

SMALL, LARGE = (500, 100_000), (10_000, 100_000)
FIFTH = 5
"""A pair must be worth as much as the fifth best of its need: about what the prices of a round ask for."""
COLUMNS_AT_ONCE = 4096
"""Columns of the product that are made at once: those of the answer stay near the processor."""
HEADER = [
    "mix",
    "needs",
    "supporters",
    "pass",
    "columns",
    "product, M pairs/s",
    "all rules, M pairs/s",
    "rules / product",
]
TEMPLATE = """# Benchmarks of pricing

Written by `make bench` (`make bench LARGE=1` takes {large}); not typed by hand. Processor time of one
thread. {machine}.

{table}

- *all rules*: every gate and every line of every need, over everybody, exact: who is worth more than the fifth best of
  the need is found with the score (_compiled/scan.py). The programs of the needs are written before.
- *product*: the bare linear part alone, a weight for each marked option, as a float32 matrix product (OpenBLAS):
  *columns* options of all questions that are covered, no gates, no hours, no families, nobody picked.
- *pass*: the mean share of supporters who pass every gate.
"""
Singles = NDArray[np.float32]


def measured(name: str, needs: int, supporters: int) -> list[str]:
    """Price one mix both ways; return its row."""
    one = mix(name)
    roster = one.roster(one.offers(supporters))
    way = backends.current().scan
    assert way is not None, "the extra `fast` is not installed"
    programs = [program for need in one.needs(needs) if (program := roster.program(need))]
    packed, free, as_grains = roster.packed, np.zeros(supporters, dtype=np.int64), np.empty(0, dtype=np.int64)
    cheapest = lowest_of_parts(free)
    asked = [_fifth(way.best(program, packed, supporters, FIFTH, 0)[1]) for program in programs]
    way.gaining(programs[0], packed, supporters, asked[0], free, cheapest, as_grains, 0)

    def price() -> None:
        for program, least in zip(programs, asked, strict=True):
            way.gaining(program, packed, supporters, least, free, cheapest, as_grains, 0)

    left, right = _linear(roster, programs, supporters)
    pairs = needs * supporters
    product, rules = (pairs / milliseconds(act) / 1e3 for act in (lambda: _product(left, right), price))
    some = programs[:: max(1, needs // 100)]
    share = fmean(len(way.best(program, packed, supporters, 0, 0)[0]) / supporters for program in some)
    figures = (f"{share:.1%}", str(left.shape[1]), f"{product:,.0f}", f"{rules:,.0f}", f"{rules / product:.2f}")
    return [name, f"{needs:,}", f"{supporters:,}", *figures]


def _fifth(grains: NDArray[np.int64]) -> int:
    return int(np.sort(grains)[-FIFTH]) if len(grains) >= FIFTH else 0


def _linear(roster: Roster, programs: Sequence[Program], supporters: int) -> tuple[Singles, Singles]:
    """Return any weights, as many columns as there are options to cover: the shape alone costs the time."""
    covered = roster.questionnaire.with_rule("coverage")
    columns = sum(len(question.option_ids) for question in covered)
    draw = np.random.default_rng(1)
    return draw.random((len(programs), columns), dtype=np.float32), draw.random((columns, supporters), dtype=np.float32)


def _product(left: Singles, right: Singles) -> None:
    made = np.empty((len(left), COLUMNS_AT_ONCE), dtype=np.float32)
    for start in range(0, right.shape[1], COLUMNS_AT_ONCE):
        some = right[:, start : start + COLUMNS_AT_ONCE]
        np.matmul(left, some, out=made[:, : some.shape[1]])


def main() -> None:
    """Measure both mixes, and write the page."""
    parser = argparse.ArgumentParser(description="Measure pricing.")
    parser.add_argument("--large", action="store_true", help=f"take {LARGE[0]:,} needs and {LARGE[1]:,} supporters")
    options = parser.parse_args()
    rows = []
    for name in NAMES:
        rows.append(measured(name, *(LARGE if options.large else SMALL)))
        told(*rows[-1])
    large = f"{LARGE[0]:,} needs and {LARGE[1]:,} supporters"
    text = TEMPLATE.format(large=large, machine=machine("numba"), table=table(HEADER, rows))
    write_page("benchmarks/pricing.md", text)


if __name__ == "__main__":
    main()
