"""Metrics of a replay, from its result alone: figures by name, weeks, and histograms of waits and scores."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from statistics import mean, median

from matcher.grains import GRAINS_A_POINT
from matcher.replay.policies import DAYS_A_WEEK
from matcher.replay.simulation import Day, Offered, ReplayResult

Figure = int | float | None
Figures = Mapping[str, Figure]
WAITS = (("0", 0), ("1-7", 7), ("8-14", 14), ("15-28", 28), ("29-56", 56), ("57-84", 84), ("85+", None))
"""The bins of the histogram of waits: each name with its last day."""
NOBODY = "nobody"
"""The bin of those who were not introduced."""
POINTS_A_CLASS = 10


@dataclass(frozen=True)
class Week:
    """What happened in one week of the replay, and how its last day ended; `in_use` is a share from 0 to 1."""

    first: date
    arrived: int
    introduced: int
    left: int
    offers: int
    declined: int
    expired: int
    waiting: int
    in_use: float | None


@dataclass(frozen=True)
class Spread:
    """One figure over several seeds: its mean, and its range."""

    mean: float
    least: float
    most: float


def figures(result: ReplayResult, last: date | None) -> Figures:
    """Return every figure by name, None where it is not defined. Waits are days, scores points, shares 0 to 1.

    `last` is the last day of the replay, up to which those who still wait have waited.
    """
    return {
        **_counts(result),
        **_of_days("first_offer", [(one.offers[0].day - one.arrived).days for one in result.outcomes if one.offers]),
        **_of_days("introduction", waits(result)),
        **_of_days("waited", [((one.ended or last or one.arrived) - one.arrived).days for one in result.outcomes]),
        **_of_points(scores(result)),
        **_of_load(result),
    }


def waits(result: ReplayResult) -> list[int]:
    """Return the days from request to introduction of everyone who was introduced."""
    return [(one.accepted.day - one.arrived).days for one in result.outcomes if one.accepted]


def scores(result: ReplayResult) -> list[int]:
    """Return the grains of every introduction."""
    return [one.accepted.grains for one in result.outcomes if one.accepted]


def _counts(result: ReplayResult) -> Figures:
    states = Counter(one.state for one in result.outcomes)
    answers = Counter(offered.answer for offered in _offers(result))
    return {
        "requests": len(result.outcomes),
        "introduced": states["introduced"],
        "left": states["left"],
        "waiting": states["waiting"],
        "offers": answers.total(),
        "declined": answers["declined"],
        "expired": answers["expired"],
    }


def _offers(result: ReplayResult) -> Iterable[Offered]:
    return (offered for one in result.outcomes for offered in one.offers)


def _of_days(name: str, days: Sequence[int]) -> Figures:
    return {
        f"{name}_mean": round(mean(days), 2) if days else None,
        f"{name}_median": median(days) if days else None,
        f"{name}_90": rank_of(days, 90),
        f"{name}_worst": max(days, default=None),
    }


def rank_of(values: Sequence[int], percent: int) -> int | None:
    """Return a percentile by nearest rank: the least value that `percent` % of them do not exceed; None of none.

    >>> rank_of([5, 1, 4, 2, 3, 6, 7, 8, 9, 10], 90)
    9
    >>> rank_of(range(101), 90)
    90
    """
    return sorted(values)[max(0, ceil(len(values) * percent / 100) - 1)] if values else None


def _of_points(grains: Sequence[int]) -> Figures:
    named: Mapping[str, Callable[[Sequence[int]], float | None]] = {
        "fit_mean": mean,
        "fit_median": median,
        "fit_worst_twentieth": lambda values: rank_of(values, 5),
        "fit_worst": min,
    }
    return {name: round((of(grains) or 0) / GRAINS_A_POINT, 5) if grains else None for name, of in named.items()}


def _of_load(result: ReplayResult) -> Figures:
    shares = [share for share in map(share_in_use, result.days) if share is not None]
    introductions = _introductions(result)
    return {
        "in_use_mean": round(mean(shares), 4) if shares else None,
        "in_use_most": round(max(shares), 4) if shares else None,
        "busiest": max(introductions, default=None),
        "idle": sum(count == 0 for count in introductions) if introductions else None,
        "fairness": _fairness(result.days),
    }


def _introductions(result: ReplayResult) -> list[int]:
    """Count the introductions of every supporter, also of those who had none."""
    counts = Counter(one.accepted.offer for one in result.outcomes if one.accepted)
    return [counts[supporter] for supporter in result.supporters]


def share_in_use(day: Day) -> float | None:
    """Return which share of the places was in use at the end of a day; None where there was no place."""
    places = sum(day.places.values())
    return sum(day.in_use.values()) / places if places else None


def _fairness(days: Iterable[Day]) -> float | None:
    """Return Jain's fairness index of the shares of places in use: 1 all alike, 1/n one of n alone; None if none is.

    After Jain, Chiu and Hawe, A quantitative measure of fairness and discrimination, DEC research report TR-301, 1984.
    """
    in_use, places = Counter[str](), Counter[str]()
    for day in days:
        in_use.update(day.in_use)
        places.update(day.places)
    shares = [in_use[one] / places[one] for one in sorted(places) if places[one]]
    squares = sum(share * share for share in shares)
    return round(sum(shares) ** 2 / (len(shares) * squares), 4) if squares else None


# Weeks and classes


def weeks(result: ReplayResult) -> list[Week]:
    """Return the weeks, the first beginning on the first day; the last may be shorter."""
    return [
        _week(result, list(result.days[start : start + DAYS_A_WEEK]))
        for start in range(0, len(result.days), DAYS_A_WEEK)
    ]


def _week(result: ReplayResult, days: Sequence[Day]) -> Week:
    first, last = days[0], days[-1]

    def within(day: date | None) -> bool:
        return day is not None and first.day <= day <= last.day

    answers = Counter(offered.answer for offered in _offers(result) if within(offered.day))
    ended = Counter(one.state for one in result.outcomes if within(one.ended))
    share = share_in_use(last)
    return Week(
        first.day,
        sum(within(one.arrived) for one in result.outcomes),
        ended["introduced"],
        ended["left"],
        answers.total(),
        answers["declined"],
        answers["expired"],
        last.waiting,
        None if share is None else round(share, 4),
    )


def waits_by_class(result: ReplayResult) -> dict[str, int]:
    """Count requests by the days until the introduction; those without one stand last, as "nobody"."""
    counts = dict.fromkeys((name for name, _ in WAITS), 0)
    for days in waits(result):
        counts[next(name for name, last in WAITS if last is None or days <= last)] += 1
    return {**counts, NOBODY: len(result.outcomes) - sum(counts.values())}


def scores_by_class(result: ReplayResult) -> dict[str, int]:
    """Count introductions by tens of points; 100 belongs to the last ten."""
    counts = {f"{low}-{low + POINTS_A_CLASS}": 0 for low in range(0, 100, POINTS_A_CLASS)}
    names = list(counts)
    for grains in scores(result):
        counts[names[min(len(names) - 1, grains // (POINTS_A_CLASS * GRAINS_A_POINT))]] += 1
    return counts


# Several seeds


def spreads(runs: Sequence[Figures]) -> dict[str, Spread | None]:
    """Return the spread of each figure over the runs that have it; None where none has."""
    return {name: _spread([value for run in runs if (value := run[name]) is not None]) for name in runs[0]}


def _spread(values: Sequence[float]) -> Spread | None:
    return Spread(round(mean(values), 5), min(values), max(values)) if values else None
