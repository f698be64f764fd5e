"""The two people whom the engine compares: Need, a request as it sees it, and Offer, a supporter's profile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import cast

from matcher.availability import HalfHours
from matcher.questionnaire.answers import Answer, Marks


@dataclass(frozen=True, kw_only=True)
class Person:
    """What both have. A question that was not answered is missing in `answers`; `time_zone` None is unknown."""

    id: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    time_zone: str | None = "UTC"
    never: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()

    def marks(self, question_id: str) -> Marks:
        """Return the options that this person marked; empty where none are, or the question was not answered."""
        return cast(Marks, self.answers.get(question_id, frozenset()))

    def hours(self, question_id: str) -> HalfHours | None:
        """Return the local half-hours of an availability question; None where they or the zone are not known."""
        return cast(HalfHours, self.answers.get(question_id)) if self.time_zone else None


@dataclass(frozen=True, kw_only=True)
class Need(Person):
    """One woman's request. `safe_hours` are the local half-hours in which she can be met outside the site.

    They have no default: whoever makes a need says them, so that nobody is met at an unsafe hour by omission.
    """

    stars: Mapping[str, Marks] = field(default_factory=dict)
    safe_hours: HalfHours
    waiting_since: date | None = None


@dataclass(frozen=True, kw_only=True)
class Offer(Person):
    """One supporter. A key of `until` with None is unknown and fails; what the programme does not keep has no key.

    `status` None is unknown. `strain` is in [0, 1], `capacity` and `load` are whole places.
    """

    status: str | None = "active"
    until: Mapping[str, date | None] = field(default_factory=dict)
    capacity: int = 1
    load: int = 0
    strain: Decimal = Decimal(0)
    last_matched: date | None = None


def longest_waiting_first(need: Need) -> tuple[bool, int, str]:
    """Order needs: longest waiting first, not known last, then by id."""
    since = need.waiting_since
    return since is None, since.toordinal() if since else 0, need.id
