"""What a fit learns from the roster: rarities and means. Stored and hashed, so that no two processes differ.

How rare each option is, and what the supporters would score on average.
"""

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.errors import BadAnswer, Fault, Phrase, Place, Refused
from matcher.profiles.encoders import Matrix
from matcher.questionnaire.schema import Closeness, Coverage, Question, Questionnaire

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
            reason = error if isinstance(error, BadAnswer) else Phrase.of("in_english", words=str(error))
            raise Refused([Fault(Place(stored_fit=True), "fit.not_read", reason=reason)]) from None

    @classmethod
    def _read(cls, said: Mapping[str, Any]) -> "Learned":
        if said["format"] != FORMAT:
            raise BadAnswer("fit.other_format", theirs=said["format"], ours=FORMAT)
        rarities = {question: tuple(map(float, values)) for question, values in said["rarities"].items()}
        means = {question: tuple(map(Fraction, values)) for question, values in said["means"].items()}
        return cls(said["questionnaire"], said["version"], said["offers"], rarities, means)


def _in_whole_numbers(values: Sequence[float]) -> tuple[int, ...]:
    """Bring numbers to whole ones in exactly the same proportion; a float is a whole number over a power of two."""
    ratios = [value.as_integer_ratio() for value in values]
    below = max((under for _, under in ratios), default=1)
    return tuple(above * (below // under) for above, under in ratios)


class Counts:
    """Counts the profile vectors of a roster as they pass; so a fit never holds them all."""

    def __init__(self, questionnaire: Questionnaire, columns_of: Callable[[str], slice]) -> None:
        self._questionnaire, self._columns_of = questionnaire, columns_of
        self._count = 0
        self._of = {
            question.id: _Count.of_nobody(question) for question in questionnaire.with_rule("coverage", "closeness")
        }

    def add(self, profiles: Matrix) -> None:
        """Count some more people by their profile vectors, shape (people, columns)."""
        self._count += len(profiles)
        for question_id, count in self._of.items():
            count.add(profiles.T[self._columns_of(question_id)])

    def learned(self) -> Learned:
        """Return what all who were counted teach, whoever may be free today."""
        questionnaire = self._questionnaire
        rarities = {q.id: self._rarities(q) for q in questionnaire.with_rule("coverage")}
        means = {question_id: count.means() for question_id, count in self._of.items()}
        return Learned(questionnaire.id, questionnaire.version, self._count, rarities, means)

    def _rarities(self, question: Question) -> tuple[float, ...]:
        """ln((1 + N) / (1 + n)) + 1 (the smoothed form of TfidfTransformer), divided by the mean over the options."""
        assert isinstance(question.match, Coverage)
        if not question.match.rarity:
            return (1.0,) * len(question.option_ids)
        raw = [math.log((1 + self._count) / (1 + lived)) + 1 for lived in self._of[question.id].lived.tolist()]
        mean = sum(raw) / len(raw)
        return tuple(value / mean for value in raw)


@dataclass
class _Count:
    """Of one question: how many answered, who has each option, and who has only another of its family."""

    question: Question
    answered: int
    lived: NDArray[np.int64]
    sibling: NDArray[np.int64]

    @classmethod
    def of_nobody(cls, question: Question) -> "_Count":
        """Count nobody yet."""
        none = np.zeros(len(question.option_ids), dtype=np.int64)
        return cls(question, 0, none, none.copy())

    def add(self, columns: Matrix) -> None:
        """Count more people by the columns of the question, shape (columns, people)."""
        has = columns[:-1] > 0
        self.answered += int(np.count_nonzero(columns[-1]))
        self.lived += np.count_nonzero(has, axis=1)
        for place, siblings in self._siblings:
            self.sibling[place] += np.count_nonzero(has[siblings].any(axis=0) & ~has[place])

    @cached_property
    def _siblings(self) -> list[tuple[int, list[int]]]:
        options = self.question.option_ids
        named = [(place, self.question.siblings(option)) for place, option in enumerate(options)]
        return [(place, [options.index(one) for one in others]) for place, others in named if others]

    def means(self) -> tuple[Fraction, ...]:
        """Return what those who answered would give a woman for each option alone, in [0, 1]."""
        rule = self.question.match
        if isinstance(rule, Closeness):
            lived = self.lived.tolist()
            return tuple(_mean_closeness(rule, lived, step) for step, _ in enumerate(self.question.option_ids))
        assert isinstance(rule, Coverage)
        pairs = zip(self.lived.tolist(), self.sibling.tolist(), strict=True)
        return tuple((lived + sibling * rule.family_share) / Fraction(self.answered or 1) for lived, sibling in pairs)


def closeness(rule: Closeness, ahead: int) -> Fraction:
    """Give the closeness of someone so many steps ahead of her, in [0, 1]: max(0, 1 - falloff x steps apart)."""
    return Fraction(*parts_of_closeness(rule, ahead))


def parts_of_closeness(rule: Closeness, ahead: int) -> tuple[int, int]:
    """Give the same as a part and its whole."""
    below = rule.falloff.denominator
    if rule.at_least and ahead >= 0:
        return below, below
    return max(0, below - rule.falloff.numerator * abs(ahead)), below


def _mean_closeness(rule: Closeness, counts: list[int], hers: int) -> Fraction:
    values = (count * closeness(rule, step - hers) for step, count in enumerate(counts))
    return sum(values, Fraction(0)) / (sum(counts) or 1)
