"""What rounds are to reach, and what was found in this run, a row for each reach and a cell for each question mix.

A cell with a slash says plain / fast, as the reach does.
"""

from collections.abc import Callable, Iterator

from benchmarks.measuring import NOT_MEASURED, Row
from benchmarks.mixes import NAMES
from benchmarks.outcomes import Outcome, Outcomes
from benchmarks.tasks import Size

OTHERS = ("greedy", "stable", "mentor-match")
Told = Callable[[Outcomes, str], str]


def reached(found: Outcomes) -> Iterator[Row]:
    """Give a row for each reach."""
    for words, asked, told in REACHES:
        yield [words, asked, *(_unless_missing(told, found, name) for name in NAMES)]


def _unless_missing(told: Told, found: Outcomes, name: str) -> str:
    try:
        return told(found, name)
    except KeyError:
        return NOT_MEASURED


def _both(size: str, objective: str, told: Callable[[Outcome], str]) -> Told:
    """Tell something of the engine's outcome, plain / fast."""

    def cell(found: Outcomes, name: str) -> str:
        plain, fast = (found.at(name, Size.read(size), objective, way) for way in ("plain", "fast"))
        return f"{told(plain)} / {told(fast)}"

    return cell


def _fast(size: str, told: Callable[[Outcome], str]) -> Told:
    return lambda found, name: told(found.at(name, Size.read(size), "total", "fast"))


def _times(size: str, other: str, measure: Callable[[Outcome], float], ours: Callable[[Outcome], float]) -> Told:
    """Tell how many times ours another way takes of something, plain / fast; plain is left out where it did not go."""

    def cell(found: Outcomes, name: str) -> str:
        theirs = measure(found.at(name, Size.read(size), "total", other))
        fast = theirs / ours(found.at(name, Size.read(size), "total", "fast"))
        plain = found.of(name, Size.read(size), "total", "plain")
        return f"{theirs / ours(plain):.1f} / {fast:.1f}" if plain else f"{fast:.1f}"

    return cell


def _beside_others(found: Outcomes, name: str) -> str:
    """Tell how many more the fair round matches, and how many more points it and the best total have."""
    size = Size.read("500x400")
    fair, total = (found.at(name, size, objective, "fast").found for objective in ("fair", "total"))
    told = []
    for way in OTHERS:
        other = found.at(name, size, "total", way).found
        more = (f"{ours['total'] / other['total'] - 1:+.1%}" for ours in (fair, total))
        told.append(f"{way} {fair['matched'] - other['matched']:+} and {', '.join(more)}")
    return "; ".join(told)


def _larger(found: Outcomes, name: str) -> str:
    larger, smaller = (found.at(name, Size(n, n, True), "total", "fast") for n in (100_000, 10_000))
    return f"{larger.whole / smaller.whole:.0f}, gap {larger.found['gap']}, {larger.found['peak']:,} MB"


def _fairness(found: Outcomes, name: str) -> str:
    """Tell of the largest size that was solved both ways: time, worst twentieth and points, fair / total."""
    fair = found.largest(name, "fair", "fast")
    total = found.at(name, fair.size, "total", "fast")
    worst, points = (fair.found[of] / total.found[of] - 1 for of in ("worst", "total"))
    return f"{fair.whole / total.whole:.2f}, {worst:+.1%}, {points:+.2%} ({fair.size})"


def _solve(one: Outcome) -> float:
    return float(one.found["solve"])


def _whole(one: Outcome) -> float:
    return one.whole


def _peak(one: Outcome) -> float:
    return float(one.found["peak"])


REACHES: tuple[tuple[str, str, Told], ...] = (
    ("a fair round of 500 x 400, s", "under 0.3", _both("500x400", "fair", lambda one: f"{one.whole:.2f}")),
    ("more matched by fair than by each, and more points of fair and total", "more than each", _beside_others),
    ("10,000 x 10,000, scipy's solve / ours", "1.5 / 15", _times("10000x10000:1", "scipy", _solve, _solve)),
    ("10,000 x 10,000, scipy's solve / whole", "1.5 / 15", _times("10000x10000:1", "scipy", _solve, _whole)),
    ("10,000 x 10,000, scipy's memory / ours", "5", _times("10000x10000:1", "scipy", _peak, _peak)),
    ("20,000 x 20,000, scipy's solve / ours", "- / 30", _times("20000x20000:1", "scipy", _solve, _solve)),
    ("20,000 x 20,000, scipy's solve / whole", "- / 30", _times("20000x20000:1", "scipy", _solve, _whole)),
    ("20,000 x 20,000, lapx's solve / ours", "- / 8", _times("20000x20000:1", "lapx", _solve, _solve)),
    ("20,000 x 20,000, lapx's solve / whole", "- / 8", _times("20000x20000:1", "lapx", _solve, _whole)),
    ("100,000 x 100,000, times the 10,000 x 10,000", "60, gap 0, 2,000 MB", _larger),
    (
        "20,000 x 15,000, whole / one change",
        "1,000",
        _fast("20000x15000", lambda one: f"{one.whole / max(one.found['change'], 1e-7):,.0f}"),
    ),
    (
        "20,000 x 15,000, proved again / whole",
        "0.15",
        _fast("20000x15000", lambda one: f"{one.found['again'] / one.whole:.2f}"),
    ),
    ("fair beside total: time, worst twentieth, points", "2, +1.5 %, -0.5 %", _fairness),
)
