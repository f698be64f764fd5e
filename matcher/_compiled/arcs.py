"""A matching in arrays: arcs in a pool, chained by row and by column as they came; who sits where."""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

NOBODY = -1
FIRST_ROOM = 24
"""Arcs a row for which there is room at first."""


class State(NamedTuple):
    """All numbers of a matching. Chains end with -1; `used` holds how many arcs of the pool are taken, shape (1,)."""

    places: Any
    price: Any
    gain: Any
    at: Any
    holders: Any
    first_holder: Any
    next_holder: Any
    row_of: Any
    column_of: Any
    value_of: Any
    first_of_row: Any
    last_of_row: Any
    next_of_row: Any
    first_of_column: Any
    last_of_column: Any
    next_of_column: Any
    used: Any


POOL = ("row_of", "column_of", "value_of", "next_of_row", "next_of_column")


def empty(places: Any, rows: int) -> State:
    """Return a matching without arcs, nobody seated, no prices."""
    columns, room = len(places), FIRST_ROOM * rows
    zeros = {name: np.zeros(columns, dtype=np.int64) for name in ("price", "holders")}
    pool = {name: np.empty(room, dtype=np.int64 if name == "value_of" else np.int32) for name in POOL}
    by_column = {
        name: np.full(columns, NOBODY, dtype=np.int32) for name in ("first_holder", "first_of_column", "last_of_column")
    }
    by_row = {
        name: np.full(rows, NOBODY, dtype=np.int32) for name in ("at", "next_holder", "first_of_row", "last_of_row")
    }
    return State(
        places=np.array(places, dtype=np.int64),
        gain=np.zeros(rows, dtype=np.int64),
        used=np.zeros(1, dtype=np.int64),
        **zeros,
        **pool,
        **by_column,
        **by_row,
    )


def with_room(state: State, more: int) -> State:
    """Return the matching with room for so many more arcs."""
    used = int(state.used[0])
    if used + more <= len(state.row_of):
        return state
    room = max(2 * len(state.row_of), used + more)
    grown = {}
    for name in POOL:
        old = getattr(state, name)
        grown[name] = np.empty(room, dtype=old.dtype)
        grown[name][:used] = old[:used]
    return state._replace(**grown)


def with_column(state: State, places: int, price: int) -> State:
    """Return the matching with one more column, that nobody considers yet."""
    new = {"places": places, "price": price, "holders": 0}
    new |= dict.fromkeys(("first_holder", "first_of_column", "last_of_column"), NOBODY)
    kept = {name: getattr(state, name) for name in new}
    return state._replace(**{name: np.append(kept[name], kept[name].dtype.type(value)) for name, value in new.items()})


@njit(cache=True, nogil=True)
def consider(s, row, columns, values):
    """Chain one row's new arcs on; whom it considers already is passed over."""
    for place in range(len(columns)):
        column = columns[place]
        if find(s, row, column) != NOBODY:
            continue
        arc = s.used[0]
        s.used[0] += 1
        s.row_of[arc], s.column_of[arc], s.value_of[arc] = row, column, values[place]
        s.next_of_row[arc] = s.next_of_column[arc] = NOBODY
        if s.last_of_row[row] == NOBODY:
            s.first_of_row[row] = arc
        else:
            s.next_of_row[s.last_of_row[row]] = arc
        if s.last_of_column[column] == NOBODY:
            s.first_of_column[column] = arc
        else:
            s.next_of_column[s.last_of_column[column]] = arc
        s.last_of_row[row] = s.last_of_column[column] = arc


@njit(cache=True, nogil=True)
def find(s, row, column):
    """Return the arc of a row and a column, -1 where there is none."""
    arc = s.first_of_row[row]
    while arc != NOBODY and s.column_of[arc] != column:
        arc = s.next_of_row[arc]
    return arc


@njit(cache=True, nogil=True)
def unchain(first, last, following, chain, arc):
    """Take an arc out of a chain."""
    before = NOBODY
    here = first[chain]
    while here != arc:
        before, here = here, following[here]
    if before == NOBODY:
        first[chain] = following[arc]
    else:
        following[before] = following[arc]
    if last[chain] == arc:
        last[chain] = before


@njit(cache=True, nogil=True)
def drop(s, row, column):
    """Consider a pair no longer."""
    arc = find(s, row, column)
    if arc != NOBODY:
        unchain(s.first_of_row, s.last_of_row, s.next_of_row, row, arc)
        unchain(s.first_of_column, s.last_of_column, s.next_of_column, column, arc)
    if s.at[row] == column:
        release(s, row)


@njit(cache=True, nogil=True)
def release(s, row):
    """Take a row from its place."""
    column = s.at[row]
    if column == NOBODY:
        return
    if s.first_holder[column] == row:
        s.first_holder[column] = s.next_holder[row]
    else:
        before = s.first_holder[column]
        while s.next_holder[before] != row:
            before = s.next_holder[before]
        s.next_holder[before] = s.next_holder[row]
    s.at[row] = NOBODY
    s.holders[column] -= 1


@njit(cache=True, nogil=True)
def hold(s, row, column):
    """Seat a row, the last of those who hold a place there."""
    s.next_holder[row] = NOBODY
    s.at[row] = column
    s.holders[column] += 1
    last = s.first_holder[column]
    if last == NOBODY:
        s.first_holder[column] = row
        return
    while s.next_holder[last] != NOBODY:
        last = s.next_holder[last]
    s.next_holder[last] = row


@njit(cache=True, nogil=True)
def best_gain(s, row):
    """Return the most that a row could gain at these prices; 0 is to keep waiting."""
    best = np.int64(0)
    arc = s.first_of_row[row]
    while arc != NOBODY:
        best = max(best, s.value_of[arc] - s.price[s.column_of[arc]])
        arc = s.next_of_row[arc]
    return best


@njit(cache=True, nogil=True)
def hold_if_best(s, row, column):
    """Seat a row where nothing else that it considers is better for it."""
    net = s.value_of[find(s, row, column)] - s.price[column]
    if net == best_gain(s, row):
        s.gain[row] = net
        hold(s, row, column)
