"""Circuits: plane operations that are noted, not done, so that one pass over the roster can do them all at once.

A wire stands where a plane would: whoever combines planes by ~, & and | notes a step instead. Steps are numbered in the
order in which they can be done; each makes one plane.
"""

from array import array
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Columns
from matcher.fact_planes import FactPlanes
from matcher.people import UNTIL
from matcher.planes import Plane

Steps = NDArray[np.int32]
Numbers = NDArray[np.int32]
Hours = tuple[Numbers, Numbers, Numbers, Numbers]
"""Planes of hours: those that count one quarter-hour, two, and the same of those that COUNT narrows to some people."""
NOBODY, EVERYONE, FACT, DATE, MORE, ROWS, NOT, AND, OR, OR_FACT, COUNT, FEWER = range(12)
"""What a step does with its two operands.

FACT, DATE and MORE take a plane by number out of facts, dates, and planes that were worked out at once. ROWS takes
those of the listed rows from one place to another. NOT, AND and OR take other steps, OR_FACT a step and a fact. COUNT
adds the hours up, some of them for those in another step alone; FEWER says whose count is lower than a number.
"""
_NO_HOURS: Numbers = np.zeros(0, dtype=np.int32)
_NOWHERE = (_NO_HOURS, _NO_HOURS)


class Wire:
    """A plane that a circuit will make."""

    __slots__ = ("circuit", "step", "turned")

    def __init__(self, circuit: "Circuit", step: int) -> None:
        self.circuit, self.step = circuit, step
        self.turned: Wire | None = None

    def __invert__(self) -> "Wire":
        if self.turned is None:
            self.turned = self.circuit.note(NOT, self.step)
            self.turned.turned = self
        return self.turned

    def __and__(self, other: "Wire") -> "Wire":
        return self.circuit.note(AND, self.step, other.step)

    def __or__(self, other: "Wire") -> "Wire":
        return self.circuit.note(OR, self.step, other.step)


class Circuit(FactPlanes):
    """The facts of a roster as wires, and the steps that were noted of them."""

    def __init__(self, columns: Columns) -> None:
        self.questionnaire, self.count, self.row_of = columns.questionnaire, columns.count, columns.row_of
        self._columns = columns
        self._place_of = columns.facts.place_of
        self._steps = array("i")
        self._rows = array("q")
        self.more: list[Plane] = []
        self.hours: Hours = (_NO_HOURS, _NO_HOURS, _NO_HOURS, _NO_HOURS)
        self._everyone = self.note(EVERYONE)

    def note(self, kind: int, one: int = 0, other: int = 0) -> Wire:
        """Note a step, and return its plane."""
        self._steps.extend((kind, one, other))
        return Wire(self, len(self._steps) // 3 - 1)

    @property
    def steps(self) -> Steps:
        """Return the steps so far, shape (steps, 3): what is done, and with what."""
        return np.frombuffer(self._steps, dtype=np.int32).reshape(-1, 3)

    @property
    def listed(self) -> NDArray[np.int64]:
        """Return the rows that ROWS refers to."""
        return np.frombuffer(self._rows, dtype=np.int64)

    # As planes

    @property
    def everyone(self) -> Plane:
        """Return the plane in which all stand."""
        return _as_plane(self._everyone)

    @property
    def nobody(self) -> Plane:
        """Return the plane in which nobody stands."""
        return _as_plane(self.note(NOBODY))

    def plane(self, name: str) -> Plane:
        """Return the plane of one fact by its name in facts.py. Raises KeyError."""
        return _as_plane(self.note(FACT, self._place_of[name]))

    def any_of(self, question_id: str, option_ids: Iterable[str]) -> Plane:
        """Say who marked at least one of some options."""
        found: Wire | None = None
        for option in option_ids:
            fact = self._place_of[f"{question_id}={option}"]
            found = self.note(FACT, fact) if found is None else self.note(OR_FACT, found.step, fact)
        return self.nobody if found is None else _as_plane(found)

    def rows(self, rows: Iterable[int]) -> Plane:
        """Return the plane in which these rows alone stand."""
        first = len(self._rows)
        self._rows.extend(sorted(rows))
        return _as_plane(self.note(ROWS, first, len(self._rows)))

    def where(self, name: str, holds: Callable[[Any], bool]) -> Plane:
        """Say of whose value in a column something holds. This one is worked out at once."""
        self.more.append(self._columns.where(name, holds))
        return _as_plane(self.note(MORE, len(self.more) - 1))

    def in_date(self, on: date) -> list[tuple[str, Plane, Plane]]:
        """Say for each last valid day who is past it on a date, and of whom it is not known."""
        pairs = ((name, self.note(DATE, 2 * n), self.note(DATE, 2 * n + 1)) for n, name in enumerate(UNTIL))
        return [(name, _as_plane(past), _as_plane(unknown)) for name, past, unknown in pairs]

    def free_quarters(
        self, monday: date, quarters: NDArray[np.intp], narrowed: NDArray[np.intp], to: Callable[[], Plane]
    ) -> "NotedCount":
        """Count in how many of some quarter-hours of the common span around a Monday each supporter is free.

        A circuit counts once.
        """
        free, narrow = self._columns.cells_of(monday, quarters), _NOWHERE
        if len(narrowed):
            narrow = self._columns.cells_of(monday, narrowed)
        self.hours = (*free, *narrow)
        self.note(COUNT, step_of(to()) if len(narrowed) else self._everyone.step)
        return NotedCount(self)


class NotedCount:
    """The count of a circuit."""

    def __init__(self, circuit: Circuit) -> None:
        self._circuit = circuit

    def fewer_than(self, number: int) -> Plane:
        """Say whose number is lower."""
        return _as_plane(self._circuit.note(FEWER, number))


def step_of(plane: Plane) -> int:
    """Return the step that makes a plane."""
    return _as_wire(plane).step


def _as_plane(wire: Wire) -> Plane:
    return cast(Plane, wire)


def _as_wire(plane: Plane) -> Wire:
    return cast(Wire, plane)
