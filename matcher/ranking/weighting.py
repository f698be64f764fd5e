"""A need encoded: what she answered shared out to parts, questions and options, in whole grains.

What does not depend on all of her answers is worked out once: how the weight falls to the questions that she answered,
and the line of a question for what she said there.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import NamedTuple

import numpy as np

from matcher import availability
from matcher.grains import FULL_SCORE, round_share, share_out, share_out_whole
from matcher.people import Need
from matcher.profiles.fit import Learned, parts_of_closeness
from matcher.questionnaire.answers import Marks
from matcher.questionnaire.schema import Closeness, Coverage, Overlap, Question, Wishes
from matcher.questionnaire.weights import HEADROOM, Weights
from matcher.roster.layout import Layout
from matcher.rules import wishes
from matcher.scoring import (
    ClosenessLine,
    CoverageLine,
    HeadroomLine,
    Line,
    OptionGrains,
    OverlapLine,
    WeightedNeed,
    WishesLine,
)

SHARES_KEPT, LINES_KEPT = 1024, 4096


class Shares(NamedTuple):
    """How the full score falls to headroom and to the questions of an answered part; `known` as in WeightedNeed."""

    full: tuple[tuple[Question | None, int], ...]
    known: float


class Encoding:
    """How the needs of one programme are encoded, with what a fit has learned. What is kept never changes a result."""

    def __init__(self, layout: Layout, weights: Weights, learned: Learned) -> None:
        self._layout, self._weights, self._learned = layout, weights, learned
        self._scoring = {question.id: question for question in layout.questionnaire.question if question.part}
        self._number_of = {
            question.id: {option: number for number, option in enumerate(question.option_ids)}
            for question in self._scoring.values()
        }
        self._shares = lru_cache(SHARES_KEPT)(self._share_out)
        self._headroom = lru_cache(SHARES_KEPT)(lambda full: HeadroomLine(HEADROOM, full))
        self._coverage = lru_cache(LINES_KEPT)(self._coverage_line)
        self._closeness = lru_cache(LINES_KEPT)(self._closeness_line)
        self._overlap = lru_cache(SHARES_KEPT)(self._overlap_line)

    def encode(self, need: Need) -> WeightedNeed:
        """Encode a need into whole grains, dropping what she left out."""
        shares = self._shares(tuple(one.id for one in self._scoring.values() if _counts(one, need)))
        return WeightedNeed(
            need,
            tuple(
                self._line(question, full, need) if question else self._headroom(full) for question, full in shares.full
            ),
            shares.known,
        )

    def _share_out(self, answered: Sequence[str]) -> Shares:
        by_part: dict[str, list[Question]] = {}
        for one in answered:
            question = self._scoring[one]
            by_part.setdefault(str(question.part), []).append(question)
        parts = [part for part in self._weights.parts if part == HEADROOM or part in by_part]
        shares = share_out(FULL_SCORE, [self._weights.parts[part] for part in parts])
        full: list[tuple[Question | None, int]] = []
        for part, share in zip(parts, shares, strict=True):
            questions = [None] if part == HEADROOM else by_part[part]
            full += zip(questions, share_out_whole(share, [1] * len(questions)), strict=True)
        return Shares(tuple(full), self._known(by_part))

    def _known(self, answered: dict[str, list[Question]]) -> float:
        """Return the share of the weight that she answered, each question of a part counting alike."""
        feeds = [question.part for question in self._scoring.values()]
        parts = self._weights.parts
        asked = {part: feeds.count(part) or int(part == HEADROOM) for part in parts}
        below = lcm(*(weight.denominator * (asked[part] or 1) for part, weight in parts.items()))
        each = {part: weight.numerator * (below // weight.denominator) for part, weight in parts.items() if asked[part]}
        known = (each[part] * (len(answered.get(part, ())) or int(part == HEADROOM)) // asked[part] for part in each)
        return sum(known) / sum(each.values()) if sum(each.values()) else 1.0

    def _line(self, question: Question, full: int, need: Need) -> Line:
        match question.match:
            case Coverage():
                return self._coverage(question.id, full, need.marks(question.id), need.stars.get(question.id))
            case Closeness():
                return self._closeness(question.id, full, need.marks(question.id))
            case Wishes():
                return self._wishes(question, full, need)
            case _:
                return self._overlap(question.id, full)

    def _coverage_line(self, question_id: str, full: int, hers: Marks, stars: Marks | None) -> CoverageLine:
        question = self._scoring[question_id]
        rule = question.match
        assert isinstance(rule, Coverage)
        number_of = self._number_of[question_id]
        marked = sorted((number_of[option], option) for option in hers if option in number_of)
        rarities, means = self._learned.whole_rarities[question_id], self._learned.parts_of_means[question_id]
        star, plain = rule.star_weight.numerator, rule.star_weight.denominator
        siblings = rule.family_share.numerator, rule.family_share.denominator
        weights = [rarities[number] * (star if option in (stars or ()) else plain) for number, option in marked]
        options = [
            OptionGrains(option, share, round_share(share, *siblings), round_share(share, *means[number]))
            for (number, option), share in zip(marked, share_out_whole(full, weights), strict=True)
        ]
        return CoverageLine(rule.part, question, full, tuple(options), self._layout)

    def _closeness_line(self, question_id: str, full: int, hers: Marks) -> ClosenessLine:
        question = self._scoring[question_id]
        rule = question.match
        assert isinstance(rule, Closeness)
        (mark,) = hers
        step = question.option_ids.index(mark)
        by_step = (
            round_share(full, *parts_of_closeness(rule, other - step)) for other, _ in enumerate(question.option_ids)
        )
        mean, place = round_share(full, self._learned.means[question_id][step]), self._layout.small_of[question_id][0]
        return ClosenessLine(rule.part, question, full, tuple(by_step), mean, place)

    def _wishes(self, question: Question, full: int, need: Need) -> WishesLine:
        nice = tuple(wishes.marked(need, question, "nice"))
        held = _by_held(full, len(nice))
        return WishesLine(str(question.part), question, full, need, self._layout.questionnaire, nice, held)

    def _overlap_line(self, question_id: str, full: int) -> OverlapLine:
        question = self._scoring[question_id]
        rule = question.match
        assert isinstance(rule, Overlap)
        return OverlapLine(rule.part, question, full, _by_quarters(full, rule.target_minutes), rule.target_minutes)


def _counts(question: Question, need: Need) -> bool:
    """Say whether she answered a question in a way that can score: something marked, hours known, or a nice wish."""
    if question.match.rule == "wishes":
        return bool(wishes.marked(need, question, "nice"))
    if question.match.rule == "gate:overlap":
        return bool(need.hours(question.id))
    return bool(need.answers.get(question.id))


@lru_cache(SHARES_KEPT)
def _by_held(full: int, number: int) -> tuple[int, ...]:
    return tuple(round_share(full, Fraction(held, number)) for held in range(number + 1))


@lru_cache(SHARES_KEPT)
def _by_quarters(full: int, target_minutes: int) -> tuple[int, ...]:
    enough = -(-target_minutes // availability.MINUTES_A_QUARTER)
    quarters = np.arange(min(enough, availability.QUARTERS) + 1, dtype=np.int64)
    minutes = np.minimum(quarters * availability.MINUTES_A_QUARTER, target_minutes)
    return tuple(round_share(full, minutes, target_minutes).tolist())
