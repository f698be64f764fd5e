"""A plain Python loop over supporters, as one would first write it: sets and dicts, gates, then the sum of grains.

It is given the same encoded need as the engine, so that only the way of computing differs: its ranking is the same.
"""

from datetime import date

import numpy as np

from matcher import availability
from matcher.facts import same_text
from matcher.people import UNTIL, Need, Offer
from matcher.questions import Option, Questionnaire
from matcher.ranking import Roster
from matcher.scoring import ClosenessLine, CoverageLine, HeadroomLine, Line, OverlapLine, WishesLine, encode


class PlainLoop:
    """Supporters as dicts of sets, and one loop over all of them."""

    def __init__(self, roster: Roster, offers: list[Offer], on: date) -> None:
        self.roster, self.offers, self.on = roster, offers, on
        self.monday = availability.monday_of(on)
        self._laid_out: dict[tuple[frozenset[int], str], frozenset[int]] = {}
        self.hours = [self._theirs(offer) for offer in offers]
        self.towns = [same_text(str(offer.answers.get("town", ""))) for offer in offers]

    def rank(self, need: Need, top: int) -> list[tuple[str, int]]:
        """Return the best ids with their grains."""
        questions = self.roster.questionnaire
        encoded = encode(need, self.roster.columns_.facts, self.roster.weights, self.roster.learned_)
        hers = self._quarters(need)
        found = []
        for offer, theirs, town in zip(self.offers, self.hours, self.towns, strict=True):
            shared = len(hers & theirs)
            if self._passes(need, offer, shared, town):
                grains = sum(_line(line, questions, need, offer, shared) for line in encoded.lines)
                found.append((-grains, offer.load, offer.last_matched or date.min, offer.id))
        return [(offer, -grains) for grains, _, _, offer in sorted(found)[:top]]

    def passes(self, need: Need, row: int) -> bool:
        """Say whether one supporter passes the gates."""
        shared = len(self._quarters(need) & self.hours[row])
        return self._passes(need, self.offers[row], shared, self.towns[row])

    def _passes(self, need: Need, offer: Offer, shared: int, town: str) -> bool:
        if offer.status != "active" or offer.load >= offer.capacity or shared * 15 < 60:
            return False
        if any(self.on > (offer.until[name] or date.min) for name in UNTIL):
            return False
        if not need.marks("languages") & offer.marks("languages") or not need.marks("modes") & offer.marks("modes"):
            return False
        if need.marks("not_now") & offer.marks("topics") or offer.marks("not_now") & need.marks("topics"):
            return False
        months = offer.answers.get("months_steady", {})
        if any(months.get(topic, 0) < 12 for topic in need.stars.get("topics", ())):
            return False
        return "yes" not in need.marks("different_town") or _is_elsewhere(need, town)

    def _theirs(self, offer: Offer) -> frozenset[int]:
        """Lay hours out once for all who share hours and zone."""
        key = (offer.answers.get("availability", frozenset()), offer.time_zone)
        if key not in self._laid_out:
            self._laid_out[key] = self._quarters(offer)
        return self._laid_out[key]

    def _quarters(self, person: Need | Offer) -> frozenset[int]:
        hours = person.hours("availability")
        if hours is None or person.time_zone is None:
            return frozenset()
        common = availability.on_common_clock(availability.as_mask(hours), person.time_zone, self.monday)
        if isinstance(person, Need):
            common = common & availability.local_week(person.time_zone, self.monday)
        return frozenset(np.flatnonzero(common).tolist())


def _is_elsewhere(need: Need, town: str) -> bool:
    hers = same_text(str(need.answers.get("town", "")))
    return bool(hers and town) and hers not in town and town not in hers


def _line(line: Line, questions: Questionnaire, need: Need, offer: Offer, shared: int) -> int:
    match line:
        case HeadroomLine():
            room = max(offer.capacity - offer.load, 0) * (10_000 - round(offer.strain * 10_000))
            whole = max(offer.capacity, 1) * 10_000
            return (2 * line.full * room + whole) // (2 * whole)
        case OverlapLine():
            return line.by_quarters[min(shared, len(line.by_quarters) - 1)]
        case CoverageLine():
            return _coverage(line, offer)
        case ClosenessLine():
            marks = offer.marks(line.question.id)
            return line.by_step[line.question.option_ids.index(next(iter(marks)))] if marks else line.mean
        case WishesLine():
            return line.by_held[sum(_holds(wish, questions, need, offer) for wish in line.nice)]
    return 0


def _coverage(line: CoverageLine, offer: Offer) -> int:
    if line.question.id not in offer.answers:
        return sum(one.mean for one in line.options)
    theirs, total = offer.marks(line.question.id), 0
    for one in line.options:
        if one.option in theirs:
            total += one.lived
        elif any(other in theirs for other in one.kin):
            total += one.related
    return total


def _holds(wish: Option, questions: Questionnaire, need: Need, offer: Offer) -> bool:
    question = questions.by_id[wish.of]
    hers, theirs = need.marks(question.id), offer.marks(question.id)
    if wish.has is not None:
        return wish.has in theirs
    if question.is_ordered:
        steps = [question.option_ids.index(step) for step in (*hers, *theirs)]
        return len(steps) == 2 and abs(steps[0] - steps[1]) <= wish.within
    return bool(hers & theirs)
