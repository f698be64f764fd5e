"""Maximum-weight bipartite matching with places, exact, by shortest augmenting paths: forward and backward.

Plain Python with a heap: numbers cannot overflow, nothing recurses, equal paths are taken in a fixed order. The
compiled twin, _compiled/shortest_paths.py, takes the same paths.
"""

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from matcher.assignment.matching import NOBODY, Seat

Came = dict[int, tuple[int, int]]


class Path(NamedTuple):
    """A shortest augmenting path of a free row, and the labels of the search that found it.

    `cost` is its length. It ends at `column`, which has a free place and was reached from `row`; with `column` NOBODY,
    at `row`, which gives its own place up. `rows` are (row, distance) as they were entered, `columns` the distance of
    each settled column, `came` the row from which each column was reached.
    """

    cost: int
    row: int
    column: int
    rows: list[tuple[int, int]]
    columns: dict[int, int]
    came: dict[int, int]


class PlainMatching:
    """A matching (matching.py) in lists, settled by successive shortest paths.

    As in Ahuja, Magnanti and Orlin, Network Flows, 1993, section 9.7. `held[column]` are its rows in the order in which
    they came, `asked_by[column]` the rows that have an arc to it, `arcs[row]` its values by column.
    """

    def __init__(self, places: Iterable[int], rows: int) -> None:
        self.places = list(places)
        self.price = [0] * len(self.places)
        self.held: list[list[int]] = [[] for _ in self.places]
        self.gain = [0] * rows
        self.at = [NOBODY] * rows
        self.arcs: list[dict[int, int]] = [{} for _ in range(rows)]
        self.asked_by: list[list[int]] = [[] for _ in self.places]

    def copy(self) -> "PlainMatching":
        """Return a matching that can be changed while this one stays."""
        other = PlainMatching(self.places, len(self.at))
        other.price, other.gain, other.at = self.price.copy(), self.gain.copy(), self.at.copy()
        other.held = [rows.copy() for rows in self.held]
        other.arcs = [arcs.copy() for arcs in self.arcs]
        other.asked_by = [rows.copy() for rows in self.asked_by]
        return other

    def consider(self, row: int, columns: Sequence[int], values: Sequence[int]) -> None:
        """Add arcs to a row, with their values; it must be settled afterwards if it gains by them."""
        for column, value in zip(columns, values, strict=True):
            if column not in self.arcs[row]:
                self.arcs[row][column] = value
                self.asked_by[column].append(row)

    def drop(self, row: int, column: int) -> None:
        """Remove an arc, if it is there. A row that loses its place by it must be settled afterwards."""
        if self.arcs[row].pop(column, None) is not None:
            self.asked_by[column].remove(row)
        if self.at[row] == column:
            self.release(row)

    def close(self, row: int) -> None:
        """Remove all arcs of a row."""
        for column in list(self.arcs[row]):
            self.drop(row, column)
        self.gain[row] = 0

    def take_place(self, column: int) -> int:
        """Take one place away; return the last row that came there if it has to go and be settled, else NOBODY."""
        self.places[column] -= 1
        if len(self.held[column]) <= self.places[column]:
            return NOBODY
        last = self.held[column][-1]
        self.release(last)
        return last

    def add_place(self, column: int) -> None:
        """Add one place; the matching must be settled afterwards, even if no row is free."""
        self.places[column] += 1

    def add_column(self, places: int, price: int) -> None:
        """Add a column after the last one, at a price at which nobody gains by it; settle as after add_place."""
        self.places.append(places)
        self.price.append(price)
        self.held.append([])
        self.asked_by.append([])

    def release(self, row: int) -> None:
        """Take a row from its place; it must be settled afterwards."""
        if self.at[row] != NOBODY:
            self.held[self.at[row]].remove(row)
            self.at[row] = NOBODY

    def begin_at(self, prices: Sequence[int], seats: Iterable[Seat]) -> list[int]:
        """Start from these prices: seat each row whose seat has its largest reduced value, and return all others."""
        self.price = list(prices)
        for row, column in seats:
            if self.arcs[row][column] - self.price[column] == self._best_gain(row):
                self._seat(row, column)
        return [row for row, column in enumerate(self.at) if column == NOBODY]

    def _best_gain(self, row: int) -> int:
        """Return the most that a row could gain at these prices; 0 is to keep waiting."""
        return max(0, max((value - self.price[column] for column, value in self.arcs[row].items()), default=0))

    def _seat(self, row: int, column: int) -> None:
        """Seat a free row at a column where it gains most; its gain makes their arc tight."""
        self.gain[row] = self.arcs[row][column] - self.price[column]
        self.at[row] = column
        self.held[column].append(row)

    def settle(self, rows: Iterable[int]) -> None:
        """Restore optimality after changes; `rows` are the free ones that may gain."""
        # Forward steps keep the dual feasible and matched arcs tight. What they may leave is a free place at a price;
        # each backward step rids the matching of one and makes none, so the loop ends.
        for row in rows:
            self._place(row)
        for column, price in enumerate(self.price):
            while price > 0 and len(self.held[column]) < self.places[column]:
                self._refill(column)
                price = self.price[column]

    # Forward: a free row looks for a place, or for somebody who can wait in its stead

    def _place(self, start: int) -> None:
        # This gain is the least at which all arcs of the row are feasible; at 0, to stay free is best.
        self.gain[start] = self._best_gain(start)
        if not self.gain[start]:
            return
        path = self._cheapest(start)
        # The usual change of potentials: no arc gets shorter than 0, since no distance exceeds that of a neighbour by
        # more than the arc; arcs on the path get 0, which is what a matched arc must have. No gain falls below 0, since
        # to end at a row costs its distance plus its gain, and `cost` is the least of all ends. A row that gives its
        # place up is where `cost` is exactly that: its gain gets 0, as a free row's must be.
        for row, distance in path.rows:
            self.gain[row] -= path.cost - distance
        for column, distance in path.columns.items():
            self.price[column] += path.cost - distance
        self._move_up(start, path)

    def _cheapest(self, start: int) -> Path:
        """Search as Dijkstra does, over columns, with gain + price - value, 0 or more, as the length of an arc."""
        # From a row along its arcs; from a full column to whoever holds it, at no cost, since matched arcs are tight.
        # Two kinds of ends: a column with a free place, and a row that gives its place up, at the cost of its gain.
        # The first such row is `start` itself, so there is always an end, and the search stays within `best` of it.
        price, gain, held, places = self.price, self.gain, self.held, self.places
        best, last_row, last_column = gain[start], start, NOBODY
        distances: dict[int, int] = {}
        came: dict[int, int] = {}
        heap: list[tuple[int, int]] = []
        settled: dict[int, int] = {}
        entered: list[tuple[int, int]] = []
        entering, at = [start], 0
        while True:
            for row in entering:
                entered.append((row, at))
                reach = at + gain[row]
                if reach < best:
                    best, last_row, last_column = reach, row, NOBODY
                for column, value in self.arcs[row].items():
                    distance = reach + price[column] - value
                    if distance < best and distance < distances.get(column, best):
                        distances[column], came[column] = distance, row
                        if len(held[column]) < places[column]:
                            best, last_row, last_column = distance, row, column
                        else:
                            heappush(heap, (distance, column))
            while heap and heap[0][1] in settled:
                heappop(heap)
            if not heap or heap[0][0] >= best:
                return Path(best, last_row, last_column, entered, settled, came)
            at, nearest = heappop(heap)
            settled[nearest] = at
            entering = held[nearest]

    def _move_up(self, start: int, path: Path) -> None:
        """Augment along the path: each row moves on to the column that it reached, from the end back to the start."""
        column = path.column
        if column == NOBODY:
            if path.row == start:
                return
            column = self.at[path.row]
            self.release(path.row)
        while True:
            row = path.came[column]
            left = self.at[row]
            self.release(row)
            self.at[row] = column
            self.held[column].append(row)
            if row == start:
                return
            column = left

    # Backward: a free place with a price looks for somebody who gains by it, or for a price of 0

    def _refill(self, start: int) -> None:
        """Fill a free place at a price, pass it on to a column that can do without one, or lower its price to 0."""
        # The change of potentials is that of `_place` with the signs turned: prices fall, and holders gain as much, so
        # that matched arcs stay tight. No price falls below 0, since to leave a place empty costs its distance and its
        # price, and `cost` is the least of all ends.
        cost, row, column, settled, came = self._cheapest_back(start)
        for one, distance in settled.items():
            if distance < cost:
                self.price[one] -= cost - distance
                for holder in self.held[one]:
                    self.gain[holder] += cost - distance
        if row != NOBODY:
            self.at[row] = column
            self.held[column].append(row)
        while column != start:
            mover, to = came[column]
            self.release(mover)
            self.at[mover] = to
            self.held[to].append(mover)
            column = to

    def _cheapest_back(self, start: int) -> tuple[int, int, int, dict[int, int], Came]:
        """Return the cheapest end, as cost, row and column, with the distances of settled columns and how each came.

        The row takes the place in the column; NOBODY leaves it empty, at a price of 0. A column that was reached is one
        that a row would leave for another: came[left] is (row, other).
        """
        # Search as Dijkstra does from the free place: whoever would move there leaves a place free in turn. A free row
        # ends it; so does a column whose price falls to 0. The first such column is `start`: there is always an end.
        price, gain, at = self.price, self.gain, self.at
        best, last_row, last_column = price[start], NOBODY, start
        distances, settled = {start: 0}, dict[int, int]()
        came: Came = {}
        heap = [(0, start)]
        while heap and heap[0][0] < best:
            reach, column = heappop(heap)
            if column in settled:
                continue
            settled[column] = reach
            for row in self.asked_by[column]:
                left = at[row]
                distance = reach + gain[row] + price[column] - self.arcs[row][column]
                if left == column or distance >= distances.get(left, best):
                    continue
                if left == NOBODY:
                    best, last_row, last_column = distance, row, column
                    continue
                distances[left], came[left] = distance, (row, column)
                heappush(heap, (distance, left))
                if distance + price[left] < best:
                    best, last_row, last_column = distance + price[left], NOBODY, left
        return best, last_row, last_column, settled, came
