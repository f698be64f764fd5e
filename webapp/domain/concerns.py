"""A concern: what it is about, what each kind does at once, and its way to an end that two people confirm."""

from enum import StrEnum

from webapp.domain.lifecycles import step_through
from webapp.domain.tasks import Desk, Soon

LONGEST = 2_000


class Kind(StrEnum):
    """What somebody is worried about, in her own choice of five."""

    DANGER = "danger"
    REACH = "reach"
    WORRY = "worry"
    STAFF = "staff"
    OTHER = "other"


SOON = {
    Kind.DANGER: Soon.AT_ONCE,
    Kind.REACH: Soon.TODAY,
    Kind.WORRY: Soon.AT_ONCE,
    Kind.STAFF: Soon.NEXT_DAY,
    Kind.OTHER: Soon.NEXT_DAY,
}
HOLDS = frozenset({Kind.DANGER})
"""What lets the pair rest at once. A worry does not: nobody loses her person for telling the truth."""


class State(StrEnum):
    """Where a concern stands."""

    RECEIVED = "received"
    LOOKED_AT = "looked at"
    TO_CLOSE = "to close"
    CLOSED = "closed"


class Event(StrEnum):
    """What can happen to a concern."""

    LOOKED = "looked"
    SAID_MORE = "said more"
    PROPOSED = "proposed"
    SENT_BACK = "sent back"
    CONFIRMED = "confirmed"


TRANSITIONS = {
    State.RECEIVED: {Event.LOOKED: State.LOOKED_AT, Event.SAID_MORE: State.RECEIVED, Event.PROPOSED: State.TO_CLOSE},
    State.LOOKED_AT: {Event.LOOKED: State.LOOKED_AT, Event.SAID_MORE: State.LOOKED_AT, Event.PROPOSED: State.TO_CLOSE},
    State.TO_CLOSE: {
        Event.SAID_MORE: State.LOOKED_AT,
        Event.SENT_BACK: State.LOOKED_AT,
        Event.CONFIRMED: State.CLOSED,
    },
    State.CLOSED: {Event.SAID_MORE: State.LOOKED_AT},
}


class What(StrEnum):
    """What an entry of a concern is."""

    LOOKED = "looked"
    NOTE = "note"
    TO_HER = "to her"
    FROM_HER = "from her"
    TAKEN_BACK = "taken back"
    DID = "did"
    FILE_CLOSED = "file closed"
    PROPOSED = "proposed"
    SENT_BACK = "sent back"
    CONFIRMED = "confirmed"


READ_BY_HER = frozenset({What.TO_HER, What.FROM_HER, What.TAKEN_BACK})
"""What she reads as soon as it is there; what came of it she reads once two people have closed it."""


class Did(StrEnum):
    """What was done because of a concern."""

    TALKED_WITH_HER = "talked with her"
    TALKED_WITH_OTHER = "talked with the other"
    GAVE_NUMBERS = "gave numbers"
    STOPPED_OUTSIDE = "stopped outside"
    SUPERVISED = "supervised"
    ASKED_OUTSIDE = "asked outside"
    ELSE = "else"


def soon_of(kind: Kind, *, is_urgent: bool) -> Soon:
    """Say how soon somebody must act. Her word can hasten it, and never slows it down."""
    return Soon.AT_ONCE if is_urgent else SOON[kind]


def desk_of(kind: Kind) -> Desk:
    """Say at whose desk a concern is looked after."""
    return Desk.APPROVER if kind is Kind.STAFF else Desk.COORDINATORS


def step(state: State, event: Event) -> State:
    """Return the state that follows. Raises WrongStep."""
    return step_through(TRANSITIONS, state, event)
