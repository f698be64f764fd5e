"""A ranking made, stored with all that it depended on, and read again by a coordinator.

It is worked out in a transaction that only reads, and kept in a short one that writes.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.crypto import keyring
from webapp.domain import requests
from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.models import Request, StoredRanking, Supporter
from webapp.services import audit, avoided, matching, names
from webapp.services.acting import Missing, TooLate, load, load_locked
from webapp.services.answers import answers_of
from webapp.services.cards import room
from webapp.services.requests import subject_of
from webapp.services.safety.closed_files import closed_to, require_as_staff

TOP = 10
A_PAGE = 50
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
    elsewhere: room.Elsewhere

    @property
    def is_shown_enough(self) -> bool:
        """Say whether she stands on as many open cards as she has room for."""
        return self.elsewhere.is_enough(self.capacity - self.taken)


@dataclass(frozen=True)
class ShownRanking:
    """A stored ranking with the names that a coordinator may see; `to_avoid` are the woman's words about others.

    `closed` counts those whose files are closed to her: she is not shown them.
    """

    id: UUID
    request_id: UUID
    user_id: UUID
    made_at: datetime
    engine: str
    weights: str
    fit: str
    known: float
    supporters: list[RankedSupporter]
    closed: int
    excluded_by: Mapping[str, int]
    unknown_by: Mapping[str, int]
    ruled_out: int
    of: int
    nearest: tuple[str, str] | None
    is_open: bool
    is_outdated: bool
    to_avoid: str


@dataclass(frozen=True)
class ShownGate:
    """Some of those whom one gate rules out now, by name with every gate that does; how many in all, of how many.

    A name is empty where her file is closed to whoever reads.
    """

    ranking_id: UUID
    request_id: UUID
    user_id: UUID
    gate: str
    lines: list[tuple[str, list[str]]]
    count: int
    of: int
    number: int
    last: int


@dataclass(frozen=True)
class WorkedOut:
    """A ranking that is not kept yet."""

    request_id: UUID
    ranked: matching.Ranked


class Moved(Exception):
    """Raised where what a ranking rests on has changed before it was kept: rank again."""


@dataclass(frozen=True)
class Standing:
    """What the desk must know of a supporter beside her score."""

    name: str
    taken: int
    capacity: int


def rank_request(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> StoredRanking:
    """Rank the supporters for a request that waits and store what came out, in one transaction. Raises TooLate."""
    return keep_ranking(session, actor, work_out(session, actor, request_id, now=now), now=now)


def work_out(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> WorkedOut:
    """Rank the supporters for a request, and keep nothing. Raises TooLate for one that does not wait."""
    request = load(session, Request, request_id)
    _require_waiting(session, actor, request)
    return WorkedOut(request.id, matching.rank(session, request, top=TOP, now=now))


def keep_ranking(session: Session, actor: Actor, made: WorkedOut, *, now: datetime) -> StoredRanking:
    """Store a ranking that was worked out before. Raises TooLate; Moved where she asks for something else by now.

    Who has come, changed or gone meanwhile is held against every gate again when she is shown people.
    """
    request = load_locked(session, Request, made.request_id)
    _require_waiting(session, actor, request)
    if not matching.is_still_so(session, request, made.ranked, now=now):
        raise Moved
    matching.keep_what_was_learned(session, made.ranked, now=now)
    stored = StoredRanking(
        request_id=request.id,
        engine=matching.engine_version,
        weights=f"{matching.weights().version} {matching.weights().hash}",
        fit=made.ranked.learned.hash,
        made_at=now,
        made_by=actor.id,
    )
    stored.content = {**_content(made.ranked), "answers": _mark_of_answers(request)}
    session.add(stored)
    audit.record(session, actor, Act.SUPPORTERS_RANKED, stored, at=now, about=request.user_id)
    return stored


def _require_waiting(session: Session, actor: Actor, request: Request) -> None:
    """Ask whether she waits. Raises TooLate; Missing for a draft, which is nobody's but hers."""
    require_as_staff(session, actor, Action.RANK, subject_of(request))
    if request.state == requests.State.DRAFT:
        raise Missing
    if request.state != requests.State.WAITING:
        raise TooLate


def _mark_of_answers(request: Request) -> str:
    """Return a keyed hash of all that she answered: it tells whether anything was changed, and not what."""
    said = json.dumps([answers_of(request), request.time_zone], sort_keys=True, ensure_ascii=False)
    return keyring.ring().fingerprint(f"answers ranked|{request.id}|{said}")


def is_outdated(content: Mapping[str, Any], request: Request) -> bool:
    """Say whether she has changed her answers since a ranking was made; one of an earlier release does not tell."""
    return "answers" in content and content["answers"] != _mark_of_answers(request)


