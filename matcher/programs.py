"""Programs: one need as whole numbers in arrays, so that one pass over the packed roster judges and scores everybody.

The gates are noted as the steps of a circuit, and the lines as terms: each looks a small number of a supporter up in a
table. fast/scan.py runs a program.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher import wishes
from matcher.circuits import Circuit, Steps, step_of
from matcher.columns import Columns, Words
from matcher.constraints import Avoided, Gate, gates, passing
from matcher.facts import Byte
from matcher.meeting import Encounter
from matcher.scoring import ClosenessLine, CoverageLine, HeadroomLine, Line, NeedInGrains, OptionGrains, OverlapLine, WishesLine

Numbers = NDArray[np.int32]
BYTE, STEP, SHARED, HELD, ROOM = range(5)
"""What a term looks up: a byte of options, a step, shared quarter-hours, how many planes hold, or a room."""
TABLE = 256
_NO_PLANES = np.zeros((0, 0), dtype=np.uint64)
_NO_HOURS = np.zeros(0, dtype=np.intp)


class Program(NamedTuple):
    """One need in arrays. `terms` has a row a term: what it looks up, where, where its table starts, and its length.

    `most` is what each term can earn; terms that can earn most come first. `options` has a row an option that she
    marked: the number of its byte's term, its bit, the bits of its kin, grains if lived, if only kin, if not known.
    """

    steps: Steps
    passing: int
    listed: NDArray[np.int64]
    more: Words
    ones: Numbers
    twos: Numbers
    narrowed_ones: Numbers
    narrowed_twos: Numbers
    terms: Numbers
    tables: Numbers
    held: Numbers
    options: Numbers
    most: Numbers


@dataclass(frozen=True)
class Asked:
    """A program with the names of the gates whose tallies it takes: who fails, and of whom it is not known."""

    program: Program
    lines: NDArray[np.intp]
    failed: tuple[str, ...]
    unknown: tuple[str, ...]


class _Terms:
    """The terms of a program, as they are written line by line."""

    def __init__(self, circuit: Circuit) -> None:
        self.circuit = circuit
        self.terms: list[tuple[int, int, int, int]] = []
        self.most: list[int] = []
        self.tables: list[int] = []
        self.held: list[int] = []
        self.options: list[tuple[int, ...]] = []

    def add(self, kind: int, place: int, table: Sequence[int], most: int) -> None:
        self.terms.append((kind, place, len(self.tables), len(table)))
        self.most.append(most)
        self.tables.extend(table)


def program_of(encoded: NeedInGrains, encounter: Encounter[Columns], avoided: Avoided, *, tallied: bool) -> Asked:
    """Write the program of a need; `tallied` also counts how many fail each gate and how many pass all."""
    columns = encounter.columns
    circuit = Circuit(columns)
    noted = Encounter(encounter.need, circuit, encounter.on)
    held = gates(noted, avoided)
    left = passing(held, circuit)
    if tallied:
        _tally(circuit, held)
    written = _Terms(circuit)
    lines = [number for number, line in enumerate(encoded.lines) for _ in range(_write(line, written, columns))]
    order = sorted(range(len(lines)), key=lambda term: -written.most[term])
    program = Program(
        circuit.steps,
        step_of(left),
        circuit.listed,
        np.array(circuit.more) if circuit.more else _NO_PLANES,
        *(hours.astype(np.int32) for hours in circuit.hours or [_NO_HOURS] * 4),
        _numbers([written.terms[term] for term in order], 4),
        _numbers(written.tables),
        _numbers(written.held),
        _numbers([(order.index(term), *option) for term, *option in written.options], 6),
        _numbers([written.most[term] for term in order]),
    )
    named = [gate.name for gate in held]
    return Asked(
        program,
        np.array([lines[term] for term in order], dtype=np.intp),
        tuple(named),
        tuple(gate.name for gate in held if gate.unknown is not None),
    )


def _tally(circuit: Circuit, held: Sequence[Gate]) -> None:
    for gate in held:
        circuit.tally(gate.fails)
    for gate in held:
        if gate.unknown is not None:
            circuit.tally(gate.unknown)


def _numbers(values: Sequence[object], columns: int = 0) -> Numbers:
    numbers = np.array(values, dtype=np.int32)
    return numbers.reshape(-1, columns) if columns else numbers


def _write(line: Line, written: _Terms, columns: Columns) -> int:
    """Write the terms of a line; return how many they are."""
    before = len(written.terms)
    match line:
        case CoverageLine():
            _write_bytes(line, written)
        case ClosenessLine():
            table = (line.mean, *line.by_step)
            written.add(STEP, line.place, table, max(table))
        case OverlapLine():
            written.add(SHARED, 0, line.by_quarters, max(line.by_quarters))
        case WishesLine():
            first = len(written.held)
            written.held.extend(step_of(wishes.holds(line.need, one, written.circuit)) for one in line.nice)
            written.add(HELD, first, line.by_held, max(line.by_held))
        case HeadroomLine():
            table = line.by_room(columns.rooms()[0]).tolist()
            written.add(ROOM, 0, table, max(table, default=0))
    return len(written.terms) - before


def _write_bytes(line: CoverageLine, written: _Terms) -> None:
    """Write a term for each byte of options of which she marked some. Its table is filled in from the options."""
    grains = {one.option: one for one in line.options}
    for place, byte in line.bytes:
        marked = list(_marked(byte, grains))
        if marked:
            term = len(written.terms)
            written.options.extend((term, *one) for one in marked)
            most = max(sum(max(lived, kin) for _, _, lived, kin, _ in marked), sum(mean for *_, mean in marked))
            written.terms.append((BYTE, place, term, TABLE))
            written.most.append(most)


def _marked(byte: Byte, grains: dict[str, OptionGrains]) -> Iterator[tuple[int, int, int, int, int]]:
    for option, bit, kin in byte.bits:
        if option in grains:
            one = grains[option]
            yield bit, kin, one.lived, one.related, one.mean
