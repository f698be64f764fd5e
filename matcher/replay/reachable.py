"""Who could be found for a woman at best, cached: an upper bound that spares the simulation most of its rankings.

It changes nothing but time: whoever it rules out could not be offered to anybody that day, as a test shows.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from matcher.availability import local_half_hours, local_week, monday_of
from matcher.people import Need, Offer
from matcher.ranking.roster import Roster


class Prospects:
    """For each need, who passes every gate but those of places, status and dates: a superset of each day's."""

    def __init__(self, roster: Roster, offers: Sequence[Offer]) -> None:
        """Relax every offer: all places free, active, nothing outdated; all else is as in `roster`."""
        open_ = [replace(offer, load=0, status="active", until={}) for offer in offers]
        self._roster = Roster(questionnaire=roster.questionnaire, weights=roster.weights, on=roster.on)
        self._roster.fit(open_, roster.learned_)
        self._zones = sorted({offer.time_zone for offer in offers if offer.time_zone})
        self._numbers: dict[bytes, int] = {}
        self._clocks: dict[tuple[str | None, date], int] = {}
        self._kept: dict[tuple[str, date | None, int, int], frozenset[str]] = {}

    def of(self, need: Need, day: date, floor: int) -> frozenset[str]:
        """Return the ids of a superset of those who pass for her on a day, at or above the floor in grains.

        It is one because a place that is taken only lowers a score. The need must be as it arrived, since the result is
        kept, for every policy, and for every week in which all zones' clocks lie to each other as in this one; who asks
        again is another need, by the day on which she did.
        """
        monday = monday_of(day)
        asked = need.id, need.waiting_since, self._clock(need.time_zone, monday), floor
        if asked not in self._kept:
            self._kept[asked] = self._found(need, monday, floor)
        return self._kept[asked]

    def _found(self, need: Need, monday: date, floor: int) -> frozenset[str]:
        scored = self._roster.scored(need, on=monday)
        return frozenset(self._roster.columns_.offers[row].id for row in scored.rows[scored.grains >= floor])

    def _clock(self, zone: str | None, monday: date) -> int:
        """Return a number for the week of a Monday, equal for weeks in which all zones' clocks lie alike."""
        if (zone, monday) not in self._clocks:
            zones = [*self._zones, *([zone] if zone else [])]
            laid = b"".join(lay(one, monday).tobytes() for one in zones for lay in (local_half_hours, local_week))
            self._clocks[zone, monday] = self._numbers.setdefault(laid, len(self._numbers))
        return self._clocks[zone, monday]
