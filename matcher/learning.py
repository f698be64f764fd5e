"""What a roster teaches: how rare each option is, and what its supporters would score on average."""

import math
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Columns
from matcher.learned import Learned
from matcher.questions import Closeness, Coverage, Question


def learn(columns: Columns) -> Learned:
    """Learn rarities and means from the whole roster, whoever may be free today."""
    questionnaire = columns.questionnaire
    return Learned(
        questionnaire.id,
        questionnaire.version,
        columns.count,
        {q.id: _rarities(q, columns) for q in questionnaire.with_rule("coverage")},
        {q.id: _means(q, columns) for q in questionnaire.with_rule("coverage", "closeness")},
    )


def closeness(rule: Closeness, ahead: int) -> Fraction:
    """Give the closeness of someone so many steps ahead of her, in [0, 1]: max(0, 1 - falloff x steps apart)."""
    return Fraction(*parts_of_closeness(rule, ahead))


def parts_of_closeness(rule: Closeness, ahead: int) -> tuple[int, int]:
    """Give the same as a part and its whole."""
    below = rule.falloff.denominator
    if rule.at_least and ahead >= 0:
        return below, below
    return max(0, below - rule.falloff.numerator * abs(ahead)), below


def _rarities(question: Question, columns: Columns) -> tuple[float, ...]:
    """ln((1 + N) / (1 + n)) + 1 (the smoothed form of TfidfTransformer), divided by the mean over the options."""
    assert isinstance(question.match, Coverage)
    if not question.match.rarity:
        return (1.0,) * len(question.option_ids)
    lived = {option: number for option, number, _, _ in _counted(question, columns)}
    raw = [math.log((1 + columns.count) / (1 + lived[option])) + 1 for option in question.option_ids]
    mean = sum(raw) / len(raw)
    return tuple(value / mean for value in raw)


def _means(question: Question, columns: Columns) -> tuple[Fraction, ...]:
    if isinstance(question.match, Closeness):
        (place,) = columns.facts.small_of[question.id]
        counts = _histogram(place, columns, len(question.option_ids) + 1)[1:].tolist()
        return tuple(_mean_closeness(question.match, counts, step) for step, _ in enumerate(question.option_ids))
    assert isinstance(question.match, Coverage)
    share = question.match.family_share
    means = {
        option: (lived + related * share) / Fraction(answered or 1)
        for option, lived, related, answered in _counted(question, columns)
    }
    return tuple(means[option] for option in question.option_ids)


def _mean_closeness(rule: Closeness, counts: list[int], hers: int) -> Fraction:
    values = (count * closeness(rule, step - hers) for step, count in enumerate(counts))
    return sum(values, Fraction(0)) / (sum(counts) or 1)


def _counted(question: Question, columns: Columns) -> Iterator[tuple[str, int, int, int]]:
    """Count for each option who has it, who has only another of its family, and who answered."""
    for place, byte in columns.facts.bytes_of(question):
        counts = _histogram(place, columns, 256)
        lived, related = (byte.has @ counts).tolist(), (byte.related @ counts).tolist()
        for number, option in enumerate(byte.options):
            yield option, lived[number], related[number], int(counts[byte.answered].sum())


def _histogram(place: int, columns: Columns, size: int) -> NDArray[np.int64]:
    return np.bincount(columns.small(place, slice(None)), minlength=size)
