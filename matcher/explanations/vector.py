"""How the engine reads a request: her profile vector, question by question, and what each column can earn."""

from collections.abc import Iterator
from dataclasses import dataclass

from matcher.grains import points
from matcher.people import Need
from matcher.questionnaire.schema import Question
from matcher.ranking.roster import Roster
from matcher.scoring import CoverageLine, Line


@dataclass(frozen=True)
class ReadColumn:
    """One column of her vector that is not zero: its name and value, and the points that it alone can earn, if any."""

    name: str
    option: str
    value: int
    points: float | None


@dataclass(frozen=True)
class ReadQuestion:
    """One question that she answered: its columns that are not zero, and the most points that all of it can earn.

    `points` is None where the question feeds no part for her.
    """

    question: Question
    columns: tuple[ReadColumn, ...]
    points: float | None


def read_vector(roster: Roster, need: Need) -> tuple[ReadQuestion, ...]:
    """Return what stands in the profile vector of a need, in the order of the questionnaire; what she left out is not.

    The points of all questions and of headroom add up to 100. Texts and numbers have no columns, and are not here.

    >>> from datetime import date
    >>> from matcher import ALWAYS, load_questionnaire, load_weights
    >>> questions = load_questionnaire()
    >>> roster = Roster(questionnaire=questions, weights=load_weights(questions), on=date(2026, 11, 23)).fit([])
    >>> asks = Need(id="r1", answers={"topics": frozenset({"grief"})}, safe_hours=ALWAYS)
    >>> [(one.columns[0].name, one.columns[0].value, one.points) for one in read_vector(roster, asks)]
    [('topics=grief', 1, 87.5)]
    """
    lines = {line.question_id: line for line in roster.encoding.encode(need).lines}
    space = roster.space_
    (vector,), names = space.transform([need]), space.get_feature_names_out().tolist()
    read = []
    for question in roster.questionnaire.question:
        if question.kind not in ("text", "number"):
            span = space.columns_of(question.id)
            if vector[span.stop - 1]:
                line = lines.get(question.id)
                columns = _columns(line, names[span][:-1], vector[span][:-1].tolist())
                read.append(ReadQuestion(question, tuple(columns), points(line.maximum) if line else None))
    return tuple(read)


def _columns(line: Line | None, names: list[str], values: list[int]) -> Iterator[ReadColumn]:
    by_option = {one.option: one.lived for one in line.options} if isinstance(line, CoverageLine) else {}
    for name, value in zip(names, values, strict=True):
        if value > 0:
            option = name.partition("=")[2]
            yield ReadColumn(name, option, value, points(by_option[option]) if option in by_option else None)
