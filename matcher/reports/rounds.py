"""Rounds and their proofs: one JSON document or CSV for programs, tables for people."""

from collections.abc import Mapping, Sequence
from typing import Any

from matcher import backends
from matcher._version import __version__
from matcher.grains import points
from matcher.people import Need
from matcher.ranking.roster import Roster
from matcher.reports.formats import as_csv, as_json
from matcher.reports.text_tables import aligned, footer, named, waiting_time, wrapped
from matcher.rounds.certificate import totals
from matcher.rounds.solve import Pair, Round

Why = Mapping[str, Sequence[str]]
PROVED = ("engine", "on", "objective", "matched", "total", "worst", "value", "bound", "gap")
REASONS_SHOWN = 4
AIMS = {
    "fair": "as many women as possible, then their scores (lifting a low one counts more), then the longest waits",
    "most": "as many women as possible, then the highest total",
    "total": "the highest total",
}


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


def round_as_table(roster: Roster, needs: Sequence[Need], solved: Round, why: Why) -> str:
    """Write a round for people; `needs` in the order of waiting."""
    by_id = {need.id: need for need in needs}
    blocks = [
        [in_brief(solved), aim(solved)],
        _pairs(roster, by_id, solved.pairs),
        _waiting(roster, by_id, solved.waiting, why),
        _proof(solved),
        [f"{footer(roster)} · {backends.current().name} way"],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def aim(solved: Round) -> str:
    """Say what the round is to reach."""
    return f"Best means ({solved.settings.objective}): {AIMS[solved.settings.objective]}."


def in_brief(solved: Round) -> str:
    """Say in a line how many have a supporter, and how well they fit."""
    everyone = solved.matched + len(solved.waiting)
    title = f"Round: {solved.matched} of {everyone} requests have a supporter"
    if solved.worst is None:
        return f"{title}."
    average = points(solved.grains) / solved.matched
    return f"{title}, with {average:.2f} points on average and {points(solved.worst):.2f} at least."


def _pairs(roster: Roster, by_id: Mapping[str, Need], pairs: Sequence[Pair]) -> list[str]:
    rows = [
        [pair.need, _days(roster, by_id[pair.need]), pair.offer, f"{pair.points:.2f}", "pinned" if pair.pinned else ""]
        for pair in pairs
    ]
    return aligned([["request", "waiting", "supporter", "points", ""], *rows], left=3) if rows else []


def _waiting(roster: Roster, by_id: Mapping[str, Need], waiting: Sequence[str], why: Why) -> list[str]:
    if not waiting:
        return []
    lines = ["Still waiting, and what keeps most supporters from her:"]
    for need in waiting:
        days = _days(roster, by_id[need])
        lead = f"{need}, {days}: " if days else f"{need}: "
        lines += wrapped(lead, named(roster, why[need][:REASONS_SHOWN]) or "there is nobody on the roster")
    return lines


def _days(roster: Roster, need: Need) -> str:
    return waiting_time(need, roster.on)


def _proof(solved: Round) -> list[str]:
    if solved.gap:
        return [f"Not proved: a better round would be worth at most {solved.gap} more than {solved.value}."]
    return [f"Proved: no other round on these terms is better (value {solved.value} = bound {solved.bound})."]


def proof_as_table(document: Mapping[str, Any]) -> str:
    """Say what a certificate proved."""
    everyone = document["matched"] + len(document["waiting"])
    return (
        f"The certificate holds: {document['matched']} of {everyone} requests have a supporter, every pair is "
        f"allowed,\nand no other round on its terms is better (value {document['value']} = bound {document['bound']})."
    )
