"""Small charts: what is drawn stands where it belongs, whatever the numbers."""

import re
from itertools import pairwise

import pytest

from matcher.reports.svg import LEFT, RIGHT, Panel, bars, document, legend, legend_height, lines

LABELS = ("0", "1-7", "8-14")


def panel(most: float = 12, labels: tuple[str, ...] = LABELS, percent: bool = False) -> Panel:
    return Panel(10, 20, 500, 320, "How many", "days", labels, most, percent)


def numbers(shape: str, parts: list[str], *names: str) -> list[tuple[float, ...]]:
    """Read some attributes of the shapes that stand in the chart itself."""
    found = [part for part in parts if part.startswith(f"<{shape} ")]
    return [tuple(float(re.findall(rf' {name}="([^"]+)"', part)[0]) for name in names) for part in found]


@pytest.mark.parametrize("policies", [1, 2, 4])
def test_bars_stand_side_by_side_in_the_middle_of_their_label(policies: int) -> None:
    drawn = list(bars(panel(), [[number + 1, 12, 6] for number in range(policies)]))
    _, *rectangles = numbers("rect", drawn, "x", "width", "y", "height")
    assert len(rectangles) == 3 * policies
    wide = (500 - LEFT - RIGHT) / 3
    for place in range(3):
        mine = sorted(rectangles[place::3])
        assert all(x + width <= following[0] for (x, width, *_), following in pairwise(mine))
        before = mine[0][0] - (10 + LEFT + place * wide)
        after = 10 + LEFT + (place + 1) * wide - (mine[-1][0] + mine[-1][1])
        assert before > 0
        assert after == pytest.approx(before, abs=2)


def test_a_bar_is_as_high_as_its_number_and_stands_on_the_foot() -> None:
    _, *rectangles = numbers("rect", list(bars(panel(), [[3, 12, 6]])), "y", "height")
    heights = [height for _, height in rectangles]
    assert {round(y + height, 1) for y, height in rectangles} == {320 + 20 - 58}
    assert heights == pytest.approx([heights[1] / 4, heights[1], heights[1] / 2], abs=0.1)


def test_a_number_that_is_nothing_has_no_bar_and_no_words() -> None:
    drawn = list(bars(panel(), [[0, 12, 0]]))
    assert len(numbers("rect", drawn, "x")) == 1 + 1
    assert sum(">0<" in part for part in drawn) == 2  # the axis and the label of the first group


def test_a_line_breaks_where_nothing_is_known() -> None:
    *_, path = lines(panel(), [[1, None, 3]])
    assert re.findall(r' d="([^"]+)"', path)[0].count("M") == 2
    *_, whole = lines(panel(), [[1, 2, 3]])
    assert re.findall(r' d="([^"]+)"', whole)[0].count("M") == 1
    assert len(list(lines(panel(), [[None, None, None]]))) == len(list(lines(panel(), [])))


@pytest.mark.parametrize("percent", [False, True])
def test_the_upright_axis_names_its_quarters(percent: bool) -> None:
    drawn = "".join(lines(panel(1 if percent else 12, percent=percent), []))
    said = ["0 %", "25 %", "50 %", "75 %", "100 %"] if percent else ["0", "3", "6", "9", "12"]
    assert all(f">{one}</text>" in drawn for one in said)


def test_an_axis_in_powers_of_ten_names_each_and_gives_each_the_same_room() -> None:
    sizes = Panel(10, 20, 500, 320, "How many", "people", ("1", "10", "1,000"), 1_000, least=0.01, places=(0, 1 / 3, 1))
    ticks = list(sizes.ticks())
    assert [said for _, said in ticks] == ["0.01", "0.1", "1", "10", "100", "1,000"]
    steps = [sizes.y(below) - sizes.y(above) for (below, _), (above, _) in pairwise(ticks)]
    assert steps == pytest.approx([200 / 5] * 5)
    drawn = list(lines(sizes, [[0.01, 0.1, 10]]))
    (path,) = [re.findall(r' d="M([^"]+)"', part)[0] for part in drawn if "L" in part]
    points = [tuple(map(float, point.split())) for point in path.split("L")]
    (x, y), (middle, higher), (last, highest) = points
    assert (last - x, y - highest) == pytest.approx((500 - LEFT - RIGHT, 3 * 40), abs=0.2)
    assert (middle - x, y - higher) == pytest.approx(((500 - LEFT - RIGHT) / 3, 40), abs=0.2)
    assert f'x="{middle:.1f}" y="{y + 18:.1f}"' in next(
        part for part in drawn if ">10</text>" in part and "middle" in part
    )


def test_every_word_is_anchored_as_svg_knows_and_the_letters_are_safe() -> None:
    parts = [*bars(panel(), [[1, 2, 3]]), *lines(panel(), [[1, 2, 3]]), *legend(0, 0, ["a & <b>"], 100)]
    whole = document(600, 400, "Charts & more", "Two <charts>", parts)
    assert set(re.findall(r'text-anchor="([^"]*)"', whole)) == {"start", "middle", "end"}
    assert all(re.fullmatch("#[0-9a-f]{6}|none", colour) for colour in re.findall(r'(?:fill|stroke)="([^"]*)"', whole))
    assert "Charts &amp; more" in whole
    assert "Two &lt;charts&gt;" in whole
    assert "a &amp; &lt;b&gt;" in whole


def test_a_legend_that_does_not_fit_goes_on_in_the_next_row() -> None:
    names = ["weekly", "daily", "on-arrival", "weekly:floor=20"]
    for width in (120, 200, 300, 2000):
        drawn = list(legend(0, 0, names, width))
        words = [tuple(map(float, re.findall(r' [xy]="([^"]+)"', part))) for part in drawn if part.startswith("<text")]
        assert len(words) == len(names)
        assert words == sorted(words, key=lambda word: (word[1], word[0]))
        rows = {y for _, y in words}
        assert legend_height(names, width) == 24 * len(rows)
        assert all(x + 7.6 * len(name) <= width or x == 36 for (x, _), name in zip(words, names, strict=True))
