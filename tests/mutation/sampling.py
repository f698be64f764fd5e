"""A random sample of mutants in which each module has its share, and how sure one may be of its score."""

from collections.abc import Sequence
from itertools import groupby
from math import sqrt
from random import Random

SURE = 1.959964  # of the normal distribution, 95 % lie within this many standard deviations


def module_of(mutant: str) -> str:
    """Name the module of a mutant.

    >>> module_of("matcher.grains.x_in_grains__mutmut_1")
    'matcher.grains'
    """
    return mutant.rpartition(".")[0]


def sample(mutants: Sequence[str], size: int, seed: int) -> list[str]:
    """Take every so-manieth of the mutants, shuffled within their module: all have the same chance.

    >>> sample(["a.1", "a.2", "a.3", "a.4", "b.1", "b.2"], 3, seed=1)
    ['a.3', 'a.4', 'b.1']
    """
    rng = Random(seed)
    laid_out: list[str] = []
    for _, group in groupby(sorted(mutants), key=module_of):
        members = list(group)
        rng.shuffle(members)
        laid_out += members
    step = max(len(laid_out) / size, 1)
    start = rng.random() * step
    return sorted(laid_out[int(start + number * step)] for number in range(min(size, len(laid_out))))


def wilson(noticed: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson, 1927).

    >>> [round(end, 3) for end in wilson(90, 100)]
    [0.826, 0.945]
    """
    share, spread = noticed / of, SURE**2 / of
    middle = share + spread / 2
    half = SURE * sqrt(share * (1 - share) / of + spread / (4 * of))
    return (middle - half) / (1 + spread), (middle + half) / (1 + spread)
