"""The hours in which somebody is at the desk, and what they make of "within 15 minutes" or "the same working day"."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

A_DAY = timedelta(days=1)
MOST_CLOSED = 400
"""How many days ahead the next working day is looked for; a programme that is closed for longer is no programme."""


@dataclass(frozen=True)
class StaffedHours:
    """On which days of the week, from when to when and by which clock somebody is at the desk, and on which days not.

    Monday is 0. `closed` are holidays.
    """

    zone: str
    days: frozenset[int]
    begins: time
    ends: time
    closed: Collection[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Say whether somebody is there on a day at all."""
        return day.weekday() in self.days and day not in self.closed

    def is_staffed(self, at: datetime) -> bool:
        """Say whether somebody is there at a moment."""
        here = at.astimezone(ZoneInfo(self.zone))
        return self.is_working_day(here.date()) and self.begins <= here.time() < self.ends

    def day_of(self, at: datetime) -> date:
        """Return which day it is at a moment, by the clock of the desk."""
        return at.astimezone(ZoneInfo(self.zone)).date()

    def begin_of(self, day: date) -> datetime:
        """Return when a day begins, by the clock of the desk."""
        return self._at(day, time(0))

    def opens(self, at: datetime) -> datetime:
        """Return the moment itself where somebody is there, else when somebody next begins."""
        if self.is_staffed(at):
            return at
        here = at.astimezone(ZoneInfo(self.zone))
        is_before = self.is_working_day(here.date()) and here.time() < self.begins
        return self._at(here.date() if is_before else self.next_day(here.date()), self.begins)

    def closes(self, at: datetime) -> datetime:
        """Return when the working day ends that goes on at a moment, or begins next."""
        return self._at(self.opens(at).astimezone(ZoneInfo(self.zone)).date(), self.ends)

    def within(self, at: datetime, staffed: timedelta) -> datetime:
        """Return when so much staffed time has passed; no night and no holiday counts."""
        here, left = self.opens(at), staffed
        while (room := self.closes(here) - here) < left:
            left -= room
            here = self.opens(self.closes(here))
        return here + left

    def next_day(self, day: date) -> date:
        """Return the first working day after a day."""
        return self.add_working_days(day, 1)

    def add_working_days(self, day: date, days: int) -> date:
        """Count so many working days on from a day."""
        for _ in range(MOST_CLOSED * max(1, days)):
            if not days:
                return day
            day += A_DAY
            days -= self.is_working_day(day)
        raise ValueError("the programme has no working day")

    def working_days_since(self, day: date, today: date) -> int:
        """Count the working days after a day, up to today."""
        return sum(map(self.is_working_day, (day + A_DAY * (n + 1) for n in range((today - day).days))))

    def end_of_next_day(self, at: datetime) -> datetime:
        """Return the end of the working day after the one that goes on at a moment, or begins next."""
        return self._at(self.next_day(self.closes(at).astimezone(ZoneInfo(self.zone)).date()), self.ends)

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, ZoneInfo(self.zone)).astimezone(ZoneInfo("UTC"))
