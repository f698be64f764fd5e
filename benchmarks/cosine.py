"""What a first attempt would do: cosine similarity of the marks, then the gates on the most similar ones."""

from collections.abc import Sequence

import numpy as np
from sklearn.metrics.pairwise import cosine_similarity

from benchmarks.plain_loop import PlainLoop
from matcher.people import Need, Person
from matcher.ranking.roster import Roster

FILTERED_FROM = 2_000


class Cosine:
    """Every supporter's marked options as a row of 0 and 1, shape (supporters, options)."""

    def __init__(self, roster: Roster, loop: PlainLoop) -> None:
        self.loop = loop
        asked = roster.questionnaire.with_rule("coverage")
        self.options = [(question.id, option) for question in asked for option in question.option_ids]
        self.place_of = {option: place for place, option in enumerate(self.options)}
        self.matrix = self._rows(loop.offers)

    def rank(self, need: Need, top: int) -> list[str]:
        """Return the ids of the most similar who pass the gates."""
        similarity = cosine_similarity(self._rows([need]), self.matrix)[0]
        asked, passing = self.loop.asked(need), list[str]()
        for place in np.argsort(-similarity, kind="stable")[:FILTERED_FROM].tolist():
            if len(passing) < top and self.loop.passes(asked, place):
                passing.append(self.loop.offers[place].id)
        return passing

    def _rows(self, people: Sequence[Person]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        rows = np.zeros((len(people), len(self.options)), dtype=np.float32)
        questions = {question for question, _ in self.options}
        for row, person in enumerate(people):
            for question in questions:
                rows[row, [self.place_of[question, option] for option in person.marks(question)]] = 1
        return rows
