"""A ranking made, stored with all that it depended on, and read again by a coordinator."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain import requests
from webapp.domain.access import Action, Actor
from webapp.models import Request, StoredRanking, Supporter
from webapp.services import audit, avoided, matching
from webapp.services.acting import Missing, TooLate, load, require
from webapp.services.answers import answers_of
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
    strongest: list[dict[str, Any]]
    costliest: list[dict[str, Any]]
    taken: int
    capacity: int
    is_named: bool


@dataclass(frozen=True)
class ShownRanking:
    """A stored ranking with the names that a coordinator may see; `to_avoid` are the woman's words about others."""

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
    is_open: bool
    to_avoid: str


@dataclass(frozen=True)
class Standing:
    """What the desk must know of a supporter beside her score."""

    name: str
    taken: int
    capacity: int


def rank_request(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> StoredRanking:
    """Rank the supporters for a request that waits, and store what came out. Raises TooLate for one that does not.

    A draft is nobody's but hers: it raises Missing.
    """
    request = load(session, Request, request_id)
    require(actor, Action.RANK, subject_of(request))
    if request.state == requests.State.DRAFT:
        raise Missing
    if request.state != requests.State.WAITING:
        raise TooLate
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
                "reasons": _kept(matching.reasons(candidate)),
                "gaps": _kept(matching.gaps(candidate)),
                "strongest": _kept(matching.strongest_reasons(candidate, 3)),
                "costliest": _kept(matching.costliest_gaps(candidate, 1)),
            }
            for candidate in ranking.candidates
        ],
        "excluded_by": dict(ranking.excluded_by),
        "excluded": [[one.offer, list(one.gates)] for one in ranking.excluded],
        "nearest": nearest,
    }


def _kept(messages: Iterable[matching.Message]) -> list[dict[str, Any]]:
    return [{"key": message.key, "values": dict(message.values)} for message in messages]


def read_ranking(session: Session, actor: Actor, ranking_id: UUID) -> ShownRanking:
    """Return a stored ranking with names. The reading is for the audit to record."""
    query = select(StoredRanking, Request).join(Request, StoredRanking.request_id == Request.id)
    found = session.execute(query.where(StoredRanking.id == ranking_id))
    stored, request = found.one_or_none() or (None, None)
    if stored is None or request is None:
        raise Missing
    require(actor, Action.RANK, subject_of(request))
    if request.state == requests.State.WITHDRAWN:
        raise Missing
    content, standing = stored.content, _standing(session)
    nearest, to_avoid = content["nearest"], avoided.words_in(answers_of(request))
    gone = Standing("?", 0, 0)
    return ShownRanking(
        id=stored.id,
        request_id=request.id,
        made_at=stored.made_at,
        engine=stored.engine,
        weights=stored.weights,
        fit=stored.fit,
        known=content["known"],
        supporters=[
            _shown(place, one, standing.get(one["offer"], gone), to_avoid)
            for place, one in enumerate(content["candidates"], 1)
        ],
        excluded_by=content["excluded_by"],
        excluded=[(standing.get(offer, gone).name, gates) for offer, gates in content["excluded"]],
        nearest=(standing.get(nearest[0], gone).name, nearest[1]) if nearest else None,
        is_open=request.state == requests.State.WAITING,
        to_avoid=to_avoid,
    )


def _standing(session: Session) -> dict[str, Standing]:
    """Read every supporter's name and places in one statement."""
    field = Supporter.name
    needed = (getattr(Supporter, column) for column in (*field.needs(), "taken", "capacity"))
    rows = session.execute(select(*needed))
    return {str(row.id): Standing(field.shown(row) or "", row.taken, row.capacity) for row in rows}


def _shown(place: int, one: Mapping[str, Any], standing: Standing, to_avoid: str) -> RankedSupporter:
    parts = [
        {"part": part["part"], "points": part["grains"] / GRAINS_A_POINT, "of": part["of"] / GRAINS_A_POINT}
        for part in one["parts"]
    ]
    return RankedSupporter(
        supporter_id=UUID(one["offer"]),
        name=standing.name,
        place=place,
        points=one["grains"] / GRAINS_A_POINT,
        known=one["known"],
        parts=parts,
        reasons=one["reasons"],
        gaps=one["gaps"],
        strongest=one["strongest"],
        costliest=one["costliest"],
        taken=standing.taken,
        capacity=standing.capacity,
        is_named=avoided.is_named(standing.name, to_avoid),
    )
