"""What a person at the desk must do by a time: the kinds, their clocks, and to whom one goes that stays undone."""

from datetime import datetime, timedelta
from enum import StrEnum

from webapp.domain.hours import StaffedHours

AT_ONCE = timedelta(minutes=15)
PASSED_ON_AFTER = timedelta(hours=12)
"""How long after its time a task goes to the deputy; after as long again to the approver."""


class Kind(StrEnum):
    """Why somebody must act."""

    CHECK_IN = "check-in"
    CONCERN = "concern"
    CONCERN_TO_CLOSE = "concern to close"
    CONTACT_SOON = "contact soon"
    WORDS_UNANSWERED = "words unanswered"
    ON_HOLD = "on hold"
    FIRST_WORD_LATE = "first word late"
    SILENCE = "silence"
    CHECK_INS_MISSED = "check-ins missed"
    NOT_CHOSEN = "not chosen"
    REQUEST_LATE = "request late"
    WITHOUT_SUPPORTER = "without supporter"
    AWAY = "away"
    NO_COVER = "no cover"
    HALF_TIME = "half time"
    ENDS_SOON = "ends soon"
    ENDED = "ended"
    STRAIN = "strain"


ENDS_WITH_ITS_THING = frozenset({Kind.CONCERN, Kind.CONCERN_TO_CLOSE, Kind.ON_HOLD})
"""Nobody takes these off the desk by a tick: they end where the concern is closed, or the hold is lifted."""
ENDED_BY_A_SIGN = frozenset({Kind.FIRST_WORD_LATE, Kind.SILENCE})
"""What ends as soon as one of a pair gives a sign: a message, a time to talk, or that the two talked."""


def ended_by_a_sign(*, is_answer: bool) -> frozenset[Kind]:
    """Return what a sign ends: what a woman says by herself answers nobody, so it takes no silence off the desk."""
    return ENDED_BY_A_SIGN if is_answer else ENDED_BY_A_SIGN - {Kind.SILENCE}


WAITS_TOO_LONG = frozenset({Kind.REQUEST_LATE, Kind.WITHOUT_SUPPORTER})
"""A day that was named has passed: for one who waits for her first supporter, or again after an ending."""


class Soon(StrEnum):
    """How soon somebody must act."""

    AT_ONCE = "at once"
    TODAY = "today"
    NEXT_DAY = "next working day"


SOON_OF_BEFORE = {
    Kind.CONCERN: Soon.AT_ONCE,
    Kind.CHECK_IN: Soon.TODAY,
    Kind.CONTACT_SOON: Soon.TODAY,
    Kind.SILENCE: Soon.TODAY,
}
"""How soon, by its kind, of a task from before that was kept; of any other kind the next day."""


class Desk(StrEnum):
    """Whose a task is: of all coordinators, or of the approver alone."""

    COORDINATORS = "coordinators"
    APPROVER = "approver"


class PassedOn(StrEnum):
    """To whom a task has gone because nobody acted."""

    NOBODY = "nobody"
    DEPUTY = "deputy"
    APPROVER = "approver"


class Outcome(StrEnum):
    """How a person ended a task, or that what it waited for has happened."""

    TALKED = "talked"
    WROTE = "wrote"
    CHANGED = "changed something"
    NOT_NEEDED = "not needed"
    HAPPENED = "happened"


SAID_BY_A_PERSON = (Outcome.TALKED, Outcome.WROTE, Outcome.CHANGED, Outcome.NOT_NEEDED)


def due_at(soon: Soon, hours: StaffedHours, *, now: datetime) -> datetime:
    """Say until when somebody must act: in staffed time, so that no promise is made for a night."""
    match soon:
        case Soon.AT_ONCE:
            return hours.within(now, AT_ONCE)
        case Soon.TODAY:
            return hours.closes(now)
        case Soon.NEXT_DAY:
            return hours.end_of_next_day(now)


def passed_on_to(due: datetime, *, now: datetime) -> PassedOn:
    """Say to whom a task has gone by now that was due at a moment and is undone."""
    if now < due + PASSED_ON_AFTER:
        return PassedOn.NOBODY
    return PassedOn.DEPUTY if now < due + 2 * PASSED_ON_AFTER else PassedOn.APPROVER
