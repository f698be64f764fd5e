"""When a check-in falls due, and which answers somebody must look at."""

from datetime import date

import pytest

from webapp.domain.checkins import (
    LONGEST_WORDS,
    BadAnswer,
    Follows,
    Kind,
    Side,
    Urgency,
    asked,
    check_answers,
    due_dates,
    follows,
    urgency,
)


def test_the_first_falls_due_on_the_third_day_and_two_more_within_a_month():
    begun = date(2026, 11, 23)
    assert due_dates(Side.REQUESTER, begun) == [date(2026, 11, 26), date(2026, 12, 7), date(2026, 12, 23)]
    assert due_dates(Side.SUPPORTER, begun) == [date(2026, 11, 26), date(2026, 12, 23)]


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
        ({"feeling": "fine", "limits": "not_sure", "debrief": "yes", "burnout": "stressed"}, Urgency.NONE),
        ({"feeling": "heavy"}, Urgency.NEXT_DAY),
        ({"limits": "no"}, Urgency.NEXT_DAY),
        ({"debrief": "no"}, Urgency.NEXT_DAY),
        ({"burnout": "burning_out"}, Urgency.NEXT_DAY),
        ({"listened": "not_at_all"}, Urgency.NEXT_DAY),
        ({"respected": "not_at_all"}, Urgency.NEXT_DAY),
        ({"matters": "not_at_all"}, Urgency.NONE),
        ({"next": "change_something"}, Urgency.NEXT_DAY),
        ({"words": "A line"}, Urgency.NEXT_DAY),
    ],
)
def test_an_answer_reaches_the_desk_when_somebody_must_look(answers, expected):
    assert urgency(answers) is expected
    assert urgency(answers, Kind.TOLD) is (Urgency.TODAY if expected is Urgency.TODAY else Urgency.NEXT_DAY)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, None),
        ({"next": "stop", "safe": "no"}, Follows.ENDS),
        ({"next": "different_supporter"}, Follows.CHANGES),
        ({"safe": "not_sure"}, None),
        ({"feeling": "need_to_talk"}, Follows.SHE_RESTS),
        ({"feeling": "fine", "burnout": "burnt_out"}, Follows.SHE_RESTS),
        ({"feeling": "fine", "limits": "no"}, Follows.HEAVIER),
        ({"feeling": "fine"}, Follows.LIGHTER),
        ({"next": "keep_going", "safe": "yes"}, None),
    ],
)
def test_what_follows_at_once(answers, expected):
    assert follows(answers) is expected


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("side", Side)
def test_each_side_may_answer_what_it_is_asked_and_leave_out_what_it_likes(side, kind):
    check_answers(side, kind, {question: offered[-1] for question, offered in asked(side, kind).items()})
    check_answers(side, kind, {"words": "x" * LONGEST_WORDS})
    check_answers(side, kind, {})


@pytest.mark.parametrize(
    ("side", "answers"),
    [
        (Side.REQUESTER, {"safe": "maybe"}),
        (Side.REQUESTER, {"feeling": "fine"}),
        (Side.SUPPORTER, {"safe": "yes"}),
        (Side.SUPPORTER, {"limits": ""}),
        (Side.REQUESTER, {"words": "x" * (LONGEST_WORDS + 1)}),
    ],
)
def test_what_was_not_offered_is_refused(side, answers):
    with pytest.raises(BadAnswer):
        check_answers(side, Kind.PLANNED, answers)
