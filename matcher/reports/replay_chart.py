"""A replay as one picture: four charts of the numbers that the table holds, in an SVG file that needs nothing else."""

from collections.abc import Sequence
from itertools import dropwhile

from matcher.reports.replays import Replayed
from matcher.reports.svg import QUIET, Panel, bars, document, legend, legend_height, lines, nice_top, text

WIDTH, MARGIN, GAP = 1180, 28, 20
PANEL_WIDTH, PANEL_HEIGHT = (WIDTH - 2 * MARGIN - GAP) / 2, 320
DESCRIBED = (
    "Four charts, a colour for each policy: women waiting at the end of each week; how long those introduced had "
    "waited; the scores of the introductions; the share of places in use at the end of each week."
)


def replay_as_svg(replayed: Replayed) -> str:
    """Draw a replay; every number in it stands in the table, too."""
    names = [one.policy.text for one in replayed.compared]
    stream = replayed.stream
    title = f"{len(stream.requests)} requests, {len(stream.supporters)} supporters"
    span = f"{stream.first} to {stream.last}" if stream.first else "no day"
    top = 84 + legend_height(names, WIDTH - 2 * MARGIN)
    lower = top + PANEL_HEIGHT + GAP
    parts = [
        text(MARGIN, 44, f"Replay: {title}", 22, bold=1),
        text(WIDTH - MARGIN, 44, f"{span} · seed {replayed.chances.seed}", 14, QUIET, "end"),
        *legend(MARGIN, 78, names, WIDTH - 2 * MARGIN),
        *_waiting(replayed, MARGIN, top),
        *_waits(replayed, MARGIN + PANEL_WIDTH + GAP, top),
        *_scores(replayed, MARGIN, lower),
        *_in_use(replayed, MARGIN + PANEL_WIDTH + GAP, lower),
    ]
    return document(WIDTH, int(lower + PANEL_HEIGHT + MARGIN), f"Replay of {title}", DESCRIBED, parts)


def _panel(
    left: float, top: float, title: str, across: str, labels: Sequence[str], most: float, percent: bool = False
) -> Panel:
    return Panel(left, top, PANEL_WIDTH, PANEL_HEIGHT, title, across, labels, most, percent)


def _days(replayed: Replayed) -> list[str]:
    return [f"{week.first.day} {week.first:%b}" for week in replayed.compared[0].weeks]


def _waiting(replayed: Replayed, left: float, top: float) -> list[str]:
    series = [[week.waiting for week in one.weeks] for one in replayed.compared]
    most = nice_top(max((value for values in series for value in values), default=0))
    title = "Women waiting at the end of each week"
    return list(lines(_panel(left, top, title, "week from", _days(replayed), most), series))


def _waits(replayed: Replayed, left: float, top: float) -> list[str]:
    labels = list(replayed.compared[0].waits)
    series = [list(one.waits.values()) for one in replayed.compared]
    most = nice_top(max(value for values in series for value in values))
    title = "Days from request to introduction: how many women"
    return list(bars(_panel(left, top, title, "days; nobody: not introduced", labels, most), series))


def _scores(replayed: Replayed, left: float, top: float) -> list[str]:
    counts = [one.scores for one in replayed.compared]
    labels = list(dropwhile(lambda name: not any(one[name] for one in counts), counts[0]))
    series = [[one[name] for name in labels] for one in counts]
    most = nice_top(max((value for values in series for value in values), default=0))
    title = "Fit of the introductions: how many"
    return list(bars(_panel(left, top, title, "points", labels, most), series))


def _in_use(replayed: Replayed, left: float, top: float) -> list[str]:
    series = [[week.in_use for week in one.weeks] for one in replayed.compared]
    title = "Places in use at the end of each week"
    return list(lines(_panel(left, top, title, "week from", _days(replayed), 1, percent=True), series))
