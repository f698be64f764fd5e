"""Who lives these years, and what each woman herself said of how she may be reached: kept beside the site."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from seeds.people import HERE, WRITTEN_ON, Row, read
from webapp.domain.access import Actor, Role

COUNTS_FOR = timedelta(days=30)
"""So long a woman's word of how she may be reached counts; said here anew, and not read from the site."""


@dataclass
class Word:
    """What one woman has said of the ways that leave the site, as she would tell it. Without it, there is none."""

    address: str | None = None
    hours: frozenset[int] = frozenset()
    seen_by_others: bool = False
    said_at: datetime | None = None
    is_closed: bool = False

    def why_not(self, at: datetime, zone: str) -> str | None:
        """Say why a letter at this moment goes against what she said; None where it does not."""
        here = at.astimezone(ZoneInfo(zone))
        faults = {
            "she named no address": self.address is None,
            "she closed every way": self.is_closed,
            "her word is older than thirty days": self.said_at is None or at >= self.said_at + COUNTS_FOR,
            "somebody else may see it": self.seen_by_others,
            "it is not one of her hours": (here.weekday() * 48 + here.hour * 2 + here.minute // 30) not in self.hours,
        }
        return next((fault for fault, is_so in faults.items() if is_so), None)


@dataclass
class Person:
    """Somebody with an account. `thing_id` is her latest request, or what she is as a supporter."""

    name: str
    actor: Actor
    cells: Row | None = None
    zone: str = "America/Toronto"
    thing_id: UUID | None = None
    word: Word | None = None
    address: str = ""
    code: str = ""
    vanished_at: datetime | None = None
    has_left: bool = False

    @property
    def id(self) -> UUID:
        """Return her account."""
        assert self.actor.id is not None
        return self.actor.id

    @property
    def is_here(self) -> bool:
        """Say whether she still does anything."""
        return self.vanished_at is None and not self.has_left


@dataclass
class Cast:
    """Everybody who came, by account."""

    people: dict[UUID, Person] = field(default_factory=dict)
    by_address: dict[str, Person] = field(default_factory=dict)
    women: list[Row] = field(default_factory=list)
    supporters: list[Row] = field(default_factory=list)
    came: int = 0

    def __post_init__(self) -> None:
        self.women, self.supporters = list(_women()), list(read("supporters", WRITTEN_ON))

    def add(self, person: Person) -> Person:
        """Let somebody come."""
        self.people[person.id] = person
        self.came += 1
        return person

    def here(self, *roles: Role) -> list[Person]:
        """Return who has one of these roles and still does something, in the order in which they came."""
        return [one for one in self.people.values() if one.is_here and one.actor.roles & set(roles)]

    def is_here(self, user_id: UUID | None) -> bool:
        """Say whether somebody still does anything."""
        return user_id in self.people and self.people[user_id].is_here

    def those_here(self, users: Iterable[UUID]) -> list[Person]:
        """Return which of some people still do something."""
        return [self.people[one] for one in users if self.is_here(one)]


def _women() -> Iterable[Row]:
    """Go through the women of the half year's stream: each kind of needs comes again with another woman."""
    with (HERE / "stream.csv").open(encoding="utf-8", newline="") as file:
        for cells in csv.DictReader(file):
            yield Row(cells["id"], cells, WRITTEN_ON)
