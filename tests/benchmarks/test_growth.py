"""The pictures of growth are drawings with both axes logarithmic, and hold every point."""

import re
from xml.etree import ElementTree

import pytest

from benchmarks.growth import SUBJECTS, Grown, Point, measured

SVG = "{http://www.w3.org/2000/svg}"


def points() -> list[Point]:
    sizes = (1_000, 10_000, 100_000)
    found = [{"time": size / 500, "memory": size**2 / 1e6, "packed": 1.0} for size in sizes]
    return [
        Point("themes", way, size, one) for way in ("plain", "fast") for size, one in zip(sizes, found, strict=True)
    ]


def vertices(picture: ElementTree.Element) -> list[list[tuple[float, ...]]]:
    """Read the lines of the charts: whatever path has a point to go to."""
    paths = [path.attrib["d"] for path in picture.findall(f"{SVG}path") if "L" in path.attrib["d"]]
    return [[tuple(map(float, point.split())) for point in re.split("[ML]", path)[1:]] for path in paths]


def test_every_point_is_drawn_and_every_line_named():
    picture = ElementTree.fromstring(Grown(SUBJECTS["rank"], points()).picture())
    drawn = vertices(picture)
    assert len(drawn) == 2 * 2
    assert all(len(line) == 3 for line in drawn)
    told = [one.text for one in picture.findall(f"{SVG}text")]
    assert {"themes, plain: time n^1.00, memory n^2.00", "100,000", "1,000"} <= set(told)


def test_what_grows_by_a_power_is_a_straight_line():
    for line in vertices(ElementTree.fromstring(Grown(SUBJECTS["rank"], points()).picture())):
        (first, high), (middle, between), (last, low) = line
        assert middle == pytest.approx((first + last) / 2, abs=0.1)
        assert between == pytest.approx((high + low) / 2, abs=0.1)
        assert low < high


def test_a_single_size_and_one_that_a_way_leaves_out_are_drawn():
    few = [one for one in points() if (one.way, one.size) != ("plain", 100_000)]
    assert sorted(map(len, vertices(ElementTree.fromstring(Grown(SUBJECTS["rank"], few).picture())))) == [2, 2, 3, 3]
    alone = ElementTree.fromstring(Grown(SUBJECTS["rank"], points()[:1]).picture())
    assert [one.text for one in alone.findall(f"{SVG}text")].count("1,000") == 2


def test_exponents_are_told_for_each_mix_and_way():
    assert Grown(SUBJECTS["rank"], points()).exponents() == [
        ["themes", "plain", "1.00", "2.00"],
        ["themes", "fast", "1.00", "2.00"],
    ]


def test_a_small_size_can_be_measured():
    assert measured("rank", "themes", 50)["time"] > 0
    assert measured("rounds", "recovery", 8)["gap"] == 0
