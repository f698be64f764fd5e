"""Programs: one need as whole numbers in arrays, so that one pass over the packed roster judges and scores everybody.

The gates are noted as the steps of circuits, and the lines as terms: each looks a small number of a supporter up in a
table. _compiled/scan.py runs a program. What a gate asks of marks alone is noted once for each answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.people import Need
from matcher.questionnaire.answers import Answer, Marks
from matcher.ranking.bounds import ceiling
from matcher.ranking.instructions import Circuit, Hours, Numbers, Steps, step_of
from matcher.roster.columns import Columns, Words
from matcher.roster.layout import Layout
from matcher.rules import wishes
from matcher.rules.gates import PROTECT_HER, Avoided, Gate, asking, looks_at, of_lists, of_question, of_state
from matcher.rules.shared_hours import Encounter
from matcher.scoring import (
    ClosenessLine,
    CoverageLine,
    HeadroomLine,
    OptionGrains,
    OverlapLine,
    WeightedNeed,
    WishesLine,
)

T = TypeVar("T")
GATES_KEPT, LINES_KEPT = 4096, 4096
_NOTHING: Numbers = np.zeros(0, dtype=np.int32)
_NO_HEIGHTS: Numbers = np.zeros((0, 3), dtype=np.int32)
_NO_PLANES = np.zeros((0, 0), dtype=np.uint64)


BYTE, STEP, SHARED, HELD, ROOM = range(5)
"""What a term looks up: a byte of options, a step, shared quarter-hours, how many wishes hold, or a room."""


class Term(NamedTuple):
    """One small number of a supporter, and what each of its values earns.

    `place` is where the number is held. A byte has no table but `options`: each with its bit, the bits of its siblings,
    and its grains if lived, if only a sibling is, and if not known. `most` is what can be earned.
    """

    kind: int
    place: int
    table: tuple[int, ...]
    options: tuple[tuple[int, int, int, int, int], ...]
    most: int


class Program(NamedTuple):
    """One need in arrays. `terms` has a row a term: what it looks up, where, where its table starts, and its length.

    The first `own` steps are all that terms look at; `fails` are those that rule out. `most` is what each term can
    earn. The first `smalls` terms look small numbers up; of them, and of the others, those that can earn most come
    first. `options` has a row an option that she marked: its term, its bit in the byte, the bits of its siblings, its
    grains if lived, if a sibling is, and if not known. `rooms` is what each room earns, `held` the steps of the wishes.
    `counted` are steps of which it is counted who stands in them. `hours` are those of instructions.py. `ceiling` has a
    row a height of bounds.py, the least first, and `beside` is what all else earns at most.
    """

    steps: Steps
    own: int
    fails: Numbers
    counted: Numbers
    held: Numbers
    listed: NDArray[np.int64]
    more: Words
    hours: Hours
    rooms: Numbers
    smalls: int
    terms: Numbers
    most: Numbers
    tables: Numbers
    options: Numbers
    ceiling: Numbers
    beside: int

    def sharing(self, seen: dict[bytes, Words]) -> "Program":
        """Return the same, with its own bitmaps those of an earlier one where they are equal: they are the largest."""
        return self._replace(more=seen.setdefault(self.more.tobytes(), self.more)) if self.more.size else self


@dataclass(frozen=True)
class Asked:
    """A program; of which line each term is; and the gates whose tallies it takes: who fails, of whom it is unknown."""

    program: Program
    lines: NDArray[np.intp]
    failed: tuple[str, ...]
    unknown: tuple[str, ...]


class Noted(NamedTuple):
    """A gate as steps: the one that rules out, and the one of whom something is not known, None where all is."""

    name: str
    fails: int
    unknown: int | None

    def after(self, start: int) -> "Noted":
        """Return the same, its steps laid behind others."""
        return Noted(self.name, start + self.fails, None if self.unknown is None else start + self.unknown)


class Piece(NamedTuple):
    """Gates that were noted apart."""

    steps: Steps
    gates: tuple[Noted, ...]


class Writer:
    """Writes the programs of the needs before one roster. What it keeps never changes a program."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._looks = [(question, looks_at(question)) for question in asking(columns.questionnaire)]
        alone = self._alone(Need(id=""))
        self._state = _piece(alone, of_state(alone))
        names = (*(gate.name for gate in self._state.gates), *PROTECT_HER, *(one.id for one, _ in self._looks))
        self._place_of = {name: place for place, name in enumerate(names)}
        self._of_marks = lru_cache(GATES_KEPT)(self._note_of_marks)

    def write(
        self, encoded: WeightedNeed, encounter: Encounter[Columns], avoided: Avoided, *, tallied: bool = True
    ) -> Asked:
        """Write the program of a need.

        If it is `tallied`, it counts who fails each gate, then of whom something is not known.
        """
        circuit = Circuit(self._columns)
        own = self._own(Encounter(encounter.need, circuit, encounter.on), avoided)
        terms, held = _terms(encoded, circuit)
        steps, gates = self._laid_out(circuit, own, self._of_her_marks(encounter.need))
        unknown = {gate.name: gate.unknown for gate in gates if gate.unknown is not None}
        fails = [gate.fails for gate in gates]
        ruling_out, counted, holding = _in_arrays(fails, [*fails, *unknown.values()] if tallied else [], held)
        program = Program(
            steps,
            len(circuit.steps),
            ruling_out,
            counted,
            holding,
            circuit.listed,
            np.array(circuit.more) if circuit.more else _NO_PLANES,
            circuit.hours,
            _rooms(encoded, self._columns),
            *_written([term for term, _ in terms]),
            *_ceiling(encoded),
        )
        lines = np.array([line for _, line in terms], dtype=np.intp)
        return Asked(program, lines, tuple(gate.name for gate in gates), tuple(unknown))

    def _laid_out(self, circuit: Circuit, own: list[Noted], kept: list[Piece]) -> tuple[Steps, list[Noted]]:
        """Lay what is kept behind what is hers alone; return the gates in the order of a ranking."""
        steps, gates = [circuit.steps], own
        start = len(circuit.steps)
        for piece in (self._state, *kept):
            gates += [gate.after(start) for gate in piece.gates]
            steps.append(piece.steps)
            start += len(piece.steps)
        return np.concatenate(steps), sorted(gates, key=lambda gate: self._place_of[gate.name])

    def _own(self, encounter: Encounter[Circuit], avoided: Avoided) -> list[Noted]:
        """Note what looks at more than marks: lists of people, hours, texts, numbers and musts."""
        asked = (of_question(question, encounter) for question, looks in self._looks if not looks)
        return [_noted(gate) for gate in (*of_lists(encounter, avoided), *asked) if gate]

    def _of_her_marks(self, need: Need) -> list[Piece]:
        answers, stars = need.answers, need.stars
        return [
            self._of_marks(place, tuple(map(answers.get, looks.answers)), tuple(map(stars.get, looks.stars)))
            for place, (_, looks) in enumerate(self._looks)
            if looks
        ]

    def _note_of_marks(self, place: int, answers: Sequence[Answer | None], stars: Sequence[Marks | None]) -> Piece:
        """Note a gate before a need that says nothing but what this gate looks at."""
        question, looks = self._looks[place]
        assert looks
        alone = self._alone(Need(id="", answers=_said(looks.answers, answers), stars=_said(looks.stars, stars)))
        gate = of_question(question, alone)
        return _piece(alone, [gate] if gate else [])

    def _alone(self, need: Need) -> Encounter[Circuit]:
        return Encounter(need, Circuit(self._columns), date.min)


