"""Small charts as SVG text, with nothing but shapes and words in them: lines over weeks or sizes, bars side by side."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, log10
from xml.sax.saxutils import escape

PAPER, CARD, INK, QUIET, LINE = "#fbf7f1", "#fffdfa", "#2a2530", "#5f5766", "#d9cfc4"
COLOURS = ("#1d5b52", "#c9853f", "#8b6f9c", "#4f8f80", "#e5b878", "#9cc3b3")
DASHES = ("", "7 4", "2 4", "11 4 2 4", "4 2", "6 2 2 2")
"""So that lines can be told apart without colours, too."""
LEFT, TOP, RIGHT, BOTTOM = 58, 62, 32, 58
"""What a panel keeps around its chart for words, in pixels."""
LABELS_FIT = 9
LEGEND_ROW = 24
BARS_SHARE = 0.78
A_DIGIT, DIGITS = 6.6, 10
"""How wide a digit is above a bar, and its size."""
ROUND_TOPS = (10, 12, 16, 20, 24, 32, 40, 60, 80)


@dataclass(frozen=True)
class Panel:
    """One chart: where it stands, its words, what stands below it, and the largest value of its upright axis.

    With `least`, a power of ten, the upright axis goes up to `most` in powers of ten. `places` are the shares of the
    width at which the labels of lines stand, where they are not evenly apart.
    """

    left: float
    top: float
    width: float
    height: float
    title: str
    across: str
    labels: Sequence[str]
    most: float
    percent: bool = False
    least: float = 0
    places: Sequence[float] = ()

    @property
    def inner_width(self) -> float:
        """Return the width of the chart itself."""
        return self.width - LEFT - RIGHT

    def x(self, share: float) -> float:
        """Return where a share of the width stands."""
        return self.left + LEFT + share * self.inner_width

    def y(self, value: float) -> float:
        """Return where a value stands."""
        foot = self.top + self.height - BOTTOM
        share = log10(value / self.least) / log10(self.most / self.least) if self.least else value / self.most
        return foot - share * (self.height - TOP - BOTTOM)

    def place(self, number: int) -> float:
        """Return the share of the width at which a label of lines stands."""
        return self.places[number] if self.places else number / max(1, len(self.labels) - 1)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Give the values that the upright axis names, and how: five from nothing up, or each power of ten."""
        if self.least:
            decades = round(log10(self.most / self.least))
            yield from ((value, f"{value:,.9g}") for value in (self.least * 10**power for power in range(decades + 1)))
            return
        for value in (self.most * quarter / 4 for quarter in range(5)):
            yield value, f"{100 * value:.0f} %" if self.percent else f"{value:g}"


def nice_top(most: float) -> float:
    """Return a number at or above that parts well into four, for the upright axis.

    >>> nice_top(0), nice_top(7), nice_top(9), nice_top(23), nice_top(55), nice_top(140)
    (4, 8, 12, 24, 60, 160)
    """
    size = 1
    while True:
        for step in ROUND_TOPS:
            if step * size % 40 == 0 and step * size >= 10 * most:
                return step * size // 10
        size *= 10


