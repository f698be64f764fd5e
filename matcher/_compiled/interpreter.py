"""An interpreter of bitmap instructions (ranking/instructions.py): a block of words at a time, 64 supporters a word."""

import numpy as np
from numba import njit

from matcher._compiled.bits import how_many
from matcher.ranking.instructions import AND, BITMAP, COUNT, DATE, EVERYONE, FEWER, MORE, NOT, OR, OR_BITMAP, ROWS

BLOCK = 256
"""Words that are worked on at once: the bitmaps of all instructions stay in the processor's cache."""
_BITS = np.uint64(64)
_ALL = ~np.uint64(0)


@njit(cache=True, nogil=True)
def work_out(steps, program, packed, count, start, words, bitmaps, digits, carry):
    """Run instructions of a program, `steps`, for so many words of the roster from word `start` on.

    bitmaps[i], uint64 (instructions, BLOCK), receives the bitmap of instruction i, `digits`, (digits, BLOCK), the count
    of shared quarter-hours, bit-sliced; `carry`, (3, BLOCK), is for the adder. Bits past the last supporter may be set.
    """
    # Indexes are unsigned, in flat arrays: signed ones could be negative, and the check for it would keep the compiler
    # from doing several words at once.
    flat, many = bitmaps.reshape(-1), np.uint64(words)
    bits, dates, more = packed.bits.reshape(-1), packed.dates.reshape(-1), program.more.reshape(-1)
    for step in range(len(steps)):
        kind, one, other = steps[step, 0], steps[step, 1], steps[step, 2]
        made, first = np.uint64(step * BLOCK), np.uint64((step - one) * BLOCK)
        if kind == BITMAP:
            _copy(bits, np.uint64(one * packed.bits.shape[1] + start), flat, made, many)
        elif kind == OR_BITMAP:
            _either(flat, first, bits, np.uint64(other * packed.bits.shape[1] + start), made, many)
        elif kind >= NOT and kind <= OR:
            _combine(kind, flat, first, np.uint64((step - other) * BLOCK), made, many)
        elif kind == DATE:
            _copy(dates, np.uint64(one * packed.dates.shape[1] + start), flat, made, many)
        elif kind == MORE:
            _copy(more, np.uint64(one * program.more.shape[1] + start), flat, made, many)
        elif kind == FEWER:
            _fewer(digits, one, bitmaps[step, :words])
        elif kind == COUNT:
            _add_up(program.hours, packed.hours, start, words, bitmaps, step - one, digits, carry)
        else:
            _fill(program.listed, kind, one, other, count, start, bitmaps[step, :words])


@njit(cache=True, nogil=True)
def leave(fails, bitmaps, count, start, words, left):
    """Write into `left` who stands in no bitmap of the instructions `fails`; bits past the last supporter are 0."""
    _everyone(count, start, left[:words])
    flat, many = bitmaps.reshape(-1), np.uint64(words)
    for step in fails:
        first = np.uint64(step * BLOCK)
        for word in range(many):
            left[word] &= ~flat[first + word]


@njit(cache=True, nogil=True)
def _copy(kept, first, bitmaps, made, words):
    for word in range(words):
        bitmaps[made + word] = kept[first + word]


@njit(cache=True, nogil=True)
def _combine(kind, bitmaps, one, other, made, words):
    if kind == AND:
        for word in range(words):
            bitmaps[made + word] = bitmaps[one + word] & bitmaps[other + word]
    elif kind == OR:
        for word in range(words):
            bitmaps[made + word] = bitmaps[one + word] | bitmaps[other + word]
    else:
        for word in range(words):
            bitmaps[made + word] = ~bitmaps[one + word]


@njit(cache=True, nogil=True)
def _either(bitmaps, one, more, other, made, words):
    for word in range(words):
        bitmaps[made + word] = bitmaps[one + word] | more[other + word]


@njit(cache=True, nogil=True)
def _fill(listed, kind, one, other, count, start, made):
    """Make a bitmap that is not kept anywhere: everyone, some rows, or nobody."""
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
    """Set the bit of everybody, and no bit past the last supporter."""
    for word in range(len(made)):
        left = count - (start + word) * 64
        if left >= 64:
            made[word] = _ALL
        else:
            made[word] = (np.uint64(1) << np.uint64(max(left, 0))) - np.uint64(1)


