"""What the gates and wishes ask of a roster: bitmaps by name, however a bitmap is kept or worked out."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, Protocol

from matcher.availability import HalfHours
from matcher.questionnaire.schema import Questionnaire
from matcher.roster.bitmaps import Bitmap


class Counted(Protocol):
    """One whole number a supporter."""

    def fewer_than(self, number: int) -> Bitmap:
        """Say whose number is lower."""


class RosterView(ABC):
    """All supporters, bitmap by bitmap. Rules combine bitmaps by ~, & and | alone, and look into none.

    So the same rules can be worked out on bitmaps at once (columns.py), or be recorded and worked out later
    (ranking/instructions.py).
    """

    questionnaire: Questionnaire
    count: int
    row_of: dict[str, int]

    @property
    @abstractmethod
    def everyone(self) -> Bitmap:
        """Return the bitmap in which all stand."""

    @property
    @abstractmethod
    def nobody(self) -> Bitmap:
        """Return the bitmap in which nobody stands."""

    @abstractmethod
    def bitmap(self, name: str) -> Bitmap:
        """Return a bitmap by its name in layout.py. Raises KeyError."""

    @abstractmethod
    def rows(self, rows: Iterable[int]) -> Bitmap:
        """Return the bitmap in which these rows alone stand."""

    @abstractmethod
    def where(self, name: str, holds: Callable[[Any], bool]) -> Bitmap:
        """Say of whose value in a column something holds; it is asked once for each different value."""

    @abstractmethod
    def in_date(self, on: date) -> list[tuple[str, Bitmap, Bitmap]]:
        """Say for each last valid day who is past it on a date, and of whom it is not known."""

    @abstractmethod
    def free_quarters(
        self, monday: date, zone: str, hours: HalfHours, narrowed: HalfHours, to: Callable[[], Bitmap]
    ) -> Counted:
        """Count in how many quarter-hours of some local half-hours of the week of a Monday each supporter is free.

        The `narrowed` ones count only for those in the bitmap that `to` returns.
        """

    def answered(self, question_id: str) -> Bitmap:
        """Say who answered a question whose options are compared."""
        return self.bitmap(f"{question_id}=")

    def has(self, question_id: str, option_id: str) -> Bitmap:
        """Say who marked an option of a question whose options are compared."""
        return self.bitmap(f"{question_id}={option_id}")

    def months_known(self, question_id: str, option_id: str) -> Bitmap:
        """Say who told for how many months, of an option of a gate:steady; `has` says who told enough."""
        return self.bitmap(f"{question_id}=={option_id}")

    def any_of(self, question_id: str, option_ids: Iterable[str]) -> Bitmap:
        """Say who marked at least one of some options."""
        return reduce(or_, (self.has(question_id, option) for option in option_ids), self.nobody)
