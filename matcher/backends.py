"""The backend of the innermost functions: plain, or compiled by numba where it is installed.

Both come to the same numbers. The compiled backend is used only if a tiny market, solved by both, comes out the same,
and as long as the first need that a roster ranks does; PAIRWELL_PLAIN=1 keeps to the plain one.
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
    """One implementation: the solver, the functions of assignment/reduced_costs.py, and a note for readers of results.

    `scan` is the module that runs the programs of ranking/compiler.py; None where NumPy does their work.
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
    """Return the backend of this process: compiled where numba is installed, works, and PAIRWELL_PLAIN is not 1."""
    if not _current:
        asked = os.environ.get("PAIRWELL_PLAIN") == "1"
        _current.append(PLAIN if asked or find_spec("numba") is None else checked(compiled))
    return _current[0]


def note() -> str | None:
    """Return what a reader of results should know of the backend; None where there is nothing, or none was used yet."""
    return _current[0].note if _current else None


def checked(load: Callable[[], Backend]) -> Backend:
    """Return the backend if it can be loaded and comes to the same numbers, else the plain one with a note why not."""
    try:
        backend = load()
        problem = None if agree(backend, PLAIN) else OTHER_NUMBERS
    except Exception as error:  # a broken installation can fail in any way, and the plain backend is always there
        problem = said(error)
    return backend if problem is None else _plain_because(problem)


def disable(problem: str) -> None:
    """Use the plain backend from now on, with a note that says why."""
    _current[:] = [_plain_because(problem)]


def said(error: Exception) -> str:
    """Say in a line what went wrong."""
    return str(error).partition("\n")[0] or type(error).__name__


def _plain_because(problem: str) -> Backend:
    return PLAIN._replace(note=f"numba is installed and cannot be used ({problem}); all goes the plain way.")


def compiled() -> Backend:
    """Load the compiled backend. Raises ImportError, and whatever else a broken installation raises."""
    import_module("matcher._compiled").forget_outdated()
    reduced, matching, scan = (
        import_module(f"matcher._compiled.{name}") for name in ("reduced_costs", "matching", "scan")
    )
    return Backend("compiled", matching.FastMatching, reduced.best_reduced_value, reduced.best_k, reduced.auction, scan)


def agree(one: Backend, other: Backend) -> bool:
    """Say whether two backends come to the same on a tiny market with ties, a place too few, and pairs taken away."""
    return _tried(one) == _tried(other)


def _tried(backend: Backend) -> list[object]:
    """Call all functions of a backend on a tiny market; return everything that they returned."""
    columns = np.arange(CHECKED_COLUMNS, dtype=np.uint16)
    prices: Prices = 40 * np.arange(CHECKED_COLUMNS, dtype=np.int64)
    matching = backend.matching([column % 3 for column in columns.tolist()], CHECKED_ROWS)
    results, last, worths = list[object](), dict[int, int](), list[Worths]()
    for row in range(CHECKED_ROWS):
        worth = ((37 * row + 61 * columns.astype(np.int64) ** 2) % 11 * 50).astype(np.uint32)
        few = [int(place) for place in backend.best_k(columns, worth, 7, 3, prices, 4)]
        results += [few, int(backend.best_reduced_value(columns, worth, 7, 3, prices))]
        worths.append((columns, worth, 7, 3))
        last[few[-1]] = row
        matching.consider(row, few, [7 + 3 * int(worth[place]) for place in few])
    auctioned = backend.auction(listed(worths), np.arange(CHECKED_COLUMNS) % 3, 400, 9, 5)
    results += [numbers.tolist() for numbers in auctioned]
    seats = [(row, column) for column, row in last.items() if column % 3]
    matching.settle(matching.begin_at((10 * prices).tolist(), seats))
    results += [list(matching.at), list(matching.gain), list(matching.price)]
    freed = [row for row, column in enumerate(matching.at) if column == 1]
    for row in freed:
        matching.drop(row, 1)
    matching.settle(freed)
    return [*results, matching.at, matching.gain, matching.price]
