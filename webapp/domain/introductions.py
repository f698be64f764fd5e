"""An introduction's life: both said yes, from the first hello to the goodbye."""

from datetime import datetime, timedelta
from enum import StrEnum

from webapp.domain.lifecycles import step_through

FIRST_CONTACT_WITHIN = timedelta(hours=72)
LASTS = timedelta(weeks=12)


class State(StrEnum):
    """Where an introduction stands."""

    INTRODUCED = "introduced"
    IN_CONTACT = "in contact"
    PAUSED = "paused"
    ON_HOLD = "on hold"
    ENDING = "ending"
    ENDED = "ended"


class Event(StrEnum):
    """What can happen to an introduction."""

    WROTE = "wrote"
    PAUSED = "paused"
    RESUMED = "resumed"
    HELD = "held"
    LIFTED = "lifted"
    GOODBYE_BEGUN = "goodbye begun"
    ENDED = "ended"


_LEAVE = {
    Event.PAUSED: State.PAUSED,
    Event.HELD: State.ON_HOLD,
    Event.GOODBYE_BEGUN: State.ENDING,
    Event.ENDED: State.ENDED,
}

TRANSITIONS = {
    State.INTRODUCED: {Event.WROTE: State.IN_CONTACT, **_LEAVE},
    State.IN_CONTACT: {Event.WROTE: State.IN_CONTACT, **_LEAVE},
    State.PAUSED: {
        Event.RESUMED: State.IN_CONTACT,
        Event.HELD: State.ON_HOLD,
        Event.GOODBYE_BEGUN: State.ENDING,
        Event.ENDED: State.ENDED,
    },
    State.ON_HOLD: {Event.HELD: State.ON_HOLD, Event.LIFTED: State.IN_CONTACT, Event.ENDED: State.ENDED},
    State.ENDING: {
        Event.WROTE: State.ENDING,
        Event.RESUMED: State.IN_CONTACT,
        Event.HELD: State.ON_HOLD,
        Event.ENDED: State.ENDED,
    },
    State.ENDED: {},
}

LIVE = frozenset({State.INTRODUCED, State.IN_CONTACT, State.PAUSED, State.ON_HOLD, State.ENDING})
"""A request has at most one of these, and each uses a place of its supporter."""

OPEN_FOR_WRITING = frozenset({State.INTRODUCED, State.IN_CONTACT, State.ENDING})


READABLE_FOR = timedelta(days=90)
"""How long after an ending the two can read what they wrote; then it is deleted."""
GOODBYE_WITHIN = timedelta(days=14)
"""How long after an ending whoever ended it can still write a goodbye."""
LONGEST_GOODBYE = 2_000
LONGEST_PAUSE = timedelta(days=92)
ASKED_BEFORE_THE_END = timedelta(weeks=2)
GOES_ON_FOR = timedelta(weeks=12)
GOES_ON_UNASKED_FOR = timedelta(weeks=4)
"""By how much it goes on where neither has said anything when the last day comes: nobody is parted in silence."""


class Side(StrEnum):
    """Whose hand it was: hers, her supporter's, the desk's, or the day that both had named."""

    REQUESTER = "requester"
    SUPPORTER = "supporter"
    DESK = "desk"
    TIME = "time"


class Then(StrEnum):
    """What becomes of her request when a pair ends: another supporter, a rest with everything kept, or enough."""

    ANOTHER = "another"
    REST = "rest"
    DONE = "done"


class Wish(StrEnum):
    """What somebody would like when their last day comes near."""

    GO_ON = "go_on"
    PART = "part"


class WhyEnded(StrEnum):
    """Why the desk ended a pair, for the team."""

    SHE_ASKED = "she_asked"
    SUPPORTER_ASKED = "supporter_asked"
    SUPPORTER_GONE = "supporter_gone"
    SAFETY = "safety"
    OTHER = "other"


def readable_until(ended_at: datetime) -> datetime:
    """Say until when the two of a pair can read what they wrote to each other."""
    return ended_at + READABLE_FOR


def step(state: State, event: Event) -> State:
    """Return the state that follows. Raises WrongStep."""
    return step_through(TRANSITIONS, state, event)
