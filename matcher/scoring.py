"""The heart: a need encoded once into whole grains, and what each supporter earns of them.

100 points are 10,000,000 grains. Weights are shared out to parts, parts to questions, questions to options, each time
by largest remainder; every lesser value of a share is rounded once. From then on all is addition of whole numbers, so
parts add up to the last digit, ties are real ties and every way of computing gives the same bits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matcher import availability, meeting, wishes
from matcher.columns import STRAIN_UNITS, Columns, Mask
from matcher.learned import Learned
from matcher.people import Need
from matcher.profiles import closeness
from matcher.questions import Closeness, Coverage, Option, Overlap, Question, Questionnaire, Wishes
from matcher.weights import HEADROOM, Weights

FULL_SCORE = 10_000_000
GRAINS_A_POINT = 100_000

Grains = NDArray[np.int64]


def share_out(total: int, weights: Sequence[Fraction]) -> list[int]:
    """Share whole grains out in proportion to weights, by largest remainder; ties go to the earlier.

    >>> share_out(10, [Fraction(1), Fraction(1), Fraction(1)])
    [4, 3, 3]
    """
    sum_of_weights = sum(weights)
    if not sum_of_weights:
        return [0] * len(weights)
    quotas = [total * weight / sum_of_weights for weight in weights]
    shares = [floor(quota) for quota in quotas]
    by_remainder = sorted(range(len(quotas)), key=lambda i: (shares[i] - quotas[i], i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


def lesser(share: int, value: Fraction) -> int:
    """Return the whole grains of a value in [0, 1] of a share: floor(share x value + 1/2)."""
    return floor(share * value + Fraction(1, 2))


def lesser_of_ratio(share: int, above: Grains, below: Grains | int) -> Grains:
    """Return lesser(share, above / below) for arrays of whole numbers, in whole numbers alone."""
    earned: Grains = (2 * share * above + below) // (2 * below)
    return earned


class Line(Protocol):
    """One question's grains for this need: how many there are, and how many each supporter earns."""

    @property
    def part(self) -> str:
        """Name the part that it feeds."""

    @property
    def full(self) -> int:
        """Return the grains that can be earned."""

    @property
    def question_id(self) -> str | None:
        """Name the question that it scores; headroom has none."""

    def earned(self, columns: Columns) -> Grains:
        """Return the grains that each supporter earns, shape (supporters,)."""

    def unknown(self, columns: Columns) -> Grains:
        """Return the grains that rest on what is not known of each supporter."""


@dataclass(frozen=True)
class QuestionLine:
    """What the lines of all questions have."""

    part: str
    question: Question
    full: int

    @property
    def question_id(self) -> str:
        """Name the question that it scores."""
        return self.question.id


@dataclass(frozen=True)
class OptionGrains:
    """One option that she marked: its grains if lived, if only another of its family is, and if not known."""

    option: str
    lived: int
    kin: tuple[str, ...]
    related: int
    mean: int


@dataclass(frozen=True)
class CoverageLine(QuestionLine):
    """How much of what she marked a supporter has."""

    options: tuple[OptionGrains, ...]

    def earned(self, columns: Columns) -> Grains:
        """Add up the options; who left the question out takes the mean."""
        total = np.zeros(columns.count, dtype=np.int64)
        for one in self.options:
            total += np.where(self._has(columns, one.option), one.lived, self._related(columns, one))
        return np.where(columns.answered(self.question.id), total, sum(one.mean for one in self.options))

    def unknown(self, columns: Columns) -> Grains:
        """Count the whole line where the question was left out."""
        return np.where(columns.answered(self.question.id), 0, self.full)

    def _related(self, columns: Columns, one: OptionGrains) -> Grains:
        kin = [self._has(columns, other) for other in one.kin]
        any_kin: Mask | bool = np.logical_or.reduce(kin) if kin else False
        return np.where(any_kin, one.related, 0)

    def _has(self, columns: Columns, option: str) -> Mask:
        return columns.has(self.question.id, option)


