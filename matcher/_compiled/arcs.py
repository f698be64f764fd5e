"""The graph and the seats of a matching in arrays: arcs in a pool, in linked lists by row and by column.

Lists keep the order in which arcs and holders came, since ties are broken by it, as in the plain twin.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

NOBODY = -1
FIRST_ROOM = 24
"""So many arcs a row fit into the pool before it grows."""


class State(NamedTuple):
    """All numbers of a matching, in arrays that are changed in place.

    places, price, holders         int64 (columns,)  capacity, dual value, seats taken
    gain                           int64 (rows,)     dual value
    at, next_holder                int32 (rows,)     the row's column; the row that came to that column after it
    first_holder                   int32 (columns,)  the row that came first
    row_of, column_of, value_of    (room,)           the pool of arcs, of which used[0] are taken
    first_, last_, next_of_row     int32             the list of each row's arcs; of_column: of each column's
    Lists end with NOBODY. An arc that was dropped stays in the pool, in no list.
    """

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
    """Return a matching without arcs, no row seated, all prices 0."""
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
    """Return the matching with room for so many more arcs; a pool that must grow doubles at least."""
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
    """Return the matching with one more column, without arcs."""
    new = {"places": places, "price": price, "holders": 0}
    new |= dict.fromkeys(("first_holder", "first_of_column", "last_of_column"), NOBODY)
    kept = {name: getattr(state, name) for name in new}
    return state._replace(**{name: np.append(kept[name], kept[name].dtype.type(value)) for name, value in new.items()})


@njit(cache=True, nogil=True)
def consider(s, row, columns, values):
    """Add arcs to a row, at the end of both lists; one that is there keeps its value."""
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
    """Take an arc out of the linked list of one row or column; it must be in it."""
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
    """Remove an arc, if it is there; a row that sat by it is free."""
    arc = find(s, row, column)
    if arc != NOBODY:
        unchain(s.first_of_row, s.last_of_row, s.next_of_row, row, arc)
        unchain(s.first_of_column, s.last_of_column, s.next_of_column, column, arc)
    if s.at[row] == column:
        release(s, row)


@njit(cache=True, nogil=True)
def release(s, row):
    """Free a row's place, if it has one; its gain stays."""
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
    """Seat a free row, behind those that hold a place in the column."""
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
    """Return the largest reduced value of a row's arcs, 0 at least: a row may stay free."""
    best = np.int64(0)
    arc = s.first_of_row[row]
    while arc != NOBODY:
        best = max(best, s.value_of[arc] - s.price[s.column_of[arc]])
        arc = s.next_of_row[arc]
    return best


@njit(cache=True, nogil=True)
def hold_if_best(s, row, column):
    """Seat a row at a column if that arc has its largest reduced value; its gain makes the arc tight."""
    net = s.value_of[find(s, row, column)] - s.price[column]
    if net == best_gain(s, row):
        s.gain[row] = net
        hold(s, row, column)
