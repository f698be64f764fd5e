"""Who fails which gate for one woman, without scoring anybody: for questions about many women, or about everybody."""

from collections.abc import Container, Sequence
from datetime import date

import numpy as np

from matcher.people import Need
from matcher.ranking.results import Excluded
from matcher.ranking.roster import Roster
from matcher.roster import bitmaps
from matcher.roster.bitmaps import Bitmap
from matcher.rules.gates import Gate


class Gatekeeper:
    """All gates of one roster on its date."""

    def __init__(self, roster: Roster) -> None:
        self.roster = roster

    def let_in(self, need: Need, names: Container[str]) -> Bitmap:
        """Say who passes some of the gates, whatever the others say."""
        left = self.roster.columns_.everyone
        for gate in self.roster.gates(need):
            if gate.name in names:
                left &= ~gate.fails
        return left

    def failed(self, need: Need) -> dict[str, frozenset[str]]:
        """Say which gates each supporter fails, by her id; who fails none is not there."""
        held, columns = self.roster.gates(need), self.roster.columns_
        failing = np.array([bitmaps.unpack(gate.fails, columns.count) for gate in held])
        names = [gate.name for gate in held]
        by_pattern = dict[bytes, frozenset[str]]()
        found = {}
        for row in np.flatnonzero(failing.any(axis=0)).tolist():
            pattern = failing[:, row].tobytes()
            if pattern not in by_pattern:
                by_pattern[pattern] = frozenset(
                    name for name, fails in zip(names, failing[:, row], strict=True) if fails
                )
            found[columns.offers[row].id] = by_pattern[pattern]
        return found


def most_frequent_first(held: Sequence[Gate], everyone: Bitmap) -> list[str]:
    """Name the gates that anybody fails, those that most fail first, as a ranking counts them."""
    counts = {gate.name: bitmaps.size(gate.fails & everyone) for gate in held}
    return sorted((name for name, count in counts.items() if count), key=lambda name: -counts[name])


def ruled_out_by(
    roster: Roster, need: Need, gate: str, *, on: date | None = None, start: int = 0, most: int | None = None
) -> tuple[tuple[Excluded, ...], int] | None:
    """List those whom a gate rules out on a date (default: the roster's), by id, each with every gate that does.

    `most` of them from the one at `start`, and how many they are in all. None where she asks nothing by such a gate.
    """
    held, columns = roster.gates(need, on), roster.columns_
    asked = next((one for one in held if one.name == gate), None)
    if asked is None:
        return None
    rows = bitmaps.rows_of(asked.fails, columns.count)
    by_id = sorted((columns.offers[row].id, row) for row in rows.tolist())
    shown = by_id[start : None if most is None else start + most]
    return tuple(Excluded(key, tuple(_failed_by(row, held))) for key, row in shown), len(rows)


def _failed_by(row: int, held: Sequence[Gate]) -> list[str]:
    return [gate.name for gate in held if bitmaps.at(gate.fails, np.array([row]))[0]]
