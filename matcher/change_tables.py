"""Changes that were tried on a round, for people: who moves and what she gains or loses, and what it costs in all."""

from collections.abc import Mapping, Sequence

from matcher import ways
from matcher.assignment import Pair, Round
from matcher.change_reports import Tried
from matcher.changes import Move, Try
from matcher.people import Need
from matcher.ranking import Roster
from matcher.reports import points
from matcher.round_tables import aim, in_brief
from matcher.tables import aligned, footer, waiting_time


def changes_as_table(roster: Roster, needs: Sequence[Need], before: Round, tried: Sequence[Tried]) -> str:
    """Write changes for people, each tried alone on the round before."""
    days = {need.id: waiting_time(need, roster.on) for need in needs}
    blocks = [
        [in_brief(before), aim(before)],
        *(_block(before, one, days) for one in tried),
        _at_a_glance(before, tried) if len(tried) > 1 else [],
        [f"{footer(roster)} · {ways.chosen().name} way"],
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


def _asked(asked: Try) -> str:
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
