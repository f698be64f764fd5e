"""Days, hours and counts as each language says them."""

from datetime import UTC, date, datetime

import pytest
from flask_babel import ngettext

from webapp.ui import dates


@pytest.fixture
def speaking(app):
    return lambda language: app.test_request_context(headers={"Accept-Language": language})


def test_the_first_of_a_month(speaking):
    with speaking("fr"):
        assert dates.say_day(date(2026, 10, 1)) == "jeudi 1er octobre"
        assert dates.say_day(date(2026, 10, 11)) == "dimanche 11 octobre"
        assert dates.say_date(date(2026, 10, 1)) == "1er octobre 2026"
    with speaking("en"):
        assert dates.say_day(date(2026, 10, 1)) == "Thursday, October 1"


@pytest.mark.parametrize(("minute", "said"), [(0, "17 h"), (5, "17 h 05"), (30, "17 h 30")])
def test_an_hour_in_french(speaking, minute, said):
    with speaking("fr"):
        spoken = dates.say_moment(datetime(2026, 11, 23, 22, minute, tzinfo=UTC))
    assert spoken.replace("\u00a0", " ") == f"lundi 23 novembre à {said}"


@pytest.mark.parametrize(("taken", "said"), [(0, "0 place prise"), (1, "1 place prise"), (2, "2 places prises")])
def test_a_plural_follows_the_places_that_are_taken(speaking, taken, said):
    with speaking("fr"):
        words = ngettext("%(num)s of %(places)s places taken", "%(num)s of %(places)s places taken", taken, places=3)
    assert words == f"{said} sur 3"
