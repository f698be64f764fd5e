"""What the command line prints: rankings and explanations as JSON, CSV and tables for people."""

import csv
import io
import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher import __version__
from matcher.explain import gaps, reasons
from matcher.messages import Message, in_words
from matcher.people import Need
from matcher.ranking import Roster
from matcher.results import Candidate, Ranking
from matcher.scoring import GRAINS_A_POINT

WIDTH = 100


@dataclass(frozen=True)
class RankedNeed:
    """One need with its ranking, and who would be first but for one gate."""

    need: Need
    ranking: Ranking
    nearest: tuple[str, str] | None


def points(grains: int) -> float:
    """Turn grains into points: five decimals, exactly."""
    return grains / GRAINS_A_POINT


def heading(roster: Roster, on: date) -> dict[str, Any]:
    """Say what every answer depends on: engine, date, questionnaire, weights and fit."""
    questionnaire, weights = roster.questionnaire, roster.weights
    return {
        "engine": __version__,
        "on": on.isoformat(),
        "questionnaire": {"id": questionnaire.id, "version": questionnaire.version},
        "weights": {"version": weights.version, "hash": weights.hash},
        "fit": roster.learned_.hash,
    }


def as_json(document: Mapping[str, Any]) -> str:
    """Write one JSON document."""
    return json.dumps(document, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return {"key": value.key, "values": dict(value.values)}
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def ranking_as_json(roster: Roster, on: date, ranked: Iterable[RankedNeed], *, excluded: bool) -> str:
    """Write rankings as the stable JSON document."""
    rankings = [_ranking_document(one.ranking, excluded) for one in ranked]
    return as_json({**heading(roster, on), "rankings": rankings})


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


def as_csv(rows: Iterable[Sequence[Any]]) -> str:
    """Write rows as CSV with plain line ends."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue().rstrip("\n")


def ranking_as_table(roster: Roster, on: date, ranked: Iterable[RankedNeed], *, excluded: bool) -> str:
    """Write rankings for people: a table for each need, then in words what each pair shares and lacks."""
    blocks = [_block(roster, on, one, excluded) for one in ranked]
    return "\n\n".join([*blocks, _footer(roster, on)])


def _footer(roster: Roster, on: date) -> str:
    said = heading(roster, on)
    return (
        f"engine {said['engine']} · {said['on']} · questionnaire {said['questionnaire']['id']} version "
        f"{said['questionnaire']['version']} · weights {said['weights']['version']} ({said['weights']['hash']}) · "
        f"fit {said['fit']}"
    )


def _block(roster: Roster, on: date, one: RankedNeed, excluded: bool) -> str:
    lines = [_title(one, on)]
    if one.ranking.candidates:
        lines += [*_table_of(one.ranking), *_words_of(roster, one.ranking)]
    else:
        lines.append("  Nobody on this roster can be suggested to her today.")
    lines += _ruled_out(roster, one)
    if excluded:
        lines += [f"    {out.offer}: {_gates(roster, out.gates)}" for out in one.ranking.excluded]
    return "\n".join(lines)


def _title(one: RankedNeed, on: date) -> str:
    since = one.need.waiting_since
    waiting = f", waiting {(on - since).days} days" if since else ""
    return f"Request {one.need.id}{waiting}. She answered {one.ranking.known:.0%} of what counts."


def _table_of(ranking: Ranking) -> list[str]:
    parts = ranking.candidates[0].parts
    header = ["#", "supporter", "points", *(f"{part.part} /{points(part.of):.1f}" for part in parts), "known"]
    rows = [
        [
            str(place),
            candidate.offer,
            f"{points(candidate.grains):.2f}",
            *(f"{points(part.grains):.2f}" for part in candidate.parts),
            f"{candidate.known:.0%}",
        ]
        for place, candidate in enumerate(ranking.candidates, start=1)
    ]
    return aligned([header, *rows])


def aligned(rows: Sequence[Sequence[str]], left: int = 2) -> list[str]:
    """Lay rows out in columns, the first `left` ones to the left, numbers to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  "
        + "  ".join(
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _words_of(roster: Roster, ranking: Ranking) -> list[str]:
    lines = []
    for candidate in ranking.candidates:
        lines += wrapped(f"{candidate.offer} + ", _say(roster, reasons(candidate)))
        lines += wrapped(f"{' ' * len(candidate.offer)} - ", _say(roster, gaps(candidate)))
    return lines


def _say(roster: Roster, messages: Iterable[Message]) -> str:
    return "; ".join(in_words(message, roster.questionnaire, table_language(roster)) for message in messages)


def table_language(roster: Roster) -> str:
    """Choose the language of tables: English where the questionnaire has it."""
    return "en" if "en" in roster.questionnaire.languages else roster.questionnaire.languages[0]


def wrapped(lead: str, text: str) -> list[str]:
    """Wrap a text with a lead and a hanging indent; nothing where there is no text."""
    indent = "    " + " " * len(lead)
    return textwrap.wrap(text, WIDTH, initial_indent="    " + lead, subsequent_indent=indent) if text else []


def _gates(roster: Roster, gates: Iterable[str]) -> str:
    words = (in_words(Message("gate", {"gate": gate}), roster.questionnaire, table_language(roster)) for gate in gates)
    return ", ".join(words)


def _ruled_out(roster: Roster, one: RankedNeed) -> list[str]:
    by_count = sorted(one.ranking.excluded_by.items(), key=lambda item: -item[1])
    if not by_count:
        return []
    said = ", ".join(f"{_gates(roster, [gate])} {count}" for gate, count in by_count)
    lines = wrapped(f"Ruled out {one.ranking.ruled_out}: ", said)
    if one.nearest:
        offer, gate = one.nearest
        lines += wrapped("", _say(roster, [Message("nearest_outside", {"offer": offer, "gate": gate})]))
    return lines
