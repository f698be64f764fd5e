"""A program (programs.py) run over the packed roster: judge a block of supporters by planes, then score who is left."""

import numpy as np
from numba import njit

from matcher.fast.bits import lowest
from matcher.fast.planes import BLOCK, digits_for, size, work_out
from matcher.programs import BYTE, HELD, ROOM, SHARED, STEP, TABLE

BEYOND_REACH = np.int64(2**62)


@njit(cache=True, nogil=True)
def best(program, packed, count, top, floor):
    """Return rows, ascending, and grains of the best at or above a floor, ties at the last place too, and the tallies.

    There may be more than the best; `top` 0 or less asks for all who pass.
    """
    rows, grains = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    bytes_, rest = _tables_of_bytes(program), _rest(program.most)
    planes, digits, carry = _room_for(program)
    tallies = np.zeros(len(program.counted), dtype=np.int64)
    highest = np.zeros(max(top, 1), dtype=np.int64)
    found, least = 0, np.int64(floor)
    all_words = (count + 63) // 64
    for start in range(0, all_words, BLOCK):
        words = min(BLOCK, all_words - start)
        work_out(program, packed, count, start, words, planes, digits, carry)
        for place in range(len(tallies)):
            tallies[place] += size(planes[program.counted[place]][:words], count - start * 64)
        left = _list(planes[program.passing][:words], start, rows[found:])
        here, earned = rows[found : found + left], grains[found : found + left]
        earned[:] = 0
        for term in range(len(rest)):
            _earn(program, packed, bytes_, planes, digits, start, term, here[:left], earned[:left])
            if least > 0:
                left = _keep(here[:left], earned[:left], least - rest[term])
        if top > 0:
            for place in range(left):
                least = max(least, _take_in(highest, earned[place], found + place + 1))
        found += left
    return rows[:found], grains[:found], tallies


@njit(cache=True, nogil=True)
def gaining(program, packed, count, wanted, dearer, least_for, floor):
    """Return rows, ascending, and grains of those who may be worth more than at a supporter's price is asked for.

    A supporter must be worth `wanted` + dearer[row], in steps of an objective's table, and least_for[worth] says for
    how many grains that is so; where it is empty, worth is grains.
    """
    rows, grains = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    asked = np.empty(BLOCK * 64, dtype=np.int64)
    bytes_, rest = _tables_of_bytes(program), _rest(program.most)
    planes, digits, carry = _room_for(program)
    found, all_words = 0, (count + 63) // 64
    for start in range(0, all_words, BLOCK):
        words = min(BLOCK, all_words - start)
        work_out(program, packed, count, start, words, planes, digits, carry)
        left = _list(planes[program.passing][:words], start, rows[found:])
        here, earned = rows[found : found + left], grains[found : found + left]
        earned[:] = 0
        _ask(wanted, dearer, least_for, floor, here, asked)
        for term in range(len(rest)):
            _earn(program, packed, bytes_, planes, digits, start, term, here[:left], earned[:left])
            left = _keep_each(here[:left], earned[:left], asked, rest[term])
        found += left
    return rows[:found], grains[:found]


@njit(cache=True, nogil=True)
def _ask(wanted, dearer, least_for, floor, rows, asked):
    """Say how many grains each row must earn."""
    for place in range(len(rows)):
        worth = wanted + dearer[rows[place]]
        if len(least_for):
            worth = least_for[max(0, worth)] if worth < len(least_for) else BEYOND_REACH
        asked[place] = max(worth, floor)


@njit(cache=True, nogil=True)
def _keep_each(rows, earned, asked, rest):
    """Keep those alone who can still earn what is asked of each; return how many they are."""
    kept = 0
    for place in range(len(rows)):
        rows[kept], earned[kept], asked[kept] = rows[place], earned[place], asked[place]
        kept += earned[place] + rest >= asked[place]
    return kept


