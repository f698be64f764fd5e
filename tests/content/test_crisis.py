"""Crisis lines: each has its source and its date; half a year without a look, and this test asks for one."""

from datetime import date, timedelta

import pytest

from webapp.content.crisis import FAIL_AFTER_DAYS, GROUPS, WARN_AFTER_DAYS, load

CRISIS = load()
LINES = list(CRISIS)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.id)
def test_a_line_has_a_source_a_date_and_a_way_to_reach_it(line):
    assert line.source_url.startswith("https://")
    assert line.verified_by.strip()
    assert line.group in GROUPS
    assert line.numbers or line.text or line.site
    assert set(line.name) == {"en", "fr"}


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.id)
def test_a_line_was_checked_within_half_a_year(line):
    age = line.age_in_days(date.today())
    if age > WARN_AFTER_DAYS:
        print(f"check {line.id} again: {age} days old, this test fails at {FAIL_AFTER_DAYS}")
    assert 0 <= age <= FAIL_AFTER_DAYS


def test_an_old_line_is_seen():
    assert LINES[0].age_in_days(LINES[0].verified_on + timedelta(days=FAIL_AFTER_DAYS + 1)) > FAIL_AFTER_DAYS


def test_the_two_lines_of_the_card_are_there():
    assert CRISIS.emergency.numbers[0].shown == "911"
    assert "9-8-8" in CRISIS.suicide.numbers[0].shown.replace("988", "9-8-8")
