"""Tasks in words: why somebody must act, and what she may have done."""

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from webapp.domain.access import Action, may_try
from webapp.domain.tasks import SAID_BY_A_PERSON, Kind, Outcome
from webapp.security.guard import current_actor
from webapp.services.tasks import FoundTask

WHY = {
    Kind.CHECK_IN: _l("A check-in needs somebody"),
    Kind.CONCERN: _l("A concern"),
    Kind.CONCERN_TO_CLOSE: _l("A concern to close with you"),
    Kind.CONTACT_SOON: _l("Asks to be contacted soon"),
    Kind.WORDS_UNANSWERED: _l("Wrote to the coordinators"),
    Kind.ON_HOLD: _l("Contact is on hold"),
    Kind.FIRST_WORD_LATE: _l("No first word in time"),
    Kind.SILENCE: _l("The two have gone silent"),
    Kind.CHECK_INS_MISSED: _l("Two check-ins went by"),
    Kind.NOT_CHOSEN: _l("Has people to choose from, and has not chosen"),
    Kind.REQUEST_LATE: _l("Waits past the day that her page named"),
    Kind.WITHOUT_SUPPORTER: _l("Stands without her supporter"),
    Kind.AWAY: _l("Her supporter is away"),
    Kind.NO_COVER: _l("Nobody could be named to cover"),
    Kind.HALF_TIME: _l("Half of the time together is over"),
    Kind.ENDS_SOON: _l("The time together ends soon"),
    Kind.ENDED: _l("A pair has ended"),
    Kind.STRAIN: _l("It is heavy for this supporter"),
}
DID = {
    Outcome.TALKED: _l("I talked with her"),
    Outcome.WROTE: _l("I wrote to her"),
    Outcome.CHANGED: _l("I changed something for her"),
    Outcome.NOT_NEEDED: _l("Nothing was needed"),
    Outcome.HAPPENED: _l("It happened by itself"),
}
CHOICES = [(one.value, DID[one]) for one in SAID_BY_A_PERSON]


def say_why(task: FoundTask) -> str:
    """Say why somebody must act."""
    return str(WHY[Kind(task.kind)]) if task.kind in set(Kind) else gettext("Something that cannot be read")


def say_done(act: str) -> str:
    """Say what was done."""
    return str(DID[Outcome(act)])


def look_after_at(task: FoundTask) -> str | None:
    """Return the address where a task is looked after, beside her request and her thread, for who may open it."""
    if task.kind == Kind.CHECK_IN and may_try(current_actor(), Action.READ_CHECKIN):
        return url_for("desk.show_checkin", checkin_id=task.thing)
    if task.kind in (Kind.CONCERN, Kind.CONCERN_TO_CLOSE):
        return url_for("desk.show_concern", concern_id=task.thing)
    if task.kind == Kind.ON_HOLD:
        return url_for("desk.show_hold", introduction_id=task.introduction_id)
    if task.introduction_id is not None and may_try(current_actor(), Action.READ_PAIR):
        return url_for("desk.show_pair", introduction_id=task.introduction_id)
    return None
