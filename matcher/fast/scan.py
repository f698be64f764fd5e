"""A program (programs.py) run over the packed roster: judge a block of supporters by planes, then score who is left."""

import numpy as np
from numba import njit

from matcher.circuits import TALLY
from matcher.fast.bits import lowest
from matcher.fast.planes import BLOCK, digits_for, work_out
from matcher.programs import BYTE, HELD, ROOM, SHARED, STEP, TABLE

TOO_FEW = -1


@njit(cache=True, nogil=True)
def best(program, packed, count, top):
    """Return rows and grains of the best, ties at the last place too, ascending by row; and the tallies.

    `top` 0 or less asks for all who pass.
    """
    rows, grains = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    tables, rest = _tables(program), _rest(program.most)
    planes, digits, carry = _room_for(program)
    tallies = _no_tallies(program)
    highest = np.zeros(max(top, 1), dtype=np.int64)
    found, least = 0, np.int64(0)
    for start in range(0, (count + 63) // 64, BLOCK):
        words = min(BLOCK, (count + 63) // 64 - start)
        work_out(program, packed, count, start, words, planes, digits, carry, tallies)
        passing = planes[program.passing]
        for word in range(words):
            left = passing[word]
            while left:
                bit = lowest(left)
                left &= left - np.uint64(1)
                row = (start + word) * 64 + np.int64(bit)
                earned = _earned(program, packed, tables, rest, planes, digits, row, word, bit, least)
                if earned == TOO_FEW:
                    continue
                rows[found], grains[found] = row, earned
                found += 1
                if top > 0:
                    least = _take_in(highest, earned, found)
    return rows[:found], grains[:found], tallies


@njit(cache=True, nogil=True)
def by_term(program, packed, count, rows):
    """Return what each term earns for some rows, shape (terms, rows)."""
    tables = _tables(program)
    planes, digits, carry = _room_for(program)
    tallies = _no_tallies(program)
    earned = np.empty((len(program.terms), len(rows)), dtype=np.int64)
    for place in range(len(rows)):
        row = rows[place]
        work_out(program, packed, count, row // 64, 1, planes, digits, carry, tallies)
        for term in range(len(program.terms)):
            bit = np.uint64(row % 64)
            earned[term, place] = _term(program, packed, tables, planes, digits, row, 0, bit, term)
    return earned


@njit(cache=True, nogil=True)
def _room_for(program):
    planes = np.empty((len(program.steps), BLOCK), dtype=np.uint64)
    digits = np.empty((digits_for(program), BLOCK), dtype=np.uint64)
    return planes, digits, np.empty((2, BLOCK), dtype=np.uint64)


@njit(cache=True, nogil=True)
def _no_tallies(program):
    number = 0
    for step in range(len(program.steps)):
        number += program.steps[step, 0] == TALLY
    return np.zeros(number, dtype=np.int64)


@njit(cache=True, nogil=True)
def _take_in(highest, earned, found):
    """Keep the highest, ascending; return what the lowest place shown takes at least."""
    if earned > highest[0]:
        here = 0
        while here + 1 < len(highest) and highest[here + 1] < earned:
            highest[here] = highest[here + 1]
            here += 1
        highest[here] = earned
    return highest[0] if found >= len(highest) else np.int64(0)


@njit(cache=True, nogil=True)
def _rest(most):
    """Return what all terms after each one can earn at most."""
    rest = np.zeros(len(most), dtype=np.int64)
    for term in range(len(most) - 2, -1, -1):
        rest[term] = rest[term + 1] + most[term + 1]
    return rest


@njit(cache=True, nogil=True)
def _tables(program):
    """Write the table of each byte of options: what she marked and the supporter has, or has only kin of."""
    tables = np.zeros((len(program.terms), TABLE), dtype=np.int32)
    for place in range(len(program.options)):
        term, bit, kin, lived, related, mean = program.options[place]
        table = tables[term]
        for byte in range(TABLE):
            if not byte & 1:
                table[byte] += mean
            elif byte & bit:
                table[byte] += lived
            elif byte & kin:
                table[byte] += related
    return tables


@njit(cache=True, nogil=True)
def _earned(program, packed, tables, rest, planes, digits, row, word, bit, least):
    """Return the grains of a supporter, or TOO_FEW as soon as she cannot reach `least` any more."""
    earned = np.int64(0)
    for term in range(len(rest)):
        earned += _term(program, packed, tables, planes, digits, row, word, bit, term)
        if earned + rest[term] < least:
            return TOO_FEW
    return earned


@njit(cache=True, nogil=True)
def _term(program, packed, tables, planes, digits, row, word, bit, term):
    kind, place, first, length = program.terms[term]
    if kind == BYTE:
        return np.int64(tables[term, packed.small[place, row]])
    if kind == STEP:
        return np.int64(program.tables[first + packed.small[place, row]])
    if kind == ROOM:
        return np.int64(program.tables[first + packed.rooms[row]])
    number = np.int64(0)
    if kind == SHARED:
        for digit in range(len(digits)):
            number |= np.int64(digits[digit, word] >> bit & np.uint64(1)) << digit
        number = min(number, length - 1)
    elif kind == HELD:
        for one in range(place, place + length - 1):
            number += np.int64(planes[program.held[one], word] >> bit & np.uint64(1))
    return np.int64(program.tables[first + number])
