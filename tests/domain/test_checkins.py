"""When a check-in falls due, and which answers somebody must look at."""

from datetime import date

import pytest

from webapp.domain.checkins import ASKED, BadAnswer, Side, Urgency, check_answers, due_dates, urgency


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
        ({"feeling": "need_to_talk"}, Urgency.NEXT_DAY),
        ({"feeling": "heavy", "limits": "no", "debrief": "no"}, Urgency.NONE),
    ],
)
def test_an_answer_reaches_the_desk_when_somebody_must_look(answers, expected):
    assert urgency(answers) is expected


@pytest.mark.parametrize("side", Side)
def test_each_side_may_answer_what_it_is_asked_and_leave_out_what_it_likes(side):
    check_answers(side, {question: offered[-1] for question, offered in ASKED[side].items()})
    check_answers(side, {})


@pytest.mark.parametrize(
    ("side", "answers"),
    [
        (Side.REQUESTER, {"safe": "maybe"}),
        (Side.REQUESTER, {"feeling": "fine"}),
        (Side.SUPPORTER, {"safe": "yes"}),
        (Side.SUPPORTER, {"limits": ""}),
    ],
)
def test_what_was_not_offered_is_refused(side, answers):
    with pytest.raises(BadAnswer):
        check_answers(side, answers)
