"""ProfileSpace: answers to a profile vector, a row of named columns of small whole numbers.

The columns come from the questionnaire, what is learned (rarities, means) from the roster. Nothing here depends on a
date: availability stays in local half-hours. What is written here is what the roster packs, and so what gates and
parts read; there is no other reading of answers.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from matcher.errors import Fault, Place, Refused
from matcher.people import Offer, Person
from matcher.profiles.encoders import NO_OPTION, Cells, Encoder, Matrix, encoder_for
from matcher.profiles.fit import Counts, Learned
from matcher.questionnaire.answers import Answered
from matcher.questionnaire.schema import Questionnaire

AT_ONCE = 4096
"""People who are encoded at once: enough for arrays to pay, few enough for their vectors to stay at hand."""


class ProfileSpace(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Encode people as rows of named columns; `fit` learns what is rare, and what supporters score on average.

    `transform` needs no fit: the questionnaire says all. After `fit`: `learned_`, `rarities_` and `means_` (by
    question, in option order).
    """

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire

    def fit(self, offers: Sequence[Offer], y: None = None) -> Self:
        """Learn rarities and means from the whole roster, whoever may be free today."""
        counts = Counts(self.questionnaire, self.columns_of)
        for start in range(0, len(offers), AT_ONCE):
            counts.add(self.transform(offers[start : start + AT_ONCE]))
        return self.use(counts.learned())

    def use(self, learned: Learned) -> Self:
        """Take what another process has learned, instead of fitting. Raises Refused if it is of other questions."""
        questionnaire = self.questionnaire
        if (learned.questionnaire, learned.version) != (questionnaire.id, questionnaire.version):
            theirs = {"questionnaire": learned.questionnaire, "version": learned.version}
            raise Refused([Fault(Place(stored_fit=True), "fit.of_other_questions", **theirs)])
        self.learned_, self.rarities_, self.means_ = learned, learned.rarities, learned.means
        return self

    def transform(self, people: Sequence[Person]) -> Matrix:
        """Encode people, requesters and supporters alike: whole numbers, shape (people, columns), int16.

        An option is 0, or 1 where it is marked, 2 with a star; a wish 1 where it is nice, 2 where it must be; months
        stand as they are, -1 where they were not said; a half-hour is 1 where she is free. `topics?` is 1 where the
        question was answered. An option that the question does not have is passed over.

        >>> from matcher import load_questionnaire
        >>> space = ProfileSpace(load_questionnaire())
        >>> row = space.transform([Offer(id="s1", answers={"topics": frozenset({"grief"})})])[0]
        >>> [str(name) for name in space.get_feature_names_out()[row == 1]]
        ['topics=grief', 'topics?']
        """
        columns = np.repeat(self._blank, len(people), axis=1)
        ones, valued, answered = Cells(), Cells(), []
        everyones = [person.answers for person in people]
        for question_id, encoder in self._encoders.items():
            answers = [said.get(question_id) for said in everyones]
            answered.append([answer is not None for answer in answers])
            encoder.gather(answers, people, ones, valued)
        ones.write(columns)
        valued.write(columns)
        columns[self._answered] = answered
        return columns[:NO_OPTION].T

    def inverse_transform(self, matrix: Matrix) -> list[dict[str, Answered]]:
        """Trace rows back to the answers that they hold, by question."""
        return [dict(self._answers_of(row)) for row in matrix]

    def get_feature_names_out(self, input_features: None = None) -> NDArray[np.object_]:
        """Name every column: `topics=alcohol`, `topics?` (was it answered), `availability@Mon 18:00`."""
        return np.array([name for encoder in self._encoders.values() for name in encoder.names], dtype=object)

    def columns_of(self, question_id: str) -> slice:
        """Tell which columns hold the answer to a question, the last of them whether it was answered.

        Raises KeyError for a text or a number: they have none.
        """
        encoder = self._encoders[question_id]
        return slice(encoder.first, encoder.first + len(encoder.names))

    @cached_property
    def _encoders(self) -> dict[str, Encoder]:
        encoders: dict[str, Encoder] = {}
        first = 0
        for question in self.questionnaire.question:
            encoder = encoder_for(question, first)
            if encoder is not None:
                encoders[question.id] = encoder
                first += len(encoder.names)
        return encoders

    @cached_property
    def _blank(self) -> Matrix:
        """Return the columns of somebody who answered nothing, shape (columns, 1), and one for what is no option."""
        blanks = [number for one in self._encoders.values() for number in (*[one.blank] * (len(one.names) - 1), 0)]
        return np.array([*blanks, 0], dtype=np.int16)[:, None]

    @cached_property
    def _answered(self) -> list[int]:
        return [encoder.first + len(encoder.names) - 1 for encoder in self._encoders.values()]

    def _answers_of(self, row: Matrix) -> Iterator[tuple[str, Answered]]:
        for question_id, encoder in self._encoders.items():
            answered = encoder.decode(row[self.columns_of(question_id)])
            if answered is not None:
                yield question_id, answered
