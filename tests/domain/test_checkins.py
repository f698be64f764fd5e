"""When a check-in falls due, and which answers somebody must look at."""

from datetime import date

import pytest

from webapp.domain.checkins import Urgency, due_dates, urgency


def test_the_first_falls_due_on_the_third_day_and_two_more_within_a_month():
    assert due_dates(date(2026, 11, 23)) == [date(2026, 11, 26), date(2026, 12, 7), date(2026, 12, 23)]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, Urgency.NONE),
        ({"listened": "fully", "next": "keep_going", "safe": "yes"}, Urgency.NONE),
        ({"safe": "no"}, Urgency.TODAY),
        ({"safe": "not_sure", "next": "stop"}, Urgency.TODAY),
        ({"next": "different_supporter"}, Urgency.NEXT_DAY),
        ({"next": "stop"}, Urgency.NEXT_DAY),
        ({"pushed": "mostly"}, Urgency.NEXT_DAY),
        ({"pushed": "partly"}, Urgency.NONE),
    ],
)
def test_an_answer_reaches_the_desk_when_somebody_must_look(answers, expected):
    assert urgency(answers) is expected
