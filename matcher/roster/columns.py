"""The roster column by column: what every supporter said and holds, packed, kept right as they come, change and go."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.availability import HalfHours
from matcher.people import Offer
from matcher.profiles.encoders import Matrix
from matcher.profiles.space import AT_ONCE
from matcher.questionnaire.columns import UNTIL
from matcher.questionnaire.schema import Questionnaire
from matcher.roster import bitmaps
from matcher.roster.bitmaps import A_WORD, Bitmap, Bitmaps, BitSlicedCounter, Rows, add_bitmaps
from matcher.roster.categories import CategoricalColumn, Numbers
from matcher.roster.layout import ROOM, UNKNOWN_DAY, Layout, Read
from matcher.roster.view import RosterView
from matcher.roster.weekly_hours import Cells, WeeklyHours

DATES_KEPT = 4


Words = NDArray[np.uint64]


class Packed(NamedTuple):
    """What a whole roster is read from at once. Words have shape (bitmaps, words), `small` (supporters, numbers).

    It may have room for more supporters than there are.
    """

    bits: Words
    dates: Words
    hours: Words
    small: NDArray[Any]
    rooms: Numbers

    def of(self, rows: NDArray[np.intp]) -> "Packed":
        """Return the same of some supporters alone, in the order of these rows."""
        bits, dates, hours = (bitmaps.reordered(one, rows) for one in (self.bits, self.dates, self.hours))
        return Packed(bits, dates, hours, self.small[rows], self.rooms[rows])


class Columns(RosterView):
    """The packed profile vectors of all supporters, and their state. Rows move when one leaves; ids find them."""

    def __init__(
        self, questionnaire: Questionnaire, offers: Sequence[Offer], seen: Callable[[Matrix], None] | None = None
    ) -> None:
        """Pack the profile vectors of offers; `seen` is shown each block of them as it passes."""
        self.questionnaire = questionnaire
        self.layout = Layout(questionnaire)
        self.count = len(offers)
        self.row_of = {offer.id: row for row, offer in enumerate(offers)}
        self._offers = _objects(offers)
        self._bits = Bitmaps(len(self.layout.place_of), self.count)
        self._small = np.zeros((self.count, len(self.layout.small)), dtype=np.min_scalar_type(self.layout.widest))
        self._codes = {name: CategoricalColumn(count=self.count) for name in self.layout.columns}
        self._rooms = np.empty((0, 2), dtype=np.int64)
        self._by_room: dict[Hashable, NDArray[np.int32]] = {}
        self._hours = WeeklyHours(self.count)
        self._in_date: dict[date, Bitmaps] = {}
        for start in range(0, self.count, AT_ONCE):
            block = offers[start : start + AT_ONCE]
            profiles = self.layout.space.transform(block)
            if seen:
                seen(profiles)
            self._fill(start, self.layout.pack(profiles, block))

    @property
    def offers(self) -> NDArray[np.object_]:
        """Return the supporters themselves, in row order."""
        return self._offers[: self.count]

    @property
    def nbytes(self) -> int:
        """Return the bytes of all that is packed; offers, their ids and the index of ids are not counted."""
        return self._small.nbytes + sum(one.nbytes for one in self._kept)

    @property
    def _kept(self) -> list[Bitmaps | CategoricalColumn | WeeklyHours]:
        return [self._bits, self._hours, *self._codes.values(), *self._in_date.values()]

    # Reading

    @property
    def everyone(self) -> Bitmap:
        """Return the bitmap in which all stand."""
        return bitmaps.everyone(self.count)

    @property
    def nobody(self) -> Bitmap:
        """Return the bitmap in which nobody stands."""
        return np.zeros(bitmaps.words_for(self.count), dtype=np.uint64)

    def bitmap(self, name: str) -> Bitmap:
        """Return a bitmap by its name in layout.py. Raises KeyError."""
        return self.bitmap_at(self.layout.place_of[name])

    def bitmap_at(self, place: int) -> Bitmap:
        """Return a bitmap by its place in layout.py."""
        return self._cut(self._bits[place])

    def rows(self, rows: Iterable[int]) -> Bitmap:
        """Return the bitmap in which these rows alone stand."""
        return bitmaps.bitmap_of(rows, self.count)

    def where(self, name: str, holds: Callable[[Any], bool]) -> Bitmap:
        """Say of whose value in a column something holds; it is asked once for each different value."""
        return self._cut(bitmaps.pack(self._codes[name].where(holds, slice(self.count))))

    def values(self, name: str, rows: Rows) -> list[Any]:
        """Return the values of these rows in a column: load, capacity, a text as it is compared, ..."""
        return self._codes[name].at(rows)

    def rooms(self) -> tuple[NDArray[np.int64], Numbers]:
        """Return the different rooms that supporters have left, shape (rooms, 2), and which of them is each one's."""
        codes = self._codes[ROOM]
        if len(self._rooms) < len(codes.values):
            self._rooms = np.array(codes.values, dtype=np.int64)
            self._by_room.clear()
        return self._rooms, codes.numbers

    def by_room(self, key: Hashable, of: Callable[[NDArray[np.int64]], NDArray[np.int64]]) -> NDArray[np.int32]:
        """Return what holds of each different room, shape (rooms,); it is kept by key until there are more rooms."""
        rooms, _ = self.rooms()
        if key not in self._by_room:
            self._by_room[key] = of(rooms).astype(np.int32)
        return self._by_room[key]

    def small(self, place: int, rows: Rows | slice) -> NDArray[Any]:
        """Return the small numbers (a byte of options, or a step) of these rows."""
        column: NDArray[Any] = self._small[: self.count, place][rows]
        return column

    def in_date(self, on: date) -> list[tuple[str, Bitmap, Bitmap]]:
        """Say for each last valid day who is past it on a date, and of whom it is not known; kept for a few dates."""
        dated = self._in_date.get(on)
        if dated is None:
            dated, kept = self._read_dates(on), list(self._in_date.items())[1 - DATES_KEPT :]
            self._in_date = {**dict(kept), on: dated}
        return [(name, self._cut(dated[2 * n]), self._cut(dated[2 * n + 1])) for n, name in enumerate(UNTIL)]

    def free_quarters(
        self, monday: date, zone: str, hours: HalfHours, narrowed: HalfHours, to: Callable[[], Bitmap]
    ) -> BitSlicedCounter:
        """Count in how many quarter-hours of some local half-hours of the week of a Monday each supporter is free.

        The `narrowed` ones count only for those in the bitmap that `to` returns.
        """
        ones, twos = self._free_at(monday, zone, hours)
        if narrowed:
            within = to()
            for counted, more in zip((ones, twos), self._free_at(monday, zone, narrowed), strict=True):
                counted += [bitmap & within for bitmap in more]
        return add_bitmaps([ones, twos], bitmaps.words_for(self.count))

    def cells_of(self, monday: date, zone: str, hours: HalfHours) -> Cells:
        """Tell which bitmaps of hours some local half-hours of the week of a Monday are."""
        return self._hours.cells_of(monday, zone, hours)

    def _free_at(self, monday: date, zone: str, hours: HalfHours) -> tuple[list[Bitmap], list[Bitmap]]:
        kept = self._hours.bitmaps_of(monday)
        ones, twos = (
            [self._cut(kept[cell]) for cell in counted.tolist()] for counted in self.cells_of(monday, zone, hours)
        )
        return ones, twos

    def packed(self, monday: date, on: date) -> Packed:
        """Return what all of it is read from, for a date and the week of a Monday, until the roster changes."""
        if on not in self._in_date:
            self.in_date(on)
        hours = self._hours.bitmaps_of(monday).words
        return Packed(self._bits.words, self._in_date[on].words, hours, self._small, self._codes[ROOM].numbers)

    # Changing

    def put(self, offer: Offer) -> None:
        """Add a supporter, or replace the one of the same id. Does not depend on how many there are."""
        read = self.layout.read([offer])
        row = self.row_of.setdefault(offer.id, self.count)
        if row == self.count:
            self._make_room()
            self.count += 1
        self._offers[row] = offer
        self._bits.put(row, read.bits[:, 0])
        self._small[row] = read.small[:, 0]
        for name, codes in self._codes.items():
            codes.put(row, read.values[name][0])
        self._hours.put(row, read.hours[:, 0], offer.time_zone)
        for on, dated in self._in_date.items():
            days = [read.values[name][0] for name in UNTIL]
            dated.put(row, np.array([said for day in days for said in (_is_past(day, on), _is_unknown(day))]))

    def drop(self, offer_id: str) -> None:
        """Remove a supporter; the last row takes her place. Raises KeyError."""
        row, last = self.row_of.pop(offer_id), self.count - 1
        for kept in self._kept:
            kept.drop(row, last)
        self._small[row] = self._small[last]
        self._offers[row], self._offers[last] = self._offers[last], None
        if row != last:
            self.row_of[self._offers[row].id] = row
        self.count = last

    def _fill(self, start: int, read: Read) -> None:
        self._bits.fill(start, read.bits)
        self._small[start : start + read.small.shape[1]] = read.small.T
        for name, codes in self._codes.items():
            codes.fill(start, codes.read(read.values[name]))
        self._hours.fill(start, read.hours, read.zones)

    def _read_dates(self, on: date) -> Bitmaps:
        """Say of every last valid day whether it is past or not known, then whether it is not known."""
        dated = Bitmaps(2 * len(UNTIL), self.count)
        everyone = slice(self.count)
        tests = (partial(_is_past, on=on), _is_unknown)
        dated.fill(0, np.array([self._codes[name].where(test, everyone) for name in UNTIL for test in tests]))
        return dated

    def _cut(self, bitmap: Bitmap) -> Bitmap:
        return bitmap[: bitmaps.words_for(self.count)]

    def _make_room(self) -> None:
        if self.count == len(self._offers):
            more = max(A_WORD, self.count)
            self._offers = np.concatenate([self._offers, np.empty(more, dtype=object)])
            self._small = np.pad(self._small, ((0, more), (0, 0)))


def _objects(values: Sequence[Any]) -> NDArray[np.object_]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _is_past(last_day: int, on: date) -> bool:
    return last_day < on.toordinal()


def _is_unknown(last_day: int) -> bool:
    return last_day == UNKNOWN_DAY
