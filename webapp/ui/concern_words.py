"""The words of concerns and holds, for her and for the desk. Rules are in domain/concerns.py and domain/holds.py."""

from flask_babel import lazy_gettext as _l

from webapp.domain.concerns import Did, Kind, State, What
from webapp.domain.holds import HeldFor, LiftedFor

KINDS = {
    Kind.DANGER: _l("She frightens me, or goes too far"),
    Kind.REACH: _l("The way you reach me is not safe"),
    Kind.WORRY: _l("I am worried about someone: about her, myself or a child"),
    Kind.STAFF: _l("It is about a coordinator, or one of them knows me"),
    Kind.OTHER: _l("Something else"),
}
STATES = {
    State.RECEIVED: _l("We have it. Nobody has looked at it yet."),
    State.LOOKED_AT: _l("Somebody is looking at it."),
    State.TO_CLOSE: _l("Somebody has looked at it. A second person looks at what was done."),
    State.CLOSED: _l("It is settled."),
}
AT_THE_DESK = {
    State.RECEIVED: _l("nobody has looked at it yet"),
    State.LOOKED_AT: _l("is being looked after"),
    State.TO_CLOSE: _l("waits for a second person"),
    State.CLOSED: _l("closed by two"),
}
DID = {
    Did.TALKED_WITH_HER: _l("I talked with her"),
    Did.TALKED_WITH_OTHER: _l("I talked with the other"),
    Did.GAVE_NUMBERS: _l("I gave her numbers of help"),
    Did.STOPPED_OUTSIDE: _l("I stopped every way outside the site"),
    Did.SUPERVISED: _l("I spoke with the supporter in supervision"),
    Did.ASKED_OUTSIDE: _l("I asked for help outside the programme"),
    Did.ELSE: _l("Something else, as written"),
}
ENTRIES = {
    What.LOOKED: _l("Began to look after it"),
    What.NOTE: _l("A note for the team"),
    What.TO_HER: _l("Written to her"),
    What.FROM_HER: _l("She added"),
    What.TAKEN_BACK: _l("She took it back. Find out whether that was her own wish."),
    What.DID: _l("Done"),
    What.FILE_CLOSED: _l("Her file was closed to"),
    What.PROPOSED: _l("Proposed to close it, with these words to her"),
    What.SENT_BACK: _l("Not closed yet"),
    What.CONFIRMED: _l("Confirmed by a second person"),
}
HELD_FOR = {
    HeldFor.CONCERN: _l("One of the two told us something"),
    HeldFor.SAFETY: _l("Somebody may be in danger"),
    HeldFor.ASKED: _l("One of the two asked me for it"),
    HeldFor.LOOKING: _l("I need to look at something first"),
}
LIFTED_FOR = {
    LiftedFor.SAFE: _l("I spoke with both, and it is safe"),
    LiftedFor.WISHED: _l("Both wish to go on"),
    LiftedFor.MISTAKEN: _l("It was not what it seemed"),
    LiftedFor.ENDED: _l("Their time together ended"),
}
