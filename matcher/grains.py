"""Whole grains: sharing them out by largest remainder, and rounding parts of them once, in whole numbers alone."""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

Grains = NDArray[np.int64]
FULL_SCORE = 10_000_000
GRAINS_A_POINT = 100_000


def points(grains: int) -> float:
    """Turn grains into points: five decimals, exactly."""
    return grains / GRAINS_A_POINT


def share_out(total: int, weights: Sequence[Fraction]) -> list[int]:
    """Share whole grains out in proportion to weights, by largest remainder; ties go to the earlier.

    >>> share_out(10, [Fraction(1), Fraction(1), Fraction(1)])
    [4, 3, 3]
    """
    below = lcm(*(weight.denominator for weight in weights))
    return share_out_whole(total, [weight.numerator * (below // weight.denominator) for weight in weights])


def share_out_whole(total: int, weights: Sequence[int]) -> list[int]:
    """Share whole grains out as share_out does, in proportion to whole numbers.

    >>> share_out_whole(10, [1, 0, 2])
    [3, 0, 7]
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    shared = [divmod(total * weight, whole) for weight in weights]
    shares = [share for share, _ in shared]
    by_remainder = sorted(range(len(shared)), key=lambda i: (-shared[i][1], i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


@overload
def round_share(share: int, above: Fraction) -> int: ...
@overload
def round_share(share: int, above: int, below: int) -> int: ...
@overload
def round_share(share: int, above: Grains, below: Grains | int) -> Grains: ...
def round_share(share: int, above: Any, below: Any = None) -> Any:
    """Return the whole grains of a value in [0, 1] of a share, half up: floor(share x value + 1/2).

    The value is a fraction, or two whole numbers, or arrays of them: above / below.

    >>> round_share(5, Fraction(3, 10)), round_share(5, 3, 10), round_share(5, np.array([3, 5]), 10).tolist()
    (2, 2, [2, 3])
    """
    if below is None:
        above, below = above.numerator, above.denominator
    return (2 * share * above + below) // (2 * below)
