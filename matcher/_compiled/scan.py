"""One pass over the packed roster for one compiled need: gates and bounds by bitmaps, then scores of who is left.

Block by block. `earned` is what somebody's terms came to so far, `asked` the grains below which she is of no interest:
whoever cannot reach it with all that the terms left can earn (`rest`) is dropped, so nobody with that much is.
"""

import numpy as np
from numba import njit

from matcher._compiled.bits import lowest
from matcher._compiled.bounds import add_terms, drop, room_for_bounds
from matcher._compiled.heaps import sink
from matcher._compiled.interpreter import BLOCK, digits_for, leave, size, work_out
from matcher.ranking.bounds import A_PART, GRAINS_A_UNIT
from matcher.ranking.compiler import HELD, SHARED, STEP

BEYOND_REACH = np.int64(2**62)
BYTES = 256
AT_FIRST = 4
PART = A_PART // 64
"""Words whose supporters are scored before the score of the last place shown is looked at again."""
WORTH_A_BOUND = 12
"""So many must pass in a block, for each term of an upper bound, for adding it up to be quicker than scoring them."""


@njit(cache=True, nogil=True)
def best(program, packed, count, top, floor):
    """Return the `top` best of those who pass every gate, at or above a floor in grains; `top` 0 or less asks for all.

    Rows, int64 (found,), ascending, and grains, (found,), ties at the last place among them; there may be more than the
    best. Then how many pass, and how many stand in each bitmap of `program.counted`, int64 (tallies,).
    """
    # `least` is the floor, or the least of the `top` highest scores so far once there are that many. It only rises, so
    # whoever is dropped below it is none of the best in the end; who equals it stays, as a tie.
    rows, grains = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    asked = np.empty(BLOCK * 64, dtype=np.int64)
    tables, rest = _tables(program), _rest(program.most)
    bitmaps, digits, carry = _room_for(program)
    bounds, over = room_for_bounds(program.bound)
    left_in, passing = np.empty(BLOCK, dtype=np.uint64), np.int64(0)
    tallies = np.zeros(len(program.counted), dtype=np.int64)
    highest = np.zeros(max(top, 1), dtype=np.int64)
    found, least, all_words = 0, np.int64(floor), (count + 63) // 64
    for start in range(0, all_words, BLOCK):
        words = min(BLOCK, all_words - start)
        work_out(program.instructions, program, packed, count, start, words, bitmaps, digits, carry)
        leave(program.fails, bitmaps, count, start, words, left_in)
        here_pass = size(left_in[:words], count - start * 64)
        passing += here_pass
        bounded = (top > 0 or floor > 0) and here_pass > WORTH_A_BOUND * len(program.bound) > 0
        if bounded:
            add_terms(program.bound, packed.bits, start, words, bounds, over)
        for place in range(len(tallies)):
            tallies[place] += size(bitmaps[program.counted[place]][:words], count - start * 64)
        for part in range(start, start + words, PART):
            here, earned = rows[found:], grains[found:]
            left_here = left_in[part - start : min(part - start + PART, words)]
            if bounded:
                drop(bounds, part - start, _units_for(program, least), left_here)
            left = _list(left_here, part, here)
            asked[:left] = least
            left = _score(program, packed, tables, rest, bitmaps, digits, start, here, earned, asked, left)
            for place in range(left if top > 0 else 0):
                least = max(least, _take_in(highest, earned[place], found + place + 1))
            found += left
    return rows[:found], grains[:found], passing, tallies


