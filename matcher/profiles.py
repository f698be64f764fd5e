"""ProfileSpace: answers to a profile vector, a row of named columns, built from scikit-learn encoders.

The columns come from the questionnaire, what is learned (rarities, means) from the roster. Nothing here depends on a
date: availability stays in local half-hours. Free text has no columns.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from matcher.answers import Answered
from matcher.encoders import Encoder, encoder_for
from matcher.learned import Learned
from matcher.people import Person
from matcher.questions import Closeness, Coverage, Question, Questionnaire
from matcher.refusals import Fault, Refused

Matrix = NDArray[np.float32]


class ProfileSpace(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Encode people as rows of named columns; `fit` learns what is rare, and what supporters score on average.

    After `fit`: `learned_`, `rarities_`, `means_` (by question, in option order) and `encoders_`.
    """

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire

    def fit(self, offers: Sequence[Person], y: None = None) -> Self:
        """Learn rarities and means from the whole roster, whoever may be free today."""
        self._lay_out()
        matrix = self.transform(offers)
        questionnaire = self.questionnaire
        return self.use(
            Learned(
                questionnaire.id,
                questionnaire.version,
                len(matrix),
                {q.id: self._rarities(q, matrix) for q in questionnaire.with_rule("coverage")},
                {q.id: self._means(q, matrix) for q in questionnaire.with_rule("coverage", "closeness")},
            )
        )

    def use(self, learned: Learned) -> Self:
        """Take what another process has learned, instead of fitting. Raises Refused if it is of other questions."""
        questionnaire = self.questionnaire
        if (learned.questionnaire, learned.version) != (questionnaire.id, questionnaire.version):
            problem = f"it was learned with {learned.questionnaire} version {learned.version}"
            raise Refused([Fault("the stored fit", problem, "Fit the roster again.")])
        self._lay_out()
        self.learned_, self.rarities_, self.means_ = learned, learned.rarities, learned.means
        return self

    def transform(self, people: Sequence[Person]) -> Matrix:
        """Encode people, requesters and supporters alike: shape (people, columns), NaN where a number is unknown."""
        blocks = [encoder.encode(people) for encoder in self.encoders_.values()]
        return np.hstack([np.empty((len(people), 0), dtype=np.float32), *blocks])

    def inverse_transform(self, matrix: Matrix) -> list[dict[str, Answered]]:
        """Trace rows back to the answers that they hold, by question."""
        return [dict(self._answers_of(row)) for row in matrix]

    def get_feature_names_out(self, input_features: None = None) -> NDArray[np.object_]:
        """Name every column: `topics=alcohol`, `topics?` (was it answered), `stage`, `availability@Mon 18:00`."""
        return np.array([name for encoder in self.encoders_.values() for name in encoder.names], dtype=object)

    def columns_of(self, question_id: str) -> slice:
        """Tell which columns hold the answer to a question."""
        return self._columns[question_id]

    def _lay_out(self) -> None:
        self.encoders_: dict[str, Encoder] = {
            question.id: encoder for question in self.questionnaire.question if (encoder := encoder_for(question))
        }
        ends = np.cumsum([0, *(len(encoder.names) for encoder in self.encoders_.values())])
        spans = zip(self.encoders_, ends, ends[1:], strict=False)
        self._columns = {question: slice(int(start), int(end)) for question, start, end in spans}

    def _answers_of(self, row: Matrix) -> Iterator[tuple[str, Answered]]:
        for question_id, encoder in self.encoders_.items():
            answered = encoder.decode(row[self._columns[question_id]])
            if answered is not None:
                yield question_id, answered

    def _rarities(self, question: Question, matrix: Matrix) -> tuple[float, ...]:
        """ln((1 + N) / (1 + n)) + 1 (the smoothed form of TfidfTransformer), divided by the mean over the options."""
        assert isinstance(question.match, Coverage)
        if not question.match.rarity:
            return (1.0,) * len(question.option_ids)
        counts = (matrix[:, self._columns[question.id]] > 0).sum(axis=0)
        raw = [math.log((1 + len(matrix)) / (1 + int(counts[i]))) + 1 for i, _ in enumerate(question.option_ids)]
        mean = sum(raw) / len(raw)
        return tuple(value / mean for value in raw)

    def _means(self, question: Question, matrix: Matrix) -> tuple[Fraction, ...]:
        block = matrix[:, self._columns[question.id]]
        if isinstance(question.match, Closeness):
            return tuple(_mean_closeness(question, block, step) for step, _ in enumerate(question.option_ids))
        return tuple(_mean_coverage(question, block))


def closeness(question: Question, hers: int, other: int) -> Fraction:
    """Give the closeness of two steps, in [0, 1]: max(0, 1 - falloff x steps apart)."""
    assert isinstance(question.match, Closeness)
    if question.match.at_least and other >= hers:
        return Fraction(1)
    return max(Fraction(0), 1 - question.match.falloff * abs(hers - other))


def _mean_closeness(question: Question, block: Matrix, hers: int) -> Fraction:
    steps = range(len(question.option_ids))
    counts = [int((block[:, 0] == step).sum()) for step in steps]
    values = (count * closeness(question, hers, step) for step, count in zip(steps, counts, strict=True))
    return sum(values, Fraction(0)) / (sum(counts) or 1)


def _mean_coverage(question: Question, block: Matrix) -> Iterable[Fraction]:
    assert isinstance(question.match, Coverage)
    answered, has = int((block[:, -1] > 0).sum()) or 1, block[:, :-1] > 0
    for number, option in enumerate(question.option_ids):
        kin = [question.option_ids.index(other) for other in question.kin(option)]
        related = has[:, kin].any(axis=1) & ~has[:, number]
        yield (int(has[:, number].sum()) + int(related.sum()) * question.match.family_share) / Fraction(answered)
