"""Who is there and how many women each supporter holds, day by day: the roster, updated and never fitted anew."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from matcher.people import Offer
from matcher.ranking.roster import Roster
from matcher.replay.streams import Presence


class Caseloads:
    """A roster that follows the days. `free` are the ids of those with a free place; days are opened in order."""

    def __init__(self, roster: Roster, supporters: Sequence[Presence]) -> None:
        """Take a roster that was fitted on all supporters, also those who come later."""
        self.roster = roster
        self._supporters = supporters
        self._given_back: dict[date, Counter[str]] = defaultdict(Counter)
        self._coming: dict[date, list[Offer]] = defaultdict(list)
        self._leaving: dict[date, list[str]] = defaultdict(list)
        self.free = {one.offer.id for one in supporters if one.offer.load < one.offer.capacity}

    def begin(self, day: date) -> None:
        """Take out who is not there yet, or no more, on the first day."""
        for one in self._supporters:
            if one.left and one.left <= day:
                self._take_out(one.offer.id)
                continue
            if one.left:
                self._leaving[one.left].append(one.offer.id)
            if one.joined and one.joined > day:
                self._coming[one.joined].append(one.offer)
                self._take_out(one.offer.id)

    def open(self, day: date) -> None:
        """Open a day: who joins is there, who left is gone, and places whose time is over are free."""
        for offer in self._coming.pop(day, []):
            self._put_in(offer)
        for offer_id in self._leaving.pop(day, []):
            self._take_out(offer_id)
        self.roster.on = day
        for offer_id, places in sorted(self._given_back.pop(day, Counter()).items()):
            self._change(offer_id, -places)

    def will_end(self, offer_id: str, on: date) -> None:
        """Note that one of her places will be given back on a day, whatever she holds today."""
        self._given_back[on][offer_id] += 1

    def take(self, offer_id: str, until: date, matched_on: date | None) -> None:
        """Take one place of hers until a day; `matched_on` is the day of an introduction, None for an open offer."""
        self._change(offer_id, 1, matched_on)
        self.will_end(offer_id, until)

    def present(self) -> Iterable[Offer]:
        """Go through those who are there, as they are today."""
        return iter(self.roster.columns_.offers)

    def _change(self, offer_id: str, places: int, matched_on: date | None = None) -> None:
        """Change what she holds; one who is not there any more, or not yet, holds nothing that we follow."""
        if offer_id in self.roster.columns_.row_of:
            offer = self.roster.offer(offer_id)
            self._note(self.roster.hold(offer_id, offer.load + places, matched_on or offer.last_matched))

    def _put_in(self, offer: Offer) -> None:
        self.roster.add(offer)
        self._note(offer)

    def _take_out(self, offer_id: str) -> None:
        self.roster.remove(offer_id)
        self.free.discard(offer_id)

    def _note(self, offer: Offer) -> None:
        (self.free.add if offer.load < offer.capacity else self.free.discard)(offer.id)
