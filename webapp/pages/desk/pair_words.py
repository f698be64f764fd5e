"""How a pair ended, in words for the desk."""

from flask_babel import lazy_gettext as _l

from webapp.domain.introductions import Side, Then, WhyEnded

ENDED_BY = {
    Side.REQUESTER: _l("She ended it."),
    Side.SUPPORTER: _l("Her supporter ended it."),
    Side.DESK: _l("A coordinator ended it."),
    Side.TIME: _l("It came to its last day."),
}
WHY_ENDED = {
    WhyEnded.SHE_ASKED: _l("She asked for it"),
    WhyEnded.SUPPORTER_ASKED: _l("Her supporter asked for it"),
    WhyEnded.SUPPORTER_GONE: _l("Her supporter does not answer any more"),
    WhyEnded.SAFETY: _l("For somebody\u2019s safety"),
    WhyEnded.OTHER: _l("Something else, see the note"),
}
THEN = {
    Then.ANOTHER: _l("She waits for another supporter, in her old place"),
    Then.REST: _l("Her request rests until she says so"),
    Then.DONE: _l("She is done, and leaves the list"),
}


def say_ended_by(by: str) -> str:
    """Say whose hand it was."""
    return str(ENDED_BY[Side(by)])


def say_why_ended(why: str) -> str:
    """Say why the desk ended a pair."""
    return str(WHY_ENDED[WhyEnded(why)])
