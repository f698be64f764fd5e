"""What two agree on at the start: how, how often, until when, what stays private. Either proposes, the other agrees."""

from datetime import date, datetime, timedelta
from enum import StrEnum

WEEKS = (4, 8, 12, 24)
SUGGESTED_WEEKS = 12
LONGEST = 300
MOST_PUT_OFF = 2
"""So often somebody who would rather not is asked in all."""
ASKED_AGAIN_AFTER = timedelta(days=7)


class Often(StrEnum):
    """How often the two want to talk; OWN is told in their words."""

    WEEKLY = "weekly"
    EVERY_TWO_WEEKS = "every two weeks"
    AS_IT_COMES = "as it comes"
    OWN = "own words"


def until(weeks: int, agreed_at: datetime) -> date:
    """Return the day until which a length holds, counted from the day on which both agreed."""
    return (agreed_at + timedelta(weeks=weeks)).date()


def asks_again(put_off: int, put_off_at: datetime | None, now: datetime) -> bool:
    """Say whether somebody who put the question off is asked: once more, after some days, and never a third time."""
    if not put_off or put_off_at is None:
        return True
    return put_off < MOST_PUT_OFF and now >= put_off_at + ASKED_AGAIN_AFTER
