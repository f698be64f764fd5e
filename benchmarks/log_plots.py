"""Growth as a picture: panels side by side with both axes in powers of ten, a line with its points for each series."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from matcher.reports.svg import (
    BOTTOM,
    CARD,
    COLOURS,
    DASHES,
    LEFT,
    LINE,
    QUIET,
    RIGHT,
    TOP,
    document,
    legend,
    legend_height,
    text,
)

WIDTH, MARGIN, GAP, HEIGHT = 1180, 28, 20, 400
HEADED = 84
DOT = 4
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Growth:
    """One panel: its words, and the points of each series by name, size first."""

    title: str
    across: str
    series: Mapping[str, Points]


@dataclass(frozen=True)
class Decades:
    """One axis, from a power of ten to a power of ten, laid between two pixels."""

    lowest: int
    highest: int
    start: float
    end: float

    @classmethod
    def around(cls, values: Sequence[float], start: float, end: float) -> "Decades":
        """Choose the powers of ten that hold all values.

        >>> Decades.around([1_000, 30_000], 0, 100)
        Decades(lowest=3, highest=5, start=0, end=100)
        """
        lowest = floor(log10(min(values)))
        return cls(lowest, max(lowest + 1, ceil(log10(max(values)))), start, end)

    def at(self, value: float) -> float:
        """Return where a value stands."""
        share = (log10(value) - self.lowest) / (self.highest - self.lowest)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Give each power of ten: where it stands, and how it is written."""
        for power in range(self.lowest, self.highest + 1):
            yield self.at(10.0**power), f"{10**power:,}" if power >= 0 else f"{10.0**power:.{-power}f}"


def growth_as_svg(title: str, described: str, panels: Sequence[Growth]) -> str:
    """Draw panels of the same series side by side."""
    names = list(panels[0].series)
    top = HEADED + legend_height(names, WIDTH - 2 * MARGIN)
    wide = (WIDTH - 2 * MARGIN - GAP * (len(panels) - 1)) / len(panels)
    parts = [text(MARGIN, 44, title, 22, bold=1), *legend(MARGIN, 78, names, WIDTH - 2 * MARGIN)]
    for number, panel in enumerate(panels):
        parts += _panel(panel, MARGIN + number * (wide + GAP), top, wide)
    return document(WIDTH, int(top + HEIGHT + MARGIN), title, described, parts)


def _panel(panel: Growth, left: float, top: float, wide: float) -> Iterator[str]:
    points = [point for series in panel.series.values() for point in series]
    across = Decades.around([size for size, _ in points], left + LEFT, left + wide - RIGHT)
    upright = Decades.around([value for _, value in points], top + HEIGHT - BOTTOM, top + TOP)
    yield (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{HEIGHT}" rx="12" fill="{CARD}" '
        f'stroke="{LINE}"/>'
    )
    yield text(left + 18, top + 30, panel.title, 16, bold=1)
    yield text((across.start + across.end) / 2, top + HEIGHT - 14, panel.across, 12, QUIET, "middle")
    yield from _grid(across, upright)
    for number, series in enumerate(panel.series.values()):
        yield from _line(number, [(across.at(size), upright.at(value)) for size, value in series])


def _grid(across: Decades, upright: Decades) -> Iterator[str]:
    for x, said in across.ticks():
        yield f'<path d="M{x:.1f} {upright.start:.1f}V{upright.end:.1f}" stroke="{LINE}"/>'
        yield text(x, upright.start + 18, said, 12, QUIET, "middle")
    for y, said in upright.ticks():
        yield f'<path d="M{across.start:.1f} {y:.1f}H{across.end:.1f}" stroke="{LINE}"/>'
        yield text(across.start - 8, y + 4, said, 12, QUIET, "end")


def _line(number: int, points: Points) -> Iterator[str]:
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2.5" stroke-linejoin="round"{dashed}/>'
    for x, y in points:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{DOT}" fill="{colour}"/>'
