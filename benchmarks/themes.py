"""People of the second question mix, themes.toml, drawn with a fixed seed: a million in a minute.

Topics come in sixteen overlapping themes, some far more popular than others; hours in blocks, evenings favoured.
Answers are drawn from pools, so that equal ones are one object and near-ties are common. Everyone has one time zone.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.invented import ON, Draw
from matcher.availability import A_DAY, A_WEEK, ALWAYS
from matcher.people import Need, Offer
from matcher.questionnaire.loading import Questionnaire, load

FILE, WEIGHTS = Path(__file__).with_name("themes.toml"), Path(__file__).with_name("themes-weights.toml")
ZONE = "America/Toronto"
Numbers = NDArray[np.float64]

# How often a topic is brought: rates, of which the chance is 1 - exp(-rate)
ANYONES, THEMES, A_THEME = 40, 16, 10
LEAST, GENERAL, OWN, NEXT = 0.008, 0.25, 2.2, 0.35
"""The rate of any topic, and what is added for the first general one, the first of her theme, of the theme after."""
HOW_MANY_THEMES = (0.45, 0.4, 0.15)
MORE_LIVED = 1.25
"""A supporter has lived more than a requester asks for."""
STARRED = 0.25
LIMITED, LIMITS = 0.4, 0.006
"""How many supporters leave topics out, and the chance of each topic then."""

SCALE_MATTERS = 0.6
LANGUAGE_FALL, SECOND_LANGUAGE = 2.2, 0.3
MODES = (0.7, 0.55, 0.45, 0.2, 0.35)
GENDERS = (0.62, 0.33, 0.03, 0.02)
ONLY_WOMEN, ONLY_MEN = 0.22, 0.05
STARTS = ((9, 0.5, 0.8), (12, 0.6, 0.6), (15, 0.5, 0.5), (18, 1.4, 0.8), (20, 1.5, 0.7))
"""The hours at which blocks begin, and how often on a weekday and on a weekend."""
TOPIC_POOL, HOURS_POOL, LIMITS_POOL = 2**14, 2**13, 2**10
AT_ONCE = 2**9
Marked = tuple[frozenset[str], dict[str, frozenset[str]]]
"""Marked topics, and the stars among them by question."""


@cache
def questions() -> Questionnaire:
    """Load the questionnaire."""
    return load(FILE)


def offers(count: int, seed: int = 1) -> list[Offer]:
    """Draw supporters: one to five places each, up to three of them taken, one in ten on a break."""
    draw = np.random.default_rng(seed)
    capacity = draw.integers(1, 6, count)
    load = np.minimum(draw.integers(0, 4, count), capacity).tolist()
    statuses = draw.choice(("active", "on a break"), count, p=(0.9, 0.1)).tolist()
    days = [ON - timedelta(days=ago) for ago in range(400)]
    matched = draw.integers(0, 400, count).tolist()
    topics = [marked for marked, _ in _topics(draw, MORE_LIVED, count)]
    lists: dict[str, list[Any]] = {
        "topics": _picked(draw, topics, count),
        "not_now": _picked(draw, _limits(draw), count),
        **_scales(draw, count),
        **_ways_to_meet(draw, count),
        "gender": _of_single_options("gender", draw.choice(4, count, p=GENDERS)),
    }
    return [
        Offer(
            id=f"s{number:07d}",
            answers=answers,
            time_zone=ZONE,
            status=statuses[number],
            capacity=room,
            load=load[number],
            last_matched=days[matched[number]],
        )
        for number, (answers, room) in enumerate(zip(_each(lists, count), capacity.tolist(), strict=True))
    ]


def needs(count: int, seed: int = 2) -> list[Need]:
    """Draw requests: a quarter of the marked topics starred, four scales in ten left out."""
    draw = np.random.default_rng(seed)
    marked = _picked(draw, _topics(draw, 1.0, count), count)
    said = draw.random(count)
    at_ease = [_AT_EASE[0 if one < ONLY_WOMEN else 1 if one < ONLY_WOMEN + ONLY_MEN else 2] for one in said.tolist()]
    lists: dict[str, list[Any]] = {
        "topics": [topics for topics, _ in marked],
        **_scales(draw, count, SCALE_MATTERS),
        **_ways_to_meet(draw, count),
        "gender": at_ease,
    }
    return [
        Need(id=f"r{number:07d}", answers=answers, stars=stars, time_zone=ZONE, safe_hours=ALWAYS)
        for number, (answers, (_, stars)) in enumerate(zip(_each(lists, count), marked, strict=True))
    ]


_AT_EASE = (frozenset({"woman"}), frozenset({"man"}), frozenset({"woman", "man", "non_binary", "another"}))


def _each(lists: dict[str, list[Any]], count: int) -> list[dict[str, Any]]:
    """Turn lists of answers by question into one mapping for each person; None was not answered."""
    people: list[dict[str, Any]] = [{} for _ in range(count)]
    for question, answers in lists.items():
        for person, answer in zip(people, answers, strict=True):
            if answer is not None:
                person[question] = answer
    return people


def _picked(draw: Draw, pool: Sequence[Any], count: int) -> list[Any]:
    return [pool[place] for place in draw.integers(0, len(pool), count).tolist()]


def _pool_for(most: int, count: int) -> int:
    """Return how many different answers so many people share: few people draw from few."""
    return min(most, 4 * count)


def _of_single_options(question: str, places: NDArray[np.int64]) -> list[frozenset[str]]:
    alone = [frozenset({option}) for option in questions().by_id[question].option_ids]
    return [alone[place] for place in places.tolist()]


def _topics(draw: Draw, openness: float, count: int) -> list[Marked]:
    """Draw a pool of marked topics with the stars among them, for so many people, some at a time."""
    pool = _pool_for(TOPIC_POOL, count)
    starts = range(0, pool, AT_ONCE)
    return [one for start in starts for one in _some_topics(draw, openness, min(AT_ONCE, pool - start))]


def _some_topics(draw: Draw, openness: float, many: int) -> Iterator[Marked]:
    ids = np.array(questions().by_id["topics"].option_ids)
    by_theme, popular = _rates(), _falling(THEMES, 0.6)
    rates = np.tile(_general_rates(), (many, 1))
    how_many = draw.choice((1, 2, 3), many, p=HOW_MANY_THEMES)
    for number in range(3):
        themes = draw.choice(THEMES, many, p=popular / popular.sum())
        rates += by_theme[themes] * (how_many > number)[:, None]
    marked = draw.random(rates.shape) < 1 - np.exp(-openness * rates)
    marked[marked.sum(axis=1) < 3, :3] = True
    starred = marked & (draw.random(rates.shape) < STARRED)
    for hers, stars in zip(marked, starred, strict=True):
        yield frozenset(ids[hers].tolist()), {"topics": frozenset(ids[stars].tolist())}


def _falling(count: int, power: float) -> Numbers:
    """Return 1 / rank^power."""
    return np.arange(1, count + 1, dtype=np.float64) ** -power


def _general_rates() -> Numbers:
    rates = np.full(ANYONES + THEMES * A_THEME, LEAST)
    rates[:ANYONES] += GENERAL * _falling(ANYONES, 0.5)
    return rates


def _rates() -> Numbers:
    """Return what each theme adds to the rate of each topic: its own ten, and a little of the theme after it."""
    rates = np.zeros((THEMES, ANYONES + THEMES * A_THEME))
    for theme in range(THEMES):
        for of, first, power in ((theme, OWN, 0.45), ((theme + 1) % THEMES, NEXT, 0.5)):
            start = ANYONES + A_THEME * of
            rates[theme, start : start + A_THEME] = first * _falling(A_THEME, power)
    return rates


def _limits(draw: Draw) -> list[frozenset[str] | None]:
    """Draw a pool of what supporters leave out; most leave nothing out and did not answer."""
    ids = np.array(questions().by_id["topics"].option_ids)
    left_out = draw.random((LIMITS_POOL, len(ids))) < LIMITS
    limited = draw.random(LIMITS_POOL) < LIMITED
    return [
        frozenset(ids[hers].tolist()) if limits and hers.any() else None
        for hers, limits in zip(left_out, limited.tolist(), strict=True)
    ]


def _scales(draw: Draw, count: int, answered: float = 1.0) -> dict[str, list[Any]]:
    scales: dict[str, list[Any]] = {}
    for question in questions().with_rule("closeness"):
        steps = _of_single_options(question.id, draw.integers(0, len(question.option_ids), count))
        said = (draw.random(count) < answered).tolist()
        scales[question.id] = [step if one else None for step, one in zip(steps, said, strict=True)]
    return scales


def _ways_to_meet(draw: Draw, count: int) -> dict[str, list[Any]]:
    return {
        "languages": _languages(draw, count),
        "modes": _modes(draw, count),
        "availability": _picked(draw, _hours(draw, count), count),
    }


def _languages(draw: Draw, count: int) -> list[Any]:
    ids = questions().by_id["languages"].option_ids
    shares = _falling(len(ids), LANGUAGE_FALL)
    first, second = (draw.choice(len(ids), count, p=shares / shares.sum()).tolist() for _ in range(2))
    two = (draw.random(count) < SECOND_LANGUAGE).tolist()
    spoken = [[frozenset({one, other}) for other in ids] for one in ids]
    return [spoken[one][other if both else one] for one, other, both in zip(first, second, two, strict=True)]


def _modes(draw: Draw, count: int) -> list[Any]:
    ids = questions().by_id["modes"].option_ids
    numbers = sum((draw.random(count) < chance).astype(np.int64) << place for place, chance in enumerate(MODES))
    every = [frozenset(one for place, one in enumerate(ids) if number >> place & 1) for number in range(2 ** len(ids))]
    return [every[number or 1] for number in np.asarray(numbers).tolist()]


def _hours(draw: Draw, count: int) -> list[frozenset[int]]:
    """Draw a pool of weeks: four to eight blocks of an hour and a half to four hours, evenings favoured."""
    starts = [(day * A_DAY + 2 * hour, (week, end)[day > 4]) for day in range(7) for hour, week, end in STARTS]
    often = np.array([share for _, share in starts])
    return [
        _week(draw, [start for start, _ in starts], often / often.sum()) for _ in range(_pool_for(HOURS_POOL, count))
    ]


def _week(draw: Draw, starts: Sequence[int], often: Numbers) -> frozenset[int]:
    blocks = draw.choice(starts, draw.integers(4, 9), p=often)
    begun = blocks + draw.integers(-1, 3, len(blocks))
    return frozenset(
        (start + step) % A_WEEK
        for start, length in zip(begun.tolist(), draw.integers(3, 9, len(blocks)).tolist(), strict=True)
        for step in range(length)
    )
