"""Upper bounds (ranking/bounds.py) for a block of supporters, as bit-sliced sums: 64 supporters a word.

`sums[d]` holds binary digit d of everybody's sum, in units of GRAINS_A_UNIT.
"""

import numpy as np
from numba import njit

from matcher._compiled.interpreter import BLOCK

_ALL = ~np.uint64(0)


@njit(cache=True, nogil=True)
def room_for_bounds(terms):
    """Return room for as many digits as the largest sum has, uint64 (digits, BLOCK), and for carries, (BLOCK,)."""
    most, digits = 0, 0
    for _, _, units in terms:
        most += units
    while most >> digits:
        digits += 1
    return np.empty((digits, BLOCK), dtype=np.uint64), np.empty(BLOCK, dtype=np.uint64)


@njit(cache=True, nogil=True)
def add_terms(terms, facts, start, words, sums, over):
    """Write the sums of all terms for so many words of the roster from word `start` on; `over` is for carries.

    Terms come with the least first: a sum of the first few is carried through few digits.
    """
    sums[:] = 0
    flat, width, many = facts.reshape(-1), facts.shape[1], np.uint64(words)
    so_far, digits = 0, 0
    for place, out, units in terms:
        so_far += units
        while so_far >> digits:
            digits += 1
        _add(flat, np.uint64(place * width + start), _ALL if out else np.uint64(0), units, sums[:digits], over, many)


@njit(cache=True, nogil=True)
def _add(facts, first, turned, units, sums, over, words):
    """Add `units` to the sums of those in the bitmap at `first`, or out of it where `turned` is all ones."""
    # A ripple-carry adder. `sums` has as many digits as the largest sum of all terms so far, so the last carry is 0.
    # Below the lowest digit of `units` nothing changes; at it there is no carry yet.
    lowest = 0
    while lowest < len(sums) and not units >> lowest & 1:
        lowest += 1
    flat = sums.reshape(-1)
    for digit in range(lowest, len(sums)):
        made = np.uint64(digit * BLOCK)
        if digit == lowest:
            for word in range(words):
                more, kept = facts[first + word] ^ turned, flat[made + word]
                flat[made + word] = kept ^ more
                over[word] = kept & more
        elif units >> digit & 1:
            for word in range(words):
                more, kept, carried = facts[first + word] ^ turned, flat[made + word], over[word]
                either = kept ^ more
                flat[made + word] = either ^ carried
                over[word] = (kept & more) | (either & carried)
        else:
            for word in range(words):
                kept, carried = flat[made + word], over[word]
                flat[made + word] = kept ^ carried
                over[word] = kept & carried


@njit(cache=True, nogil=True)
def drop(sums, first, units, left):
    """Drop from `left` those whose sum is below `units`; left[0] stands for word `first` of the sums."""
    # From the lowest digit up: `lower` says whose digits so far make a lower number than those of `units`.
    beyond = units >> len(sums)
    for word in range(len(left)):
        lower = _ALL if beyond else np.uint64(0)
        for digit in range(0 if beyond else len(sums)):
            counted = sums[digit, first + word]
            lower = lower | ~counted if units >> digit & 1 else lower & ~counted
        left[word] &= ~lower
