"""What a fit learns from the roster: rarities and means. Stored and hashed, so that no two processes differ.

How rare each option is, and what the supporters would score on average.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.errors import Fault, Refused
from matcher.questionnaire.schema import Closeness, Coverage, Question
from matcher.roster.columns import Columns

FORMAT = 1


@dataclass(frozen=True)
class Learned:
    """Rarities and means by question, a value for each option in file order.

    `rarities` are those of coverage questions, divided by their mean. `means` are in [0, 1]: what the fitted supporters
    who answered would give a woman for that one option.
    """

    questionnaire: str
    version: int | str
    offers: int
    rarities: Mapping[str, tuple[float, ...]]
    means: Mapping[str, tuple[Fraction, ...]]

    @cached_property
    def whole_rarities(self) -> Mapping[str, tuple[int, ...]]:
        """Return the rarities of each question as whole numbers in exactly the same proportion."""
        return {question: _in_whole_numbers(values) for question, values in self.rarities.items()}

    @cached_property
    def parts_of_means(self) -> Mapping[str, tuple[tuple[int, int], ...]]:
        """Return the means of each question as a part and its whole."""
        return {
            question: tuple((mean.numerator, mean.denominator) for mean in values)
            for question, values in self.means.items()
        }

    @property
    def hash(self) -> str:
        """Return a fingerprint of all that was learned."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()[:16]

    def as_json(self) -> str:
        """Write it so that from_json gives back the very same numbers."""
        said = {
            "format": FORMAT,
            "questionnaire": self.questionnaire,
            "version": self.version,
            "offers": self.offers,
            "rarities": {question: list(values) for question, values in sorted(self.rarities.items())},
            "means": {question: [str(value) for value in values] for question, values in sorted(self.means.items())},
        }
        return json.dumps(said, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Learned":
        """Read what as_json wrote. Raises Refused."""
        try:
            return cls._read(json.loads(text))
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            problem = f"what was learned cannot be read ({error})"
            raise Refused([Fault("the stored fit", problem, "Fit the roster again.")]) from None

    @classmethod
    def _read(cls, said: Mapping[str, Any]) -> "Learned":
        if said["format"] != FORMAT:
            raise ValueError(f"format {said['format']}, this engine reads {FORMAT}")
        rarities = {question: tuple(map(float, values)) for question, values in said["rarities"].items()}
        means = {question: tuple(map(Fraction, values)) for question, values in said["means"].items()}
        return cls(said["questionnaire"], said["version"], said["offers"], rarities, means)


def _in_whole_numbers(values: Sequence[float]) -> tuple[int, ...]:
    """Bring numbers to whole ones in exactly the same proportion; a float is a whole number over a power of two."""
    ratios = [value.as_integer_ratio() for value in values]
    below = max((under for _, under in ratios), default=1)
    return tuple(above * (below // under) for above, under in ratios)


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
        (place,) = columns.layout.small_of[question.id]
        counts = _histogram(place, columns, len(question.option_ids) + 1)[1:].tolist()
        return tuple(_mean_closeness(question.match, counts, step) for step, _ in enumerate(question.option_ids))
    assert isinstance(question.match, Coverage)
    share = question.match.family_share
    means = {
        option: (lived + sibling * share) / Fraction(answered or 1)
        for option, lived, sibling, answered in _counted(question, columns)
    }
    return tuple(means[option] for option in question.option_ids)


def _mean_closeness(rule: Closeness, counts: list[int], hers: int) -> Fraction:
    values = (count * closeness(rule, step - hers) for step, count in enumerate(counts))
    return sum(values, Fraction(0)) / (sum(counts) or 1)


def _counted(question: Question, columns: Columns) -> Iterator[tuple[str, int, int, int]]:
    """Count for each option who has it, who has only another of its family, and who answered."""
    for place, byte in columns.layout.bytes_of(question):
        counts = _histogram(place, columns, 256)
        lived, sibling = (byte.has @ counts).tolist(), (byte.has_sibling @ counts).tolist()
        for number, option in enumerate(byte.options):
            yield option, lived[number], sibling[number], int(counts[byte.answered].sum())


def _histogram(place: int, columns: Columns, size: int) -> NDArray[np.int64]:
    return np.bincount(columns.small(place, slice(None)), minlength=size)
