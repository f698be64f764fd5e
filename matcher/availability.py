"""Weekly availability: half-hours in local time, and what they are on the common clock in the week of a given date.

A person says her hours once, in her own local time, with an IANA zone. When two people compare, both are laid on the
same span of UTC, and what they share is counted over the woman's own local week: so midnight, the week's edge and both
clock changes come out right. The span is cut into quarter-hours, because some zones stand 45 minutes off.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, reset_tzpath

import numpy as np
from numpy.typing import NDArray

from matcher.errors import BadAnswer, Phrase

# Zones come from the package tzdata alone, so that every machine agrees on clock changes.
reset_tzpath(to=[])

HalfHours = frozenset[int]
"""Half-hours of a local week, 0 (Monday 00:00) to 335 (Sunday 23:30)."""

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
A_DAY = 48
A_WEEK = 7 * A_DAY
MINUTES_A_QUARTER = 15
QUARTERS_A_DAY = 96
QUARTERS = 9 * QUARTERS_A_DAY
"""The common span: the nine days of UTC around a week from Monday, which hold the local week of every zone."""
ALWAYS: HalfHours = frozenset(range(A_WEEK))
HALF_A_DAY = A_DAY // 2
"""How long one span may run over midnight: `9:00-5:00` is nine to five, not twenty hours with a night in them."""
MOST_TOLD = 10
"""Of the spans of one cell that cannot be read, so many are told at once."""

_SPAN = re.compile(r"([A-Za-z]{3,9})(?:\s*-\s*([A-Za-z]{3,9}))?\s+(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_NAMES = {
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
    **{day.lower(): number for number, day in enumerate(DAYS)},
}  # fmt: skip


@lru_cache(maxsize=4096)
def read_hours(text: str) -> HalfHours:
    """Read `Mon 18:00-21:00; Sat-Sun 22:00-01:00` as half-hours of a local week.

    A span may run over midnight and the week's edge, for twelve hours at most, and end at 24:00. Raises BadAnswer
    with every span that cannot be read.

    >>> sorted(read_hours("Mon 00:00-01:00"))
    [0, 1]
    """
    hours: set[int] = set()
    problems = []
    for span in filter(None, (piece.strip() for piece in text.split(";"))):
        try:
            hours |= _read_span(span)
        except _BadSpan as bad:
            problems.append(bad.problem)
    if problems:
        raise BadAnswer("hours.not_read", problems=problems[:MOST_TOLD])
    return frozenset(hours)


def write_hours(hours: HalfHours) -> str:
    """Write half-hours as the shortest list of spans within each day, so that read_hours gives them back."""
    spans = []
    for day, name in enumerate(DAYS):
        inside = [slot for slot in range(A_DAY) if day * A_DAY + slot in hours]
        starts = [slot for slot in inside if slot - 1 not in inside]
        ends = [slot + 1 for slot in inside if slot + 1 not in inside]
        spans += [f"{name} {_clock(start)}-{_clock(end)}" for start, end in zip(starts, ends, strict=True)]
    return "; ".join(spans)


def _clock(slot: int) -> str:
    return f"{slot // 2:02d}:{slot % 2 * 30:02d}"


class _BadSpan(Exception):
    """One span that cannot be read: a phrase with its values."""

    def __init__(self, key: str, /, **values: str) -> None:
        super().__init__(key)
        self.problem = Phrase(key, values)


def _read_span(span: str) -> set[int]:
    found = _SPAN.fullmatch(span)
    if not found:
        raise _BadSpan("hours_not_hours", span=span[:60])
    first, last = _day(found[1]), _day(found[2] or found[1])
    start, end = _slot(found[3], found[4]), _slot(found[5], found[6])
    if start in (end, A_DAY):
        raise _BadSpan("hours_without_length", span=span[:60])
    length = (end - start) % A_DAY or A_DAY
    if end < start and length > HALF_A_DAY:
        raise _BadSpan("hours_too_long", span=span[:60], length=f"{length / 2:g}", meant=_meant(start, end))
    days = [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return {(day * A_DAY + start + step) % A_WEEK for day in days for step in range(length)}


def _meant(start: int, end: int) -> str:
    """Tell what was most likely meant by hours that end before they start: midnight, the afternoon, or swapped ones."""
    afternoon = end + HALF_A_DAY
    if end == 0:
        end = A_DAY
    elif start < afternoon < A_DAY:
        end = afternoon
    return f"{_clock(min(start, end))}-{_clock(max(start, end))}"


def _day(name: str) -> int:
    if name.lower() not in _NAMES:
        raise _BadSpan("hours_not_a_day", day=name)
    return _NAMES[name.lower()]


def _slot(hour: str, minute: str) -> int:
    half_hours, odd = divmod(int(hour) * 60 + int(minute), 30)
    if odd or int(minute) > 59:
        raise _BadSpan("hours_between", time=f"{hour}:{minute}")
    if half_hours > A_DAY:
        raise _BadSpan("hours_too_late", time=f"{hour}:{minute}")
    return half_hours


def monday_of(on: date) -> date:
    """Return the Monday of the week that holds the date."""
    return on - timedelta(days=on.weekday())


@lru_cache(maxsize=1024)
def local_half_hours(zone: str, monday: date) -> NDArray[np.intp]:
    """Tell, for each quarter-hour of the common span around a Monday, which local half-hour it falls into.

    Shape (864,), values 0 to 335. Hours that a clock change skips are named by no quarter-hour, those that it repeats
    by twice as many, as on the wall.
    """
    walls = _walls(zone, monday)
    return np.array([wall.weekday() * A_DAY + wall.hour * 2 + wall.minute // 30 for wall in walls], dtype=np.intp)


@lru_cache(maxsize=1024)
def local_week(zone: str, monday: date) -> NDArray[np.bool_]:
    """Tell which quarter-hours of the common span lie in the local week that starts on this Monday, shape (864,)."""
    after = monday + timedelta(days=7)
    return np.array([monday <= wall.date() < after for wall in _walls(zone, monday)], dtype=bool)


def moment_of(quarter: int, monday: date) -> datetime:
    """Return the moment at which a quarter-hour of the common span around a Monday begins."""
    start = datetime(monday.year, monday.month, monday.day, tzinfo=UTC) - timedelta(days=1)
    return start + timedelta(minutes=MINUTES_A_QUARTER * quarter)


def _walls(zone: str, monday: date) -> list[datetime]:
    """Read a zone's clock on the wall at each quarter-hour of the common span."""
    here = ZoneInfo(zone)
    return [moment_of(quarter, monday).astimezone(here) for quarter in range(QUARTERS)]


def on_common_clock(hours: NDArray[np.bool_], zone: str, monday: date) -> NDArray[np.bool_]:
    """Lay local weeks, shape (..., 336), on the common span around a Monday, shape (..., 864)."""
    common: NDArray[np.bool_] = hours[..., local_half_hours(zone, monday)]
    return common


def quarters_of(hours: HalfHours, zone: str, monday: date) -> NDArray[np.intp]:
    """Tell which quarter-hours of the common span half-hours of the local week that starts on a Monday are."""
    return np.flatnonzero(on_common_clock(as_mask(hours), zone, monday) & local_week(zone, monday))


def as_mask(hours: HalfHours) -> NDArray[np.bool_]:
    """Turn half-hours into a row of 336 yes or no."""
    mask = np.zeros(A_WEEK, dtype=bool)
    mask[list(hours)] = True
    return mask
