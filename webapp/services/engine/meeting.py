"""How and when two could talk, as the engine reads their answers: shared ways, and shared time by the clock of neither.

A way that leaves the site is narrowed to her safe hours by the engine itself, as it is when she is matched.
"""

from collections.abc import Iterable
from datetime import date, datetime

from matcher import Need, Offer, shared_moments
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
