"""Crisis lines: each has its source and its date; when they grow old it is told, and no test fails for it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.programme.fixtures import browser_of
from webapp import clock
from webapp.content.crisis import GROUPS, OLD_AFTER_DAYS, load
from webapp.domain.access import Role

CRISIS = load()
LINES = list(CRISIS)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.id)
def test_a_line_has_a_source_a_date_and_a_way_to_reach_it(line):
    assert line.source_url.startswith("https://")
    assert line.verified_by.strip()
    assert line.group in GROUPS
    assert line.numbers or line.text or line.site
    assert set(line.name) == {"en", "fr"}


def test_a_line_grows_old_after_half_a_year_and_not_before():
    line = LINES[0]
    assert not line.is_old(line.verified_on + timedelta(days=OLD_AFTER_DAYS))
    assert line.is_old(line.verified_on + timedelta(days=OLD_AFTER_DAYS + 1))


def test_the_old_lines_are_listed_the_oldest_check_first():
    first = min(line.verified_on for line in LINES)
    last = max(line.verified_on for line in LINES)
    assert CRISIS.list_old(first + timedelta(days=OLD_AFTER_DAYS)) == []
    old = CRISIS.list_old(last + timedelta(days=OLD_AFTER_DAYS + 1))
    assert {line.id for line in old} == {line.id for line in LINES}
    assert [line.verified_on for line in old] == sorted(line.verified_on for line in LINES)


AGED = "more than half a year ago"


def lines_checked(days_ago):
    return timedelta(days=days_ago) - (datetime.now(UTC).date() - CRISIS.checked_on)


@pytest.mark.parametrize(("days", "told"), [(OLD_AFTER_DAYS - 1, False), (OLD_AFTER_DAYS + 400, True)])
def test_the_page_and_the_desk_say_that_lines_have_grown_old_and_the_page_still_shows_them(app, client, days, told):
    coordinator = browser_of(app, Role.COORDINATOR)
    clock.move(lines_checked(days))
    page = client.get("/help")
    assert (AGED in page.text) is told
    assert "Last checked" in page.text
    assert page.text.count('href="tel:') >= len([line for line in LINES if line.numbers])
    coordinator.sign_in(coordinator.username)
    assert (AGED in coordinator.get("/desk").text) is told


def test_the_two_lines_of_the_card_are_there():
    assert CRISIS.emergency.numbers[0].shown == "911"
    assert "9-8-8" in CRISIS.suicide.numbers[0].shown.replace("988", "9-8-8")
