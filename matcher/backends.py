"""Which way the small functions go that cost the time: plain, or compiled by numba where it is installed.

Both come to the same numbers. The compiled way is taken only where a tiny market, solved in both, comes out the same,
and where the first need that a roster meets does; PAIRWELL_PLAIN=1 keeps to the plain one.
"""

import os
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import NamedTuple

import numpy as np

from matcher.assignment import reduced_costs
from matcher.assignment.augmenting_paths import PlainMatching
from matcher.assignment.matching import Matching
from matcher.assignment.reduced_costs import Prices, Worths, listed

OTHER_NUMBERS = "it comes to other numbers"
CHECKED_ROWS, CHECKED_COLUMNS = 12, 7


class Backend(NamedTuple):
    """One way: how a matching is kept, what assignment/reduced_costs.py works out, and what a reader should know of it.

    `scan` runs the programs of ranking/compiler.py, where the way has something that does.
    """

    name: str
    matching: Callable[[Sequence[int], int], Matching]
    best_reduced_value: Callable[..., int]
    best_k: Callable[..., Sequence[int]]
    auction: Callable[..., tuple[Prices, Prices]]
    scan: ModuleType | None = None
    note: str | None = None


PLAIN = Backend("plain", PlainMatching, reduced_costs.best_reduced_value, reduced_costs.best_k, reduced_costs.auction)


_current: list[Backend] = []


def current() -> Backend:
    """Return the compiled way where numba is installed and nobody asks for the plain one."""
    if not _current:
        asked = os.environ.get("PAIRWELL_PLAIN") == "1"
        _current.append(PLAIN if asked or find_spec("numba") is None else checked(compiled))
    return _current[0]


def note() -> str | None:
    """Return what a reader should know of the way that was gone so far; None where there is nothing, or none was."""
    return _current[0].note if _current else None


def checked(load: Callable[[], Backend]) -> Backend:
    """Return a way that can be loaded and comes to the same numbers, else the plain one with a note that says why."""
    try:
        way = load()
        problem = None if agree(way, PLAIN) else OTHER_NUMBERS
    except Exception as error:  # a broken installation can fail in any way, and the plain way is always there
        problem = said(error)
    return way if problem is None else _plain_because(problem)


def disable(problem: str) -> None:
    """Go the plain way from now on, with a note that says why."""
    _current[:] = [_plain_because(problem)]


def said(error: Exception) -> str:
    """Say in a line what went wrong."""
    return str(error).partition("\n")[0] or type(error).__name__


def _plain_because(problem: str) -> Backend:
    return PLAIN._replace(note=f"numba is installed and cannot be used ({problem}); all goes the plain way.")


def compiled() -> Backend:
    """Load the compiled way. Raises ImportError, and whatever else a broken installation raises."""
    import_module("matcher._compiled").forget_outdated()
    nets, matching, scan = (
        import_module(f"matcher._compiled.{name}") for name in ("reduced_costs", "matching", "scan")
    )
    return Backend("compiled", matching.FastMatching, nets.best_reduced_value, nets.best_k, nets.auction, scan)


def agree(one: Backend, other: Backend) -> bool:
    """Say whether two ways come to the same on a tiny market with ties, a place too few, and pairs taken away."""
    return _tried(one) == _tried(other)


def _tried(way: Backend) -> list[object]:
    """Go through all that a way can do on a tiny market, and tell all that came of it."""
    columns = np.arange(CHECKED_COLUMNS, dtype=np.uint16)
    prices: Prices = 40 * np.arange(CHECKED_COLUMNS, dtype=np.int64)
    matching = way.matching([column % 3 for column in columns.tolist()], CHECKED_ROWS)
    told, last, worths = list[object](), dict[int, int](), list[Worths]()
    for row in range(CHECKED_ROWS):
        worth = ((37 * row + 61 * columns.astype(np.int64) ** 2) % 11 * 50).astype(np.uint32)
        few = [int(place) for place in way.best_k(columns, worth, 7, 3, prices, 4)]
        told += [few, int(way.best_reduced_value(columns, worth, 7, 3, prices))]
        worths.append((columns, worth, 7, 3))
        last[few[-1]] = row
        matching.consider(row, few, [7 + 3 * int(worth[place]) for place in few])
    bids = way.auction(listed(worths), np.arange(CHECKED_COLUMNS) % 3, 400, 9, 5)
    told += [numbers.tolist() for numbers in bids]
    seats = [(row, column) for column, row in last.items() if column % 3]
    matching.settle(matching.begin_at((10 * prices).tolist(), seats))
    told += [list(matching.at), list(matching.gain), list(matching.price)]
    freed = [row for row, column in enumerate(matching.at) if column == 1]
    for row in freed:
        matching.drop(row, 1)
    matching.settle(freed)
    return [*told, matching.at, matching.gain, matching.price]
