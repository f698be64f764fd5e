"""Compile one need to arrays, so that one pass over the packed roster judges and scores everybody.

Gates become bitmap instructions, lines become terms: each looks a small number of a supporter up in a table.
_compiled/scan.py runs a program. What a gate asks of marks alone is compiled once for each answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.availability import ALWAYS
from matcher.people import Need
from matcher.questionnaire.answers import Answer, Marks
from matcher.ranking.bounds import upper_bound
from matcher.ranking.instructions import Hours, Instructions, Numbers, Recorder, instruction_of
from matcher.roster.columns import Columns, Words
from matcher.roster.layout import Layout
from matcher.rules import wishes
from matcher.rules.gates import PROTECT_HER, Avoided, Gate, asking, inputs_of, of_lists, of_question, of_state
from matcher.rules.shared_hours import Query
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
_NO_TERMS: Numbers = np.zeros((0, 3), dtype=np.int32)
_NO_BITMAPS = np.zeros((0, 0), dtype=np.uint64)


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
    """One need compiled to arrays, for a single pass over the packed roster (docs/decisions/0012).

    instructions  int32 (n, 3)        opcode and two operands; each makes one bitmap
    own           int                 how many leading instructions the terms read
    fails         int32 (gates,)      instructions whose set bits rule a supporter out
    counted       int32 (tallies,)    instructions whose set bits are counted
    held          int32 (wishes,)     instructions of the nice wishes, one after another
    listed        int64 (rows,)       rows that ROWS refers to
    more          uint64 (m, words)   bitmaps that were worked out at once
    hours         4 x int32           bitmaps of hours, as in instructions.py
    rooms         int32 (rooms,)      grains that each room earns
    smalls        int                 how many leading terms look up a byte or a step
    terms         int32 (terms, 4)    kind, place, start and length in `tables`; of each sort the largest first
    most          int32 (terms,)      grains that each term earns at most
    tables        int32               grains by value, table after table
    options       int32 (marked, 6)   term, bit, bits of siblings, grains if lived, if a sibling is, if not known
    bound         int32 (t, 3)        terms of the upper bound (bounds.py), the least first
    constant      int                 grains that all other lines earn at most
    """

    instructions: Instructions
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
    bound: Numbers
    constant: int

    def sharing(self, seen: dict[bytes, Words]) -> "Program":
        """Return the same, with its own bitmaps those of an earlier one where they are equal: they are the largest."""
        return self._replace(more=seen.setdefault(self.more.tobytes(), self.more)) if self.more.size else self


@dataclass(frozen=True)
class CompiledNeed:
    """A program, the line of each of its terms, and the gates that its tallies count: failed, then not known."""

    program: Program
    lines: NDArray[np.intp]
    failed: tuple[str, ...]
    unknown: tuple[str, ...]


class RecordedGate(NamedTuple):
    """A gate as instructions: the one whose bits rule out, and the one whose bits are not known (None: all are)."""

    name: str
    fails: int
    unknown: int | None

    def after(self, start: int) -> "RecordedGate":
        """Return the same, its instructions laid behind others."""
        return RecordedGate(self.name, start + self.fails, None if self.unknown is None else start + self.unknown)


class Fragment(NamedTuple):
    """Gates recorded apart, to be laid end to end with others."""

    instructions: Instructions
    gates: tuple[RecordedGate, ...]


class Compiler:
    """Compiles needs for one roster. It caches fragments; a cache never changes a program."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._inputs = [(question, inputs_of(question)) for question in asking(columns.questionnaire)]
        alone = self._alone(Need(id="", safe_hours=ALWAYS))
        self._state = _fragment(alone, of_state(alone))
        names = (*(gate.name for gate in self._state.gates), *PROTECT_HER, *(one.id for one, _ in self._inputs))
        self._place_of = {name: place for place, name in enumerate(names)}
        self._of_marks = lru_cache(GATES_KEPT)(self._record_of_marks)

    def compile(
        self, encoded: WeightedNeed, query: Query[Columns], avoided: Avoided, *, tallied: bool = True
    ) -> CompiledNeed:
        """Compile a need.

        If it is `tallied`, it counts who fails each gate, then of whom something is not known.
        """
        recorder = Recorder(self._columns)
        own = self._own(Query(query.need, recorder, query.on), avoided)
        terms, held = _terms(encoded, recorder)
        instructions, gates = self._laid_out(recorder, own, self._of_her_marks(query.need))
        unknown = {gate.name: gate.unknown for gate in gates if gate.unknown is not None}
        fails = [gate.fails for gate in gates]
        ruling_out, counted, holding = _in_arrays(fails, [*fails, *unknown.values()] if tallied else [], held)
        program = Program(
            instructions,
            len(recorder.instructions),
            ruling_out,
            counted,
            holding,
            recorder.listed,
            np.array(recorder.more) if recorder.more else _NO_BITMAPS,
            recorder.hours,
            _rooms(encoded, self._columns),
            *_written([term for term, _ in terms]),
            *_bound(encoded),
        )
        lines = np.array([line for _, line in terms], dtype=np.intp)
        return CompiledNeed(program, lines, tuple(gate.name for gate in gates), tuple(unknown))

    def _laid_out(
        self, recorder: Recorder, own: list[RecordedGate], kept: list[Fragment]
    ) -> tuple[Instructions, list[RecordedGate]]:
        """Lay what is kept behind what is hers alone; return the gates in the order of a ranking."""
        instructions, gates = [recorder.instructions], own
        start = len(recorder.instructions)
        for fragment in (self._state, *kept):
            gates += [gate.after(start) for gate in fragment.gates]
            instructions.append(fragment.instructions)
            start += len(fragment.instructions)
        return np.concatenate(instructions), sorted(gates, key=lambda gate: self._place_of[gate.name])

    def _own(self, query: Query[Recorder], avoided: Avoided) -> list[RecordedGate]:
        """Note what looks at more than marks: lists of people, hours, texts, numbers and musts."""
        asked = (of_question(question, query) for question, inputs in self._inputs if not inputs)
        return [_recorded(gate) for gate in (*of_lists(query, avoided), *asked) if gate]

    def _of_her_marks(self, need: Need) -> list[Fragment]:
        answers, stars = need.answers, need.stars
        return [
            self._of_marks(place, tuple(map(answers.get, inputs.answers)), tuple(map(stars.get, inputs.stars)))
            for place, (_, inputs) in enumerate(self._inputs)
            if inputs
        ]

    def _record_of_marks(self, place: int, answers: Sequence[Answer | None], stars: Sequence[Marks | None]) -> Fragment:
        """Note a gate before a need that says nothing but what this gate looks at."""
        question, inputs = self._inputs[place]
        assert inputs
        starred = _said(inputs.stars, stars)
        alone = self._alone(Need(id="", answers=_said(inputs.answers, answers), stars=starred, safe_hours=ALWAYS))
        gate = of_question(question, alone)
        return _fragment(alone, [gate] if gate else [])

    def _alone(self, need: Need) -> Query[Recorder]:
        return Query(need, Recorder(self._columns), date.min)


