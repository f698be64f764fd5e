"""A proposal's life: a pairing on its way, from the coordinator's desk to a yes."""

from datetime import timedelta
from enum import StrEnum

from webapp.domain.lifecycles import step_through

MOST_SHOWN = 3
"""How many a woman is shown side by side."""
OFFER_LASTS = timedelta(hours=48)
REMINDER_AFTER = timedelta(hours=24)
UNDO_WITHIN = timedelta(minutes=10)
"""How long "none of these" can be taken back, unless she is shown others before."""
CARDS_BEYOND_PLACES = 0
"""On so many more cards than she has free places may a supporter stand at once; decision 26 says why."""
A_CARD_HOLDS = timedelta(days=5)
"""How long a card that nobody has touched keeps a place from being shown to others; it can be asked for longer."""
NOT_CHOSEN_AFTER = A_CARD_HOLDS
"""How long cards lie before a woman, nobody asked, until a person looks whether she needs something."""
LONGEST_WORDS = 500


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
    PASSED_BY = "passed by"
    FELL_AWAY = "fell away"
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
    PASSED_BY = "passed by"
    BROUGHT_BACK = "brought back"
    FELL_AWAY = "fell away"
    WITHDRAWN = "withdrawn"


_LEAVE = {Event.WITHDRAWN: State.WITHDRAWN}
_FALL = {Event.FELL_AWAY: State.FELL_AWAY}

TRANSITIONS = {
    State.DRAFTED: {Event.REVIEWED: State.REVIEWED, **_LEAVE},
    State.REVIEWED: {Event.SHOWN: State.SHOWN, **_LEAVE},
    State.SHOWN: {Event.CHOSEN: State.CHOSEN, Event.PASSED_BY: State.PASSED_BY, **_FALL, **_LEAVE},
    State.CHOSEN: {Event.OFFERED: State.OFFERED, **_LEAVE},
    State.OFFERED: {
        Event.ACCEPTED: State.ACCEPTED,
        Event.DECLINED: State.DECLINED,
        Event.EXPIRED: State.EXPIRED,
        **_FALL,
        **_LEAVE,
    },
    State.ACCEPTED: {},
    State.DECLINED: {},
    State.EXPIRED: {},
    State.PASSED_BY: {Event.BROUGHT_BACK: State.SHOWN},
    State.FELL_AWAY: {},
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


class TakeBackReason(StrEnum):
    """Why a coordinator took a card back before the woman chose."""

    MISTAKE = "mistake"
    KNOW_EACH_OTHER = "know_each_other"
    CANNOT_NOW = "cannot_now"
    SHE_ASKED = "she_asked"
    OTHER = "other"


class Difference(StrEnum):
    """What a woman may tick that should differ in those whom she is shown next."""

    AGE = "age"
    LIFE_NOW = "life_now"
    LANGUAGES = "languages"
    WAY_OF_TALKING = "way_of_talking"
    CLOSER = "closer"
    FURTHER = "further"
    STRANGER = "stranger"
    OTHER = "other"


def is_shown_enough(cards: int, places: int) -> bool:
    """Say whether a supporter stands on as many cards that hold a place as she has free places.

    >>> is_shown_enough(1, 2), is_shown_enough(2, 2)
    (False, True)
    """
    return cards >= max(1, places + CARDS_BEYOND_PLACES)


def step(state: State, event: Event) -> State:
    """Return the state that follows. Raises WrongStep."""
    return step_through(TRANSITIONS, state, event)
