"""Whom a woman could have if every place were free: so that a day asks for those alone for whom it may change anything.

Nothing depends on it but time: who is passed over has nobody, as a test shows.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from matcher.availability import local_half_hours, local_week, monday_of
from matcher.people import Need, Offer
from matcher.ranking.roster import Roster


class Prospects:
    """The supporters who pass every gate but those of places and dates; kept while clocks stand, for every policy."""

    def __init__(self, roster: Roster, offers: Sequence[Offer]) -> None:
        """Take everyone with all her places free and nothing outdated; `roster` lends the rest, and what it learned."""
        open_ = [replace(offer, load=0, status="active", until={}) for offer in offers]
        self._roster = Roster(questionnaire=roster.questionnaire, weights=roster.weights, on=roster.on)
        self._roster.fit(open_, roster.learned_)
        self._zones = sorted({offer.time_zone for offer in offers if offer.time_zone})
        self._numbers: dict[bytes, int] = {}
        self._clocks: dict[tuple[str | None, date], int] = {}
        self._kept: dict[tuple[str, date | None, int, int], frozenset[str]] = {}

    def of(self, need: Need, day: date, floor: int) -> frozenset[str]:
        """Name everyone who may pass for her on a day, at or above the floor in grains; never too few.

        The need must be as it arrived, for what is found is kept and serves every policy; who asks again is another
        need, by the day on which she did. It holds in every week whose
        clocks lay the hours in the same way. A place that is taken only lowers a score.
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
        """Give weeks that lay everyone's hours in the same way the same number."""
        if (zone, monday) not in self._clocks:
            zones = [*self._zones, *([zone] if zone else [])]
            laid = b"".join(lay(one, monday).tobytes() for one in zones for lay in (local_half_hours, local_week))
            self._clocks[zone, monday] = self._numbers.setdefault(laid, len(self._numbers))
        return self._clocks[zone, monday]
