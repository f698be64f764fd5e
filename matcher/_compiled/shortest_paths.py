"""Shortest augmenting paths, forward for a free row and backward for a free place at a price.

The plain twin, assignment/augmenting_paths.py, says why they are right. Both enter rows, arcs and columns in the same
order and prefer the first of equal paths, so they find the same ones.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from matcher._compiled.arcs import NOBODY, best_gain, hold, release
from matcher._compiled.heaps import drop_least, push

FAR = np.int64(2**63 - 1)


class Search(NamedTuple):
    """The labels and the heap of a search, made once for all searches of a `settle`.

    distance, is_settled, came, over    (columns,)     FAR and 0 for whatever was not reached; the row by which a column
                                                       was reached, and, backward, the column that this row moves to
    keys, items                         (arcs + 1,)    the heap of (distance, column)
    reached                             (columns,)     columns that have a distance, to be forgotten afterwards
    entered, entered_at                 (rows,)        rows in order, and their distances
    end                                 int64 (3,)     COST, ROW and COLUMN of the cheapest end so far
    size                                int64 (3,)     how much of HEAP, REACHED and ENTERED is taken
    """

    distance: Any
    came: Any
    over: Any
    is_settled: Any
    keys: Any
    items: Any
    reached: Any
    entered: Any
    entered_at: Any
    end: Any
    size: Any


HEAP, REACHED, ENTERED = 0, 1, 2
COST, ROW, COLUMN = 0, 1, 2


def search_for(rows: int, columns: int, arcs: int) -> Search:
    """Make room for searches in a matching with so many rows, columns and arcs."""
    # A row is entered once and a column settled once, so each arc is followed, and pushes, once at most; a backward
    # search pushes its start besides.
    return Search(
        distance=np.full(columns, FAR),
        came=np.empty(columns, dtype=np.int32),
        over=np.empty(columns, dtype=np.int32),
        is_settled=np.zeros(columns, dtype=np.uint8),
        keys=np.empty(arcs + 1, dtype=np.int64),
        items=np.empty(arcs + 1, dtype=np.int32),
        reached=np.empty(columns, dtype=np.int32),
        entered=np.empty(rows, dtype=np.int32),
        entered_at=np.empty(rows, dtype=np.int64),
        end=np.zeros(3, dtype=np.int64),
        size=np.zeros(3, dtype=np.int64),
    )


@njit(cache=True, nogil=True)
def settle(s, search, rows):
    """Restore optimality after changes, as PlainMatching.settle does; `rows` are the free ones that may gain."""
    for row in rows:
        s.gain[row] = best_gain(s, row)
        if s.gain[row]:
            _cheapest(s, search, row)
            _pay(s, search)
            _move_up(s, search, row)
            _forget(search)
    for column in range(len(s.price)):
        while s.price[column] > 0 and s.holders[column] < s.places[column]:
            _cheapest_back(s, search, column)
            _pay_back(s, search)
            _move_back(s, search, column)
            _forget(search)


@njit(cache=True, nogil=True)
def _end_at(search, cost, row, column):
    search.end[COST], search.end[ROW], search.end[COLUMN] = cost, row, column


@njit(cache=True, nogil=True)
def _reach(search, column, distance):
    if search.distance[column] == FAR:
        search.reached[search.size[REACHED]] = column
        search.size[REACHED] += 1
    search.distance[column] = distance


@njit(cache=True, nogil=True)
def _queue(search, column, distance):
    search.size[HEAP] = push(search.keys, search.items, 0, search.size[HEAP], distance, column)


@njit(cache=True, nogil=True)
def _nearest(search):
    """Settle the nearest column that is nearer than the cheapest end, and return it; NOBODY if there is none."""
    # A column is pushed again whenever its distance falls; older entries come up after it is settled, and are dropped.
    while search.size[HEAP] and search.is_settled[search.items[0]]:
        search.size[HEAP] = drop_least(search.keys, search.items, 0, search.size[HEAP])
    if not search.size[HEAP] or search.keys[0] >= search.end[COST]:
        return NOBODY
    column = search.items[0]
    search.size[HEAP] = drop_least(search.keys, search.items, 0, search.size[HEAP])
    search.is_settled[column] = 1
    return column


@njit(cache=True, nogil=True)
def _forget(search):
    """Clear what was reached alone: so a search costs what it looks at, however many columns there are."""
    for place in range(search.size[REACHED]):
        search.distance[search.reached[place]] = FAR
        search.is_settled[search.reached[place]] = 0
    search.size[:] = 0


# Forward


@njit(cache=True, nogil=True)
def _cheapest(s, search, start):
    """Search from a free row for the cheapest end: a free place, or a row that gives its own up."""
    _end_at(search, s.gain[start], start, NOBODY)
    _enter(s, search, start, np.int64(0))
    while True:
        column = _nearest(search)
        if column == NOBODY:
            return
        row = s.first_holder[column]
        while row != NOBODY:
            _enter(s, search, row, search.distance[column])
            row = s.next_holder[row]


@njit(cache=True, nogil=True)
def _enter(s, search, row, at):
    """Enter a row at a distance: it may end the search by giving its place up; follow its arcs."""
    search.entered[search.size[ENTERED]], search.entered_at[search.size[ENTERED]] = row, at
    search.size[ENTERED] += 1
    reach = at + s.gain[row]
    if reach < search.end[COST]:
        _end_at(search, reach, row, NOBODY)
    arc = s.first_of_row[row]
    while arc != NOBODY:
        column = s.column_of[arc]
        distance = reach + s.price[column] - s.value_of[arc]
        if distance < search.end[COST] and distance < search.distance[column]:
            _reach(search, column, distance)
            search.came[column] = row
            if s.holders[column] < s.places[column]:
                _end_at(search, distance, row, column)
            else:
                _queue(search, column, distance)
        arc = s.next_of_row[arc]


@njit(cache=True, nogil=True)
def _pay(s, search):
    """Change the potentials by what each label lies below the cost: the path becomes tight, and no arc infeasible."""
    cost = search.end[COST]
    for place in range(search.size[ENTERED]):
        s.gain[search.entered[place]] -= cost - search.entered_at[place]
    for place in range(search.size[REACHED]):
        column = search.reached[place]
        if search.is_settled[column]:
            s.price[column] += cost - search.distance[column]


@njit(cache=True, nogil=True)
def _move_up(s, search, start):
    """Augment along the path, from its end back to the start."""
    column = search.end[COLUMN]
    if column == NOBODY:
        last = search.end[ROW]
        if last == start:
            return
        column = s.at[last]
        release(s, last)
    while True:
        row = search.came[column]
        left = s.at[row]
        release(s, row)
        hold(s, row, column)
        if row == start:
            return
        column = left


# Backward


@njit(cache=True, nogil=True)
def _cheapest_back(s, search, start):
    """Search from a free place at a price for the cheapest end: a free row, or a place that may stay empty."""
    _end_at(search, s.price[start], NOBODY, start)
    _reach(search, start, np.int64(0))
    _queue(search, start, np.int64(0))
    while True:
        column = _nearest(search)
        if column == NOBODY:
            return
        arc = s.first_of_column[column]
        while arc != NOBODY:
            _ask(s, search, arc, column)
            arc = s.next_of_column[arc]


@njit(cache=True, nogil=True)
def _ask(s, search, arc, column):
    """Follow an arc back: its row would move to the column, and leave its own, or end the search if it is free."""
    row = s.row_of[arc]
    left = s.at[row]
    distance = search.distance[column] + s.gain[row] + s.price[column] - s.value_of[arc]
    if left == column or distance >= search.end[COST]:
        return
    if left == NOBODY:
        _end_at(search, distance, row, column)
        return
    if distance >= search.distance[left]:
        return
    _reach(search, left, distance)
    search.came[left], search.over[left] = row, column
    _queue(search, left, distance)
    if distance + s.price[left] < search.end[COST]:
        _end_at(search, distance + s.price[left], NOBODY, left)


@njit(cache=True, nogil=True)
def _pay_back(s, search):
    """Lower prices by what each label lies below the cost; holders gain as much, so that matched arcs stay tight."""
    cost = search.end[COST]
    for place in range(search.size[REACHED]):
        column = search.reached[place]
        cheaper = cost - search.distance[column]
        if search.is_settled[column] and cheaper > 0:
            s.price[column] -= cheaper
            holder = s.first_holder[column]
            while holder != NOBODY:
                s.gain[holder] += cheaper
                holder = s.next_holder[holder]


@njit(cache=True, nogil=True)
def _move_back(s, search, start):
    """Move everybody on the path, from its end back to the free place."""
    row, column = search.end[ROW], search.end[COLUMN]
    if row != NOBODY:
        hold(s, row, column)
    while column != start:
        mover, to = search.came[column], search.over[column]
        release(s, mover)
        hold(s, mover, to)
        column = to
