"""ProfileSpace: answers to a profile vector, a row of named columns, built from scikit-learn encoders.

The columns come from the questionnaire, what is learned (rarities, means) from the roster. Nothing here depends on a
date: availability stays in local half-hours. Free text has no columns.
"""

from collections.abc import Iterator, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from matcher.errors import Fault, Refused
from matcher.people import Offer, Person
from matcher.profiles.encoders import Encoder, encoder_for
from matcher.profiles.fit import Learned, learn
from matcher.questionnaire.answers import Answered
from matcher.questionnaire.schema import Questionnaire
from matcher.roster.columns import Columns

Matrix = NDArray[np.float32]


class ProfileSpace(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Encode people as rows of named columns; `fit` learns what is rare, and what supporters score on average.

    After `fit`: `learned_`, `rarities_`, `means_` (by question, in option order) and `encoders_`.
    """

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire

    def fit(self, offers: Sequence[Offer], y: None = None) -> Self:
        """Learn rarities and means from the whole roster, whoever may be free today."""
        return self.use(learn(Columns(self.questionnaire, offers)))

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
