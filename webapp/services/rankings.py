"""A ranking made, stored with all that it depended on, and read again by a coordinator."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.domain.access import Action, Actor
from webapp.models import Request, StoredRanking, Supporter
from webapp.services import audit, matching
from webapp.services.acting import Missing, load, require
from webapp.services.requests import subject_of

TOP = 10
GRAINS_A_POINT = 100_000


@dataclass(frozen=True)
class RankedSupporter:
    """One line of the ranking as the desk shows it."""

    supporter_id: UUID
    name: str
    place: int
    points: float
    known: float
    parts: list[dict[str, Any]]
    reasons: list[dict[str, Any]]
    gaps: list[dict[str, Any]]
    taken: int
    capacity: int


@dataclass(frozen=True)
class ShownRanking:
    """A stored ranking with the names that a coordinator may see."""

    id: UUID
    request_id: UUID
    made_at: datetime
    engine: str
    weights: str
    fit: str
    known: float
    supporters: list[RankedSupporter]
    excluded_by: Mapping[str, int]
    excluded: list[tuple[str, list[str]]]
    nearest: tuple[str, str] | None


def rank_request(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> StoredRanking:
    """Rank the supporters for a request and store what came out."""
    request = load(session, Request, request_id)
    require(actor, Action.RANK, subject_of(request))
    ranking = matching.rank(session, request, top=TOP, now=now)
    stored = StoredRanking(
        request_id=request.id,
        engine=matching.engine_version,
        weights=f"{matching.weights().version} {matching.weights().hash}",
        fit=matching.fit_hash(session, now=now),
        made_at=now,
        made_by=actor.id,
    )
    stored.content = _content(ranking, matching.nearest_outside(session, request, now=now))
    session.add(stored)
    audit.record(session, actor, "supporters ranked", stored, at=now, about=request.user_id)
    return stored


def _content(ranking: matching.Ranking, nearest: tuple[str, str] | None) -> dict[str, Any]:
    return {
        "known": ranking.known,
        "candidates": [
            {
                "offer": candidate.offer,
                "grains": candidate.grains,
                "known": candidate.known,
                "parts": [{"part": part.part, "grains": part.grains, "of": part.of} for part in candidate.parts],
                "reasons": [{"key": m.key, "values": dict(m.values)} for m in matching.reasons(candidate)],
                "gaps": [{"key": m.key, "values": dict(m.values)} for m in matching.gaps(candidate)],
            }
            for candidate in ranking.candidates
        ],
        "excluded_by": dict(ranking.excluded_by),
        "excluded": [[one.offer, list(one.gates)] for one in ranking.excluded],
        "nearest": nearest,
    }


def read_ranking(session: Session, actor: Actor, ranking_id: UUID, *, now: datetime) -> ShownRanking:
    """Return a stored ranking with names; the reading is recorded."""
    stored = load(session, StoredRanking, ranking_id)
    request = load(session, Request, stored.request_id)
    require(actor, Action.RANK, subject_of(request))
    content, names = stored.content, _names(session)
    nearest = content["nearest"]
    return ShownRanking(
        id=stored.id,
        request_id=request.id,
        made_at=stored.made_at,
        engine=stored.engine,
        weights=stored.weights,
        fit=stored.fit,
        known=content["known"],
        supporters=[_shown(session, place, one, names) for place, one in enumerate(content["candidates"], start=1)],
        excluded_by=content["excluded_by"],
        excluded=[(names.get(offer, "?"), gates) for offer, gates in content["excluded"]],
        nearest=(names.get(nearest[0], "?"), nearest[1]) if nearest else None,
    )


def _names(session: Session) -> dict[str, str]:
    return {str(supporter.id): matching.name_of(supporter.answers) for supporter in session.query(Supporter)}


def _shown(session: Session, place: int, one: Mapping[str, Any], names: Mapping[str, str]) -> RankedSupporter:
    supporter = session.get(Supporter, UUID(one["offer"]))
    if supporter is None:
        raise Missing
    parts = [
        {"part": part["part"], "points": part["grains"] / GRAINS_A_POINT, "of": part["of"] / GRAINS_A_POINT}
        for part in one["parts"]
    ]
    return RankedSupporter(
        supporter_id=supporter.id,
        name=names[one["offer"]],
        place=place,
        points=one["grains"] / GRAINS_A_POINT,
        known=one["known"],
        parts=parts,
        reasons=one["reasons"],
        gaps=one["gaps"],
        taken=supporter.taken,
        capacity=supporter.capacity,
    )
