"""A proposal's life: a pairing on its way, from the coordinator's desk to a yes."""

from datetime import timedelta
from enum import StrEnum

from webapp.domain.lifecycles import step_through

MOST_SHOWN = 3
"""How many a woman is shown side by side."""
OFFER_LASTS = timedelta(hours=48)
REMINDER_AFTER = timedelta(hours=24)


class State(StrEnum):
    """Where a proposal stands."""

    DRAFTED = "drafted"
    REVIEWED = "reviewed"
    SHOWN = "shown"
    CHOSEN = "chosen"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What can happen to a proposal."""

    REVIEWED = "reviewed"
    SHOWN = "shown"
    CHOSEN = "chosen"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


_LEAVE = {Event.WITHDRAWN: State.WITHDRAWN}

TRANSITIONS = {
    State.DRAFTED: {Event.REVIEWED: State.REVIEWED, **_LEAVE},
    State.REVIEWED: {Event.SHOWN: State.SHOWN, **_LEAVE},
    State.SHOWN: {Event.CHOSEN: State.CHOSEN, **_LEAVE},
    State.CHOSEN: {Event.OFFERED: State.OFFERED, **_LEAVE},
    State.OFFERED: {
        Event.ACCEPTED: State.ACCEPTED,
        Event.DECLINED: State.DECLINED,
        Event.EXPIRED: State.EXPIRED,
        **_LEAVE,
    },
    State.ACCEPTED: {},
    State.DECLINED: {},
    State.EXPIRED: {},
    State.WITHDRAWN: {},
}

LIVE = frozenset({State.DRAFTED, State.REVIEWED, State.SHOWN, State.CHOSEN, State.OFFERED})
"""Not yet over: these end when the request is paused or withdrawn."""


class OverrideReason(StrEnum):
    """Why a coordinator chose differently from the ranking. Some gates cannot be overridden at all."""

    SHE_ASKED = "she_asked"
    KNOWN_FIT = "known_fit"
    CONTINUITY = "continuity"
    LANGUAGE_NUANCE = "language_nuance"
    RANKING_MISSES = "ranking_misses"


def step(state: State, event: Event) -> State:
    """Return the state that follows. Raises WrongStep."""
    return step_through(TRANSITIONS, state, event)
