"""One need held against everybody, by NumPy or by compiled code: who passes, with what score, failing which gates.

The plain scan does one NumPy operation after another on all bitmaps. The compiled one (_compiled/scan.py) goes through
the roster once, a few thousand supporters at a time, with all operations on them. Both come to the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import NamedTuple, Protocol

import numpy as np

from matcher.grains import Grains
from matcher.ranking.bounds import top_k
from matcher.ranking.compiler import CompiledNeed, Compiler
from matcher.roster import bitmaps
from matcher.roster.bitmaps import Bitmap, Rows
from matcher.roster.columns import Columns, Packed
from matcher.rules.gates import Avoided, Gate, gates, passing
from matcher.rules.shared_hours import Query
from matcher.scoring import WeightedNeed, score


class ScanResult(NamedTuple):
    """Who passes every gate, ascending by row, with grains; maybe without those who are far from the best.

    `passing` counts all who pass, `failed` those who fail each gate, `unknown` those of them of whom it is not known.
    """

    rows: Rows
    grains: Grains
    passing: int
    failed: Mapping[str, int]
    unknown: Mapping[str, int]


class Scan(Protocol):
    """One need before a roster."""

    @property
    def encoded(self) -> WeightedNeed:
        """Return the need in grains."""

    @property
    def query(self) -> Query[Columns]:
        """Return the need before the columns."""

    def found(self, top: int | None) -> ScanResult:
        """Find at least the `top` best and who ties with them, or all who pass."""

    def by_line(self, rows: Rows) -> Grains:
        """Return what each line earns for some rows, shape (lines, rows)."""


@dataclass(frozen=True)
class PlainScan:
    """The plain scan, by NumPy."""

    encoded: WeightedNeed
    query: Query[Columns]
    avoided: Avoided

    @cached_property
    def held(self) -> list[Gate]:
        """Return every gate, held against everybody."""
        return gates(self.query, self.avoided)

    @cached_property
    def passing(self) -> Bitmap:
        """Say who passes every gate."""
        return passing(self.held, self.query.columns)

    def found(self, top: int | None) -> ScanResult:
        """Find at least the `top` best and who ties with them, or all who pass."""
        if top is None:
            rows = bitmaps.rows_of(self.passing, self.query.columns.count)
            grains = self.encoded.total(self.query, rows)
        else:
            rows, grains = top_k(self.encoded, self.query, self.passing, top)
        everyone = self.query.columns.everyone
        failed = {gate.name: bitmaps.size(gate.fails & everyone) for gate in self.held}
        unknown = {gate.name: bitmaps.size(gate.unknown & everyone) for gate in self.held if gate.unknown is not None}
        return ScanResult(rows, grains, bitmaps.size(self.passing), _without_zeros(failed), _without_zeros(unknown))

    def by_line(self, rows: Rows) -> Grains:
        """Return what each line earns for some rows, shape (lines, rows)."""
        return score(self.encoded, self.query, rows)


@dataclass(frozen=True)
class CompiledScan:
    """The compiled scan; `compiled_by` is the module _compiled/scan.py."""

    encoded: WeightedNeed
    query: Query[Columns]
    avoided: Avoided
    compiled_by: ModuleType
    compiler: Compiler

    @cached_property
    def compiled(self) -> CompiledNeed:
        """Return the need as a program."""
        return self.compiler.compile(self.encoded, self.query, self.avoided)

    def found(self, top: int | None) -> ScanResult:
        """Find at least the `top` best and who ties with them, or all who pass."""
        compiled, columns = self.compiled, self.query.columns
        rows, grains, passing, tallies = self.compiled_by.best(
            compiled.program, self._packed, columns.count, top or 0, 0
        )
        counts = tallies.tolist()
        failed = zip(compiled.failed, counts, strict=False)
        unknown = zip(compiled.unknown, counts[len(compiled.failed) :], strict=True)
        return ScanResult(rows, grains, passing, _without_zeros(dict(failed)), _without_zeros(dict(unknown)))

    def by_line(self, rows: Rows) -> Grains:
        """Return what each line earns for some rows, shape (lines, rows)."""
        earned = np.zeros((len(self.encoded.lines), len(rows)), dtype=np.int64)
        by_term = self.compiled_by.by_term(self.compiled.program, self._packed, self.query.columns.count, rows)
        np.add.at(earned, self.compiled.lines, by_term)
        return earned

    @property
    def _packed(self) -> Packed:
        return self.query.columns.packed(self.query.monday, self.query.on)


def agree(one: Scan, other: Scan) -> bool:
    """Say whether two scans come to the same of everybody: who passes, the grains, the counts by gate, who is first."""
    mine, theirs = one.found(None), other.found(None)
    rows = mine.rows[:1]
    return (
        np.array_equal(mine.rows, theirs.rows)
        and np.array_equal(mine.grains, theirs.grains)
        and mine[2:] == theirs[2:]
        and np.array_equal(one.by_line(rows), other.by_line(rows))
        and _first(one.found(1)) == _first(other.found(1))
    )


def _first(found: ScanResult) -> list[int]:
    rows: list[int] = found.rows[found.grains == found.grains.max(initial=0)].tolist()
    return rows


def _without_zeros(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}
