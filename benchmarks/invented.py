"""People for benchmarks, drawn with a fixed seed, a million in a minute or two: believable where it matters for speed.

Answers come from pools, drawn once for each question: topics in themes (a family's options together), some themes far
more common than others (Zipf), evenings favoured. Many people share an answer, so near-ties are common. One in twenty
questions is left out; nine in ten supporters are active, most have a free place and papers in date.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher import availability
from matcher.people import Need, Offer
from matcher.questionnaire.columns import UNTIL
from matcher.questionnaire.schema import Option, Question, Questionnaire

ON = date(2026, 11, 23)
ZONES = ("America/Toronto", "America/Winnipeg", "America/Vancouver", "America/Halifax", "America/St_Johns")
ZONE_SHARES = (0.5, 0.1, 0.2, 0.15, 0.05)
TOWNS = tuple(f"Town {number}" for number in range(300))
POOL = 2048
Draw = np.random.Generator


def offers(questionnaire: Questionnaire, count: int, seed: int = 1) -> list[Offer]:
    """Draw supporters."""
    draw = np.random.default_rng(seed)
    answers = _everyones_answers(questionnaire, "supporter", count, draw)
    capacity = draw.choice((1, 2, 3, 4), size=count, p=(0.3, 0.4, 0.2, 0.1))
    load = (capacity * draw.beta(1, 2, size=count) + 0.3).astype(int).tolist()
    statuses = draw.choice(("active", "on a break"), size=count, p=(0.9, 0.1)).tolist()
    days = [ON + timedelta(days=day) for day in range(-400, 700)]
    last_days = draw.integers(380, 1100, size=(count, len(UNTIL))).tolist()
    last_matched = draw.integers(0, 400, size=count).tolist()
    strains = [Decimal(number) / 100 for number in range(51)]
    strain = draw.integers(0, 51, size=count).tolist()
    return [
        Offer(
            id=f"s{number:07d}",
            answers=said,
            time_zone=zone,
            status=statuses[number],
            until={name: days[day] for name, day in zip(UNTIL, last_days[number], strict=True)},
            capacity=room,
            load=load[number],
            strain=strains[strain[number]],
            last_matched=days[last_matched[number]],
        )
        for number, (said, zone, room) in enumerate(zip(answers, _zones(count, draw), capacity.tolist(), strict=True))
    ]


def needs(questionnaire: Questionnaire, count: int, seed: int = 2) -> list[Need]:
    """Draw requests: half of them star one of the topics that they marked, some ask for another town."""
    draw = np.random.default_rng(seed)
    answers = _everyones_answers(questionnaire, "requester", count, draw)
    return [
        Need(
            id=f"r{number:07d}", answers=said, stars=_stars(said, draw), time_zone=zone, safe_hours=availability.ALWAYS
        )
        for number, (said, zone) in enumerate(zip(answers, _zones(count, draw), strict=True))
    ]


def _zones(count: int, draw: Draw) -> list[str]:
    return [str(zone) for zone in draw.choice(ZONES, size=count, p=ZONE_SHARES)]


def _stars(answers: dict[str, Any], draw: Draw) -> dict[str, frozenset[str]]:
    topics = sorted(answers.get("topics", ()))
    return {"topics": frozenset({str(draw.choice(topics))})} if topics and draw.random() < 0.5 else {}


def _everyones_answers(questionnaire: Questionnaire, side: str, count: int, draw: Draw) -> list[dict[str, Any]]:
    """Give everyone an answer to each question out of its pool, months with the topics that they belong to."""
    people: list[dict[str, Any]] = [{} for _ in range(count)]
    for question in questionnaire.asked_of(side):  # type: ignore[arg-type]
        pool = _pool(question, draw)
        left_out = np.zeros(count, dtype=bool) if question.required else draw.random(count) < _blank(question)
        for person, place, blank in zip(people, draw.integers(0, POOL, size=count), left_out.tolist(), strict=True):
            if pool and not blank:
                person[question.id] = pool[place]
    if side == "supporter":
        _add_months(people, draw)
    return people


def _blank(question: Question) -> float:
    if question.match.rule.startswith("gate") and question.kind != "text":
        return 0.9 if question.match.rule == "gate:excludes" else 0.02
    return {"different_town": 0.8, "faith": 0.4, "culture": 0.3, "wishes": 0.3}.get(question.id, 0.05)


def _add_months(people: Sequence[dict[str, Any]], draw: Draw) -> None:
    pools: dict[frozenset[str], list[dict[str, int]]] = {}
    for person, place in zip(people, draw.integers(0, 8, size=len(people)).tolist(), strict=True):
        topics = person.get("topics", frozenset())
        if topics not in pools:
            pools[topics] = [{t: int(draw.choice((8, 14, 24, 36, 60))) for t in sorted(topics)} for _ in range(8)]
        person["months_steady"] = pools[topics][place]


def _pool(question: Question, draw: Draw) -> list[Any]:
    match question.kind:
        case "choice" | "scale" | "yes_no":
            options = question.option_ids
            return [frozenset({options[place]}) for place in draw.integers(0, len(options), size=POOL)]
        case "choices":
            return [_marks(question, draw) for _ in range(POOL)]
        case "availability":
            return [_hours(question, draw) for _ in range(POOL)]
        case "wishes":
            wished = draw.integers(1, 4, size=POOL)
            return [dict.fromkeys(draw.choice(question.option_ids, many).tolist(), "nice") for many in wished]
        case "text":
            return [TOWNS[min(int(place), 300) - 1] for place in draw.zipf(1.5, size=POOL)]
        case _:
            return []


def _marks(question: Question, draw: Draw) -> frozenset[str]:
    """Mark one or two themes with most of their options, the earlier ones of the list far more often."""
    themes = list(dict.fromkeys(option.family or option.id for option in question.options))
    chosen = set(draw.choice(themes, size=min(len(themes), int(draw.integers(1, 4))), p=_zipf(len(themes))).tolist())
    marked = [option.id for option in question.options if draw.random() < _likely(option, chosen)]
    return frozenset(marked[: question.most] or {question.options[0].id})


def _likely(option: Option, themes: set[str]) -> float:
    return 0.75 if (option.family or option.id) in themes else 0.04


def _zipf(number: int) -> NDArray[np.float64]:
    shares: NDArray[np.float64] = 1 / np.arange(1, number + 1)
    shares /= shares.sum()
    return shares


def _hours(question: Question, draw: Draw) -> frozenset[int]:
    """Choose a few day parts, evenings three times as often, each without some of its half-hours."""
    parts = [availability.read_hours(part.hours or "") for part in question.options]
    evening = np.array([3.0 if any(slot % availability.A_DAY >= 36 for slot in part) else 1.0 for part in parts])
    chosen = draw.choice(len(parts), size=int(draw.integers(1, 4)), replace=False, p=evening / evening.sum())
    return frozenset(slot for part in chosen for slot in parts[part] if draw.random() < 0.7)
