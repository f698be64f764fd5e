"""Changes that were tried on a round, for programs: one JSON document or CSV. Tables for people: change_tables.py."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from matcher.assignment import Pair, Round
from matcher.certificate import totals
from matcher.changes import Change, Move, Try
from matcher.ranking import Roster
from matcher.reports import as_csv, as_json, heading, points

CSV_COLUMNS = (
    "change", "need", "offer_before", "score_before", "offer_after", "score_after", "points",
    "matched", "total", "worst", "value", "bound", "gap", "cost",
)  # fmt: skip


@dataclass(frozen=True)
class Tried:
    """A change that was asked for, and what came of it."""

    asked: Try
    change: Change


def changes_as_json(roster: Roster, before: Round, tried: Sequence[Tried]) -> str:
    """Write the stable JSON document."""
    return as_json(
        {
            **heading(roster, roster.on),
            "objective": before.terms.objective,
            "floor": points(before.terms.floor),
            "pins": [list(pair) for pair in before.terms.pins],
            "forbidden": [list(pair) for pair in before.terms.forbidden],
            "before": _figures(before),
            "changes": [_tried(before, one) for one in tried],
        }
    )


def _figures(solved: Round) -> dict[str, Any]:
    return {**totals(solved), "value": solved.value, "bound": solved.bound, "gap": solved.gap}


def _tried(before: Round, one: Tried) -> dict[str, Any]:
    return {
        "change": one.asked.kind,
        "ids": list(one.asked.ids),
        "moves": [_move(move) for move in one.change.moves],
        "points": _more(before, one),
        **_figures(one.change.round),
        "cost": one.change.cost,
    }


def _more(before: Round, one: Tried) -> float:
    return points(one.change.round.grains - before.grains)


def _move(move: Move) -> dict[str, Any]:
    return {
        "need": move.need,
        "before": _place(move.before),
        "after": _place(move.after),
        "points": points(move.grains),
    }


def _place(pair: Pair | None) -> dict[str, Any] | None:
    return {"offer": pair.offer, "score": pair.points} if pair else None


def changes_as_csv(before: Round, tried: Sequence[Tried]) -> str:
    """Write a row for the round before, then one for each change as a whole and one for each woman whom it moves."""
    rows = [_cells(before), *(row for one in tried for row in _rows(before, one))]
    return as_csv([CSV_COLUMNS, *([row.get(column, "") for column in CSV_COLUMNS] for row in rows)])


def _rows(before: Round, one: Tried) -> Iterator[dict[str, Any]]:
    more = {"points": f"{_more(before, one):.5f}", "cost": one.change.cost}
    yield {"change": str(one.asked), **_cells(one.change.round), **more}
    for move in one.change.moves:
        then, now = _pair_cells("before", move.before), _pair_cells("after", move.after)
        yield {"change": str(one.asked), "need": move.need, **then, **now, "points": f"{points(move.grains):.5f}"}


def _cells(solved: Round) -> dict[str, Any]:
    found = _figures(solved)
    worst = "" if found["worst"] is None else f"{found['worst']:.5f}"
    return {**found, "total": f"{found['total']:.5f}", "worst": worst}


def _pair_cells(when: str, pair: Pair | None) -> dict[str, str]:
    return {f"offer_{when}": pair.offer, f"score_{when}": f"{pair.points:.5f}"} if pair else {}
