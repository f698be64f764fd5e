"""Rankings as tables for people: each request with its parts and the words that matter most, then all at a glance."""

import textwrap
from collections.abc import Iterable, Sequence
from datetime import date
from importlib.metadata import version

from matcher.explain import costliest_gaps, strongest_reasons
from matcher.messages import Message, in_words
from matcher.people import Need
from matcher.ranking import Roster
from matcher.reports import RankedNeed, heading, points
from matcher.results import Candidate, Ranking

WIDTH = 110
REASONS_SHOWN, GAPS_SHOWN, FIRST_SHOWN = 3, 2, 3


def ranking_as_table(roster: Roster, ranked: Sequence[RankedNeed], *, excluded: bool) -> str:
    """Write rankings for people, then the whole waiting list at a glance."""
    blocks = [_block(roster, one, excluded) for one in ranked]
    return "\n\n".join([*blocks, _at_a_glance(roster, ranked), footer(roster)])


def footer(roster: Roster) -> str:
    """Say what the result depends on."""
    said = heading(roster, roster.on)
    questionnaire = f"questionnaire {said['questionnaire']['id']} version {said['questionnaire']['version']}"
    weights = f"weights {said['weights']['version']} ({said['weights']['hash']})"
    zones = f"zones {version('tzdata')}"
    return f"engine {said['engine']} · {said['on']} · {questionnaire} · {weights} · fit {said['fit']} · {zones}"


# One request


def _block(roster: Roster, one: RankedNeed, excluded: bool) -> str:
    lines = [f"Request {one.need.id}{_waiting(one, roster.on)}. She answered {one.ranking.known:.0%} of what counts."]
    if one.ranking.candidates:
        lines += aligned(_parts(one.ranking))
        lines += [line for candidate in one.ranking.candidates for line in _words(roster, candidate)]
    else:
        lines.append("  Nobody on this roster can be suggested to her today.")
    lines += _ruled_out(roster, one)
    if excluded:
        lines += [f"    {out.offer}: {named(roster, out.gates)}" for out in one.ranking.excluded]
    return "\n".join(lines)


def waiting_time(need: Need, on: date) -> str:
    """Say how long she has waited; nothing where it is not known."""
    return f"{(on - need.waiting_since).days} days" if need.waiting_since else ""


def _waiting(one: RankedNeed, on: date) -> str:
    days = waiting_time(one.need, on)
    return f", waiting {days}" if days else ""


def _parts(ranking: Ranking) -> list[list[str]]:
    parts = ranking.candidates[0].parts
    header = ["#", "supporter", "points", *(f"{part.part} /{points(part.of):.1f}" for part in parts), "known"]
    return [header, *(_row(place, candidate) for place, candidate in enumerate(ranking.candidates, start=1))]


def _row(place: int, candidate: Candidate) -> list[str]:
    earned = [f"{points(part.grains):.2f}" for part in candidate.parts]
    return [str(place), candidate.offer, f"{points(candidate.grains):.2f}", *earned, f"{candidate.known:.0%}"]


def _words(roster: Roster, candidate: Candidate) -> list[str]:
    blank = " " * len(candidate.offer)
    return [
        *wrapped(f"{candidate.offer} + ", _say(roster, strongest_reasons(candidate, REASONS_SHOWN))),
        *wrapped(f"{blank} - ", _say(roster, costliest_gaps(candidate, GAPS_SHOWN))),
    ]


def _ruled_out(roster: Roster, one: RankedNeed) -> list[str]:
    counts = sorted(one.ranking.excluded_by.items(), key=lambda item: -item[1])
    if not counts:
        return []
    unknown = one.ranking.unknown_by
    said = ", ".join(
        f"{named(roster, [gate])} {count}" + (f" ({unknown[gate]} not known)" if gate in unknown else "")
        for gate, count in counts
    )
    lines = wrapped(f"Ruled out {one.ranking.ruled_out}: ", said)
    if one.nearest:
        offer, gate = one.nearest
        lines += wrapped("", _say(roster, [Message("nearest_outside", {"offer": offer, "gate": gate})]))
    return lines


# All requests


def _at_a_glance(roster: Roster, ranked: Sequence[RankedNeed]) -> str:
    served = sum(bool(one.ranking.candidates) for one in ranked)
    supporters = roster.columns_.count
    title = f"At a glance: {served} of {len(ranked)} requests have someone; {supporters} supporters on the roster."
    header = [
        "request",
        "waiting",
        *(f"number {place}" for place in range(1, FIRST_SHOWN + 1)),
        "pass",
        "most often out by",
    ]
    rows = [_glance(roster, one) for one in ranked]
    return "\n".join([title, *aligned([header, *rows], left=len(header))]) if ranked else title


def _glance(roster: Roster, one: RankedNeed) -> list[str]:
    first = [f"{c.offer} {points(c.grains):.2f}" for c in one.ranking.candidates[:FIRST_SHOWN]]
    passing = roster.columns_.count - one.ranking.ruled_out
    most_often = max(one.ranking.excluded_by.items(), key=lambda item: item[1], default=None)
    reason = f"{named(roster, [most_often[0]])} {most_often[1]}" if most_often else ""
    return [
        one.need.id,
        waiting_time(one.need, roster.on),
        *first,
        *[""] * (FIRST_SHOWN - len(first)),
        str(passing),
        reason,
    ]


# Words and columns


def aligned(rows: Sequence[Sequence[str]], left: int = 2) -> list[str]:
    """Lay rows out in columns, the first `left` ones to the left, the others, numbers, to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = (
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append(("  " + "  ".join(cells)).rstrip())
    return lines


def wrapped(lead: str, text: str) -> list[str]:
    """Wrap a text with a lead and a hanging indent; nothing where there is no text."""
    indent = "    " + " " * len(lead)
    return textwrap.wrap(text, WIDTH, initial_indent="    " + lead, subsequent_indent=indent) if text else []


def _say(roster: Roster, messages: Iterable[Message]) -> str:
    return "; ".join(in_words(message, roster.questionnaire, language(roster)) for message in messages)


def language(roster: Roster) -> str:
    """Choose the language of tables: English where the questionnaire has it."""
    return "en" if "en" in roster.questionnaire.languages else roster.questionnaire.languages[0]


def named(roster: Roster, gates: Iterable[str]) -> str:
    """Name gates in words."""
    named = (Message("gate", {"gate": gate}) for gate in gates)
    return ", ".join(in_words(message, roster.questionnaire, language(roster)) for message in named)
