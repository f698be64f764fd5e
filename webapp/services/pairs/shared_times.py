"""The ways and times out of which two choose when they talk: what both marked, as they have answered by now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from webapp.crypto.keyring import CannotDecrypt
from webapp.domain import meetings
from webapp.models import Introduction
from webapp.services import matching

WEEKS = 3
"""The weeks that hold the days up to the last on which a talk can be proposed."""


@dataclass(frozen=True)
class Shared:
    """What two people share: their ways, in order, and for each the quarter-hours in which both are free."""

    times: dict[str, set[datetime]]

    @property
    def ways(self) -> list[str]:
        """List the ways that both marked."""
        return list(self.times)

    def starts(self, way: str, minutes: int, zone: str, *, now: datetime) -> list[datetime]:
        """List when a talk by this way and of this length can begin, by the clock of a zone."""
        return meetings.starts_in(self.times.get(way, ()), minutes, zone, now=now)


def read_shared(session: Session, introduction: Introduction, *, now: datetime) -> Shared:
    """Return what the two share; nothing where the answers of one cannot be read."""
    try:
        need = matching.need_of(session, introduction.request, now=now)
        offer = matching.offer_of(introduction.supporter)
    except CannotDecrypt:
        return Shared({})
    days = [(now + timedelta(weeks=week)).date() for week in range(-1, WEEKS)]
    ways = matching.shared_ways(need, offer)
    return Shared({way: matching.shared_time(need, offer, way, weeks_of=days) for way in ways})


def zone_of(introduction: Introduction, user_id: object) -> str:
    """Return by whose clock one of the two reads times."""
    asks = introduction.request.user_id == user_id
    return introduction.request.time_zone if asks else introduction.supporter.time_zone
