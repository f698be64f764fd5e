"""Circuits: bitmap operations that are noted, not done, so that one pass over the roster can do them all at once.

A wire stands where a bitmap would: whoever combines bitmaps by ~, & and | notes a step instead. Steps stand in the
order in which they can be done; each makes one bitmap. A step names others by how far they lie before it, so that
circuits can be laid end to end as they are.
"""

from array import array
from collections.abc import Callable, Iterable
from datetime import date
from itertools import chain
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from matcher.availability import HalfHours
from matcher.questionnaire.columns import UNTIL
from matcher.roster.bitmaps import Bitmap
from matcher.roster.columns import Columns
from matcher.roster.view import RosterView

Steps = NDArray[np.int32]
Numbers = NDArray[np.int32]
Hours = tuple[Numbers, Numbers, Numbers, Numbers]
"""Bitmaps of hours: those that count one quarter-hour, two, and the same of those that COUNT narrows to some people."""
NOBODY, EVERYONE, FACT, DATE, MORE, ROWS, NOT, AND, OR, OR_FACT, COUNT, FEWER = range(12)
"""What a step does with its two operands.

FACT, DATE and MORE take a bitmap by number out of facts, dates, and bitmaps that were worked out at once. ROWS takes
those of the listed rows from one place to another. NOT, AND and OR take steps before it, OR_FACT a step and a fact.
COUNT adds the hours up, some of them for those in a step alone; FEWER says whose count is lower than a number.
"""
_NO_HOURS: Numbers = np.zeros(0, dtype=np.int32)


class Wire:
    """A bitmap that a circuit will make."""

    __slots__ = ("circuit", "step", "turned")

    def __init__(self, circuit: "Circuit", step: int) -> None:
        self.circuit, self.step = circuit, step
        self.turned: Wire | None = None

    def __invert__(self) -> "Wire":
        if self.turned is None:
            self.turned = self.circuit.join(NOT, self)
            self.turned.turned = self
        return self.turned

    def __and__(self, other: "Wire") -> "Wire":
        return self.circuit.join(AND, self, other)

    def __or__(self, other: "Wire") -> "Wire":
        return self.circuit.join(OR, self, other)


class Circuit(RosterView):
    """The facts of a roster as wires, and the steps that were noted of them."""

    def __init__(self, columns: Columns) -> None:
        self.questionnaire, self.count, self.row_of = columns.questionnaire, columns.count, columns.row_of
        self._columns = columns
        self._place_of = columns.layout.place_of
        self._steps = array("i")
        self._rows = array("q")
        self.more: list[Bitmap] = []
        self.hours: Hours = (_NO_HOURS, _NO_HOURS, _NO_HOURS, _NO_HOURS)
        self._everyone: Wire | None = None

    def note(self, kind: int, one: int = 0, other: int = 0) -> Wire:
        """Note a step, and return its bitmap."""
        self._steps.extend((kind, one, other))
        return Wire(self, len(self._steps) // 3 - 1)

    def join(self, kind: int, one: Wire, other: Wire | None = None) -> Wire:
        """Note a step that takes other steps, and return its bitmap."""
        here = len(self._steps) // 3
        return self.note(kind, here - one.step, here - other.step if other else 0)

    @property
    def steps(self) -> Steps:
        """Return the steps so far, shape (steps, 3): what is done, and with what."""
        return np.frombuffer(self._steps, dtype=np.int32).reshape(-1, 3)

    @property
    def listed(self) -> NDArray[np.int64]:
        """Return the rows that ROWS refers to."""
        return np.frombuffer(self._rows, dtype=np.int64)

    # As bitmaps

    @property
    def everyone(self) -> Bitmap:
        """Return the bitmap in which all stand."""
        self._everyone = self._everyone or self.note(EVERYONE)
        return _as_bitmap(self._everyone)

    @property
    def nobody(self) -> Bitmap:
        """Return the bitmap in which nobody stands."""
        return _as_bitmap(self.note(NOBODY))

    def bitmap(self, name: str) -> Bitmap:
        """Return the bitmap of one fact by its name in roster/layout.py. Raises KeyError."""
        return _as_bitmap(self.note(FACT, self._place_of[name]))

    def any_of(self, question_id: str, option_ids: Iterable[str]) -> Bitmap:
        """Say who marked at least one of some options."""
        facts = [self._place_of[f"{question_id}={option}"] for option in option_ids]
        if not facts:
            return self.nobody
        self.note(FACT, facts[0])
        self._steps.extend(chain.from_iterable((OR_FACT, 1, fact) for fact in facts[1:]))
        return _as_bitmap(Wire(self, len(self._steps) // 3 - 1))

    def rows(self, rows: Iterable[int]) -> Bitmap:
        """Return the bitmap in which these rows alone stand."""
        first = len(self._rows)
        self._rows.extend(sorted(rows))
        return _as_bitmap(self.note(ROWS, first, len(self._rows)))

    def where(self, name: str, holds: Callable[[Any], bool]) -> Bitmap:
        """Say of whose value in a column something holds. This one is worked out at once."""
        self.more.append(self._columns.where(name, holds))
        return _as_bitmap(self.note(MORE, len(self.more) - 1))

    def in_date(self, on: date) -> list[tuple[str, Bitmap, Bitmap]]:
        """Say for each last valid day who is past it on a date, and of whom it is not known."""
        pairs = ((name, self.note(DATE, 2 * n), self.note(DATE, 2 * n + 1)) for n, name in enumerate(UNTIL))
        return [(name, _as_bitmap(past), _as_bitmap(unknown)) for name, past, unknown in pairs]

    def free_quarters(
        self, monday: date, zone: str, hours: HalfHours, narrowed: HalfHours, to: Callable[[], Bitmap]
    ) -> "NotedCount":
        """Count in how many quarter-hours of some local half-hours of the week of a Monday each supporter is free.

        The `narrowed` ones count only for those in the bitmap that `to` returns. A circuit counts once.
        """
        free, narrow = (self._columns.cells_of(monday, zone, some) for some in (hours, narrowed))
        self.hours = (*free, *narrow)
        self.join(COUNT, _as_wire(to() if narrowed else self.everyone))
        return NotedCount(self)


class NotedCount:
    """The count of a circuit."""

    def __init__(self, circuit: Circuit) -> None:
        self._circuit = circuit

    def fewer_than(self, number: int) -> Bitmap:
        """Say whose number is lower."""
        return _as_bitmap(self._circuit.note(FEWER, number))


def step_of(bitmap: Bitmap) -> int:
    """Return the step that makes a bitmap."""
    return _as_wire(bitmap).step


def _as_bitmap(wire: Wire) -> Bitmap:
    return cast(Bitmap, wire)


def _as_wire(bitmap: Bitmap) -> Wire:
    return cast(Wire, bitmap)