@njit(cache=True, nogil=True)
def gaining(program, packed, count, wanted, dearer, cheapest, least_for, floor):
    """Return those who pass every gate and whose worth is at least `wanted` + dearer[row]: a pricing query.

    Rows, int64 (found,), ascending, and grains, (found,). Worth and `dearer`, int64 (count,), the supporters' prices,
    are in steps of an objective's table; least_for[worth] are the least grains of that worth, or empty where worth is
    grains. `cheapest`, (parts,), is the lowest of dearer in each part. Nobody below `floor` grains is returned.
    """
    # The cheapest price of a part serves all of it for the bound by bitmaps: too low for most, too high for nobody.
    rows, grains = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    asked = np.empty(BLOCK * 64, dtype=np.int64)
    tables, rest = _tables(program), _rest(program.most)
    bitmaps, digits, carry = _room_for(program)
    bounds, over = room_for_bounds(program.bound)
    left_in = np.empty(BLOCK, dtype=np.uint64)
    found, all_words = 0, (count + 63) // 64
    for start in range(0, all_words, BLOCK):
        words = min(BLOCK, all_words - start)
        work_out(program.instructions, program, packed, count, start, words, bitmaps, digits, carry)
        leave(program.fails, bitmaps, count, start, words, left_in)
        if size(left_in[:words], count - start * 64) > WORTH_A_BOUND * len(program.bound) > 0:
            add_terms(program.bound, packed.bits, start, words, bounds, over)
            for part in range(0, words, PART):
                least = _asked_of(wanted + cheapest[(start + part) // PART], least_for, floor)
                drop(bounds, part, _units_for(program, least), left_in[part : min(part + PART, words)])
        here, earned = rows[found:], grains[found:]
        left = _list(left_in[:words], start, here)
        for place in range(left):
            asked[place] = _asked_of(wanted + dearer[here[place]], least_for, floor)
        found += _score(program, packed, tables, rest, bitmaps, digits, start, here, earned, asked, left)
    return rows[:found], grains[:found]


@njit(cache=True, nogil=True)
def by_term(program, packed, count, rows):
    """Return what each term earns for some rows in grains, int64 (terms, rows), whatever the gates say."""
    tables = _tables(program)
    bitmaps, digits, carry = _room_for(program)
    earned = np.zeros((len(program.terms), len(rows)), dtype=np.int64)
    for place in range(len(rows)):
        row = rows[place]
        work_out(program.instructions[: program.own], program, packed, count, row // 64, 1, bitmaps, digits, carry)
        bit, hers, room = np.uint64(row & 63), earned[:, place], packed.rooms[row]
        for term in range(program.smalls):
            hers[term] = tables[term, packed.small[row, program.terms[term, 1]]]
        for term in range(program.smalls, len(hers)):
            kind, first, table, length = program.terms[term]
            if kind == SHARED:
                hers[term] = program.tables[table + min(_count_at(digits, 0, bit), length - 1)]
            elif kind == HELD:
                hers[term] = program.tables[table + _held_at(bitmaps, program.held, first, length - 1, 0, bit)]
            else:
                hers[term] = program.rooms[room]
    return earned


@njit(cache=True, nogil=True)
def _room_for(program):
    """Return room for the bitmaps of all instructions, the digits of the count, and its carries."""
    bitmaps = np.empty((len(program.instructions), BLOCK), dtype=np.uint64)
    digits = np.empty((digits_for(program), BLOCK), dtype=np.uint64)
    return bitmaps, digits, np.empty((3, BLOCK), dtype=np.uint64)


@njit(cache=True, nogil=True)
def _units_for(program, grains):
    """Return how many units an upper bound must come to for so many grains, as UpperBound.units_for does."""
    return max(0, -((program.constant - grains) // GRAINS_A_UNIT))


@njit(cache=True, nogil=True)
def _list(bitmap, start, rows):
    """Write who stands in a bitmap, whose first word is `start`, into `rows`, ascending; return how many they are."""
    found = 0
    for word in range(len(bitmap)):
        left = bitmap[word]
        while left:
            rows[found] = (start + word) * 64 + np.int64(lowest(left))  # type: ignore[call-arg]
            found += 1
            left &= left - np.uint64(1)
    return found


@njit(cache=True, nogil=True)
def _asked_of(worth, least_for, floor):
    """Return the least grains of so much worth, the floor at least; BEYOND_REACH where no grains are worth so much."""
    if len(least_for):
        worth = least_for[max(0, worth)] if worth < len(least_for) else BEYOND_REACH
    return max(worth, floor)


@njit(cache=True, nogil=True)
def _take_in(highest, earned, found):
    """Keep the highest scores, a heap; return the least of them once `found` fill it, 0 before."""
    if earned > highest[0]:
        sink(highest, highest, 0, len(highest), earned, earned)
    return highest[0] if found >= len(highest) else np.int64(0)


@njit(cache=True, nogil=True)
def _rest(most):
    """Return what all terms after each one can earn at most: suffix sums, int64 (terms,)."""
    rest = np.zeros(len(most), dtype=np.int64)
    for term in range(len(most) - 2, -1, -1):
        rest[term] = rest[term + 1] + most[term + 1]
    return rest


@njit(cache=True, nogil=True)
def _tables(program):
    """Return what each value of each small number earns, int32 (smalls, values).

    The table of a step is the program's own. A byte holds up to seven options and, as its lowest bit, whether the
    question was answered: the table adds up, for each of its 256 values, what the options that the need marks earn.
    """
    longest = BYTES
    for term in range(program.smalls):
        longest = max(longest, program.terms[term, 3])
    tables = np.zeros((program.smalls, longest), dtype=np.int32)
    for term in range(program.smalls):
        kind, _, first, length = program.terms[term]
        if kind == STEP:
            tables[term, :length] = program.tables[first : first + length]
    for place in range(len(program.options)):
        term, bit, siblings, lived, sibling, mean = program.options[place]
        for byte in range(BYTES):
            if not byte & 1:
                tables[term, byte] += mean
            elif byte & bit:
                tables[term, byte] += lived
            elif byte & siblings:
                tables[term, byte] += sibling
    return tables


@njit(cache=True, nogil=True)
def _score(program, packed, tables, rest, bitmaps, digits, start, rows, earned, asked, count):
    """Score some rows, in place; keep those that earn what is asked of each at the front, and return how many.

    Small numbers come first: they are read from one row of bytes. Then each other term, largest first.
    """
    left = _by_smalls(packed.small, program.terms, tables, rest, rows, earned, asked, count)
    for term in range(program.smalls, len(rest)):
        kind, place, first, length = program.terms[term]
        table = program.tables[first : first + length]
        if kind == SHARED:
            _by_count(digits, start, table, rows, earned, left)
        elif kind == HELD:
            _by_bitmaps(bitmaps, program.held, place, length - 1, start, table, rows, earned, left)
        else:
            _by_room(packed.rooms, program.rooms, rows, earned, left)
        left = _keep(rows, earned, asked, left, rest[term])
    return left


@njit(cache=True, nogil=True)
def _by_smalls(small, terms, tables, rest, rows, earned, asked, count):
    """Add up what small numbers earn; leave a row as soon as it cannot reach what is asked any more.

    The first few terms are added up for all rows without a look between: so the reads of many rows overlap.
    """
    places = terms[: len(tables), 1].copy()
    first = min(AT_FIRST, len(places))
    for place in range(count):
        got = np.int64(0)
        for term in range(first):
            got += tables[term, small[rows[place], places[term]]]
        earned[place] = got
    kept = _keep(rows, earned, asked, count, rest[first - 1]) if first else count
    if first < len(places):
        kept = _by_more_smalls(small, places, tables, rest, rows, earned, asked, kept)
    return kept


@njit(cache=True, nogil=True)
def _by_more_smalls(small, places, tables, rest, rows, earned, asked, count):
    kept = 0
    for place in range(count):
        row, least, got, reaches = rows[place], asked[place], earned[place], True
        for term in range(AT_FIRST, len(places)):
            got += tables[term, small[row, places[term]]]
            if got + rest[term] < least:
                reaches = False
                break
        if reaches:
            rows[kept], earned[kept], asked[kept] = row, got, least
            kept += 1
    return kept


@njit(cache=True, nogil=True)
def _keep(rows, earned, asked, count, rest):
    """Move those who can still earn what is asked of each to the front; return how many they are."""
    # Everyone is written, and the place moves on only for those who are kept: no branch to guess wrong.
    kept = 0
    for place in range(count):
        rows[kept], earned[kept], asked[kept] = rows[place], earned[place], asked[place]
        kept += earned[place] + rest >= asked[place]
    return kept


@njit(cache=True, nogil=True)
def _by_room(rooms, table, rows, earned, count):
    for one in range(count):
        earned[one] += table[rooms[rows[one]]]


@njit(cache=True, nogil=True)
def _by_count(digits, start, table, rows, earned, count):
    for one in range(count):
        shared = _count_at(digits, rows[one] // 64 - start, np.uint64(rows[one] & 63))
        earned[one] += table[min(shared, len(table) - 1)]


@njit(cache=True, nogil=True)
def _by_bitmaps(bitmaps, held, first, many, start, table, rows, earned, count):
    for one in range(count):
        earned[one] += table[_held_at(bitmaps, held, first, many, rows[one] // 64 - start, np.uint64(rows[one] & 63))]


@njit(cache=True, nogil=True)
def _count_at(digits, word, bit):
    number = np.int64(0)
    for digit in range(len(digits)):
        number |= np.int64(digits[digit, word] >> bit & np.uint64(1)) << digit
    return number


@njit(cache=True, nogil=True)
def _held_at(bitmaps, held, first, many, word, bit):
    number = np.int64(0)
    for place in range(first, first + many):
        number += np.int64(bitmaps[held[place], word] >> bit & np.uint64(1))
    return number