def _said(questions: Sequence[str], values: Sequence[T | None]) -> dict[str, T]:
    return {question: value for question, value in zip(questions, values, strict=True) if value is not None}


def _piece(encounter: Encounter[Circuit], gates: Iterable[Gate]) -> Piece:
    noted = tuple(_noted(gate) for gate in gates)
    return Piece(encounter.columns.steps, noted)


def _noted(gate: Gate) -> Noted:
    return Noted(gate.name, step_of(gate.fails), None if gate.unknown is None else step_of(gate.unknown))


def _terms(encoded: WeightedNeed, circuit: Circuit) -> tuple[list[tuple[Term, int]], list[int]]:
    """List the terms with the line of each: small numbers first, then by what they can earn; and the wishes' steps."""
    terms: list[tuple[Term, int]] = []
    held: list[int] = []
    for number, line in enumerate(encoded.lines):
        match line:
            case CoverageLine():
                terms.extend([(term, number) for term in _of_coverage(line.layout, line.question.id, line.options)])
            case WishesLine():
                terms.append((Term(HELD, len(held), line.by_held, (), line.by_held[-1]), number))
                held.extend(step_of(wishes.holds(line.need, one, circuit)) for one in line.nice)
            case ClosenessLine():
                table = (line.mean, *line.by_step)
                terms.append((Term(STEP, line.place, table, (), max(table)), number))
            case OverlapLine():
                terms.append((Term(SHARED, 0, line.by_quarters, (), line.by_quarters[-1]), number))
            case HeadroomLine():  # the roster keeps its table
                terms.append((Term(ROOM, 0, (), (), line.full), number))
    terms.sort(key=lambda one: (one[0].kind > STEP, -one[0].most))
    return terms, held


