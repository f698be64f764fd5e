"""By which working day somebody has looked for a woman who waits, and which her page names next: one clock for all."""

from datetime import date, datetime, timedelta

from webapp.domain.hours import A_DAY, StaffedHours

LOOKED_AGAIN_WITHIN = 2
"""Working days after a day that has passed: the task of that day is due one day before."""
FURTHEST = timedelta(days=42)
"""How far ahead a coordinator may name a day: nobody waits for a day that she cannot look forward to."""


def looked_by(since: datetime, hours: StaffedHours, *, within: int) -> date:
    """Return the working day by which somebody has looked: so many after her sending, or after people fell away."""
    return hours.add_working_days(hours.day_of(since), within)


def late_before(hours: StaffedHours, *, within: int, now: datetime) -> datetime:
    """Return the moment before which one must have begun to wait whose day has passed: the same rule, turned round."""
    today = hours.day_of(now)
    day = today
    while hours.add_working_days(day, within) >= today:
        day -= A_DAY
    return hours.begin_of(day + A_DAY)


def next_day_to_look(hours: StaffedHours, *, now: datetime) -> date:
    """Return the working day that a page names once the one before has passed."""
    return hours.add_working_days(hours.day_of(now), LOOKED_AGAIN_WITHIN)


def may_name(day: date, hours: StaffedHours, *, now: datetime) -> bool:
    """Say whether a coordinator may name this day: a working day to come, and not too far ahead."""
    today = hours.day_of(now)
    return today < day <= today + FURTHEST and hours.is_working_day(day)