@njit(cache=True, nogil=True)
def by_term(program, packed, count, rows):
    """Return what each term earns for some rows, shape (terms, rows)."""
    bytes_ = _tables_of_bytes(program)
    planes, digits, carry = _room_for(program)
    earned = np.zeros((len(program.terms), len(rows)), dtype=np.int64)
    for place in range(len(rows)):
        start = rows[place] // 64
        work_out(program, packed, count, start, 1, planes, digits, carry)
        terms, tables, held, hers = program.terms, program.tables, program.held, earned[:, place]
        small, room = packed.small, packed.rooms[rows[place]]
        _earn_all(terms, tables, bytes_, program.rooms, held, small, room, planes, digits, rows[place], hers)
    return earned


@njit(cache=True, nogil=True)
def _room_for(program):
    planes = np.empty((len(program.steps), BLOCK), dtype=np.uint64)
    digits = np.empty((digits_for(program), BLOCK), dtype=np.uint64)
    return planes, digits, np.empty((2, BLOCK), dtype=np.uint64)


@njit(cache=True, nogil=True)
def _list(plane, start, rows):
    """List who stands in some words of a plane; return how many they are."""
    found = 0
    for word in range(len(plane)):
        left = plane[word]
        while left:
            rows[found] = (start + word) * 64 + np.int64(lowest(left))  # type: ignore[call-arg]
            found += 1
            left &= left - np.uint64(1)
    return found


@njit(cache=True, nogil=True)
def _keep(rows, earned, least):
    """Keep those alone who have earned so much; return how many they are."""
    kept = 0
    for place in range(len(rows)):
        rows[kept], earned[kept] = rows[place], earned[place]
        kept += earned[place] >= least
    return kept


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
def _tables_of_bytes(program):
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
def _earn(program, packed, bytes_, planes, digits, start, term, rows, earned):
    """Add what a term earns for some rows, whose planes have been worked out from the word `start` on."""
    kind, place, first, length = program.terms[term]
    table = program.tables[first : first + length]
    if kind == BYTE:
        _by_small(packed.small, place, bytes_[term], rows, earned)
    elif kind == STEP:
        _by_small(packed.small, place, table, rows, earned)
    elif kind == ROOM:
        for one in range(len(rows)):
            earned[one] += program.rooms[packed.rooms[rows[one]]]
    elif kind == SHARED:
        _by_count(digits, start, table, rows, earned)
    elif kind == HELD:
        _by_planes(planes, program.held, place, length - 1, start, table, rows, earned)


@njit(cache=True, nogil=True)
def _earn_all(terms, tables, bytes_, by_room, held, small, room, planes, digits, row, earned):
    """Say what each term earns for one row, whose planes stand in the first word."""
    bit = np.uint64(row & 63)
    for term in range(len(terms)):
        kind, place, first, length = terms[term, 0], terms[term, 1], terms[term, 2], terms[term, 3]
        if kind == BYTE:
            earned[term] = bytes_[term, small[row, place]]
        elif kind == STEP:
            earned[term] = tables[first + small[row, place]]
        elif kind == ROOM:
            earned[term] = by_room[room]
        elif kind == SHARED:
            earned[term] = tables[first + min(_count_at(digits, 0, bit), length - 1)]
        else:
            earned[term] = tables[first + _held_at(planes, held, place, length - 1, 0, bit)]


@njit(cache=True, nogil=True)
def _count_at(digits, word, bit):
    number = np.int64(0)
    for digit in range(len(digits)):
        number |= np.int64(digits[digit, word] >> bit & np.uint64(1)) << digit
    return number


@njit(cache=True, nogil=True)
def _held_at(planes, held, first, count, word, bit):
    number = np.int64(0)
    for place in range(first, first + count):
        number += np.int64(planes[held[place], word] >> bit & np.uint64(1))
    return number


@njit(cache=True, nogil=True)
def _by_small(small, place, table, rows, earned):
    for one in range(len(rows)):
        earned[one] += table[small[rows[one], place]]


@njit(cache=True, nogil=True)
def _by_count(digits, start, table, rows, earned):
    for one in range(len(rows)):
        shared = _count_at(digits, rows[one] // 64 - start, np.uint64(rows[one] & 63))
        earned[one] += table[min(shared, len(table) - 1)]


@njit(cache=True, nogil=True)
def _by_planes(planes, held, first, count, start, table, rows, earned):
    for one in range(len(rows)):
        earned[one] += table[_held_at(planes, held, first, count, rows[one] // 64 - start, np.uint64(rows[one] & 63))]
