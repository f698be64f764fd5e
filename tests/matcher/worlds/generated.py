"""Invented worlds for the engine's proofs: small questionnaires, weights and people, awkward on purpose.

One generator serves both: with random.Random it is fast and seeded, with hypothesis' randoms it also shrinks.
What a gated world may refuse (status, gates, musts), an open one never does, so that every pair has a score.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import cast

from hypothesis import strategies as st

from matcher.availability import ALWAYS, HalfHours
from matcher.people import Need, Offer
from matcher.questionnaire.answers import Answer, Marks
from matcher.questionnaire.columns import UNTIL
from matcher.questionnaire.schema import Question, Questionnaire, Side
from matcher.questionnaire.weights import Weights
from tests.matcher.worlds.generated_questionnaires import any_questionnaire, any_weights, chance

ZONES = (
    "America/Toronto",
    "America/Toronto",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "UTC",
    "Pacific/Auckland",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Europe/London",
)
_AROUND = ("2026-03-08", "2026-11-01", "2026-03-29", "2026-04-05", "2026-09-27", "2026-10-04", "2024-12-31")
CLOCK_CHANGES = tuple(map(date.fromisoformat, _AROUND))
TEXTS = ("Montréal", "MONTREAL ", "montreal!", "St. John's", "st johns", "Saint-Jean", "saint jean", "-", "?")
NUMBERS = ("0", "30", "31.5", "33", "30.0", "-2", "40")
MONTHS = (0, 3, 11, 12, 13, 24, 60)
STRAINS = ("0", "0", "0", "0.25", "0.333", "0.5", "1")


@dataclass(frozen=True)
class World:
    """A programme with its people; `later` holds offers that come after the fit."""

    questionnaire: Questionnaire
    weights: Weights
    offers: tuple[Offer, ...]
    later: tuple[Offer, ...]
    needs: tuple[Need, ...]
    on: date


def world(rng: Random, *, gated: bool = True, most_offers: int = 9, most_needs: int = 4) -> World:
    """Invent a whole world."""
    questionnaire = any_questionnaire(rng, gated=gated)
    on = rng.choice(CLOCK_CHANGES) + timedelta(days=rng.randint(-7, 7))
    columns = [column for column in UNTIL if gated and chance(rng, 0.3)]
    offers: list[Offer] = []
    for number in range(rng.randint(0 if gated else 1, most_offers) + 2):
        offers.append(_offer(rng, questionnaire, on, f"o{number}", offers, columns, gated=gated))
    needs = [_need(rng, questionnaire, on, f"n{n}", gated=gated) for n in range(rng.randint(1, most_needs))]
    weights = any_weights(rng, questionnaire)
    return World(questionnaire, weights, tuple(offers[2:]), tuple(offers[:2]), tuple(needs), on)


def _need(rng: Random, questionnaire: Questionnaire, on: date, need_id: str, *, gated: bool) -> Need:
    answers = _answers(rng, questionnaire, "requester", gated=gated)
    return Need(
        id=need_id,
        answers=answers,
        stars=_stars(rng, questionnaire, answers),
        time_zone=_zone(rng, gated=gated),
        safe_hours=ALWAYS if chance(rng, 0.3) else _spans(rng, 1),
        never=_ids(rng, "o", gated=gated),
        past=_ids(rng, "o", gated=gated),
        waiting_since=on - timedelta(days=rng.randint(0, 90)),
    )


def _offer(
    rng: Random,
    questionnaire: Questionnaire,
    on: date,
    offer_id: str,
    others: Sequence[Offer],
    columns: Sequence[str],
    *,
    gated: bool,
) -> Offer:
    if others and chance(rng, 0.25):
        return _like(rng, on, offer_id, rng.choice(others))
    capacity = rng.randint(0 if gated and chance(rng, 0.1) else 1, 4)
    return Offer(
        id=offer_id,
        answers=_answers(rng, questionnaire, "supporter", gated=gated),
        time_zone=_zone(rng, gated=gated),
        never=_ids(rng, "n", gated=gated),
        past=_ids(rng, "n", gated=gated),
        status=rng.choice(("on_a_break", None)) if gated and chance(rng, 0.08) else "active",
        until={column: _last_day(rng, on) for column in columns},
        capacity=capacity,
        load=_load(rng, capacity) if not gated or chance(rng, 0.95) else capacity + rng.randint(0, 1),
        strain=Decimal(rng.choice(STRAINS)),
        last_matched=_last_matched(rng, on),
    )


def _like(rng: Random, on: date, offer_id: str, other: Offer) -> Offer:
    """Make a near twin, so that ties are common."""
    load = _load(rng, other.capacity) if chance(rng, 0.5) else other.load
    return replace(other, id=offer_id, load=load, last_matched=_last_matched(rng, on))


def _load(rng: Random, capacity: int) -> int:
    return rng.randint(0, max(0, capacity - 1))


def _last_matched(rng: Random, on: date) -> date | None:
    return rng.choice((None, on, on - timedelta(days=1), on - timedelta(days=30)))


def _last_day(rng: Random, on: date) -> date | None:
    if chance(rng, 0.05):
        return None
    return on + timedelta(days=rng.choice((-1, 0, 0, 1, 30, 300)))


def _ids(rng: Random, letter: str, *, gated: bool) -> Marks:
    return frozenset({f"{letter}{rng.randint(0, 9)}"}) if gated and chance(rng, 0.1) else frozenset()


def _zone(rng: Random, *, gated: bool) -> str | None:
    return None if gated and chance(rng, 0.04) else rng.choice(ZONES)


def _stars(rng: Random, questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> dict[str, Marks]:
    starred = {}
    for question in questionnaire.question:
        marks = sorted(cast(Marks, answers.get(question.id, frozenset()))) if question.stars else []
        if marks and chance(rng, 0.7):
            starred[question.id] = frozenset(rng.sample(marks, rng.randint(1, min(question.stars, len(marks)))))
    return starred


def _answers(rng: Random, questionnaire: Questionnaire, side: Side, *, gated: bool) -> dict[str, Answer]:
    asked = list(questionnaire.asked_of(side))
    kept = [q for q in asked if not chance(rng, 0.12) or (q.kind == "availability" and not gated)]
    return {question.id: any_answer(rng, question, gated=gated) for question in kept}


def any_answer(rng: Random, question: Question, *, gated: bool = True) -> Answer:
    """Invent an answer to this question; sometimes `-`."""
    if question.kind == "number":
        return Decimal(rng.choice(NUMBERS))
    if question.kind == "text":
        return rng.choice(TEXTS)
    if chance(rng, 0.07):
        return {} if question.kind in ("months", "wishes") else frozenset()
    if question.kind == "availability":
        return _spans(rng, 3)
    if question.kind == "months":
        return {option: rng.choice(MONTHS) for option in question.option_ids if chance(rng, 0.9)}
    if question.kind == "wishes":
        strengths = ("nice", "nice", "nice", "nice", "must" if gated else "nice")
        return {option: rng.choice(strengths) for option in question.option_ids if chance(rng, 0.6)}
    if question.kind == "choices":
        often = 0.15 if question.match.rule == "gate:excludes" else 0.5
        return frozenset(option for option in question.option_ids if chance(rng, often))
    return frozenset({rng.choice(question.option_ids)})


def _spans(rng: Random, most: int) -> HalfHours:
    """Invent a few long spans of half-hours, over midnight and the week's edge too."""
    spans = [(rng.randrange(336), rng.choice((1, 3, 16, 48, 120))) for _ in range(rng.randint(1, most))]
    return frozenset((start + step) % 336 for start, length in spans for step in range(length))


_RANDOMS = st.randoms(use_true_random=False)
gated_worlds = _RANDOMS.map(lambda rng: world(rng, most_offers=5, most_needs=2))
open_worlds = _RANDOMS.map(lambda rng: world(rng, gated=False, most_offers=5, most_needs=2))