@dataclass(frozen=True)
class ClosenessLine(QuestionLine):
    """What each step of a supporter earns, then what one that is not known earns."""

    by_step: tuple[int, ...]
    mean: int

    def earned(self, columns: Columns) -> Grains:
        """Look each supporter's step up."""
        return np.array([*self.by_step, self.mean], dtype=np.int64)[self._index(columns)]

    def unknown(self, columns: Columns) -> Grains:
        """Count the whole line where the step is not known."""
        return np.where(self._index(columns) == len(self.by_step), self.full, 0)

    def _index(self, columns: Columns) -> NDArray[np.int64]:
        step = columns.step(self.question.id)
        return np.where(step >= 0, step, len(self.by_step)).astype(np.int64)


@dataclass(frozen=True)
class WishesLine(QuestionLine):
    """What each number of nice wishes that hold earns, from none to all."""

    need: Need
    nice: tuple[Option, ...]
    by_held: tuple[int, ...]

    def earned(self, columns: Columns) -> Grains:
        """Count the wishes that hold for each supporter, and look that number up."""
        holding = (wishes.holds(self.need, option, columns).astype(np.int64) for option in self.nice)
        return np.array(self.by_held, dtype=np.int64)[sum(holding, self._none(columns))]

    def unknown(self, columns: Columns) -> Grains:
        """Count the share of the wishes whose answer is not known."""
        unknown = ((~wishes.is_known(option, columns)).astype(np.int64) for option in self.nice)
        return sum(unknown, self._none(columns)) * self.full // len(self.nice)

    def _none(self, columns: Columns) -> Grains:
        return np.zeros(columns.count, dtype=np.int64)


@dataclass(frozen=True)
class OverlapLine(QuestionLine):
    """What each number of shared quarter-hours a week earns."""

    need: Need
    monday: date
    by_quarters: tuple[int, ...]
    target_minutes: int

    def earned(self, columns: Columns) -> Grains:
        """Count the shared quarter-hours, and look that number up."""
        shared = meeting.shared_quarters(self.need, columns, self.monday)
        return np.array(self.by_quarters, dtype=np.int64)[shared]

    def unknown(self, columns: Columns) -> Grains:
        """Count the whole line where the hours are not known."""
        return np.where(columns["hours_known"], 0, self.full)


@dataclass(frozen=True)
class HeadroomLine:
    """Room that a supporter has left: (capacity - load) / capacity x (1 - strain)."""

    part: str
    full: int
    question_id: str | None = None

    def earned(self, columns: Columns) -> Grains:
        """Work the room out in whole numbers; no places, or more load than places, is no room."""
        capacity, strain = columns["capacity"], columns["strain"]
        room = np.maximum(capacity - columns["load"], 0) * (STRAIN_UNITS - strain)
        whole = np.maximum(capacity, 1) * STRAIN_UNITS
        return lesser_of_ratio(self.full, room, whole)

    def unknown(self, columns: Columns) -> Grains:
        """Nothing is unknown here: capacity, load and strain have defaults."""
        return np.zeros(columns.count, dtype=np.int64)


@dataclass(frozen=True)
class NeedInGrains:
    """A need encoded once: its lines, question by question, and how much of the weight she answered."""

    need: Need
    monday: date
    lines: tuple[Line, ...]
    known: float

    def total(self, columns: Columns) -> Grains:
        """Return every supporter's score in grains, shape (supporters,)."""
        return sum((line.earned(columns) for line in self.lines), np.zeros(columns.count, dtype=np.int64))


def encode(need: Need, questionnaire: Questionnaire, weights: Weights, learned: Learned, *, on: date) -> NeedInGrains:
    """Encode a need into whole grains for the week that holds a date, dropping what she left out."""
    monday = availability.monday_of(on)
    answered = _answered_questions(need, questionnaire)
    parts = [part for part in weights.parts if part == HEADROOM or part in answered]
    shares = share_out(FULL_SCORE, [weights.parts[part] for part in parts])
    lines: list[Line] = []
    for part, share in zip(parts, shares, strict=True):
        if part == HEADROOM:
            lines.append(HeadroomLine(HEADROOM, share))
        else:
            lines.extend(_lines_of_part(answered[part], share, need, learned, monday))
    return NeedInGrains(need, monday, tuple(lines), _share_answered(answered, questionnaire, weights))


