"""A plain Python loop over supporters, as one would first write it: sets and dicts, gates, then the sum of grains.

It is given the same encoded need as the engine, so that only the way of computing differs: its ranking is the same.
It reads any questionnaire. Musts and the lists `never` and `past`, which no drawn person has, are left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import numpy as np

from matcher import availability
from matcher.people import Need, Offer, Person
from matcher.questionnaire.answers import Months
from matcher.questionnaire.columns import UNTIL
from matcher.questionnaire.schema import Excludes, Option, Overlap, Questionnaire, Steady
from matcher.ranking.roster import Roster
from matcher.scoring import ClosenessLine, CoverageLine, HeadroomLine, Line, OverlapLine, WishesLine
from matcher.text import same_text

MINUTES_A_CELL = 30
QUARTERS_A_CELL = 2
"""Hours are compared in half-hours, as everyone's zone here stands on one."""
Hours = frozenset[int]
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Asked:
    """What one need asks of everybody, looked up once before the loop."""

    need: Need
    hours: Hours
    shared: tuple[tuple[str, frozenset[str]], ...]
    clashes: tuple[tuple[str, frozenset[str]], ...]
    steady: tuple[tuple[str, str, int, frozenset[str]], ...]
    elsewhere: tuple[tuple[str, str], ...]


class PlainLoop:
    """Supporters as dicts of sets, and one loop over all of them."""

    def __init__(self, roster: Roster, offers: Sequence[Offer]) -> None:
        self.roster, self.offers, self.questions = roster, offers, roster.questionnaire
        self.monday = availability.monday_of(roster.on)
        self.overlap = next(self.questions.with_rule("gate:overlap"))
        assert isinstance(self.overlap.match, Overlap)
        self.least = -(-self.overlap.match.min_minutes // MINUTES_A_CELL)
        self._laid_out: dict[tuple[Hours, str | None], Hours] = {}
        self.hours = [self._theirs(offer) for offer in offers]
        self.texts = {
            question.id: [same_text(str(offer.answers.get(question.id, ""))) for offer in offers]
            for question in self.questions.with_rule("gate:differs")
        }

    def rank(self, need: Need, top: int) -> list[tuple[str, int]]:
        """Return the best ids with their grains."""
        encoded = self.roster.encoding.encode(need)
        asked, found = self.asked(need), []
        for place, offer in enumerate(self.offers):
            if self.passes(asked, place):
                shared = len(asked.hours & self.hours[place])
                grains = sum(_line(line, self.questions, need, offer, shared) for line in encoded.lines)
                found.append((-grains, offer.load, offer.last_matched or date.min, offer.id))
        return [(offer_id, -grains) for grains, _, _, offer_id in sorted(found)[:top]]

    def asked(self, need: Need) -> Asked:
        """Look up what a need asks of everybody."""
        shared = ((q.id, need.marks(q.id)) for q in self.questions.with_rule("gate:any_shared"))
        differs = ((q.id, q.match) for q in self.questions.with_rule("gate:differs"))
        elsewhere = (
            (question, same_text(str(need.answers.get(question, ""))))
            for question, rule in differs
            if "yes" in need.marks(rule.when)  # type: ignore[union-attr]
        )
        steady, clashes = tuple(self._steady(need)), tuple(self._clashes(need))
        return Asked(need, self._cells(need), tuple(shared), clashes, steady, tuple(elsewhere))

    def passes(self, asked: Asked, place: int) -> bool:
        """Say whether one supporter passes the gates: those that cost little first."""
        offer = self.offers[place]
        if offer.status != "active" or offer.load >= offer.capacity:
            return False
        said: Mapping[str, Any] = offer.answers
        for question, hers in asked.shared:
            if hers.isdisjoint(said.get(question, NOTHING)):
                return False
        if len(asked.hours & self.hours[place]) < self.least:
            return False
        for question, hers in asked.clashes:
            if not hers.isdisjoint(said.get(question, NOTHING)):
                return False
        return self._passes_the_rare_ones(asked, offer, place)

    def _passes_the_rare_ones(self, asked: Asked, offer: Offer, place: int) -> bool:
        if any(self.roster.on > (offer.until[name] or date.min) for name in UNTIL if name in offer.until):
            return False
        for question, about, least, topics in asked.steady:
            months = cast(Months, offer.answers.get(question, {}))
            lived = topics & (offer.marks(about) if about in offer.answers else frozenset(months))
            if not lived or any(months.get(topic, 0) < least for topic in lived):
                return False
        return all(_is_elsewhere(hers, self.texts[question][place]) for question, hers in asked.elsewhere)

    def _steady(self, need: Need) -> Iterator[tuple[str, str, int, frozenset[str]]]:
        for question in self.questions.with_rule("gate:steady"):
            assert isinstance(question.match, Steady)
            starred = need.stars.get(question.match.with_, NOTHING)
            if starred:
                yield question.id, question.match.with_, question.match.min_months, starred

    def _clashes(self, need: Need) -> Iterator[tuple[str, frozenset[str]]]:
        """Name the questions in which a supporter must have none of some options."""
        for question in self.questions.with_rule("gate:excludes"):
            assert isinstance(question.match, Excludes)
            brought = need.marks(question.match.with_) if question.is_asked_of("supporter") else NOTHING
            for of, hers in ((question.match.with_, need.marks(question.id)), (question.id, brought)):
                if hers:
                    yield of, hers

    def _theirs(self, offer: Offer) -> Hours:
        """Lay hours out once for all who share hours and zone."""
        key = (offer.hours(self.overlap.id) or frozenset(), offer.time_zone)
        if key not in self._laid_out:
            self._laid_out[key] = self._cells(offer)
        return self._laid_out[key]

    def _cells(self, person: Person) -> Hours:
        hours = person.hours(self.overlap.id)
        if hours is None or person.time_zone is None:
            return frozenset()
        common = availability.on_common_clock(availability.as_mask(hours), person.time_zone, self.monday)
        if isinstance(person, Need):
            common = common & availability.local_week(person.time_zone, self.monday)
        assert (common[::QUARTERS_A_CELL] == common[1::QUARTERS_A_CELL]).all()
        return frozenset(np.flatnonzero(common[::QUARTERS_A_CELL]).tolist())


def _is_elsewhere(hers: str, theirs: str) -> bool:
    return bool(hers and theirs) and hers not in theirs and theirs not in hers


def _line(line: Line, questions: Questionnaire, need: Need, offer: Offer, shared: int) -> int:
    match line:
        case HeadroomLine():
            room = max(offer.capacity - offer.load, 0) * (10_000 - round(offer.strain * 10_000))
            whole = max(offer.capacity, 1) * 10_000
            return (2 * line.maximum * room + whole) // (2 * whole)
        case OverlapLine():
            return line.by_quarters[min(QUARTERS_A_CELL * shared, len(line.by_quarters) - 1)]
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
        elif not theirs.isdisjoint(line.question.siblings(one.option)):
            total += one.sibling
    return total


def _holds(wish: Option, questions: Questionnaire, need: Need, offer: Offer) -> bool:
    assert wish.of is not None
    question = questions.by_id[wish.of]
    hers, theirs = need.marks(question.id), offer.marks(question.id)
    if wish.has is not None:
        return wish.has in theirs
    if question.is_ordered:
        steps = [question.option_ids.index(step) for step in (*hers, *theirs)]
        return len(steps) == 2 and abs(steps[0] - steps[1]) <= wish.within
    return bool(hers & theirs)
