"""A hold: contact of a pair rests until a person lifts it. Both read one sentence, whoever asked for it."""

from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from webapp.domain.hours import StaffedHours

LOOKED_AGAIN_AFTER = 3
"""After how many working days somebody at the desk is asked again about a hold that she let stand."""
TOLD_FOR = timedelta(days=7)
"""How long both read that their conversation goes on."""


class HeldFor(StrEnum):
    """Why a pair rests. Only the desk reads it."""

    CONCERN = "concern"
    SAFETY = "safety"
    ASKED = "asked"
    LOOKING = "looking"


BY_THE_DESK = (HeldFor.SAFETY, HeldFor.ASKED, HeldFor.LOOKING)


class LiftedFor(StrEnum):
    """Why a pair goes on. Only the desk reads it."""

    SAFE = "safe"
    WISHED = "wished"
    MISTAKEN = "mistaken"
    ENDED = "ended"


SAID_BY_A_PERSON = (LiftedFor.SAFE, LiftedFor.WISHED, LiftedFor.MISTAKEN)


def ask_again_at(hours: StaffedHours, *, now: datetime) -> datetime:
    """Return when the desk is asked again about a hold that it let stand: as a working day begins."""
    zone = ZoneInfo(hours.zone)
    day = hours.add_working_days(now.astimezone(zone).date(), LOOKED_AGAIN_AFTER)
    return datetime.combine(day, hours.begins, zone)
