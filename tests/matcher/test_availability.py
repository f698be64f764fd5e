"""Weekly hours: how they are written, and what two people in different zones share in the week of a date.

The slow reading walks the wall clock minute by minute. Times beside the cases are UTC, worked out by hand.
"""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.availability import (
    ALWAYS,
    HalfHours,
    local_half_hours,
    local_week,
    monday_of,
    read_hours,
    write_hours,
)
from matcher.people import Need, Offer
from matcher.questionnaire.weights import load
from matcher.ranking.roster import Roster
from tests.matcher.worlds.small_programme import questionnaire

WEEK = 336
half_hours = st.frozensets(st.integers(0, WEEK - 1))


# How hours are written


def slots(day: int, start: float, end: float) -> set[int]:
    """List the half-hours of a day between two hours, 9.5 being half past nine."""
    return set(range(day * 48 + int(start * 2), day * 48 + int(end * 2)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon 18:00-21:00", slots(0, 18, 21)),
        ("mon 9:30-10:00; SUN 23:30-24:00", slots(0, 9.5, 10) | slots(6, 23.5, 24)),
        ("Monday 09:00-10:00;Thursday 09:00-10:00", slots(0, 9, 10) | slots(3, 9, 10)),
        ("Mon-Wed 08:00-09:00", slots(0, 8, 9) | slots(1, 8, 9) | slots(2, 8, 9)),
        ("Sat - Mon 08:00 - 09:00", slots(5, 8, 9) | slots(6, 8, 9) | slots(0, 8, 9)),
        ("Tue-Tue 08:00-09:00", slots(1, 8, 9)),
        ("Mon-Sun 00:00-24:00", set(range(WEEK))),
        ("Tue-Mon 00:00-24:00", set(range(WEEK))),
        ("Tue 22:00-01:30", slots(1, 22, 24) | slots(2, 0, 1.5)),
        ("Tue 22:00-24:00", slots(1, 22, 24)),
        ("Tue 22:00-00:00", slots(1, 22, 24)),
        ("Sun 23:00-01:00", slots(6, 23, 24) | slots(0, 0, 1)),
        ("Fri-Sun 23:30-00:30", {239, 240, 287, 288, 335, 0}),
        ("Mon 18:00-20:00; Mon 19:00-21:00", slots(0, 18, 21)),
        (" ; Mon 18:00-21:00 ;", slots(0, 18, 21)),
        ("", set()),
    ],
)
def test_hours_are_read(text: str, expected: set[int]) -> None:
    assert read_hours(text) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Mon", "'Mon' is not a day and hours"),
        ("18:00-21:00", "is not a day and hours"),
        ("Mon 18-21", "is not a day and hours"),
        ("Mon 18:00", "is not a day and hours"),
        ("Mon 18:00–21:00", "is not a day and hours"),
        ("Mon 18:00-21:00, Tue 18:00-21:00", "is not a day and hours"),
        ("Mon -1:00-21:00", "is not a day and hours"),
        ("Mon 6pm-9pm", "is not a day and hours"),
        ("Lun 18:00-21:00", "'Lun' is not a day (Mon, Tue, Wed, Thu, Fri, Sat, Sun)"),
        ("Mon-Fun 18:00-21:00", "'Fun' is not a day"),
        ("Mon 18:15-21:00", "18:15 is not on the hour or half-hour"),
        ("Mon 18:00-21:60", "21:60 is not on the hour or half-hour"),
        ("Mon 18:00-24:30", "24:30 is later than 24:00"),
        ("Mon 18:00-30:00", "30:00 is later than 24:00"),
        ("Mon 18:00-18:00", "has no length (a whole day is 00:00-24:00)"),
        ("Mon 24:00-02:00", "has no length"),
        ("Mon 9:00-5:00", "is 20 hours, over midnight (09:00-17:00? so long a night is written as two"),
        ("Mon-Fri 12:00-5:00", "is 17 hours, over midnight (12:00-17:00?"),
        ("Mon 21:00-18:00", "is 21 hours, over midnight (18:00-21:00?"),
        ("Sun 9:30-21:30; Mon 9:30-9:00", "'Mon 9:30-9:00' is 23.5 hours, over midnight (09:30-21:00?"),
        ("Mon 9:00-0:00", "is 15 hours, over midnight (09:00-24:00?"),
        ("Mon 19:00-7:30", "is 12.5 hours, over midnight"),
        ("Mon 18; Tue 9:00-5:00", "'Mon 18' is not a day and hours; 'Tue 9:00-5:00' is 20 hours"),
        ("Mon 18:00-21:00; x" + "y" * 500, "is not a day and hours"),
    ],
)
def test_hours_that_cannot_be_read_say_why(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        read_hours(text)
    assert problem in str(refused.value)
    assert len(str(refused.value)) < 150


clocks = st.integers(0, 47).map(lambda slot: f"{slot // 2}:{slot % 2 * 30:02}")


@given(st.sampled_from(["Mon", "Sun"]), clocks, clocks)
def test_no_span_over_midnight_is_longer_than_half_a_day(day: str, start: str, end: str) -> None:
    try:
        hours = read_hours(f"{day} {start}-{end}")
    except ValueError:
        return
    assert hours <= read_hours(f"{day} {start}-24:00") or len(hours) <= 24


def test_a_night_longer_than_half_a_day_is_said_by_two_spans() -> None:
    assert len(read_hours("Mon 21:00-09:00")) == 24
    assert read_hours("Mon 9:00-24:00; Tue 0:00-5:00") == slots(0, 9, 24) | slots(1, 0, 5)


@settings(max_examples=100, deadline=None)
@given(half_hours)
def test_hours_that_are_written_read_back_to_the_same(hours: HalfHours) -> None:
    assert read_hours(write_hours(hours)) == hours


def test_hours_are_written_as_the_shortest_spans_within_each_day() -> None:
    assert write_hours(read_hours("Sun 23:00-01:00; Mon 01:00-02:00")) == "Mon 00:00-02:00; Sun 23:00-24:00"
    assert write_hours(frozenset()) == ""


@pytest.mark.parametrize("day", range(23, 30))
def test_the_week_of_a_date_begins_on_its_monday(day: int) -> None:
    assert monday_of(date(2026, 11, day)) == date(2026, 11, 23)


# What two people share


@cache
def roster(theirs: HalfHours, zone: str) -> Roster:
    offer = Offer(id="s", time_zone=zone, answers={"hours": theirs, "ways": frozenset({"chat"})})
    weights = load(questionnaire())
    return Roster(questionnaire=questionnaire(), weights=weights, on=date(2026, 1, 1)).fit([offer])


def minutes_of(hers: HalfHours, her_zone: str, theirs: HalfHours, their_zone: str, on: date) -> int:
    """Give the minutes that the engine says two people share in the week of a date."""
    need = Need(id="n", safe_hours=ALWAYS, time_zone=her_zone, answers={"hours": hers, "ways": frozenset({"chat"})})
    standing = roster(theirs, their_zone).stand(need, "s", on)
    (fact,) = [fact for fact in standing.candidate.facts if fact.question.id == "hours"]
    return fact.minutes or 0


def shared(hers: str, her_zone: str, theirs: str, their_zone: str, on: str) -> int:
    return minutes_of(read_hours(hers), her_zone, read_hours(theirs), their_zone, date.fromisoformat(on))


TORONTO, LONDON, VANCOUVER = "America/Toronto", "Europe/London", "America/Vancouver"
SYDNEY, AUCKLAND, LORD_HOWE = "Australia/Sydney", "Pacific/Auckland", "Australia/Lord_Howe"
CASES = [
    # Spring, 8 March 2026, 2:00 becomes 3:00: 1-2 is 6-7, 3-4 is 7-8 UTC, and 2-3 is not on the wall.
    ("Sun 02:00-03:00", TORONTO, "Sun 00:00-24:00", TORONTO, "2026-03-08", 0),
    ("Sun 01:00-04:00", TORONTO, "Sun 06:00-08:00", "UTC", "2026-03-04", 120),
    ("Sun 01:00-04:00", TORONTO, "Sun 06:00-09:00", "UTC", "2026-03-01", 180),
    # Autumn, 1 November 2026, 2:00 becomes 1:00: 1-2 is 5-6 and 6-7 UTC.
    ("Sun 01:00-02:00", TORONTO, "Sun 00:00-24:00", TORONTO, "2026-11-01", 120),
    ("Sun 01:00-02:00", TORONTO, "Sun 05:00-07:00", "UTC", "2026-10-26", 120),
    ("Sun 01:00-02:00", TORONTO, "Sun 05:00-07:00", "UTC", "2026-10-25", 60),
    # Vancouver's Sunday 22-24 is London's Monday 6-8; in March three weeks apart (UTC-7 and UTC+0): 5-7.
    ("Sun 22:00-24:00", VANCOUVER, "Mon 06:30-09:00", LONDON, "2026-01-14", 90),
    ("Sun 22:00-24:00", VANCOUVER, "Mon 06:30-09:00", LONDON, "2026-07-15", 90),
    ("Sun 22:00-24:00", VANCOUVER, "Mon 06:30-09:00", LONDON, "2026-03-18", 30),
    ("Sun 22:00-24:00", VANCOUVER, "Sun 22:00-24:00", LONDON, "2026-01-14", 0),
    # Kathmandu is 5:45 ahead: 18:00-19:00 is 12:15-13:15.
    ("Mon 18:00-19:00", "Asia/Kathmandu", "Mon 12:00-13:00", "UTC", "2026-06-10", 45),
    ("Mon 18:00-19:00", "Asia/Kathmandu", "Mon 13:00-14:00", "UTC", "2026-06-10", 15),
    # St John's is 3:30 behind in winter: 18:00-19:00 is 21:30-22:30, in Toronto 16:30-17:30.
    ("Mon 18:00-19:00", "America/St_Johns", "Mon 16:30-17:30", TORONTO, "2026-01-14", 60),
    ("Mon 18:00-19:00", "America/St_Johns", "Mon 17:00-18:00", TORONTO, "2026-07-15", 30),
    # The south: Sydney 5 April 3:00 becomes 2:00, 4 October 2:00 becomes 3:00; Auckland 27 September.
    ("Sun 02:00-03:00", SYDNEY, "Sun 00:00-24:00", SYDNEY, "2026-04-05", 120),
    ("Sun 02:00-03:00", SYDNEY, "Sun 00:00-24:00", SYDNEY, "2026-10-04", 0),
    ("Sun 02:00-03:00", AUCKLAND, "Sun 00:00-24:00", AUCKLAND, "2026-09-27", 0),
    # Toronto and Sydney are 14 hours apart in July, 16 in January: 18-20 is 8-10, then 10-12.
    ("Mon 18:00-20:00", TORONTO, "Tue 07:30-09:00", SYDNEY, "2026-07-15", 60),
    ("Mon 18:00-20:00", TORONTO, "Tue 08:00-11:30", SYDNEY, "2026-01-14", 90),
    # Lord Howe, half an hour: 5 April 2:00 becomes 1:30, 4 October 2:00 becomes 2:30.
    ("Sun 01:30-02:00", LORD_HOWE, "Sun 00:00-24:00", LORD_HOWE, "2026-04-05", 60),
    ("Sun 02:00-02:30", LORD_HOWE, "Sun 00:00-24:00", LORD_HOWE, "2026-10-04", 0),
    ("Sun 02:00-02:30", LORD_HOWE, "Sun 00:00-24:00", LORD_HOWE, "2026-09-27", 30),
    # Over midnight, the week's edge and the date line.
    ("Sun 23:00-01:00", TORONTO, "Mon 00:00-02:00", TORONTO, "2026-06-10", 60),
    ("Mon 08:00-10:00", "Pacific/Kiritimati", "Sun 07:00-09:00", "Pacific/Pago_Pago", "2026-06-10", 120),
]  # fmt: skip


@pytest.mark.parametrize(("hers", "her_zone", "theirs", "their_zone", "on", "minutes"), CASES)
def test_two_share_the_minutes_that_the_wall_clocks_say(
    hers: str, her_zone: str, theirs: str, their_zone: str, on: str, minutes: int
) -> None:
    assert shared(hers, her_zone, theirs, their_zone, on) == minutes
    assert shared(theirs, their_zone, hers, her_zone, on) == minutes


@pytest.fixture(params=["AHEAD-5:45", "BEHIND+9:30", "EST5EDT,M3.2.0,M11.1.0"])
def machine_elsewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set the machine to another zone, and forget what was worked out before and meanwhile."""
    remembered = (roster, local_half_hours, local_week)
    for one in remembered:
        one.cache_clear()
    with monkeypatch.context() as machine:
        machine.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()
    for one in remembered:
        one.cache_clear()


@pytest.mark.usefixtures("machine_elsewhere")
def test_two_share_the_same_minutes_wherever_the_machine_stands() -> None:
    assert time.localtime(0).tm_gmtoff != 0
    for zone, behind in (("UTC", 0), ("Etc/GMT+5", 10), ("Etc/GMT-14", -28)):
        slots_of_the_span = [(quarter // 2 - 48 - behind) % WEEK for quarter in range(9 * 96)]
        assert local_half_hours(zone, date(2026, 3, 2)).tolist() == slots_of_the_span
    for hers, her_zone, theirs, their_zone, on, minutes in CASES:
        assert shared(hers, her_zone, theirs, their_zone, on) == minutes, (hers, her_zone, on)


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        ("Mon 18:00-19:00; Sat 10:00-10:30", ("evening",)),
        ("Mon 18:00-18:30; Sat 10:00-10:30; Sun 15:30-16:30", ("weekend",)),
        ("Mon 20:00-22:00; Sat 15:00-17:00", ("evening", "weekend")),
        ("Mon 20:30-22:00; Sat 15:30-17:00", ("evening", "weekend")),
        ("Tue 17:30-18:30", ("evening",)),
        ("Mon 12:00-17:00", ()),
    ],
)
def test_a_part_of_the_day_of_which_they_share_less_than_an_hour_is_told_for_want_of_another(
    theirs: str, told: tuple[str, ...]
) -> None:
    need = Need(
        id="n", safe_hours=ALWAYS, answers={"hours": read_hours("Mon-Sun 00:00-24:00"), "ways": frozenset({"chat"})}
    )
    standing = roster(read_hours(theirs), "UTC").stand(need, "s")
    assert [fact.times for fact in standing.candidate.facts if fact.question.id == "hours"] == [told]


WEEKS = [str(date(2026, 1, 5) + timedelta(weeks=week)) for week in range(52)]


@pytest.mark.parametrize("zone", [TORONTO, LONDON, SYDNEY, "America/St_Johns"])
def test_a_weekly_slot_keeps_its_local_hour_through_the_whole_year(zone: str) -> None:
    for on in WEEKS:
        assert shared("Tue 19:00-20:00", zone, "Tue 19:30-20:30", zone, on) == 30, on
        assert shared("Tue 19:00-20:00", zone, "Tue 20:00-21:00", zone, on) == 0, on


@pytest.mark.parametrize(
    ("zone", "half_hour"),
    [
        (TORONTO, "Sun 19:00-19:30"),
        (VANCOUVER, "Sun 16:00-16:30"),
        ("America/St_Johns", "Sun 20:30-21:00"),
        (LONDON, "Mon 00:00-00:30"),
        (SYDNEY, "Mon 10:00-10:30"),
        ("Asia/Kathmandu", "Mon 05:30-06:00"),
    ],
)
def test_no_hour_at_the_edge_of_the_week_is_lost_or_doubled_when_clocks_change(zone: str, half_hour: str) -> None:
    minutes = {on: shared(half_hour, zone, half_hour, zone, on) for on in WEEKS}
    assert {on: shared for on, shared in minutes.items() if shared != 30} == {}


# Against a slow reading


@cache
def walked(zone: str, monday: date) -> dict[int, int]:
    """Walk nine days of the wall clock: the local half-hour of each minute since this Monday 00:00 UTC."""
    clock, midnight = ZoneInfo(zone), datetime(monday.year, monday.month, monday.day)
    found = {}
    for minute in range(-1440, 8 * 1440):
        wall = midnight + timedelta(minutes=minute)
        for fold in (0, 1):
            moment = wall.replace(tzinfo=clock, fold=fold).astimezone(UTC)
            if moment.astimezone(clock).replace(tzinfo=None) == wall:  # else the clocks skip this minute
                passed = moment.replace(tzinfo=None) - midnight
                found[passed.days * 1440 + passed.seconds // 60] = (
                    wall.weekday() * 48 + wall.hour * 2 + wall.minute // 30
                )
    return found


MONDAYS = [date(2026, 3, 2), date(2026, 10, 26), date(2026, 3, 30), date(2026, 9, 28)]
ZONES = [TORONTO, "America/St_Johns", "Asia/Kathmandu", LORD_HOWE, AUCKLAND, LONDON]


inside_any_week = st.frozensets(st.integers(28, 311))  # Monday 14:00 to Sunday 12:00: one week, wherever she lives


@settings(max_examples=40, deadline=None)
@given(inside_any_week, inside_any_week, st.sampled_from(ZONES), st.sampled_from(ZONES), st.sampled_from(MONDAYS))
def test_shared_minutes_are_those_of_a_walk_minute_by_minute(
    hers: HalfHours, theirs: HalfHours, her_zone: str, their_zone: str, monday: date
) -> None:
    one, other = walked(her_zone, monday), walked(their_zone, monday)
    slowly = sum(one[minute] in hers and other[minute] in theirs for minute in range(7 * 1440))
    for day in (0, 6):
        assert minutes_of(hers, her_zone, theirs, their_zone, monday + timedelta(days=day)) == slowly


def test_the_slow_reading_sees_the_hour_that_is_skipped_and_the_one_that_is_repeated() -> None:
    spring, autumn = walked(TORONTO, MONDAYS[0]), walked(TORONTO, MONDAYS[1])
    assert sum(slot in read_hours("Sun 02:00-03:00") for slot in spring.values()) == 60  # of the week before alone
    assert sum(slot in read_hours("Sun 01:00-02:00") for slot in autumn.values()) == 180
