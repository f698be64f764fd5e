"""Bitmap instructions: operations recorded, not done, so that one pass over the roster can do them all at once.

A Ref stands where a bitmap would: whoever combines bitmaps by ~, & and | records an instruction instead. They stand in
the order in which they can be done; each makes one bitmap and names others by how far they lie before it, so that
recordings can be laid end to end as they are.
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

Instructions = NDArray[np.int32]
Numbers = NDArray[np.int32]
Hours = tuple[Numbers, Numbers, Numbers, Numbers]
"""Bitmaps of hours: those that count one quarter-hour, two, and the same of those that COUNT narrows to some people."""
NOBODY, EVERYONE, BITMAP, DATE, MORE, ROWS, NOT, AND, OR, OR_BITMAP, COUNT, FEWER = range(12)
"""Opcodes: what an instruction does with its two operands.

BITMAP, DATE and MORE take a bitmap by number out of columns, dates, and those that were worked out at once. ROWS takes
those of the listed rows from one place to another. NOT, AND and OR take instructions before it, OR_BITMAP one and a
bitmap. COUNT adds the hours up, some of them for those in one bitmap alone; FEWER says whose count is below a number.
"""
_NO_HOURS: Numbers = np.zeros(0, dtype=np.int32)


class Ref:
    """A reference to the bitmap that a recorded instruction will make, by its place."""

    __slots__ = ("place", "recorder", "turned")

    def __init__(self, recorder: "Recorder", place: int) -> None:
        self.recorder, self.place = recorder, place
        self.turned: Ref | None = None

    def __invert__(self) -> "Ref":
        if self.turned is None:
            self.turned = self.recorder.join(NOT, self)
            self.turned.turned = self
        return self.turned

    def __and__(self, other: "Ref") -> "Ref":
        return self.recorder.join(AND, self, other)

    def __or__(self, other: "Ref") -> "Ref":
        return self.recorder.join(OR, self, other)


class Recorder(RosterView):
    """The bitmaps of a roster as references, and the instructions that were recorded of them."""

    def __init__(self, columns: Columns) -> None:
        self.questionnaire, self.count, self.row_of = columns.questionnaire, columns.count, columns.row_of
        self._columns = columns
        self._place_of = columns.layout.place_of
        self._code = array("i")
        self._rows = array("q")
        self.more: list[Bitmap] = []
        self.hours: Hours = (_NO_HOURS, _NO_HOURS, _NO_HOURS, _NO_HOURS)
        self._everyone: Ref | None = None

    def record(self, kind: int, one: int = 0, other: int = 0) -> Ref:
        """Record an instruction, and return its bitmap."""
        self._code.extend((kind, one, other))
        return Ref(self, len(self._code) // 3 - 1)

    def join(self, kind: int, one: Ref, other: Ref | None = None) -> Ref:
        """Record an instruction that takes other instructions, and return its bitmap."""
        here = len(self._code) // 3
        return self.record(kind, here - one.place, here - other.place if other else 0)

    @property
    def instructions(self) -> Instructions:
        """Return the instructions so far, shape (instructions, 3): what is done, and with what."""
        return np.frombuffer(self._code, dtype=np.int32).reshape(-1, 3)

    @property
    def listed(self) -> NDArray[np.int64]:
        """Return the rows that ROWS refers to."""
        return np.frombuffer(self._rows, dtype=np.int64)

    # As bitmaps

    @property
    def everyone(self) -> Bitmap:
        """Return the bitmap in which all stand."""
        self._everyone = self._everyone or self.record(EVERYONE)
        return _as_bitmap(self._everyone)

    @property
    def nobody(self) -> Bitmap:
        """Return the bitmap in which nobody stands."""
        return _as_bitmap(self.record(NOBODY))

    def bitmap(self, name: str) -> Bitmap:
        """Return a bitmap by its name in roster/layout.py. Raises KeyError."""
        return _as_bitmap(self.record(BITMAP, self._place_of[name]))

    def any_of(self, question_id: str, option_ids: Iterable[str]) -> Bitmap:
        """Say who marked at least one of some options."""
        places = [self._place_of[f"{question_id}={option}"] for option in option_ids]
        if not places:
            return self.nobody
        self.record(BITMAP, places[0])
        self._code.extend(chain.from_iterable((OR_BITMAP, 1, place) for place in places[1:]))
        return _as_bitmap(Ref(self, len(self._code) // 3 - 1))

    def rows(self, rows: Iterable[int]) -> Bitmap:
        """Return the bitmap in which these rows alone stand."""
        first = len(self._rows)
        self._rows.extend(sorted(rows))
        return _as_bitmap(self.record(ROWS, first, len(self._rows)))

    def where(self, name: str, holds: Callable[[Any], bool]) -> Bitmap:
        """Say of whose value in a column something holds. This one is worked out at once."""
        self.more.append(self._columns.where(name, holds))
        return _as_bitmap(self.record(MORE, len(self.more) - 1))

    def in_date(self, on: date) -> list[tuple[str, Bitmap, Bitmap]]:
        """Say for each last valid day who is past it on a date, and of whom it is not known."""
        pairs = ((name, self.record(DATE, 2 * n), self.record(DATE, 2 * n + 1)) for n, name in enumerate(UNTIL))
        return [(name, _as_bitmap(past), _as_bitmap(unknown)) for name, past, unknown in pairs]

    def free_quarters(
        self, monday: date, zone: str, hours: HalfHours, narrowed: HalfHours, to: Callable[[], Bitmap]
    ) -> "RecordedCount":
        """Count in how many quarter-hours of some local half-hours of the week of a Monday each supporter is free.

        The `narrowed` ones count only for those in the bitmap that `to` returns. A recording counts once.
        """
        free, narrow = (self._columns.cells_of(monday, zone, some) for some in (hours, narrowed))
        self.hours = (*free, *narrow)
        self.join(COUNT, _as_ref(to() if narrowed else self.everyone))
        return RecordedCount(self)


class RecordedCount:
    """The count of a recording, still to be made."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def fewer_than(self, number: int) -> Bitmap:
        """Say whose number is lower."""
        return _as_bitmap(self._recorder.record(FEWER, number))


def instruction_of(bitmap: Bitmap) -> int:
    """Return the place of the instruction that makes a bitmap."""
    return _as_ref(bitmap).place


def _as_bitmap(ref: Ref) -> Bitmap:
    return cast(Bitmap, ref)


def _as_ref(bitmap: Bitmap) -> Ref:
    return cast(Ref, bitmap)