def _content(ranked: matching.Ranked) -> dict[str, Any]:
    ranking = ranked.ranking
    return {
        "known": ranking.known,
        "candidates": [
            {
                "offer": candidate.offer,
                "grains": candidate.grains,
                "known": candidate.known,
                "parts": [{"part": part.part, "grains": part.grains, "of": part.of} for part in candidate.parts],
                "reasons": matching.stored(matching.reasons(candidate)),
                "gaps": matching.stored(matching.gaps(candidate)),
                "strongest": matching.stored(matching.strongest_reasons(candidate, 3)),
                "costliest": matching.stored(matching.costliest_gaps(candidate, 1)),
            }
            for candidate in ranking.candidates
        ],
        "excluded_by": dict(ranking.excluded_by),
        "unknown_by": dict(ranking.unknown_by),
        "ruled_out": ranking.ruled_out,
        "of": ranked.of,
        "nearest": ranked.nearest,
    }


def read_ranking(session: Session, actor: Actor, ranking_id: UUID, *, now: datetime) -> ShownRanking:
    """Return a stored ranking with the names of those who are in it. The reading is for the audit to record."""
    stored, request = _load(session, actor, ranking_id)
    content = stored.content
    nearest, to_avoid = content["nearest"], avoided.words_in(answers_of(request))
    named = [one["offer"] for one in content["candidates"]] + ([nearest[0]] if nearest else [])
    standing, gone = _standing(session, map(UUID, named)), Standing("?", 0, 0)
    closed, ruled_out = closed_among(session, actor, map(UUID, named)), _ruled_out(content)
    open_ = [(place, one) for place, one in enumerate(content["candidates"], 1) if one["offer"] not in closed]
    elsewhere = room.look_elsewhere(session, map(UUID, named), request.id, now=now)
    return ShownRanking(
        id=stored.id,
        request_id=request.id,
        user_id=request.user_id,
        made_at=stored.made_at,
        engine=stored.engine,
        weights=stored.weights,
        fit=stored.fit,
        known=content["known"],
        supporters=[_shown(place, one, standing.get(one["offer"], gone), to_avoid, elsewhere) for place, one in open_],
        closed=len(content["candidates"]) - len(open_),
        excluded_by=content["excluded_by"],
        unknown_by=content.get("unknown_by", {}),
        ruled_out=ruled_out,
        of=content.get("of", 0),
        nearest=(standing.get(nearest[0], gone).name, nearest[1]) if nearest and nearest[0] not in closed else None,
        is_open=request.state == requests.State.WAITING,
        is_outdated=is_outdated(content, request),
        to_avoid=to_avoid,
    )


def _load(session: Session, actor: Actor, ranking_id: UUID) -> tuple[StoredRanking, Request]:
    query = select(StoredRanking, Request).join(Request, StoredRanking.request_id == Request.id)
    found = session.execute(query.where(StoredRanking.id == ranking_id)).one_or_none()
    if found is None:
        raise Missing
    stored, request = found
    require_as_staff(session, actor, Action.RANK, subject_of(request))
    if request.state == requests.State.WITHDRAWN:
        raise Missing
    return stored, request


def _ruled_out(content: Mapping[str, Any]) -> int:
    """Count who was ruled out; a ranking of an earlier release named each instead."""
    return int(content["ruled_out"]) if "ruled_out" in content else len(content["excluded"])


def read_gate(session: Session, actor: Actor, ranking_id: UUID, gate: str, *, number: int, now: datetime) -> ShownGate:
    """Name those whom one gate rules out for her now, a page at a time; past the end, the last page. Raises Missing.

    The reading is for the audit to record.
    """
    _, request = _load(session, actor, ranking_id)
    number = max(1, number)
    ask = partial(matching.ruled_out_by, session, request, gate, most=A_PAGE, now=now)
    found = ask(start=(number - 1) * A_PAGE)
    if found is None:
        raise Missing
    last = max(1, ceil(found.count / A_PAGE))
    if number > last:
        number, found = last, ask(start=(last - 1) * A_PAGE) or found
    called, closed = names.of_supporters(session, map(UUID, found.gates)), closed_among(session, actor, found.gates)
    lines = [("" if key in closed else called.get(UUID(key), "?"), gates) for key, gates in found.gates.items()]
    return ShownGate(ranking_id, request.id, request.user_id, gate, lines, found.count, found.of, number, last)


def closed_among(session: Session, actor: Actor, ids: Iterable[UUID | str]) -> set[str]:
    """Return which of some supporters' files are closed to somebody at the desk."""
    asked = select(Supporter.id).where(Supporter.user_id.in_(closed_to(actor.id)))
    return {str(one) for one in ids} & {str(one) for one in session.scalars(asked)}


def _standing(session: Session, ids: Iterable[UUID]) -> dict[str, Standing]:
    """Read the names and places of some supporters."""
    field = Supporter.name
    needed = (getattr(Supporter, column) for column in (*field.needs(), "taken", "capacity"))
    rows = session.execute(select(*needed).where(Supporter.id.in_(set(ids))))
    return {str(row.id): Standing(field.shown(row) or "", row.taken, row.capacity) for row in rows}


def _shown(
    place: int, one: Mapping[str, Any], standing: Standing, to_avoid: str, elsewhere: Mapping[UUID, room.Elsewhere]
) -> RankedSupporter:
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
        elsewhere=elsewhere.get(UUID(one["offer"]), room.NOWHERE),
    )