def _said(questions: Sequence[str], values: Sequence[T | None]) -> dict[str, T]:
    return {question: value for question, value in zip(questions, values, strict=True) if value is not None}


def _fragment(query: Query[Recorder], gates: Iterable[Gate]) -> Fragment:
    recorded = tuple(_recorded(gate) for gate in gates)
    return Fragment(query.columns.instructions, recorded)


def _recorded(gate: Gate) -> RecordedGate:
    unknown = None if gate.unknown is None else instruction_of(gate.unknown)
    return RecordedGate(gate.name, instruction_of(gate.fails), unknown)


def _terms(encoded: WeightedNeed, recorder: Recorder) -> tuple[list[tuple[Term, int]], list[int]]:
    """List the terms, each with its line: bytes and steps first, then the largest; and the instructions of wishes."""
    terms: list[tuple[Term, int]] = []
    held: list[int] = []
    for number, line in enumerate(encoded.lines):
        match line:
            case CoverageLine():
                terms.extend([(term, number) for term in _of_coverage(line.layout, line.question.id, line.options)])
            case WishesLine():
                terms.append((Term(HELD, len(held), line.by_held, (), line.by_held[-1]), number))
                held.extend(instruction_of(wishes.holds(line.need, one, recorder)) for one in line.nice)
            case ClosenessLine():
                table = (line.mean, *line.by_step)
                terms.append((Term(STEP, line.place, table, (), max(table)), number))
            case OverlapLine():
                terms.append((Term(SHARED, 0, line.by_quarters, (), line.by_quarters[-1]), number))
            case HeadroomLine():  # the roster keeps its table
                terms.append((Term(ROOM, 0, (), (), line.maximum), number))
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


def _bound(encoded: WeightedNeed) -> tuple[Numbers, int]:
    over = upper_bound(encoded.lines)
    if over is None:
        return _NO_TERMS, 0
    return np.fromiter(chain.from_iterable(over.terms), dtype=np.int32).reshape(-1, 3), over.constant


def _in_arrays(*lists: Sequence[int]) -> list[Numbers]:
    """Put lists of whole numbers into arrays; making one is dear, cutting it is not."""
    whole, start = np.array([number for numbers in lists for number in numbers], dtype=np.int32), 0
    cut = []
    for numbers in lists:
        cut.append(whole[start : start + len(numbers)])
        start += len(numbers)
    return cut
