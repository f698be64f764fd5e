"""The steps of a circuit (circuits.py), done for a block of words at a time: 64 supporters a word."""

import numpy as np
from numba import njit

from matcher.circuits import AND, COUNT, DATE, EVERYONE, FACT, FEWER, MORE, NOT, OR, OR_FACT, ROWS
from matcher.fast.bits import how_many

BLOCK = 256
"""Words that are worked on at once: the planes of all steps stay near the processor."""
_BITS = np.uint64(64)
_ALL = ~np.uint64(0)


@njit(cache=True, nogil=True)
def work_out(program, packed, count, start, words, planes, digits, carry):
    """Do all steps for some words; planes[step] holds what each makes."""
    steps, facts, dates, more = program.steps, packed.facts, packed.dates, program.more
    for step in range(len(steps)):
        kind, one, other = steps[step, 0], steps[step, 1], steps[step, 2]
        if kind == FACT:
            _copy(facts, one, start, planes, step, words)
        elif kind == OR_FACT:
            for word in range(words):
                planes[step, word] = planes[step - one, word] | facts[other, start + word]
        elif kind >= NOT and kind <= OR:
            _combine(kind, planes, step - one, step - other, step, words)
        elif kind == DATE:
            _copy(dates, one, start, planes, step, words)
        elif kind == MORE:
            _copy(more, one, start, planes, step, words)
        elif kind == FEWER:
            _fewer(digits, one, planes, step, words)
        elif kind == COUNT:
            _add_up(program.hours, packed.hours, start, words, planes, step - one, digits, carry)
        else:
            _fill(program.listed, kind, one, other, count, start, planes[step, :words])


@njit(cache=True, nogil=True)
def leave(fails, planes, count, start, words, left):
    """Say who of some words stands in none of some steps."""
    _everyone(count, start, left[:words])
    for step in fails:
        for word in range(words):
            left[word] &= ~planes[step, word]


@njit(cache=True, nogil=True)
def _combine(kind, planes, one, other, step, words):
    if kind == AND:
        for word in range(words):
            planes[step, word] = planes[one, word] & planes[other, word]
    elif kind == OR:
        for word in range(words):
            planes[step, word] = planes[one, word] | planes[other, word]
    else:
        for word in range(words):
            planes[step, word] = ~planes[one, word]


@njit(cache=True, nogil=True)
def _copy(kept, plane, start, planes, step, words):
    for word in range(words):
        planes[step, word] = kept[plane, start + word]


@njit(cache=True, nogil=True)
def _fill(listed, kind, one, other, count, start, made):
    """Make a plane that is not kept anywhere: everyone, some rows, or nobody."""
    if kind == EVERYONE:
        _everyone(count, start, made)
        return
    made[:] = 0
    if kind == ROWS:
        for row in listed[one:other]:
            word = row // 64 - start
            if 0 <= word < len(made):
                made[word] |= np.uint64(1) << np.uint64(row % 64)


@njit(cache=True, nogil=True)
def _everyone(count, start, made):
    for word in range(len(made)):
        left = count - (start + word) * 64
        if left >= 64:
            made[word] = _ALL
        else:
            made[word] = (np.uint64(1) << np.uint64(max(left, 0))) - np.uint64(1)


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
def _fewer(digits, number, planes, step, words):
    """Compare a count, digit by digit from the lowest, as counters.Count.fewer_than does."""
    beyond = number >> len(digits)
    for word in range(words):
        planes[step, word] = _ALL if beyond else np.uint64(0)
    for digit in range(0 if beyond else len(digits)):
        if number >> digit & 1:
            for word in range(words):
                planes[step, word] |= ~digits[digit, word]
        else:
            for word in range(words):
                planes[step, word] &= ~digits[digit, word]


# Adding hours up


@njit(cache=True, nogil=True)
def _add_up(listed, hours, start, words, planes, within, digits, carry):
    digits[:] = 0
    ones, twos, narrowed_ones, narrowed_twos = listed
    for word in range(words):
        carry[1, word] = _ALL
        carry[2, word] = planes[within, word]
    _add_planes(ones, hours, start, words, carry, 1, digits, 0)
    _add_planes(twos, hours, start, words, carry, 1, digits, 1)
    _add_planes(narrowed_ones, hours, start, words, carry, 2, digits, 0)
    _add_planes(narrowed_twos, hours, start, words, carry, 2, digits, 1)


@njit(cache=True, nogil=True)
def _add_planes(listed, hours, start, words, carry, within, digits, low):
    """Add listed planes to a count, three at a time where that many are left: that fills two digits at once."""
    threes = len(listed) // 3 * 3
    for place in range(0, threes, 3):
        one, other, third = listed[place], listed[place + 1], listed[place + 2]
        _add_three(hours, one, other, third, start, words, carry, within, digits, low)
        _carry_on(carry, words, digits, low + 2)
    for place in range(threes, len(listed)):
        plane = listed[place]
        for word in range(words):
            carry[0, word] = hours[plane, start + word] & carry[within, word]
        _carry_on(carry, words, digits, low)


@njit(cache=True, nogil=True)
def _add_three(hours, one, other, third, start, words, carry, within, digits, low):
    for word in range(words):
        w = carry[within, word]
        a, b, c = hours[one, start + word] & w, hours[other, start + word] & w, hours[third, start + word] & w
        d, h = digits[low, word], digits[low + 1, word]
        some = a ^ b
        single = some ^ c
        double = (a & b) | (some & c)
        digits[low, word] = single ^ d
        more = single & d
        some = double ^ more
        digits[low + 1, word] = some ^ h
        carry[0, word] = (double & more) | (some & h)


@njit(cache=True, nogil=True)
def _carry_on(carry, words, digits, lowest):
    """Add what is carried at a digit; what is over goes to the next."""
    for digit in range(lowest, len(digits)):
        for word in range(words):
            kept, more = digits[digit, word], carry[0, word]
            digits[digit, word] = kept ^ more
            carry[0, word] = kept & more