def document(width: int, height: int, title: str, described: str, parts: Iterable[str]) -> str:
    """Write a whole picture that needs nothing from elsewhere."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-labelledby="title described" font-family="Figtree, system-ui, sans-serif">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="described">{escape(described)}</desc>',
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
        *parts,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def text(x: float, y: float, said: str, size: int = 13, colour: str = INK, anchor: str = "start", bold: int = 0) -> str:
    """Write words; `anchor` is start, middle or end."""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}"{weight}>'
        f"{escape(said)}</text>"
    )


def legend(left: float, top: float, names: Sequence[str], width: float) -> Iterator[str]:
    """Name the colours, in as many rows as are needed."""
    for number, (name, (x, row)) in enumerate(zip(names, _legend_places(names, width), strict=True)):
        y = top + row * LEGEND_ROW
        yield f'<path d="M{left + x:.1f} {y - 5:.1f}h28" {_stroke(number, 4)}/>'
        yield text(left + x + 36, y, name, 14)


def legend_height(names: Sequence[str], width: float) -> int:
    """Return how high the legend is."""
    return LEGEND_ROW * (1 + max(row for _, row in _legend_places(names, width)))


def _legend_places(names: Sequence[str], width: float) -> list[tuple[float, int]]:
    places, x, row = [], 0.0, 0
    for name in names:
        needs = 64 + 7.6 * len(name)
        if x and x + needs > width:
            x, row = 0.0, row + 1
        places.append((x, row))
        x += needs
    return places


def lines(panel: Panel, series: Sequence[Sequence[float | None]]) -> Iterator[str]:
    """Draw one line for each series over the labels; where a value is None there is a gap."""
    yield from _frame(panel)
    yield from _labels(panel, edges=True)
    for number, values in reversed(list(enumerate(series))):
        parts, pen = [], "M"
        for place, value in enumerate(values):
            if value is not None:
                parts.append(f"{pen}{panel.x(panel.place(place)):.1f} {panel.y(value):.1f}")
            pen = "M" if value is None else "L"
        if parts:
            yield f'<path d="{"".join(parts)}" fill="none" {_stroke(number, 2.5)}/>'


def bars(panel: Panel, series: Sequence[Sequence[float]]) -> Iterator[str]:
    """Draw the series side by side over each label, the values above the bars where there is room for all."""
    yield from _frame(panel)
    yield from _labels(panel, edges=False)
    group = 1 / max(1, len(panel.labels))
    wide = group * BARS_SHARE / len(series)
    longest = max((len(f"{value:g}") for values in series for value in values), default=0)
    has_room = longest * A_DIGIT <= wide * panel.inner_width
    for number, values in enumerate(series):
        for place, value in enumerate(values):
            left = place * group + group * (1 - BARS_SHARE) / 2 + number * wide
            if value:
                yield _bar(panel, left, wide * panel.inner_width, value, number)
            if value and has_room:
                middle = panel.x(left + wide / 2) - 0.75
                yield text(middle, panel.y(value) - 4, f"{value:g}", DIGITS, QUIET, "middle")


def _bar(panel: Panel, share: float, wide: float, value: float, number: int) -> str:
    size = f'width="{max(1, wide - 1.5):.1f}" height="{panel.y(0) - panel.y(value):.1f}"'
    return f'<rect x="{panel.x(share):.1f}" y="{panel.y(value):.1f}" {size} {_fill(number)}/>'


def _frame(panel: Panel) -> Iterator[str]:
    yield (
        f'<rect x="{panel.left:.1f}" y="{panel.top:.1f}" width="{panel.width:.1f}" height="{panel.height:.1f}" rx="12" '
        f'fill="{CARD}" stroke="{LINE}"/>'
    )
    yield text(panel.left + 18, panel.top + 30, panel.title, 16, bold=1)
    for value, said in panel.ticks():
        y = panel.y(value)
        colour = QUIET if value == panel.least else LINE
        yield f'<path d="M{panel.x(0):.1f} {y:.1f}h{panel.inner_width:.1f}" stroke="{colour}"/>'
        yield text(panel.x(0) - 8, y + 4, said, 12, QUIET, "end")
    yield text(panel.x(0.5), panel.top + panel.height - 14, panel.across, 12, QUIET, "middle")


def _labels(panel: Panel, edges: bool) -> Iterator[str]:
    """Write what stands below, as many as fit; `edges` puts first and last at the edges, as for lines."""
    count = len(panel.labels)
    every = ceil(count / LABELS_FIT) if edges else 1
    for place in range(0, count, max(1, every)):
        share = panel.place(place) if edges else (place + 0.5) / count
        yield text(panel.x(share), panel.y(panel.least) + 18, panel.labels[place], 12, QUIET, "middle")


def _stroke(number: int, width: float) -> str:
    dash = DASHES[(number + number // len(COLOURS)) % len(DASHES)]
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'stroke="{COLOURS[number % len(COLOURS)]}" stroke-width="{width}" stroke-linejoin="round"{dashed}'


def _fill(number: int) -> str:
    return f'fill="{COLOURS[number % len(COLOURS)]}"'