@njit(cache=True, nogil=True)
def digits_for(program):
    """Return how many binary digits the largest count of quarter-hours of a program has."""
    ones, twos, narrowed_ones, narrowed_twos = program.hours
    most = len(ones) + len(narrowed_ones) + 2 * (len(twos) + len(narrowed_twos))
    digits = 0
    while most >> digits:
        digits += 1
    return digits


@njit(cache=True, nogil=True)
def size(bitmap, count):
    """Count the bits that are set among the first `count` of a bitmap."""
    size, whole = np.uint64(0), min(len(bitmap), count // 64)
    for word in range(whole):
        size += how_many(bitmap[word])  # type: ignore[call-arg]
    if whole < len(bitmap):
        last = bitmap[whole] << np.uint64(64 - count % 64) if count % 64 else np.uint64(0)
        size += how_many(last)  # type: ignore[call-arg]
    return np.int64(size)


@njit(cache=True, nogil=True)
def _fewer(digits, number, made):
    """Write into `made` whose count is below a number, as BitSlicedCounter.fewer_than does."""
    # From the lowest digit up: a digit that differs decides, whatever was decided below it.
    beyond, words = number >> len(digits), np.uint64(len(made))
    made[:] = _ALL if beyond else np.uint64(0)
    for digit in range(0 if beyond else len(digits)):
        counted = digits[digit]
        if number >> digit & 1:
            for word in range(words):
                made[word] |= ~counted[word]
        else:
            for word in range(words):
                made[word] &= ~counted[word]


# Adding hours up


@njit(cache=True, nogil=True)
def _add_up(listed, hours, start, words, bitmaps, within, digits, carry):
    """Count everybody's quarter-hours into `digits`; the narrowed ones for those in bitmap `within` alone."""
    digits[:] = 0
    ones, twos, narrowed_ones, narrowed_twos = listed
    carry[1, :words] = _ALL
    carry[2, :words] = bitmaps[within, :words]
    _add_bitmaps(ones, hours, start, words, carry[0], carry[1], digits, 0)
    _add_bitmaps(twos, hours, start, words, carry[0], carry[1], digits, 1)
    _add_bitmaps(narrowed_ones, hours, start, words, carry[0], carry[2], digits, 0)
    _add_bitmaps(narrowed_twos, hours, start, words, carry[0], carry[2], digits, 1)


@njit(cache=True, nogil=True)
def _add_bitmaps(listed, hours, start, words, over, within, digits, low):
    """Add listed bitmaps to a count at digit `low`, three at a time where that many are left.

    The sum of three bits has two digits, so both are written in one pass over the words, with one carry.
    """
    flat, width, many = hours.reshape(-1), hours.shape[1], np.uint64(words)
    threes = len(listed) // 3 * 3
    for place in range(0, threes, 3):
        one = np.uint64(listed[place] * width + start)
        other = np.uint64(listed[place + 1] * width + start)
        third = np.uint64(listed[place + 2] * width + start)
        _add_three(flat, one, other, third, within, digits[low], digits[low + 1], over, many)
        _carry_on(over, digits, low + 2, many)
    for place in range(threes, len(listed)):
        first = np.uint64(listed[place] * width + start)
        for word in range(many):
            over[word] = flat[first + word] & within[word]
        _carry_on(over, digits, low, many)


@njit(cache=True, nogil=True)
def _add_three(hours, one, other, third, within, lower, higher, over, words):
    """Add the sum of three bitmaps to two digits of the count: full adders; the carry is in `over` then."""
    for word in range(words):
        w = within[word]
        a, b, c = hours[one + word] & w, hours[other + word] & w, hours[third + word] & w
        d, h = lower[word], higher[word]
        some = a ^ b
        single = some ^ c
        double = (a & b) | (some & c)
        lower[word] = single ^ d
        more = single & d
        some = double ^ more
        higher[word] = some ^ h
        over[word] = (double & more) | (some & h)


@njit(cache=True, nogil=True)
def _carry_on(over, digits, lowest, words):
    """Add the carry `over` at a digit, and ripple what it makes up to the last."""
    flat = digits.reshape(-1)
    for digit in range(lowest, len(digits)):
        first = np.uint64(digit * digits.shape[1])
        for word in range(words):
            kept, more = flat[first + word], over[word]
            flat[first + word] = kept ^ more
            over[word] = kept & more
