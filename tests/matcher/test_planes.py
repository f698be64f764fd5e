"""Bit planes, codes and counters against plain lists, with sizes around a word's edge."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import planes
from matcher.codes import Codes
from matcher.counters import add_up
from matcher.planes import Planes

SIZES = (0, 1, 63, 64, 65, 129)
EXAMPLES = settings(max_examples=60, deadline=None, derandomize=True, database=None)
many_bits = st.sampled_from(SIZES).flatmap(lambda size: st.lists(st.booleans(), min_size=size, max_size=size))


@EXAMPLES
@given(many_bits)
def test_a_plane_says_of_each_row_what_was_packed(said: list[bool]) -> None:
    bits = np.array(said, dtype=bool)
    plane = planes.pack(bits)
    assert len(plane) == planes.words_for(len(said)) == (len(said) + 63) // 64
    assert planes.unpack(plane, len(said)).tolist() == said
    assert planes.size(plane) == sum(said)
    assert planes.rows_of(plane, len(said)).tolist() == [row for row, one in enumerate(said) if one]
    assert planes.at(plane, np.arange(len(said))).tolist() == said
    assert planes.plane_of(np.flatnonzero(bits), len(said)).tolist() == plane.tolist()


@pytest.mark.parametrize("size", SIZES)
def test_padding_is_never_counted(size: int) -> None:
    everyone = planes.everyone(size)
    assert planes.size(everyone) == size
    assert planes.rows_of(everyone, size).tolist() == list(range(size))
    assert planes.size(~everyone & everyone) == 0


@pytest.mark.parametrize("seed", range(4))
def test_planes_follow_as_rows_are_put_and_dropped(seed: int) -> None:
    rng = Random(seed)
    held = [[rng.random() < 0.5 for _ in range(5)] for _ in range(rng.choice(SIZES))]
    kept = Planes(5, len(held))
    kept.fill(0, np.array(held, dtype=bool).reshape(-1, 5).T)
    for _ in range(150):
        row = rng.randrange(len(held) + 1)
        if row < len(held) and rng.random() < 0.5:
            kept.drop(row, len(held) - 1)
            held[row] = held[-1]
            held.pop()
        else:
            bits = [rng.random() < 0.5 for _ in range(5)]
            held[row:] = [bits, *held[row + 1 :]]
            kept.put(row, np.array(bits))
        whole = [planes.unpack(kept[n], kept.room).tolist() for n in range(5)]
        assert [list(row) for row in zip(*whole, strict=True)][: len(held)] == held
        assert not any(any(plane[len(held) :]) for plane in whole)


@pytest.mark.parametrize("different", [3, 256, 257, 70_000])
def test_codes_widen_and_keep_every_value(different: int) -> None:
    values = [f"v{number % different}" for number in range(different + 10)]
    codes = Codes(count=len(values))
    codes.fill(0, codes.read(values))
    codes.put(len(values), "new")
    assert codes.at(np.arange(len(values) + 1)) == [*values, "new"]
    codes.drop(0, len(values))
    assert codes.at(np.array([0, 1])) == ["new", values[1]]
    assert codes.where(lambda value: value == "v2", slice(len(values))).tolist() == [v == "v2" for v in values]


@EXAMPLES
@given(st.randoms(use_true_random=False), st.sampled_from((1, 64, 65, 129, 64 * 4096 + 1)), st.integers(0, 40))
def test_counting_planes_is_counting_bits(rng: Random, size: int, number: int) -> None:
    draw = np.random.default_rng(rng.randrange(2**32))
    levels = [draw.random((number, size)) < 0.5, draw.random((number // 3, size)) < 0.5]
    count = add_up([[planes.pack(bits) for bits in level] for level in levels], planes.words_for(size))
    plain = levels[0].sum(axis=0) + 2 * levels[1].sum(axis=0)
    rows = np.arange(size)
    assert count.at(rows).tolist() == plain.tolist()
    for least in (0, 1, number // 2, number, 2 * number + 1, 10_000):
        assert planes.at(count.fewer_than(least), rows).tolist() == (plain < least).tolist()
