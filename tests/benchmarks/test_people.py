"""Drawn people are the same in every run, fit their questionnaire, and few of their answers are different objects."""

import os
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

import pytest

from benchmarks import themes
from benchmarks.mixes import NAMES, Mix, mix
from benchmarks.plain_loop import PlainLoop
from matcher.people import Need, Offer, Person
from matcher.questionnaire.answers import Answered, read_answer, write_answer
from matcher.questionnaire.schema import Side
from matcher.rounds.certificate import digest
from tests.architecture.house import ROOT
from tests.benchmarks.conftest import SMALL

SUPPORTERS, REQUESTS, TOP = 400, 12, 10
EVERY_MIX = pytest.mark.parametrize("drawn", [mix(name) for name in NAMES], ids=NAMES)


@EVERY_MIX
def test_the_same_people_are_drawn_again(drawn: Mix):
    assert drawn.offers(SUPPORTERS) == drawn.offers(SUPPORTERS)
    assert drawn.waiting_list(REQUESTS) == drawn.waiting_list(REQUESTS)


def test_another_process_with_other_hashes_draws_the_same_people():
    digests = "\n".join(digest_of(mix(name)) for name in NAMES)
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    ran = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS], capture_output=True, text=True, check=True, env=environment, cwd=ROOT
    )
    assert ran.stdout.strip() == digests


def digest_of(drawn: Mix) -> str:
    return digest(drawn.roster(drawn.offers(SUPPORTERS)), drawn.waiting_list(REQUESTS))


IN_A_PROCESS = f"""
from benchmarks import invented, themes
invented.POOL, themes.TOPIC_POOL, themes.HOURS_POOL = {SMALL}, {SMALL}, {SMALL}
from benchmarks.mixes import NAMES, mix
from tests.benchmarks.test_people import digest_of
print(*[digest_of(mix(name)) for name in NAMES], sep="\\n")
"""


@EVERY_MIX
def test_ids_are_unique_and_the_list_is_in_order_of_waiting(drawn: Mix):
    needs = drawn.waiting_list(REQUESTS)
    assert len({need.id for need in needs}) == REQUESTS
    assert [need.waiting_since for need in needs] == sorted(need.waiting_since for need in needs)
    assert len({offer.id for offer in drawn.offers(SUPPORTERS)}) == SUPPORTERS


def test_people_of_themes_could_have_been_read_from_a_sheet():
    drawn = mix("themes")
    sides: list[tuple[Side, Iterable[Person]]] = [("supporter", drawn.offers(50)), ("requester", drawn.needs(50))]
    for side, people in sides:
        asked = {question.id: question for question in drawn.questions.asked_of(side)}
        for person in people:
            assert person.answers.keys() <= asked.keys()
            for question_id, answer in person.answers.items():
                stars = person.stars.get(question_id, frozenset()) if isinstance(person, Need) else frozenset()
                said = Answered(answer, stars)
                assert read_answer(asked[question_id], write_answer(asked[question_id], said), side) == said


@EVERY_MIX
def test_one_place_each_is_one_free_place(drawn: Mix):
    offers = drawn.offers(SUPPORTERS, one_place=True)
    assert {(one.status, one.capacity, one.load) for one in offers} == {("active", 1, 0)}
    assert [one.answers for one in offers] == [one.answers for one in drawn.offers(SUPPORTERS)]


def test_equal_answers_of_themes_are_one_object():
    offers = themes.offers(2_000)
    for question in ("topics", "availability", "languages", "modes", "gender", "scale_1"):
        answers = [offer.answers[question] for offer in offers]
        assert len({id(answer) for answer in answers}) <= 2 * len(set(answers)), question


@EVERY_MIX
def test_the_plain_loop_ranks_as_the_engine_does(drawn: Mix):
    offers = drawn.offers(SUPPORTERS)
    roster = drawn.roster(offers)
    loop = PlainLoop(roster, offers)
    ranked = 0
    for need in drawn.needs(REQUESTS):
        candidates = roster.rank(need, TOP).candidates
        assert loop.rank(need, TOP) == [(one.offer, one.grains) for one in candidates]
        ranked += len(candidates)
    assert ranked > REQUESTS


@EVERY_MIX
def test_the_plain_loop_passes_whom_the_engine_passes(drawn: Mix):
    offers: list[Offer] = drawn.offers(SUPPORTERS)
    roster = drawn.roster(offers)
    loop = PlainLoop(roster, offers)
    for need in drawn.needs(5 * REQUESTS):
        asked = loop.asked(need)
        passing: list[Any] = [place for place in range(SUPPORTERS) if loop.passes(asked, place)]
        assert passing == roster.scored(need).rows.tolist()
