"""When two people could meet: shared quarter-hours of a week, narrowed to safe hours where all ways leave the site."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np

from matcher import availability
from matcher.availability import HalfHours
from matcher.people import Need, Offer
from matcher.questionnaire.schema import Question, Questionnaire
from matcher.roster.bitmaps import Bitmap, Bits
from matcher.roster.view import Counted, RosterView

View = TypeVar("View", bound=RosterView, covariant=True)


@dataclass(frozen=True)
class Query(Generic[View]):
    """One need before the whole roster on a date; what is worked out here serves this one request."""

    need: Need
    columns: View
    on: date

    @property
    def monday(self) -> date:
        """Return the Monday of the week that holds the date."""
        return availability.monday_of(self.on)

    @cached_property
    def can_meet_inside(self) -> Bitmap:
        """Say with whom she shares a way that stays in the site. Unknown ways count as leaving it."""
        question = self.columns.questionnaire.ways
        if question is None:
            return self.columns.everyone
        return self.columns.any_of(question.id, inside_ways(question, self.need))

    @cached_property
    def shared_quarters(self) -> Counted:
        """Count the quarter-hours a week that she shares with each supporter, by at least one way that both use."""
        question, need = self.columns.questionnaire.hours, self.need
        hers = (need.hours(question.id) if question else None) or frozenset()
        safe, other = hers & need.safe_hours, hers - need.safe_hours
        zone = need.time_zone or "UTC"
        return self.columns.free_quarters(self.monday, zone, safe, other, lambda: self.can_meet_inside)


def inside_ways(question: Question, need: Need) -> frozenset[str]:
    """Return the ways that she uses and that stay in the site."""
    return need.marks(question.id) & {option.id for option in question.options if not option.outside}


def shared_between(
    need: Need, offer: Offer, questionnaire: Questionnaire, monday: date, *, outside: bool = False
) -> Bits:
    """Say which quarter-hours of the common span two people share, shape (864,).

    `outside` asks for the ways that leave the site: then only her safe hours count.
    """
    question = questionnaire.hours
    hers, theirs = (need.hours(question.id), offer.hours(question.id)) if question else (None, None)
    if hers is None or theirs is None or need.time_zone is None or offer.time_zone is None:
        return np.zeros(availability.QUARTERS, dtype=bool)
    ways = questionnaire.ways
    if outside or (ways and not inside_ways(ways, need) & offer.marks(ways.id)):
        hers = hers & need.safe_hours
    free = availability.on_common_clock(availability.as_mask(theirs), offer.time_zone, monday)
    shared: Bits = np.zeros(availability.QUARTERS, dtype=bool)
    shared[availability.quarters_of(hers, need.time_zone, monday)] = True
    return shared & free


def half_hours_of(quarters: Bits, zone: str | None, monday: date) -> HalfHours:
    """Return the half-hours of a zone's clock in which quarter-hours of the common span lie."""
    local = availability.local_half_hours(zone or "UTC", monday)
    return frozenset(local[quarters].tolist())


def shared_moments(
    need: Need, offer: Offer, questionnaire: Questionnaire, on: date, *, outside: bool = False
) -> list[datetime]:
    """List the quarter-hours that two people share in her week that holds a date, each as the moment it begins.

    `outside` asks for a way that leaves the site: then only her safe hours count.
    """
    monday = availability.monday_of(on)
    shared = shared_between(need, offer, questionnaire, monday, outside=outside)
    return [availability.moment_of(quarter, monday) for quarter in np.flatnonzero(shared).tolist()]
