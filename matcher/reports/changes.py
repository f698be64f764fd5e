"""Changes that were tried on a round: one JSON document or CSV for programs, tables for people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matcher import backends
from matcher.grains import points
from matcher.people import Need
from matcher.ranking.provenance import provenance
from matcher.ranking.roster import Roster
from matcher.reports.formats import as_csv, as_json
from matcher.reports.rounds import aim, in_brief
from matcher.reports.text_tables import aligned, footer, waiting_time
from matcher.rounds.certificate import totals
from matcher.rounds.solve import Pair, Round
from matcher.rounds.what_if import Change, ChangedRound, Move

CSV_COLUMNS = (
    "change", "need", "offer_before", "score_before", "offer_after", "score_after", "points",
    "matched", "total", "worst", "value", "bound", "gap", "cost",
)  # fmt: skip


@dataclass(frozen=True)
class Tried:
    """A change that was asked for, and what came of it."""

    asked: Change
    change: ChangedRound


def changes_as_json(roster: Roster, before: Round, tried: Sequence[Tried]) -> str:
    """Write the stable JSON document."""
    return as_json(
        {
            **provenance(roster, roster.on),
            "objective": before.settings.objective,
            "floor": points(before.settings.floor),
            "pins": [list(pair) for pair in before.settings.pins],
            "forbidden": [list(pair) for pair in before.settings.forbidden],
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


def changes_as_table(roster: Roster, needs: Sequence[Need], before: Round, tried: Sequence[Tried]) -> str:
    """Write changes for people, each tried alone on the round before."""
    days = {need.id: waiting_time(need, roster.on) for need in needs}
    blocks = [
        [in_brief(before), aim(before)],
        *(_block(before, one, days) for one in tried),
        _at_a_glance(before, tried) if len(tried) > 1 else [],
        [f"{footer(roster)} · {backends.current().name} way"],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


# One change


def _block(before: Round, one: Tried, days: Mapping[str, str]) -> list[str]:
    return [
        f"{_asked(one.asked)}: {_moved(len(one.change.moves))}",
        *_moves(one.change.moves, days),
        _in_all(before, one.change.round),
        _proof(one),
    ]


def _asked(asked: Change) -> str:
    one, other = asked.ids
    return {
        "pin": f"If {one} had {other}",
        "forbid": f"If {one} did not have {other}",
        "swap": f"If {one} and {other} changed places",
    }[asked.kind]


def _moved(count: int) -> str:
    return {0: "nobody moves, it is so already.", 1: "1 woman moves."}.get(count, f"{count} women move.")


def _moves(moves: Sequence[Move], days: Mapping[str, str]) -> list[str]:
    header = ["request", "waiting", "before", "after", "gains"]
    rows = [[move.need, days[move.need], _who(move.before), _who(move.after), _gains(move)] for move in moves]
    return aligned([header, *rows], left=4) if rows else []


def _who(pair: Pair | None) -> str:
    return f"{pair.offer} {pair.points:.2f}" if pair else "keeps waiting"


def _gains(move: Move) -> str:
    return f"{points(move.grains):+.2f}"


def _in_all(before: Round, after: Round) -> str:
    women, more = _women(after.matched, before.matched), _points(after.grains - before.grains)
    return f"  In all: {women}, {more}, {_worst(before, after)}."


def _women(now: int, then: int) -> str:
    if now == then:
        return f"as many women have a supporter ({now})"
    count = abs(now - then)
    return f"{count} {'woman' if count == 1 else 'women'} {'more' if now > then else 'fewer'} with a supporter ({now})"


def _points(grains: int) -> str:
    if not grains:
        return "the same points"
    return f"{points(abs(grains)):.2f} points {'more' if grains > 0 else 'fewer'}"


def _worst(before: Round, after: Round) -> str:
    if after.worst is None:
        return "nobody has a supporter"
    least = f"the lowest {points(after.worst):.2f}"
    return least if after.worst == before.worst or before.worst is None else f"{least} after {points(before.worst):.2f}"


def _proof(one: Tried) -> str:
    after, cost = one.change.round, one.change.cost
    if after.gap:
        return f"  Not proved: a better round would be worth at most {after.gap} more than {after.value}."
    proved = f"value {after.value} = bound {after.bound}"
    if not cost:
        return f"  Proved: it costs nothing ({proved}, as before)."
    return f"  Proved: no other round that keeps to it is better ({proved}, {cost} below the round)."


# All of them


def _at_a_glance(before: Round, tried: Sequence[Tried]) -> list[str]:
    header = ["", "women", "points", "lowest", "moves"]
    rows = [[str(one.asked), *_glance(before, one)] for one in tried]
    return ["At a glance, beside the round as it is:", *aligned([header, *rows], left=1)]


def _glance(before: Round, one: Tried) -> list[str]:
    after = one.change.round
    lowest = "" if after.worst is None else f"{points(after.worst):.2f}"
    gained = f"{points(after.grains - before.grains):+.2f}"
    return [f"{after.matched - before.matched:+d}", gained, lowest, str(len(one.change.moves))]
