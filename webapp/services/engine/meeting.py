"""How and when two could talk, as the engine reads their answers: shared ways, and shared time by the clock of neither.

A way that leaves the site is narrowed to her safe hours by the engine itself, as it is when she is matched.
"""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from matcher import ALWAYS, Message, Need, Offer, shared_moments, write_hours
from webapp.domain.safe_contact import half_hour_of
from webapp.services.engine.answers import questionnaire
from webapp.services.engine.wording import text


def every_way() -> list[str]:
    """Name the ways to talk that the questionnaire asks for."""
    question = questionnaire().ways
    return [option.id for option in question.options] if question else []


def shared_ways(need: Need, offer: Offer) -> list[str]:
    """Name the ways to talk that both marked, in the order of the questionnaire."""
    question = questionnaire().ways
    if question is None:
        return []
    both = need.marks(question.id) & offer.marks(question.id)
    return [option.id for option in question.options if option.id in both]


def leaves_the_site(way: str) -> bool:
    """Say whether a way to talk leaves the site; one that the questionnaire does not know counts as leaving it."""
    question = questionnaire().ways
    return question is None or not any(option.id == way and not option.outside for option in question.options)


def name_way(way: str, language: str) -> str:
    """Name a way to talk; one that the questionnaire does not know any more by its id."""
    question = questionnaire().ways
    label = next((option.label for option in question.options if option.id == way), None) if question else None
    return text(label, language) or way.replace("_", " ")


def shared_time(need: Need, offer: Offer, way: str, *, weeks_of: Iterable[date]) -> set[datetime]:
    """Return the quarter-hours that two share by a way, in the weeks that hold these dates."""
    outside, asked = leaves_the_site(way), questionnaire()
    return {one for day in weeks_of for one in shared_moments(need, offer, asked, day, outside=outside)}


def ways_outside(ways: Iterable[str]) -> list[str]:
    """Keep of some ways those that leave the site."""
    return [way for way in ways if leaves_the_site(way)]


def say_safe_hours(need: Need, offer: Offer, *, on: date) -> list[Message]:
    """Say to a supporter at which hours of her own clock the ways outside are safe for the woman, or that none is."""
    ways = ways_outside(shared_ways(need, offer))
    if not ways or need.safe_hours == ALWAYS:
        return []
    zone = ZoneInfo(offer.time_zone or "UTC")
    shared = shared_time(need, offer, ways[0], weeks_of=[on])
    return [safe_hours_message(ways, write_hours(frozenset(half_hour_of(one, zone) for one in shared)))]


def safe_hours_message(ways: list[str], hours: str = "") -> Message:
    """Say these hours of these ways; that no hour is named, where there is none."""
    question = questionnaire().ways
    said = {"question": question.id if question else "", "options": ways}
    return Message("safe_times", {**said, "hours": hours}) if hours else Message("never_safe", said)
