"""The profile vector is the road: what a column says is what gates and parts read; nothing is read beside it."""

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest

from matcher.people import Need, Offer, Person
from matcher.profiles.encoders import Matrix
from matcher.profiles.space import ProfileSpace
from matcher.questionnaire.schema import Question
from matcher.ranking.roster import Roster
from matcher.rules.shared_hours import Query
from matcher.scoring import ClosenessLine, CoverageLine, score
from matcher.spreadsheets.people import read_needs, read_offers
from tests.architecture.house import ROOT
from tests.matcher.worlds.pairs import default_weights, questions

ON = date(2026, 11, 23)


@cache
def seeds() -> tuple[tuple[Offer, ...], tuple[Need, ...]]:
    """Read the invented programme."""
    offers = read_offers(ROOT / "seeds" / "supporters.csv", questions()).everyone
    return offers, read_needs(ROOT / "seeds" / "requests.csv", questions(), on=ON).everyone


def rankings(offers: Sequence[Offer]) -> list[tuple[Any, ...]]:
    """Rank everybody for every request: who passes with how many grains, and what rules out how many."""
    held = Roster(questionnaire=questions(), weights=default_weights(), on=ON).fit(offers)
    ranked = (held.rank(need, None) for need in seeds()[1])
    return [([(candidate.offer, candidate.grains) for candidate in one.candidates], one.excluded_by) for one in ranked]


def looked_at() -> list[str]:
    """List the questions with columns that a rule or a wish looks at on a supporter's side."""
    asked = [question for question in questions().asked_of("supporter") if question.kind not in ("text", "number")]
    named = {option.of for question in questions().question for option in question.options}
    named |= {getattr(question.match, "with_", None) for question in questions().question}
    return [one.id for one in asked if one.match.rule != "none" or one.id in named]


@pytest.mark.parametrize("question_id", looked_at())
def test_rankings_move_when_the_columns_of_a_question_are_cut(
    question_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers, _ = seeds()
    before = rankings(offers)
    whole = ProfileSpace.transform

    def cut(space: ProfileSpace, people: Sequence[Person]) -> Matrix:
        matrix = np.array(whole(space, people))
        matrix[:, space.columns_of(question_id)] = 0
        return matrix

    monkeypatch.setattr(ProfileSpace, "transform", cut)
    assert rankings(offers) != before


@pytest.mark.parametrize("option", ["alcohol", "grief", "parenting"])
def test_rankings_move_when_one_column_is_cut(option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    offers, _ = seeds()
    before, whole = rankings(offers), ProfileSpace.transform

    def cut(space: ProfileSpace, people: Sequence[Person]) -> Matrix:
        matrix = np.array(whole(space, people))
        matrix[:, space.get_feature_names_out() == f"topics={option}"] = 0
        return matrix

    monkeypatch.setattr(ProfileSpace, "transform", cut)
    assert rankings(offers) != before


def test_a_score_is_the_sum_of_grains_over_the_columns_of_the_two_vectors() -> None:
    offers, needs = seeds()
    held = Roster(questionnaire=questions(), weights=default_weights(), on=ON).fit(offers)
    profiles, hers = held.space_.transform(offers), held.space_.transform(needs)
    rows, compared = np.arange(len(offers)), 0
    for need, row in zip(needs, hers, strict=True):
        weighted = held.encoding.encode(need)
        earned = score(weighted, Query(need, held.columns_, ON), rows)
        for line, grains in zip(weighted.lines, earned, strict=True):
            if isinstance(line, CoverageLine | ClosenessLine):
                columns = held.space_.columns_of(line.question.id)
                summed = [_over_columns(line, row[columns], theirs[columns]) for theirs in profiles]
                assert grains.tolist() == summed
                compared += 1
    assert compared > 100


def _over_columns(line: CoverageLine | ClosenessLine, hers: Matrix, theirs: Matrix) -> int:
    """Add up what the columns of one question earn, column by column, as the formula says it."""
    answered, question = bool(theirs[-1]), line.question
    marked = [place for place, value in enumerate(hers[:-1]) if value]
    if isinstance(line, ClosenessLine):
        steps = [place for place, value in enumerate(theirs[:-1]) if value]
        return sum(line.by_step[step] for step in steps) if steps else line.mean
    by_option = {one.option: one for one in line.options}
    assert [question.option_ids[place] for place in marked] == [one.option for one in line.options]
    if not answered:
        return sum(one.mean for one in line.options)
    return sum(_earned(question, by_option[question.option_ids[place]], place, theirs) for place in marked)


def _earned(question: Question, grains: Any, place: int, theirs: Matrix) -> int:
    if theirs[place]:
        return int(grains.lived)
    siblings = [question.option_ids.index(one) for one in question.siblings(grains.option)]
    return int(grains.sibling) if theirs[siblings].any() else 0


def test_the_roster_reads_nothing_of_answers_but_texts_and_numbers() -> None:
    read = [
        line.strip()
        for path in sorted((ROOT / "matcher" / "roster").glob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\b(offer|one|person|need)\.(answers|marks|hours|stars)\b", line)
    ]
    assert len(read) == 1
    assert "for question in self.texts" in read[0]
