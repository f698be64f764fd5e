"""What the gates and wishes ask of a roster's facts: planes by name, however a plane is kept or worked out."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, Protocol

from matcher.availability import HalfHours
from matcher.questionnaire.schema import Questionnaire
from matcher.roster.bitmaps import Plane


class Counted(Protocol):
    """One whole number a supporter."""

    def fewer_than(self, number: int) -> Plane:
        """Say whose number is lower."""


class FactPlanes(ABC):
    """The facts of all supporters, plane by plane. Rules combine planes by ~, & and | alone, and look into none.

    So the same rules can be worked out on planes at once (columns.py), or be noted and worked out later
    (ranking/instructions.py).
    """

    questionnaire: Questionnaire
    count: int
    row_of: dict[str, int]

    @property
    @abstractmethod
    def everyone(self) -> Plane:
        """Return the plane in which all stand."""

    @property
    @abstractmethod
    def nobody(self) -> Plane:
        """Return the plane in which nobody stands."""

    @abstractmethod
    def plane(self, name: str) -> Plane:
        """Return the plane of one fact by its name in layout.py. Raises KeyError."""

    @abstractmethod
    def rows(self, rows: Iterable[int]) -> Plane:
        """Return the plane in which these rows alone stand."""

    @abstractmethod
    def where(self, name: str, holds: Callable[[Any], bool]) -> Plane:
        """Say of whose value in a column something holds; it is asked once for each different value."""

    @abstractmethod
    def in_date(self, on: date) -> list[tuple[str, Plane, Plane]]:
        """Say for each last valid day who is past it on a date, and of whom it is not known."""

    @abstractmethod
    def free_quarters(
        self, monday: date, zone: str, hours: HalfHours, narrowed: HalfHours, to: Callable[[], Plane]
    ) -> Counted:
        """Count in how many quarter-hours of some local half-hours of the week of a Monday each supporter is free.

        The `narrowed` ones count only for those in the plane that `to` returns.
        """

    def answered(self, question_id: str) -> Plane:
        """Say who answered a question whose options are compared."""
        return self.plane(f"{question_id}=")

    def has(self, question_id: str, option_id: str) -> Plane:
        """Say who marked an option of a question whose options are compared."""
        return self.plane(f"{question_id}={option_id}")

    def months_known(self, question_id: str, option_id: str) -> Plane:
        """Say who told for how many months, of an option of a gate:steady; `has` says who told enough."""
        return self.plane(f"{question_id}=={option_id}")

    def any_of(self, question_id: str, option_ids: Iterable[str]) -> Plane:
        """Say who marked at least one of some options."""
        return reduce(or_, (self.has(question_id, option) for option in option_ids), self.nobody)
