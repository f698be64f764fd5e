"""Rankings: one JSON document or CSV for programs; for people each request with its parts, then all at a glance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.explanations.explain import costliest_gaps, gaps, reasons, strongest_reasons
from matcher.explanations.messages import Message
from matcher.grains import points
from matcher.people import Need
from matcher.ranking.provenance import provenance
from matcher.ranking.results import Candidate, Ranking
from matcher.ranking.roster import Roster
from matcher.reports.formats import as_csv, as_json
from matcher.reports.text_tables import aligned, footer, in_sentences, named, waiting_time, wrapped

REASONS_SHOWN, GAPS_SHOWN, FIRST_SHOWN = 3, 2, 3


@dataclass(frozen=True)
class RankedNeed:
    """One need with its ranking, and who would be first but for one gate."""

    need: Need
    ranking: Ranking
    nearest: tuple[str, str] | None


def ranking_as_json(roster: Roster, on: date, ranked: Iterable[RankedNeed], *, excluded: bool) -> str:
    """Write rankings as the stable JSON document."""
    rankings = [_ranking_document(one.ranking, excluded) for one in ranked]
    return as_json({**provenance(roster, on), "rankings": rankings})


def _ranking_document(ranking: Ranking, excluded: bool) -> dict[str, Any]:
    document: dict[str, Any] = {
        "need": ranking.need,
        "known": round(ranking.known, 5),
        "candidates": [_candidate_document(candidate) for candidate in ranking.candidates],
        "excluded_by": dict(ranking.excluded_by),
    }
    if excluded:
        document["excluded"] = [{"offer": one.offer, "gates": list(one.gates)} for one in ranking.excluded]
    return document


def _candidate_document(candidate: Candidate) -> dict[str, Any]:
    return {
        "offer": candidate.offer,
        "score": points(candidate.grains),
        "known": round(candidate.known, 5),
        "parts": [
            {
                "part": part.part,
                "points": points(part.grains),
                "of": points(part.of),
                "shared": list(part.shared),
                "missing": list(part.missing),
            }
            for part in candidate.parts
        ],
        "reasons": reasons(candidate),
        "gaps": gaps(candidate),
    }


def ranking_as_csv(roster: Roster, ranked: Iterable[RankedNeed], *, excluded: bool) -> str:
    """Write a row for each candidate, with its parts in points; with `excluded` a row for each one ruled out, too."""
    parts = list(roster.weights.parts)
    rows: list[list[Any]] = [["need", "place", "offer", "score", "known", *parts, "gates"]]
    for one in ranked:
        for place, candidate in enumerate(one.ranking.candidates, start=1):
            earned = {part.part: f"{points(part.grains):.5f}" for part in candidate.parts}
            score, known = f"{points(candidate.grains):.5f}", f"{candidate.known:.5f}"
            cells = [earned.get(part, "") for part in parts]
            rows.append([one.ranking.need, place, candidate.offer, score, known, *cells, ""])
        for out in one.ranking.excluded if excluded else ():
            rows.append([one.ranking.need, "", out.offer, "", "", *[""] * len(parts), "; ".join(out.gates)])
    return as_csv(rows)


def ranking_as_table(roster: Roster, ranked: Sequence[RankedNeed], *, excluded: bool) -> str:
    """Write rankings for people, then the whole waiting list at a glance."""
    blocks = [_block(roster, one, excluded) for one in ranked]
    return "\n\n".join([*blocks, _at_a_glance(roster, ranked), footer(roster)])


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
        *wrapped(f"{candidate.offer} + ", in_sentences(roster, strongest_reasons(candidate, REASONS_SHOWN))),
        *wrapped(f"{blank} - ", in_sentences(roster, costliest_gaps(candidate, GAPS_SHOWN))),
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
        lines += wrapped("", in_sentences(roster, [Message("nearest_outside", {"offer": offer, "gate": gate})]))
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
