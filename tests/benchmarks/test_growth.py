"""The pictures of growth are drawings with both axes in powers of ten, and hold every point."""

from xml.etree import ElementTree

from benchmarks.growth import SUBJECTS, Grown, Point, measured
from benchmarks.log_plots import Decades

SVG = "{http://www.w3.org/2000/svg}"


def points() -> list[Point]:
    sizes = (1_000, 10_000, 100_000)
    found = [{"time": size / 500, "memory": size**2 / 1e6, "packed": 1.0} for size in sizes]
    return [
        Point("themes", way, size, one) for way in ("plain", "fast") for size, one in zip(sizes, found, strict=True)
    ]


def test_every_point_is_drawn_and_every_line_named():
    picture = ElementTree.fromstring(Grown(SUBJECTS["rank"], points()).picture())
    assert len(picture.findall(f"{SVG}circle")) == 2 * len(points())
    told = [one.text for one in picture.findall(f"{SVG}text")]
    assert {"themes, plain: time n^1.00, memory n^2.00", "100,000", "1,000"} <= set(told)


def test_equal_steps_of_a_power_are_equally_long():
    axis = Decades.around([2, 900], 100, 400)
    assert [round(axis.at(value)) for value in (1, 10, 100, 1_000)] == [100, 200, 300, 400]
    assert [said for _, said in Decades.around([0.02, 3], 0, 1).ticks()] == ["0.01", "0.1", "1", "10"]


def test_exponents_are_told_for_each_mix_and_way():
    assert Grown(SUBJECTS["rank"], points()).exponents() == [
        ["themes", "plain", "1.00", "2.00"],
        ["themes", "fast", "1.00", "2.00"],
    ]


def test_a_small_size_can_be_measured():
    assert measured("rank", "themes", 50)["time"] > 0
    assert measured("rounds", "recovery", 8)["gap"] == 0
