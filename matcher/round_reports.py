"""Rounds and their proofs for programs: one JSON document or CSV. Tables for people: round_tables.py."""

from collections.abc import Mapping, Sequence
from typing import Any

from matcher import __version__
from matcher.assignment import Round
from matcher.certificate import totals
from matcher.ranking import Roster
from matcher.reports import as_csv, as_json

Why = Mapping[str, Sequence[str]]
PROVED = ("engine", "on", "objective", "matched", "total", "worst", "value", "bound", "gap")


def round_as_json(roster: Roster, solved: Round, why: Why) -> str:
    """Write a round as the stable JSON document."""
    return as_json(
        {
            "engine": __version__,
            "on": roster.on.isoformat(),
            "pairs": [{"need": pair.need, "offer": pair.offer, "score": pair.points} for pair in solved.pairs],
            "waiting": [{"need": need, "why": list(why[need])} for need in solved.waiting],
            **totals(solved),
            "value": solved.value,
            "bound": solved.bound,
            "gap": solved.gap,
        }
    )


def round_as_csv(solved: Round, why: Why) -> str:
    """Write a row for each pair, then one for each who waits, with why."""
    pairs = [[pair.need, pair.offer, f"{pair.points:.5f}", ""] for pair in solved.pairs]
    waiting = [[need, "", "", "; ".join(why[need])] for need in solved.waiting]
    return as_csv([["need", "offer", "score", "why"], *pairs, *waiting])


def proof_as_json(document: Mapping[str, Any]) -> str:
    """Write what a certificate proved."""
    return as_json({**_proved(document), "holds": True})


def proof_as_csv(document: Mapping[str, Any]) -> str:
    """Write what a certificate proved as one row."""
    proved = _proved(document)
    return as_csv([list(proved), ["" if value is None else value for value in proved.values()]])


def _proved(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _plain(document[key]) for key in PROVED}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else float(value)
