"""People for benchmarks, drawn with a fixed seed from the default questionnaire: popular topics, near-ties."""

import random
from decimal import Decimal

from matcher import availability
from matcher.people import Need, Offer
from matcher.questions import Question, Questionnaire

ZONES = ("America/Toronto", "America/Winnipeg", "America/Vancouver", "America/Halifax", "America/St_Johns")


def offers(questionnaire: Questionnaire, count: int, seed: int = 1) -> list[Offer]:
    """Draw supporters: nine in ten active, most with a free place, one in twenty answers left out."""
    draw = random.Random(seed)
    return [_offer(questionnaire, draw, number) for number in range(count)]


def needs(questionnaire: Questionnaire, count: int, seed: int = 2) -> list[Need]:
    """Draw requests: each stars at most one of the topics that she marked."""
    draw = random.Random(seed)
    return [_need(questionnaire, draw, number) for number in range(count)]


def _offer(questionnaire: Questionnaire, draw: random.Random, number: int) -> Offer:
    answers = _answers(questionnaire, "supporter", draw)
    topics = answers.get("topics", frozenset())
    answers["months_steady"] = {topic: draw.choice((8, 14, 24, 36, 60)) for topic in sorted(topics)}
    capacity = draw.choice((1, 2, 2, 3))
    return Offer(
        id=f"s{number:07d}",
        answers=answers,
        time_zone=draw.choice(ZONES),
        status="active" if draw.random() < 0.9 else "on a break",
        capacity=capacity,
        load=draw.randrange(capacity + 1),
        strain=Decimal(draw.randrange(0, 50)) / 100,
    )


def _need(questionnaire: Questionnaire, draw: random.Random, number: int) -> Need:
    answers = _answers(questionnaire, "requester", draw)
    topics = sorted(answers.get("topics", ()))
    stars = {"topics": frozenset(draw.sample(topics, 1))} if topics else {}
    return Need(id=f"r{number:07d}", answers=answers, stars=stars, time_zone=draw.choice(ZONES))


def _answers(questionnaire: Questionnaire, side: str, draw: random.Random) -> dict:
    answers = {}
    for question in questionnaire.asked_of(side):  # type: ignore[arg-type]
        if draw.random() < 0.95 or question.match.rule.startswith("gate"):
            answer = _answer(question, draw)
            if answer is not None:
                answers[question.id] = answer
    return answers


def _answer(question: Question, draw: random.Random) -> object:
    match question.kind:
        case "choice" | "scale" | "yes_no":
            return frozenset({draw.choice(question.option_ids)})
        case "choices":
            return None if question.match.rule == "gate:excludes" else _marks(question, draw)
        case "availability":
            return _hours(question, draw)
        case "wishes":
            return {draw.choice(question.option_ids): "nice" for _ in range(draw.randrange(3))} or None
        case _:
            return None


def _marks(question: Question, draw: random.Random) -> frozenset[str]:
    """Mark a few options; the earlier ones of a list are the popular ones."""
    weights = [1 / (place + 1) for place in range(len(question.option_ids))]
    return frozenset(draw.choices(question.option_ids, weights, k=draw.randrange(1, 6)))


def _hours(question: Question, draw: random.Random) -> frozenset[int]:
    parts = draw.sample(list(question.options), draw.randrange(1, 4))
    return frozenset().union(*(availability.read_hours(part.hours or "") for part in parts))