def _answered_questions(need: Need, questionnaire: Questionnaire) -> dict[str, list[Question]]:
    answered: dict[str, list[Question]] = {}
    for question in questionnaire.question:
        if question.part and _counts(question, need):
            answered.setdefault(question.part, []).append(question)
    return answered


def _counts(question: Question, need: Need) -> bool:
    """Say whether she answered a question in a way that can score: something marked, hours known, or a nice wish."""
    if isinstance(question.match, Wishes):
        return bool(wishes.marked(need, question, "nice"))
    if isinstance(question.match, Overlap):
        return bool(need.hours(question.id))
    return bool(need.answers.get(question.id))


def _share_answered(answered: dict[str, list[Question]], questionnaire: Questionnaire, weights: Weights) -> float:
    """Return the share of the weight that she answered, each question of a part counting alike."""
    feeds = [question.part for question in questionnaire.question]
    asked = {part: feeds.count(part) for part in weights.parts}
    whole = sum(weight for part, weight in weights.parts.items() if part == HEADROOM or asked[part])
    known = sum(
        weight * (Fraction(len(answered.get(part, ())), asked[part]) if asked[part] else part == HEADROOM)
        for part, weight in weights.parts.items()
    )
    return float(known / whole) if whole else 1.0


def _lines_of_part(
    questions: Sequence[Question], share: int, need: Need, learned: Learned, monday: date
) -> Iterator[Line]:
    shares = share_out(share, [Fraction(1)] * len(questions))
    for question, full in zip(questions, shares, strict=True):
        match question.match:
            case Coverage():
                yield _coverage(question, question.match, full, need, learned)
            case Closeness():
                yield _closeness(question, question.match, full, need, learned)
            case Wishes():
                yield _wishes(question, question.match, full, need)
            case Overlap():
                yield _overlap(question, question.match, full, need, monday)


def _coverage(question: Question, rule: Coverage, full: int, need: Need, learned: Learned) -> CoverageLine:
    hers, stars = need.marks(question.id), need.stars.get(question.id, frozenset())
    marked = [(number, option) for number, option in enumerate(question.option_ids) if option in hers]
    rarity, means = learned.rarities[question.id], learned.means[question.id]
    weights = [(rule.star_weight if option in stars else 1) * Fraction(rarity[number]) for number, option in marked]
    options = []
    for (number, option), share in zip(marked, share_out(full, weights), strict=True):
        related, mean = lesser(share, rule.family_share), lesser(share, means[number])
        options.append(OptionGrains(option, share, question.kin(option), related, mean))
    return CoverageLine(rule.part, question, full, tuple(options))


def _closeness(question: Question, rule: Closeness, full: int, need: Need, learned: Learned) -> ClosenessLine:
    (hers,) = need.marks(question.id)
    step = question.option_ids.index(hers)
    by_step = (lesser(full, closeness(question, step, other)) for other, _ in enumerate(question.option_ids))
    return ClosenessLine(rule.part, question, full, tuple(by_step), lesser(full, learned.means[question.id][step]))


def _wishes(question: Question, rule: Wishes, full: int, need: Need) -> WishesLine:
    nice = tuple(wishes.marked(need, question, "nice"))
    by_held = tuple(lesser(full, Fraction(held, len(nice))) for held in range(len(nice) + 1))
    return WishesLine(rule.part, question, full, need, nice, by_held)


def _overlap(question: Question, rule: Overlap, full: int, need: Need, monday: date) -> OverlapLine:
    quarters = np.arange(availability.QUARTERS + 1, dtype=np.int64)
    minutes = np.minimum(quarters * availability.MINUTES_A_QUARTER, rule.target_minutes)
    by_quarters = tuple(lesser_of_ratio(full, minutes, rule.target_minutes).tolist())
    return OverlapLine(rule.part, question, full, need, monday, by_quarters, rule.target_minutes)
