"""Programs: one need as whole numbers in arrays, so that one pass over the packed roster judges and scores everybody.

The gates are noted as the steps of a circuit, and the lines as terms: each looks a small number of a supporter up in a
table. fast/scan.py runs a program.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher import wishes
from matcher.circuits import Circuit, Hours, Numbers, Steps, step_of
from matcher.columns import Columns, Words
from matcher.constraints import Avoided, gates, passing
from matcher.facts import Byte
from matcher.meeting import Encounter
from matcher.scoring import (
    ClosenessLine,
    CoverageLine,
    HeadroomLine,
    Line,
    NeedInGrains,
    OptionGrains,
    OverlapLine,
    WishesLine,
)

BYTE, STEP, SHARED, HELD, ROOM = range(5)
"""What a term looks up: a byte of options, a step, shared quarter-hours, how many planes hold, or a room."""
_NOTHING: Numbers = np.zeros(0, dtype=np.int32)
_NO_PLANES = np.zeros((0, 0), dtype=np.uint64)


class Program(NamedTuple):
    """One need in arrays. `terms` has a row a term: what it looks up, where, where its table starts, and its length.

    `most` is what each term can earn. The first `smalls` terms look small numbers up; of them, and of the others, those
    that can earn most come first. `options` has a row an option that she marked: its term, its bit in the byte, the
    bits of its kin, grains if lived, if only kin is, and if not known. `rooms` is what each room earns. `counted` are
    steps of which it is counted who stands in them. `hours` are those of circuits.py.
    """

    steps: Steps
    passing: int
    counted: Numbers
    listed: NDArray[np.int64]
    more: Words
    hours: Hours
    smalls: int
    terms: Numbers
    tables: Numbers
    rooms: Numbers
    held: Numbers
    options: Numbers
    most: Numbers

    def sharing(self, seen: dict[bytes, Words]) -> "Program":
        """Return the same, with its own planes those of an earlier one where they are equal: they are the largest."""
        return self._replace(more=seen.setdefault(self.more.tobytes(), self.more)) if self.more.size else self


@dataclass(frozen=True)
class Asked:
    """A program; of which line each term is; and the gates whose tallies it takes: who fails, of whom it is unknown."""

    program: Program
    lines: NDArray[np.intp]
    failed: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass
class _Written:
    """Terms as they are written line by line. A term's number is its place in `terms`."""

    circuit: Circuit
    terms: list[tuple[int, int, int, int]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    most: list[int] = field(default_factory=list)
    tables: list[int] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    options: list[tuple[int, ...]] = field(default_factory=list)
    rooms: Numbers = field(default_factory=lambda: _NOTHING)

    def add(self, line: int, kind: int, place: int, table: Sequence[int], most: int = 0) -> None:
        """Write a term that looks its grains up in a table; `most` where it is kept elsewhere."""
        self.terms.append((kind, place, len(self.tables), len(table)))
        self.lines.append(line)
        self.most.append(max(table, default=most))
        self.tables.extend(table)

    def add_byte(self, line: int, place: int, options: Sequence[tuple[int, int, int, int, int]]) -> None:
        """Write a term whose table is made of options when the program runs."""
        self.options.extend((len(self.terms), *option) for option in options)
        self.terms.append((BYTE, place, 0, 0))
        self.lines.append(line)
        lived, mean = (sum(column) for column in list(zip(*options, strict=True))[2::2])
        self.most.append(max(lived, mean))


def program_of(
    encoded: NeedInGrains, encounter: Encounter[Columns], avoided: Avoided, *, tallied: bool = True
) -> Asked:
    """Write the program of a need.

    If it is `tallied`, it counts who passes all gates, then who fails each, then of whom something is not known.
    """
    circuit = Circuit(encounter.columns)
    held = gates(Encounter(encounter.need, circuit, encounter.on), avoided)
    left = passing(held, circuit)
    unknown = {gate.name: gate.unknown for gate in held if gate.unknown is not None}
    counted = (left, *(gate.fails for gate in held), *unknown.values()) if tallied else ()
    written = _Written(circuit)
    for number, line in enumerate(encoded.lines):
        _write(number, line, written, encounter.columns)
    order = sorted(range(len(written.terms)), key=lambda term: (written.terms[term][0] > STEP, -written.most[term]))
    program = _in_order(written, order, step_of(left), [step_of(plane) for plane in counted])
    lines = np.array([written.lines[term] for term in order], dtype=np.intp)
    return Asked(program, lines, tuple(gate.name for gate in held), tuple(unknown))


def _in_order(written: _Written, order: Sequence[int], left: int, counted: Sequence[int]) -> Program:
    circuit = written.circuit
    place_of = {term: place for place, term in enumerate(order)}
    return Program(
        circuit.steps,
        left,
        _numbers(counted),
        circuit.listed,
        np.array(circuit.more) if circuit.more else _NO_PLANES,
        circuit.hours,
        sum(kind <= STEP for kind, *_ in written.terms),
        _numbers([written.terms[term] for term in order], 4),
        _numbers(written.tables),
        written.rooms,
        _numbers(written.held),
        _numbers([(place_of[term], *option) for term, *option in written.options], 6),
        _numbers([written.most[term] for term in order]),
    )


def _numbers(values: Sequence[object], columns: int = 0) -> Numbers:
    numbers = np.array(values, dtype=np.int32)
    return numbers.reshape(-1, columns) if columns else numbers


def _write(number: int, line: Line, written: _Written, columns: Columns) -> None:
    """Write the terms of a line."""
    match line:
        case CoverageLine():
            grains = {one.option: one for one in line.options}
            for place, byte in line.bytes:
                marked = list(_marked(byte, grains))
                if marked:
                    written.add_byte(number, place, marked)
        case ClosenessLine():
            written.add(number, STEP, line.place, (line.mean, *line.by_step))
        case OverlapLine():
            written.add(number, SHARED, 0, line.by_quarters)
        case WishesLine():
            first = len(written.held)
            written.held.extend(step_of(wishes.holds(line.need, one, written.circuit)) for one in line.nice)
            written.add(number, HELD, first, line.by_held)
        case HeadroomLine():
            written.rooms = line.by_room(columns)
            written.add(number, ROOM, 0, (), line.full)


def _marked(byte: Byte, grains: dict[str, OptionGrains]) -> Iterator[tuple[int, int, int, int, int]]:
    for option, bit, kin in byte.bits:
        if option in grains:
            one = grains[option]
            yield bit, kin, one.lived, one.related, one.mean
