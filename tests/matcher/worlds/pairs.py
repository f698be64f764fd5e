"""Needs and offers on the default questionnaire that pass every gate unless a test says otherwise."""

from datetime import date
from functools import cache
from typing import Any

from matcher.availability import ALWAYS
from matcher.people import Need, Offer
from matcher.questionnaire import loading, weights
from matcher.questionnaire.answers import Answered, read_answer
from matcher.questionnaire.schema import Questionnaire, Side
from matcher.questionnaire.weights import Weights
from matcher.ranking.roster import Roster

ON = date(2026, 11, 23)
MEETING = {"languages": "en", "modes": "site_messages; phone", "availability": "Mon 18:00-22:00"}


@cache
def questions() -> Questionnaire:
    return loading.load()


@cache
def default_weights() -> Weights:
    return weights.load(questions())


def read(side: Side, cells: dict[str, str]) -> dict[str, Answered]:
    asked = {question.id: question for question in questions().asked_of(side)}
    answers = {column: read_answer(asked[column], cell, side) for column, cell in cells.items()}
    return {column: answered for column, answered in answers.items() if answered is not None}


def need(identity: str = "n", /, cells: dict[str, str] | None = None, **fields: Any) -> Need:
    answers = read("requester", {**MEETING, **(cells or {})})
    stars = {column: answered.stars for column, answered in answers.items() if answered.stars}
    given = {column: answered.answer for column, answered in answers.items()}
    return Need(id=identity, answers=given, stars=stars, **{"safe_hours": ALWAYS, **fields})


def offer(identity: str = "o", /, cells: dict[str, str] | None = None, **fields: Any) -> Offer:
    answers = read("supporter", {**MEETING, **(cells or {})})
    return Offer(id=identity, answers={column: answered.answer for column, answered in answers.items()}, **fields)


def roster(*offers: Offer, on: date = ON, questionnaire: Questionnaire | None = None) -> Roster:
    return Roster(questionnaire=questionnaire or questions(), weights=default_weights(), on=on).fit(offers)


def ranked(roster: Roster, need: Need, **options: Any) -> list[str]:
    return [candidate.offer for candidate in roster.rank(need, **options).candidates]
