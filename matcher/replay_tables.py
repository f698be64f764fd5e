"""Replays for people: every policy side by side, then week by week, then how waits and scores are spread."""

from collections.abc import Callable, Mapping, Sequence

from matcher import __version__
from matcher.policies import DAYS_A_WEEK, Patience, Policy
from matcher.replay_figures import NOBODY, Figure
from matcher.replay_reports import Compared, Replayed
from matcher.reports import points
from matcher.tables import aligned

Say = Callable[[float], str]
"""How a figure is written."""


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
    return [f"{title}{span}.", f"Assumed: {drawn}; {seeds}.", *(_terms(one.policy) for one in replayed.compared)]


def _terms(policy: Policy) -> str:
    looks = {"on-arrival": "whoever is free, at once", "daily": "a round each day", "weekly": "a round each week"}
    aim = "" if policy.pace == "on-arrival" else f", objective {policy.objective}"
    floor = f", no pair below {points(policy.floor):g} points" if policy.floor else ""
    return (
        f"{policy.text}: {looks[policy.pace]}{aim}{floor}; introductions last {policy.lasts // DAYS_A_WEEK} weeks; "
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
            rows.append([f"  {said}", *(_cell(one, name, say, replayed.runs) for one in replayed.compared)])
    return aligned(rows, left=1)


def _cell(one: Compared, name: str, say: Say, runs: int) -> str:
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
