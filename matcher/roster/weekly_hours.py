"""Everyone's weekly hours as bitmaps: by her own clock, and laid on the common clock around the Mondays in use.

The common clock is cut into half-hours, and into quarter-hours only where a zone of the roster stands 15 or 45 minutes
off; the counts are the same. Where all have one zone, its clock is read as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.availability import A_WEEK, QUARTERS, HalfHours, local_half_hours, quarters_of
from matcher.roster.bitmaps import Bitmap, Bitmaps, Bits, pack
from matcher.roster.categories import CategoricalColumn

WEEKS_KEPT = 2
HOURS_KEPT = 4096
_WORDS_AT_ONCE = 64


class Cells(NamedTuple):
    """Bitmaps that count one quarter-hour each, and bitmaps that count two."""

    ones: NDArray[np.int32]
    twos: NDArray[np.int32]


@dataclass(frozen=True)
class _Week:
    """Which bitmap each cell of the common clock is; a cell is one quarter-hour or two.

    The bitmaps are laid out for the week, or, where all have one zone, those of its clock.
    """

    monday: date
    quarters_a_cell: int
    bitmaps: Bitmaps
    bitmap_of: NDArray[np.intp]
    only_zone: str | None
    _found: dict[tuple[str, HalfHours], Cells] = field(default_factory=dict)

    def cells_of(self, zone: str) -> NDArray[np.intp]:
        """Tell which local half-hour of a zone each cell is."""
        return local_half_hours(zone, self.monday)[:: self.quarters_a_cell]

    def cells_in(self, zone: str, hours: HalfHours) -> Cells:
        """Tell which bitmaps some half-hours of a zone's week are; what many women say alike is worked out once."""
        cells = self._found.get((zone, hours))
        if cells is None:
            if len(self._found) >= HOURS_KEPT:
                self._found.clear()
            cells = self._found[zone, hours] = self._counted(quarters_of(hours, zone, self.monday))
        return cells

    def _counted(self, quarters: NDArray[np.intp]) -> Cells:
        cells = quarters // self.quarters_a_cell
        is_second = np.zeros(len(cells) + 1, dtype=bool)
        is_second[1:-1] = cells[1:] == cells[:-1]
        first, is_doubled = ~is_second[:-1], is_second[1:]
        ones, twos = (self.bitmap_of[cells[some]].astype(np.int32) for some in (first & ~is_doubled, is_doubled))
        return Cells(ones, twos)


class WeeklyHours:
    """The half-hours of all supporters, and each one's zone; None is not known and meets nobody."""

    def __init__(self, count: int) -> None:
        self._local = Bitmaps(A_WEEK, count)
        self._zones = CategoricalColumn(count=count)
        self._weeks: dict[date, _Week] = {}

    @property
    def nbytes(self) -> int:
        """Return the bytes that the bitmaps take, those of the weeks in use too."""
        return self._local.nbytes + self._zones.nbytes + sum(bitmaps.nbytes for bitmaps in self._laid_out)

    @property
    def _laid_out(self) -> list[Bitmaps]:
        return [week.bitmaps for week in self._weeks.values() if week.bitmaps is not self._local]

    def fill(self, start: int, hours: Bits, zones: list[str | None]) -> None:
        """Write the half-hours of many supporters at once, shape (336, supporters)."""
        self._local.fill(start, hours & np.array([zone is not None for zone in zones], dtype=bool))
        self._zones.fill(start, self._zones.read(zones))

    def put(self, row: int, hours: Bits, zone: str | None) -> None:
        """Write one supporter's half-hours, shape (336,). Her zone may be the first that needs quarter-hours."""
        hours = hours if zone else np.zeros(A_WEEK, dtype=bool)
        self._local.put(row, hours)
        self._zones.put(row, zone)
        self._weeks = {monday: week for monday, week in self._weeks.items() if _has_room_for(zone, week)}
        for week in self._weeks.values():
            if week.bitmaps is not self._local:
                week.bitmaps.put(row, hours[week.cells_of(zone)] if zone else np.zeros(week.bitmaps.number, dtype=bool))

    def drop(self, row: int, last: int) -> None:
        """Let the last row take the place of a row that leaves."""
        kept: list[Bitmaps | CategoricalColumn] = [self._local, self._zones, *self._laid_out]
        for one in kept:
            one.drop(row, last)

    def bitmaps_of(self, monday: date) -> Bitmaps:
        """Return the bitmaps of the cells of the common clock around a Monday."""
        return self._week(monday).bitmaps

    def cells_of(self, monday: date, zone: str, hours: HalfHours) -> Cells:
        """Tell which of these bitmaps some half-hours of a zone's week are."""
        return self._week(monday).cells_in(zone, hours)

    def _week(self, monday: date) -> _Week:
        week = self._weeks.get(monday)
        if week is None:
            week = self._lay_out(monday)
            kept = list(self._weeks.items())[1 - WEEKS_KEPT :]
            self._weeks = {**dict(kept), monday: week}
        return week

    def _lay_out(self, monday: date) -> _Week:
        """Lay the local hours of everyone whose zone is known on the common clock, zone by zone."""
        zones = dict(self._people_by_zone())
        step = 1 if any(_needs_quarters(zone, monday) for zone in zones) else 2
        if len(zones) == 1:
            (zone,) = zones
            return _Week(monday, step, self._local, local_half_hours(zone, monday)[::step], zone)
        number = QUARTERS // step
        week = _Week(monday, step, Bitmaps(number, self._local.room), np.arange(number), None)
        for zone, people in zones.items():
            cells = week.cells_of(zone)
            for start in range(0, len(people), _WORDS_AT_ONCE):
                words = slice(start, start + _WORDS_AT_ONCE)
                week.bitmaps.merge(words, self._local.block(words)[cells] & people[words])
        return week

    def _people_by_zone(self) -> Iterator[tuple[str, Bitmap]]:
        numbers = self._zones.numbers[: self._local.room]
        for number, zone in enumerate(self._zones.values):
            people = numbers == number
            if zone is not None and people.any():
                yield zone, pack(np.pad(people, (0, self._local.room - len(people))))


def _needs_quarters(zone: str, monday: date) -> bool:
    local = local_half_hours(zone, monday)
    return bool((local[::2] != local[1::2]).any())


def _has_room_for(zone: str | None, week: _Week) -> bool:
    """Say whether somebody of a zone can be laid into a week without laying it out anew."""
    if zone is None or zone == week.only_zone:
        return True
    return week.only_zone is None and (week.quarters_a_cell == 1 or not _needs_quarters(zone, week.monday))
