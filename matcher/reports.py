"""What the command line prints for programs: rankings as one JSON document or as CSV. Tables for people: tables.py."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher import __version__
from matcher.explain import gaps, reasons
from matcher.messages import Message
from matcher.people import Need
from matcher.ranking import Roster
from matcher.results import Candidate, Ranking
from matcher.scoring import GRAINS_A_POINT


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
