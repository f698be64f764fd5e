"""The columns that a sheet may hold beside the questions."""

from collections.abc import Mapping

from matcher.questionnaire.schema import Questionnaire, Side

UNTIL = ("trained_until", "cleared_until", "agreed_until", "supervised_until")
"""What a programme may keep of a supporter with a last valid day, in the order of the gates."""
SIDES: tuple[Side, ...] = ("requester", "supporter")
SAFE_HOURS = "safe_hours"
COLUMNS: Mapping[Side, frozenset[str]] = {
    "requester": frozenset({"id", "never", "past", "time_zone", "waiting_since", SAFE_HOURS}),
    "supporter": frozenset(
        {"id", "never", "past", "time_zone", "capacity", "load", "strain", "status", "last_matched", *UNTIL}
    ),
}
"""What a sheet of each side may hold beside the questions; `safe_hours` only where no question asks for them."""
DATES = frozenset({"waiting_since", "last_matched", *UNTIL})
LISTS = frozenset({"never", "past", SAFE_HOURS})
"""Columns with several items in a cell."""


def columns_beside(questionnaire: Questionnaire, side: Side) -> frozenset[str]:
    """List what a sheet of this side may hold beside the questions of a questionnaire."""
    return COLUMNS[side] - {SAFE_HOURS} if questionnaire.of_role("safe_hours", "requester") else COLUMNS[side]


def safe_hours_column(questionnaire: Questionnaire) -> str:
    """Name the column of her safe hours: the question that asks for them, if there is one."""
    question = questionnaire.of_role("safe_hours", "requester")
    return question.id if question else SAFE_HOURS
