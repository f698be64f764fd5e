"""What a first attempt would do: cosine similarity of the marks, then the gates on the most similar ones."""

import numpy as np
from sklearn.metrics.pairwise import cosine_similarity

from benchmarks.plain_loop import PlainLoop
from matcher.people import Need
from matcher.ranking import Roster

FILTERED_FROM = 2_000


class Cosine:
    """Every supporter's marked options as a row of 0 and 1, shape (supporters, options)."""

    def __init__(self, roster: Roster, loop: PlainLoop) -> None:
        self.loop, self.columns = loop, roster.columns_
        facts, asked = self.columns.facts, roster.questionnaire.with_rule("coverage")
        self.bytes = [(place, byte) for question in asked for place, byte in facts.bytes_of(question)]
        everyone = slice(self.columns.count)
        marks = [byte.has[:, self.columns.small(place, everyone)].T for place, byte in self.bytes]
        self.matrix = np.ascontiguousarray(np.hstack(marks), dtype=np.float32)

    def rank(self, need: Need, top: int) -> list[str]:
        """Return the ids of the most similar who pass the gates."""
        hers = [option in need.marks(byte.question.id) for _, byte in self.bytes for option in byte.options]
        similarity = cosine_similarity(np.array([hers], dtype=np.float32), self.matrix)[0]
        passing: list[str] = []
        for row in np.argsort(-similarity, kind="stable")[:FILTERED_FROM]:
            if len(passing) < top and self.loop.passes(need, int(row)):
                passing.append(self.columns.offers[row].id)
        return passing
