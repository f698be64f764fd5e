"""Whole grains: whatever is shared out is shared out whole."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.grains import share_out_whole


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**7), st.lists(st.integers(0, 50), min_size=1, max_size=8))
def test_what_is_shared_out_is_all_shared_out_and_each_gets_her_part_to_a_grain(total: int, weights: list[int]) -> None:
    shares, whole = share_out_whole(total, weights), sum(weights)
    assert sum(shares) == (total if whole else 0)
    left_over = [Fraction(total * weight, whole or 1) - share for share, weight in zip(shares, weights, strict=True)]
    assert all(-1 < left < 1 for left in left_over)
    rounded_up, rounded_down = [left % 1 for left in left_over if left < 0], [left for left in left_over if left > 0]
    assert min(rounded_up, default=1) >= max(rounded_down, default=0)