@lru_cache(LINES_KEPT)
def _of_coverage(layout: Layout, question_id: str, options: tuple[OptionGrains, ...]) -> tuple[Term, ...]:
    """Make a term for each byte of which she marked something."""
    bits = layout.bits_of(layout.questionnaire.by_id[question_id])
    by_byte: dict[int, list[tuple[int, int, int, int, int]]] = {}
    for option, lived, sibling, mean in options:
        place, bit, siblings = bits[option]
        by_byte.setdefault(place, []).append((bit, siblings, lived, sibling, mean))
    return tuple([Term(BYTE, place, (), tuple(marked), _most(marked)) for place, marked in by_byte.items()])


def _most(options: Sequence[tuple[int, int, int, int, int]]) -> int:
    return max(sum([one[2] for one in options]), sum([one[4] for one in options]))


def _rooms(encoded: WeightedNeed, columns: Columns) -> Numbers:
    line = next((line for line in encoded.lines if isinstance(line, HeadroomLine)), None)
    return line.by_room(columns) if line else _NOTHING


def _written(terms: Sequence[Term]) -> tuple[int, Numbers, Numbers, Numbers, Numbers]:
    """Write terms into arrays: how many look small numbers up, the terms, what they can earn, tables and options."""
    rows: list[int] = []
    tables: list[int] = []
    options: list[int] = []
    for place, term in enumerate(terms):
        rows += (term.kind, term.place, len(tables), len(term.table))
        tables += term.table
        for option in term.options:
            options += (place, *option)
    smalls, most = sum([term.kind <= STEP for term in terms]), [term.most for term in terms]
    written, can_earn, looked_up, marked = _in_arrays(rows, most, tables, options)
    return smalls, written.reshape(-1, 4), can_earn, looked_up, marked.reshape(-1, 6)


def _ceiling(encoded: WeightedNeed) -> tuple[Numbers, int]:
    over = ceiling(encoded.lines)
    if over is None:
        return _NO_HEIGHTS, 0
    return np.fromiter(chain.from_iterable(over.heights), dtype=np.int32).reshape(-1, 3), over.beside


def _in_arrays(*lists: Sequence[int]) -> list[Numbers]:
    """Put lists of whole numbers into arrays; making one is dear, cutting it is not."""
    whole, start = np.array([number for numbers in lists for number in numbers], dtype=np.int32), 0
    cut = []
    for numbers in lists:
        cut.append(whole[start : start + len(numbers)])
        start += len(numbers)
    return cut
