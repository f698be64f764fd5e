"""When two people could meet: shared quarter-hours of a week, narrowed to safe hours where all ways leave the site."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher import availability
from matcher.availability import HalfHours
from matcher.columns import Columns, Mask, packed
from matcher.people import Need
from matcher.questions import Question


def hours_question(columns: Columns) -> Question | None:
    """Return the question whose overlap is a gate."""
    return next(columns.space.questionnaire.with_rule("gate:overlap"), None)


def shared_quarters(need: Need, columns: Columns, monday: date) -> NDArray[np.int64]:
    """Count the quarter-hours a week that she shares with each supporter, by at least one way that both use."""
    question = hours_question(columns)
    hers = need.hours(question.id) if question else None
    if hers is None or need.time_zone is None:
        return np.zeros(columns.count, dtype=np.int64)
    theirs = columns.quarters(monday)
    everywhere = _shared(theirs, _on_clock(hers, need.time_zone, monday))
    if need.safe_hours == availability.ALWAYS:
        return everywhere
    outside = _shared(theirs, _on_clock(hers & need.safe_hours, need.time_zone, monday))
    return np.where(can_meet_inside(need, columns), everywhere, outside)


def shared_half_hours(
    need: Need, columns: Columns, monday: date, *, outside: bool = False, zone: str | None = None
) -> HalfHours:
    """Return the half-hours that she shares with the first supporter of these columns, by her clock or that of a zone.

    `outside` asks for the ways that leave the site: then only her safe hours count.
    """
    question = hours_question(columns)
    hers = need.hours(question.id) if question else None
    if hers is None or need.time_zone is None or not columns.count:
        return frozenset()
    if outside or not can_meet_inside(need, columns)[0]:
        hers = hers & need.safe_hours
    mine = availability.as_mask(hers)[availability.local_half_hours(need.time_zone, monday)]
    theirs = np.unpackbits(columns.quarters(monday)[:1].view(np.uint8), axis=1)[0, : availability.QUARTERS] > 0
    both = theirs & availability.local_week(need.time_zone, monday)
    local = availability.local_half_hours(zone or need.time_zone, monday)
    return frozenset(int(slot) for slot in local[both & mine])


def _on_clock(hours: HalfHours, zone: str, monday: date) -> NDArray[np.uint64]:
    common = availability.on_common_clock(availability.as_mask(hours)[None], zone, monday)
    return packed(common & availability.local_week(zone, monday))


def _shared(theirs: NDArray[np.uint64], hers: NDArray[np.uint64]) -> NDArray[np.int64]:
    both: NDArray[np.int64] = np.bitwise_count(theirs & hers).sum(axis=1, dtype=np.int64)
    return both


def can_meet_inside(need: Need, columns: Columns) -> Mask:
    """Say with whom she shares a way that stays in the site. Unknown ways count as leaving it."""
    for question in columns.space.questionnaire.question:
        if any(option.outside for option in question.options):
            hers = need.marks(question.id)
            inside = [o.id for o in question.options if not o.outside and o.id in hers]
            shared = [columns.has(question.id, option) for option in inside]
            return np.logical_or.reduce(shared) if shared else np.zeros(columns.count, dtype=bool)
    return np.ones(columns.count, dtype=bool)
