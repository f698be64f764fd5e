"""The ways and times out of which two choose when they talk: what both marked, as they have answered by now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from webapp.crypto.fields import Unreadable
from webapp.crypto.keyring import CannotDecrypt
from webapp.domain import meetings
from webapp.domain.introductions import LIVE
from webapp.domain.meetings import State
from webapp.models import Introduction, Meeting
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
    """Return what the two share and is not taken; nothing where the answers of one cannot be read."""
    try:
        need = matching.need_of(session, introduction.request, now=now)
        offer = matching.offer_of(introduction.supporter)
    except CannotDecrypt:
        return Shared({})
    days = [(now + timedelta(weeks=week)).date() for week in range(-1, WEEKS)]
    ways = matching.shared_ways(need, offer)
    taken = read_taken(session, introduction, now=now)
    return Shared({way: matching.shared_time(need, offer, way, weeks_of=days) - taken for way in ways})


def read_taken(session: Session, introduction: Introduction, *, now: datetime) -> set[datetime]:
    """Return the quarter-hours for which one of the two has said yes to a talk already, with whomever it is."""
    of_one = (
        Introduction.request_id == introduction.request_id,
        Introduction.supporter_id == introduction.supporter_id,
    )
    pairs = union(*(select(Introduction.id).where(one, Introduction.state.in_(sorted(LIVE))) for one in of_one))
    ahead = Meeting.state == State.ACCEPTED, Meeting.starts_at > now - timedelta(minutes=max(meetings.LENGTHS))
    found = session.scalars(select(Meeting).where(Meeting.introduction_id.in_(pairs), *ahead))
    return {quarter for one in found for quarter in meetings.quarters_of(one.starts_at, minutes_of(one))}


def minutes_of(meeting: Meeting) -> int:
    """Return how long a talk is meant to be; of one that cannot be read, the shortest."""
    how = Meeting.how.shown(meeting)
    shortest = min(meetings.LENGTHS)
    return shortest if isinstance(how, Unreadable) else int(how.get("minutes", shortest))


def way_of(meeting: Meeting) -> str:
    """Return by what way the two meant to talk; empty where it cannot be read, which counts as leaving the site."""
    how = Meeting.how.shown(meeting)
    return "" if isinstance(how, Unreadable) else str(how.get("way", ""))


def zone_of(introduction: Introduction, user_id: object) -> str:
    """Return by whose clock one of the two reads times."""
    asks = introduction.request.user_id == user_id
    return introduction.request.time_zone if asks else introduction.supporter.time_zone
