"""The steps of a circuit (circuits.py), done for a block of words at a time: 64 supporters a word."""

import numpy as np
from numba import njit

from matcher.circuits import AND, DATE, EVERYONE, FACT, FEWER, MORE, OR, ROWS
from matcher.fast.bits import how_many

BLOCK = 128
"""Words that are worked on at once: the planes of all steps stay near the processor."""
_BITS = np.uint64(64)
_ALL = ~np.uint64(0)


@njit(cache=True, nogil=True)
def work_out(program, packed, count, start, words, planes, digits, carry):
    """Do all steps for some words; planes[step] holds what each makes."""
    for step in range(len(program.steps)):
        kind, one, other = program.steps[step]
        made = planes[step][:words]
        if kind <= ROWS:
            _take(program, packed, count, start, kind, one, other, made)
        elif kind <= OR:
            _combine(kind, planes[one][:words], planes[other][:words], made)
        elif kind == FEWER:
            _fewer(digits, one, made)
        else:
            _add_up(program, packed.hours, start, words, planes[one][:words], digits, carry)


@njit(cache=True, nogil=True)
def _take(program, packed, count, start, kind, one, other, made):
    """Take a plane from where it is kept."""
    if kind == FACT:
        _copy(packed.facts[one], start, made)
    elif kind == DATE:
        _copy(packed.dates[one], start, made)
    elif kind == MORE:
        _copy(program.more[one], start, made)
    elif kind == ROWS:
        _listed(program.listed[one:other], start, made)
    elif kind == EVERYONE:
        _everyone(count, start, made)
    else:
        made[:] = 0


@njit(cache=True, nogil=True)
def _combine(kind, one, other, made):
    """Combine planes that were made before."""
    if kind == AND:
        _both(one, other, made)
    elif kind == OR:
        _either(one, other, made)
    else:
        _turned(one, made)


@njit(cache=True, nogil=True)
def digits_for(program):
    """Return how many binary digits the count of a program can have."""
    ones, twos, narrowed_ones, narrowed_twos = program.hours
    most = len(ones) + len(narrowed_ones) + 2 * (len(twos) + len(narrowed_twos))
    digits = 0
    while most >> digits:
        digits += 1
    return digits


@njit(cache=True, nogil=True)
def _copy(plane, start, made):
    kept = plane[start : start + len(made)]
    for word in range(len(made)):
        made[word] = kept[word]


@njit(cache=True, nogil=True)
def _both(one, other, made):
    for word in range(len(made)):
        made[word] = one[word] & other[word]


@njit(cache=True, nogil=True)
def _either(one, other, made):
    for word in range(len(made)):
        made[word] = one[word] | other[word]


@njit(cache=True, nogil=True)
def _turned(one, made):
    for word in range(len(made)):
        made[word] = ~one[word]


@njit(cache=True, nogil=True)
def size(plane, count):
    """Count who stands in a plane, of so many supporters at most."""
    size, whole = np.uint64(0), min(len(plane), count // 64)
    for word in range(whole):
        size += how_many(plane[word])  # type: ignore[call-arg]
    if whole < len(plane):
        last = plane[whole] << np.uint64(64 - count % 64) if count % 64 else np.uint64(0)
        size += how_many(last)  # type: ignore[call-arg]
    return np.int64(size)


@njit(cache=True, nogil=True)
def _everyone(count, start, made):
    for word in range(len(made)):
        left = count - (start + word) * 64
        if left >= 64:
            made[word] = _ALL
        elif left > 0:
            made[word] = (np.uint64(1) << np.uint64(left)) - np.uint64(1)
        else:
            made[word] = 0


@njit(cache=True, nogil=True)
def _listed(rows, start, made):
    made[:] = 0
    for row in rows:
        word = row // 64 - start
        if 0 <= word < len(made):
            made[word] |= np.uint64(1) << np.uint64(row % 64)


@njit(cache=True, nogil=True)
def _fewer(digits, number, made):
    """Compare a count, digit by digit from the lowest, as counters.Count.fewer_than does."""
    made[:] = 0
    if number >> len(digits):
        made[:] = _ALL
        return
    for digit in range(len(digits)):
        plane = digits[digit]
        if number >> digit & 1:
            for word in range(len(made)):
                made[word] |= ~plane[word]
        else:
            for word in range(len(made)):
                made[word] &= ~plane[word]


# Adding hours up


@njit(cache=True, nogil=True)
def _add_up(program, hours, start, words, within, digits, carry):
    digits[:] = 0
    everyone = carry[1][:words]
    everyone[:] = _ALL
    over = carry[0][:words]
    ones, twos, narrowed_ones, narrowed_twos = program.hours
    _add_planes(ones, hours, start, words, everyone, digits, over)
    _add_planes(twos, hours, start, words, everyone, digits[1:], over)
    _add_planes(narrowed_ones, hours, start, words, within, digits, over)
    _add_planes(narrowed_twos, hours, start, words, within, digits[1:], over)


@njit(cache=True, nogil=True)
def _add_planes(listed, hours, start, words, within, digits, over):
    """Add listed planes to a count, three at a time where that many are left: that fills two digits at once."""
    threes = len(listed) // 3 * 3
    for place in range(0, threes, 3):
        one = hours[listed[place]][start : start + words]
        other = hours[listed[place + 1]][start : start + words]
        third = hours[listed[place + 2]][start : start + words]
        low, high = digits[0][:words], digits[1][:words]
        _add_three(one, other, third, within, low, high, over)
        _carry_on(over, digits[2:])
    for place in range(threes, len(listed)):
        _both(hours[listed[place]][start : start + words], within, over)
        _carry_on(over, digits)


@njit(cache=True, nogil=True)
def _add_three(one, other, third, within, low, high, over):
    for word in range(len(over)):
        a, b, c, d = one[word], other[word], third[word], low[word]
        w, h = within[word], high[word]
        a, b, c = a & w, b & w, c & w
        some = a ^ b
        single = some ^ c
        double = (a & b) | (some & c)
        low[word] = single ^ d
        more = single & d
        some = double ^ more
        high[word] = some ^ h
        over[word] = (double & more) | (some & h)


@njit(cache=True, nogil=True)
def _carry_on(over, digits):
    """Add a plane at the lowest of some digits; what is over goes to the next."""
    for digit in range(len(digits)):
        plane = digits[digit]
        for word in range(len(over)):
            kept, more = plane[word], over[word]
            plane[word] = kept ^ more
            over[word] = kept & more
