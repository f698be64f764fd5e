"""Every notice that somebody gets, and every task that is left for later."""

from enum import StrEnum


class Notice(StrEnum):
    """What a notice is about; its words are not here."""

    A_CHECK_IN_NEEDS_YOU = "a check-in needs you"
    A_PAIR_HAS_ENDED = "a pair has ended"
    BACK_TO_THE_DESK = "back to the desk"
    OFFER_STILL_OPEN = "offer still open"
    PEOPLE_TO_CHOOSE_FROM = "people to choose from"
    REQUEST_WAITS = "request waits"
    SOMEONE_HOPES_FOR_YOU = "someone hopes for you"
    SOMETHING_FOR_YOU = "something for you"
    SOMETHING_NEEDS_YOU = "something needs you"
    YOU_ARE_INTRODUCED = "you are introduced"
    YOU_HAVE_A_MESSAGE = "you have a message"
