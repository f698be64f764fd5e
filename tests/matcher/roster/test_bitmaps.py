"""Bit bitmaps, codes and counters against plain lists, with sizes around a word's edge."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.roster import bitmaps
from matcher.roster.bitmaps import Bitmaps, add_bitmaps
from matcher.roster.categories import CategoricalColumn

SIZES = (0, 1, 63, 64, 65, 129)
EXAMPLES = settings(max_examples=60, deadline=None, derandomize=True, database=None)
many_bits = st.sampled_from(SIZES).flatmap(lambda size: st.lists(st.booleans(), min_size=size, max_size=size))


@EXAMPLES
@given(many_bits)
def test_a_bitmap_says_of_each_row_what_was_packed(said: list[bool]) -> None:
    bits = np.array(said, dtype=bool)
    bitmap = bitmaps.pack(bits)
    assert len(bitmap) == bitmaps.words_for(len(said)) == (len(said) + 63) // 64
    assert bitmaps.unpack(bitmap, len(said)).tolist() == said
    assert bitmaps.size(bitmap) == sum(said)
    assert bitmaps.rows_of(bitmap, len(said)).tolist() == [row for row, one in enumerate(said) if one]
    assert bitmaps.at(bitmap, np.arange(len(said))).tolist() == said
    assert bitmaps.bitmap_of(np.flatnonzero(bits), len(said)).tolist() == bitmap.tolist()


@pytest.mark.parametrize("size", SIZES)
def test_padding_is_never_counted(size: int) -> None:
    everyone = bitmaps.everyone(size)
    assert bitmaps.size(everyone) == size
    assert bitmaps.rows_of(everyone, size).tolist() == list(range(size))
    assert bitmaps.size(~everyone & everyone) == 0


@pytest.mark.parametrize("seed", range(4))
def test_bitmaps_follow_as_rows_are_put_and_dropped(seed: int) -> None:
    rng = Random(seed)
    held = [[rng.random() < 0.5 for _ in range(5)] for _ in range(rng.choice(SIZES))]
    kept = Bitmaps(5, len(held))
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
        whole = [bitmaps.unpack(kept[n], kept.room).tolist() for n in range(5)]
        assert [list(row) for row in zip(*whole, strict=True)][: len(held)] == held
        assert not any(any(bitmap[len(held) :]) for bitmap in whole)


@pytest.mark.parametrize("different", [3, 256, 257, 70_000])
def test_codes_widen_and_keep_every_value(different: int) -> None:
    values = [f"v{number % different}" for number in range(different + 10)]
    codes = CategoricalColumn(count=len(values))
    codes.fill(0, codes.read(values))
    codes.put(len(values), "new")
    assert codes.at(np.arange(len(values) + 1)) == [*values, "new"]
    codes.drop(0, len(values))
    assert codes.at(np.array([0, 1])) == ["new", values[1]]
    assert codes.where(lambda value: value == "v2", slice(len(values))).tolist() == [v == "v2" for v in values]


@EXAMPLES
@given(st.randoms(use_true_random=False), st.sampled_from((1, 64, 65, 129, 64 * 4096 + 1)), st.integers(0, 40))
def test_counting_bitmaps_is_counting_bits(rng: Random, size: int, number: int) -> None:
    draw = np.random.default_rng(rng.randrange(2**32))
    levels = [draw.random((number, size)) < 0.5, draw.random((number // 3, size)) < 0.5]
    count = add_bitmaps([[bitmaps.pack(bits) for bits in level] for level in levels], bitmaps.words_for(size))
    plain = levels[0].sum(axis=0) + 2 * levels[1].sum(axis=0)
    rows = np.arange(size)
    assert count.at(rows).tolist() == plain.tolist()
    for least in (0, 1, number // 2, number, 2 * number + 1, 10_000):
        assert bitmaps.at(count.fewer_than(least), rows).tolist() == (plain < least).tolist()
