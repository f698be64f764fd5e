"""The hours of the desk: what "within 15 minutes", "today" and "the next working day" mean at any moment."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.hours import StaffedHours
from webapp.domain.tasks import PassedOn, Soon, due_at, passed_on_to

HERE = ZoneInfo("America/Toronto")
DESK = StaffedHours("America/Toronto", frozenset(range(5)), time(9), time(16), frozenset({date(2026, 12, 25)}))


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=HERE)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (at(23, 10), at(23, 10, 15)),
        (at(23, 15, 50), at(24, 9, 5)),
        (at(23, 20), at(24, 9, 15)),
        (at(27, 16), at(30, 9, 15)),
        (at(24, 23, month=12), at(28, 9, 15, month=12)),
    ],
)
def test_a_quarter_of_an_hour_is_of_staffed_time(asked, due):
    assert due_at(Soon.AT_ONCE, DESK, now=asked) == due


@pytest.mark.parametrize(
    ("asked", "today", "next_day"),
    [
        (at(23, 10), at(23, 16), at(24, 16)),
        (at(23, 7), at(23, 16), at(24, 16)),
        (at(23, 16), at(24, 16), at(25, 16)),
        (at(27, 18), at(30, 16), at(1, 16, month=12)),
    ],
)
def test_today_is_the_working_day_that_goes_on_or_begins_next(asked, today, next_day):
    assert due_at(Soon.TODAY, DESK, now=asked) == today
    assert due_at(Soon.NEXT_DAY, DESK, now=asked) == next_day


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))
def test_no_clock_ends_in_a_night_or_before_it_began(asked):
    for soon in Soon:
        due = due_at(soon, DESK, now=asked)
        here = due.astimezone(HERE)
        assert due > asked
        assert DESK.is_working_day(here.date())
        assert time(9) <= here.time() <= time(16)


def test_a_programme_that_is_never_there_is_refused():
    with pytest.raises(ValueError, match="no working day"):
        StaffedHours("UTC", frozenset(), time(9), time(16)).next_day(date(2026, 11, 23))


def test_what_stays_undone_goes_to_the_deputy_and_then_to_the_approver():
    due = at(23, 16)
    steps = [passed_on_to(due, now=due + timedelta(hours=hours)) for hours in (-1, 11, 12, 23, 24)]
    deputy, approver = PassedOn.DEPUTY, PassedOn.APPROVER
    assert steps == [PassedOn.NOBODY, PassedOn.NOBODY, deputy, deputy, approver]
