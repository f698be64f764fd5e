"""Whole grains: sharing them out by largest remainder, and rounding lesser values once, in whole numbers alone."""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

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


def lesser(share: int, value: Fraction) -> int:
    """Return the whole grains of a value in [0, 1] of a share: floor(share x value + 1/2).

    >>> lesser(5, Fraction(3, 10))
    2
    """
    return lesser_of_parts(share, value.numerator, value.denominator)


def lesser_of_parts(share: int, above: int, below: int) -> int:
    """Return lesser(share, above / below)."""
    return (2 * share * above + below) // (2 * below)


def lesser_of_ratio(share: int, above: Grains, below: Grains | int) -> Grains:
    """Return lesser(share, above / below) for arrays of whole numbers."""
    earned: Grains = (2 * share * above + below) // (2 * below)
    return earned
