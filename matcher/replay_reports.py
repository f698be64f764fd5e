"""Replays for programs: one JSON document or CSV. Tables for people: replay_tables.py; a picture: replay_plots.py."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from matcher import __version__
from matcher.chances import Chances
from matcher.policies import Policy
from matcher.replay import Course, Outcome
from matcher.replay_figures import Figures, Spread, Week, figures, scores_by_class, spreads, waits_by_class, weeks
from matcher.reports import as_csv, as_json, points
from matcher.streams import Stream


@dataclass(frozen=True)
class Compared:
    """One policy, replayed: the course under the first seed, its figures, and their spread over all seeds."""

    course: Course
    figures: Figures
    weeks: Sequence[Week]
    waits: Mapping[str, int]
    scores: Mapping[str, int]
    spread: Mapping[str, Spread | None]

    @property
    def policy(self) -> Policy:
        """Return the policy."""
        return self.course.policy


@dataclass(frozen=True)
class Replayed:
    """Everything that a replay says: the stream, what was drawn, and each policy side by side."""

    stream: Stream
    chances: Chances
    runs: int
    fit: str
    questionnaire: Mapping[str, Any]
    weights: Mapping[str, Any]
    compared: Sequence[Compared]


def as_compared(courses: Sequence[Course], last: date | None) -> Compared:
    """Read the courses of one policy, one for each seed."""
    course = courses[0]
    runs = [figures(one, last) for one in courses]
    return Compared(course, runs[0], weeks(course), waits_by_class(course), scores_by_class(course), spreads(runs))


def replay_as_json(replayed: Replayed) -> str:
    """Write the stable JSON document."""
    return as_json(
        {
            "engine": __version__,
            "on": _day(replayed.stream.last),
            "questionnaire": replayed.questionnaire,
            "weights": replayed.weights,
            "fit": replayed.fit,
            "from": _day(replayed.stream.first),
            "until": _day(replayed.stream.last),
            "supporters": len(replayed.stream.supporters),
            "seed": replayed.chances.seed,
            "runs": replayed.runs,
            "decline_rate": replayed.chances.decline,
            "expire_rate": replayed.chances.expire,
            "policies": [_policy_document(one) for one in replayed.compared],
        }
    )


def _policy_document(one: Compared) -> dict[str, Any]:
    policy = one.policy
    patience = policy.patience
    return {
        "policy": policy.text,
        "pace": policy.pace,
        "objective": policy.objective,
        "floor": points(policy.floor),
        "weights": {"version": policy.weights.version, "hash": policy.weights.hash},
        "patience": {"least": patience.least, "most": patience.most} if patience else None,
        "lasts": policy.lasts,
        "figures": one.figures,
        "spread": {name: _spread_document(spread) for name, spread in one.spread.items()},
        "weeks": [{**asdict(week), "first": week.first.isoformat()} for week in one.weeks],
        "waits": one.waits,
        "scores": one.scores,
        "requests": [_request_document(outcome) for outcome in one.course.outcomes],
    }


def _spread_document(spread: Spread | None) -> dict[str, float] | None:
    return {"mean": spread.mean, "min": spread.least, "max": spread.most} if spread else None


def _request_document(outcome: Outcome) -> dict[str, Any]:
    accepted = outcome.accepted
    return {
        "need": outcome.need,
        "arrived": outcome.arrived.isoformat(),
        "state": outcome.state,
        "ended": _day(outcome.ended),
        "offer": accepted.offer if accepted else None,
        "score": points(accepted.grains) if accepted else None,
        "offers": [
            {"day": one.day.isoformat(), "offer": one.offer, "score": points(one.grains), "answer": one.answer}
            for one in outcome.offers
        ],
    }


def replay_as_csv(replayed: Replayed) -> str:
    """Write a row for each figure of each policy, then for each week's, each class of waits and of scores."""
    rows: list[Sequence[Any]] = [["policy", "about", "of", "value", "mean", "min", "max"]]
    for one in replayed.compared:
        rows += [_figure_row(one, name) for name in one.figures]
        for week in one.weeks:
            counted = {name: value for name, value in asdict(week).items() if name != "first"}
            rows += [_row(one, name, week.first.isoformat(), value) for name, value in counted.items()]
        rows += [_row(one, "waits", name, count) for name, count in one.waits.items()]
        rows += [_row(one, "scores", name, count) for name, count in one.scores.items()]
    return as_csv(rows)


def _figure_row(one: Compared, name: str) -> Sequence[Any]:
    spread = one.spread[name]
    over = [spread.mean, spread.least, spread.most] if spread else ["", "", ""]
    return [one.policy.text, "figures", name, _cell(one.figures[name]), *over]


def _row(one: Compared, about: str, of: str, value: float | None) -> Sequence[Any]:
    return [one.policy.text, about, of, _cell(value), "", "", ""]


def _cell(value: float | None) -> Any:
    return "" if value is None else value


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
