"""Replays: one JSON document or CSV for programs, tables for people. A picture: replay_chart.py."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from matcher._version import __version__
from matcher.grains import points
from matcher.replay.draws import Chances
from matcher.replay.metrics import (
    NOBODY,
    Figure,
    Figures,
    Spread,
    Week,
    figures,
    scores_by_class,
    spreads,
    waits_by_class,
    weeks,
)
from matcher.replay.policies import DAYS_A_WEEK, Patience, Policy
from matcher.replay.simulation import Outcome, ReplayResult
from matcher.replay.streams import Stream
from matcher.reports.formats import as_csv, as_json
from matcher.reports.text_tables import aligned

Say = Callable[[float], str]
"""How a figure is written."""


@dataclass(frozen=True)
class Compared:
    """One policy, replayed: the result under the first seed, its figures, and their spread over all seeds."""

    result: ReplayResult
    figures: Figures
    weeks: Sequence[Week]
    waits: Mapping[str, int]
    scores: Mapping[str, int]
    spread: Mapping[str, Spread | None]

    @property
    def policy(self) -> Policy:
        """Return the policy."""
        return self.result.policy


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


def as_compared(results: Sequence[ReplayResult], last: date | None) -> Compared:
    """Read the results of one policy, one for each seed."""
    result = results[0]
    runs = [figures(one, last) for one in results]
    return Compared(result, runs[0], weeks(result), waits_by_class(result), scores_by_class(result), spreads(runs))


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
        "requests": [_request_document(outcome) for outcome in one.result.outcomes],
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


def _number(value: float) -> str:
    return f"{value:g}" if value == int(value) else f"{value:.1f}"


def _points(value: float) -> str:
    return f"{value:.2f}"


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def _two(value: float) -> str:
    return f"{value:.2f}"


_OF_DAYS = (("mean", "mean"), ("median", "median"), ("nine of ten within", "90"), ("worst", "worst"))


SECTIONS: Mapping[str, tuple[tuple[str, str, Say], ...]] = {
    "Requests": (
        ("arrived", "requests", _number),
        ("introduced", "introduced", _number),
        ("left without anyone", "left", _number),
        ("still waiting at the end", "waiting", _number),
    ),
    "Days to the first offer": tuple((said, f"first_offer_{name}", _number) for said, name in _OF_DAYS),
    "Days to the introduction": tuple((said, f"introduction_{name}", _number) for said, name in _OF_DAYS),
    "Days waited, by everyone": tuple((said, f"waited_{name}", _number) for said, name in _OF_DAYS),
    "Points of the introduced": (
        ("mean", "fit_mean", _points),
        ("median", "fit_median", _points),
        ("worst twentieth", "fit_worst_twentieth", _points),
        ("worst", "fit_worst", _points),
    ),
    "Offers": (
        ("made", "offers", _number),
        ("declined", "declined", _number),
        ("not answered", "expired", _number),
    ),
    "Supporters": (
        ("places in use, mean", "in_use_mean", _percent),
        ("places in use, most", "in_use_most", _percent),
        ("introductions of the busiest", "busiest", _number),
        ("with no introduction", "idle", _number),
        ("evenness of load (1: all alike)", "fairness", _two),
    ),
}
"""The lines of the table: what is said, which figure, and how it is written."""


LIMITS = (
    "A replay knows only the women who came, and only those answers that are drawn. It compares ways of working;",
    "it foretells no day and no woman. docs/how-matching-works.md says what it can and cannot tell.",
)


def replay_as_table(replayed: Replayed) -> str:
    """Write a replay for people."""
    blocks = [
        _opening(replayed),
        _side_by_side(replayed),
        _by_week(replayed.compared),
        _by_class("Days to the introduction, how many women", [one.waits for one in replayed.compared], replayed),
        _by_class("Points, how many introductions", [one.scores for one in replayed.compared], replayed),
        list(LIMITS),
        [_footer(replayed)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _opening(replayed: Replayed) -> list[str]:
    stream, chances = replayed.stream, replayed.chances
    title = f"Replay of {len(stream.requests)} requests and {len(stream.supporters)} supporters"
    drawn = f"{_percent(chances.decline)} of the offers are declined, {_percent(chances.expire)} not answered"
    seeds = f"seed {chances.seed}"
    if replayed.runs > 1:
        last = chances.seed + replayed.runs - 1
        seeds = f"seeds {chances.seed} to {last}: mean (least to most), weeks and classes of {seeds}"
    span = f", from {stream.first} to {stream.last}" if stream.first else ""
    return [f"{title}{span}.", f"Assumed: {drawn}; {seeds}.", *(_settings(one.policy) for one in replayed.compared)]


def _settings(policy: Policy) -> str:
    paces = {"on-arrival": "whoever is free, at once", "daily": "a round each day", "weekly": "a round each week"}
    pace = paces.get(policy.pace, f"a round every {policy.every} days")
    aim = "" if policy.pace == "on-arrival" else f", objective {policy.objective}"
    floor = f", no pair below {points(policy.floor):g} points" if policy.floor else ""
    return (
        f"{policy.text}: {pace}{aim}{floor}; introductions last {policy.lasts // DAYS_A_WEEK} weeks; "
        f"{'the same two may meet again; ' if policy.again else ''}"
        f"{_patience(policy.patience)}; weights {policy.weights.version} ({policy.weights.hash})."
    )


def _patience(patience: Patience | None) -> str:
    if patience is None:
        return "nobody loses patience"
    least, most = patience.least // DAYS_A_WEEK, patience.most // DAYS_A_WEEK
    return f"she leaves after {least} weeks" if least == most else f"she leaves after {least} to {most} weeks"


def _header(replayed: Replayed) -> list[str]:
    return [one.policy.text for one in replayed.compared]


def _side_by_side(replayed: Replayed) -> list[str]:
    rows = [["", *_header(replayed)]]
    for section, lines in SECTIONS.items():
        rows.append([section, *[""] * len(replayed.compared)])
        for said, name, say in lines:
            rows.append([f"  {said}", *(_spread_cell(one, name, say, replayed.runs) for one in replayed.compared)])
    return aligned(rows, left=1)


def _spread_cell(one: Compared, name: str, say: Say, runs: int) -> str:
    spread = one.spread[name]
    if runs == 1 or spread is None:
        return _said(one.figures[name], say)
    return f"{say(spread.mean)} ({say(spread.least)} to {say(spread.most)})"


def _said(value: Figure, say: Say) -> str:
    return "-" if value is None else say(value)


def _by_week(compared: Sequence[Compared]) -> list[str]:
    if not compared[0].weeks:
        return []
    titles = [title for one in compared for title in ("introduced", "waiting", "in use")]
    names = [name for one in compared for name in (one.policy.text, "", "")]
    rows = [["", "", *names], ["week from", "arrived", *titles]]
    for number, week in enumerate(compared[0].weeks):
        cells = [cell for one in compared for cell in _of_week(one, number)]
        rows.append([week.first.isoformat(), str(week.arrived), *cells])
    return ["Week by week, and how each week ended:", *aligned(rows, left=1)]


def _of_week(one: Compared, number: int) -> list[str]:
    week = one.weeks[number]
    return [str(week.introduced), str(week.waiting), _said(week.in_use, _percent)]


def _by_class(title: str, counts: Sequence[Mapping[str, int]], replayed: Replayed) -> list[str]:
    names = [name for name in counts[0] if name == NOBODY or any(one[name] for one in counts)]
    rows = [[title, *_header(replayed)], *([f"  {name}", *(str(one[name]) for one in counts)] for name in names)]
    return aligned(rows, left=1) if names else []


def _footer(replayed: Replayed) -> str:
    about, weighed = replayed.questionnaire, replayed.weights
    return (
        f"engine {__version__} · questionnaire {about['id']} version {about['version']} · fit measured by weights "
        f"{weighed['version']} ({weighed['hash']}) · fit {replayed.fit}"
    )
