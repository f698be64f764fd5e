"""Upper bounds (ranking/bounds.py) of a block of supporters, added up digit by digit, 64 supporters a word."""

import numpy as np
from numba import njit

from matcher._compiled.interpreter import BLOCK

_ALL = ~np.uint64(0)


@njit(cache=True, nogil=True)
def room_for_bounds(terms):
    """Return room for the digits of what all terms can come to, and for what is carried."""
    most, digits = 0, 0
    for _, _, units in terms:
        most += units
    while most >> digits:
        digits += 1
    return np.empty((digits, BLOCK), dtype=np.uint64), np.empty(BLOCK, dtype=np.uint64)


@njit(cache=True, nogil=True)
def add_terms(terms, facts, start, words, sums, over):
    """Add the terms up, the least first: so the first ones are carried through few digits."""
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
    """Leave in some words, from one on, those alone who come to so many units at least."""
    beyond = units >> len(sums)
    for word in range(len(left)):
        lower = _ALL if beyond else np.uint64(0)
        for digit in range(0 if beyond else len(sums)):
            counted = sums[digit, first + word]
            lower = lower | ~counted if units >> digit & 1 else lower & ~counted
        left[word] &= ~lower
