"""The coordinator's desk: who waits and how long, what is late, which check-ins need somebody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain import introductions, proposals, requests
from webapp.domain.access import Action, Actor, Subject
from webapp.models import CheckIn, Introduction, Proposal, Request, RequestAnswer
from webapp.services import audit, checkins, matching
from webapp.services.acting import load, require
from webapp.services.requests import answers_of, subject_of

PROPOSE_WITHIN = timedelta(days=5)
"""A proposal is due five days after she sent her request; then it is late, never red."""


@dataclass(frozen=True)
class QueuedRequest:
    """One request in a queue, with its clock."""

    id: UUID
    name: str
    state: str
    waiting_since: datetime
    is_late: bool


@dataclass(frozen=True)
class LatePair:
    """An introduction without a first word in time."""

    id: UUID
    name: str
    first_contact_by: datetime


@dataclass(frozen=True)
class Desk:
    """Everything that needs a coordinator."""

    waiting: list[QueuedRequest]
    with_people: list[QueuedRequest]
    offers_out: int
    late_pairs: list[LatePair]
    checkins: list[dict[str, Any]]


def read_desk(session: Session, actor: Actor, *, now: datetime) -> Desk:
    """Return the queues. A coordinator's own file is in none of them."""
    require(actor, Action.SEE_DESK, Subject())
    return Desk(
        waiting=_queue(session, actor, requests.State.WAITING, now=now),
        with_people=_queue(session, actor, requests.State.PROPOSED, now=now),
        offers_out=len(session.scalars(select(Proposal.id).where(Proposal.state == proposals.State.OFFERED)).all()),
        late_pairs=_late_pairs(session, now=now),
        checkins=[_needing(session, one) for one in checkins.list_unsettled(session)],
    )


def _queue(session: Session, actor: Actor, state: requests.State, *, now: datetime) -> list[QueuedRequest]:
    query = select(Request).where(Request.state == state, Request.user_id != actor.id).order_by(Request.waiting_since)
    return [_queued(request, now=now) for request in session.scalars(query)]


def _queued(request: Request, *, now: datetime) -> QueuedRequest:
    since = request.waiting_since or request.started_at
    is_late = request.state == requests.State.WAITING and now - since > PROPOSE_WITHIN
    return QueuedRequest(request.id, matching.name_of(request.answers), request.state, since, is_late)


def _late_pairs(session: Session, *, now: datetime) -> list[LatePair]:
    silent = select(Introduction).where(
        Introduction.state == introductions.State.INTRODUCED, Introduction.first_contact_by < now
    )
    return [
        LatePair(one.id, matching.name_of(one.request.answers), one.first_contact_by) for one in session.scalars(silent)
    ]


def _needing(session: Session, checkin: CheckIn) -> dict[str, Any]:
    answers = session.scalars(select(RequestAnswer).where(RequestAnswer.request_id == checkin.introduction.request_id))
    return {**checkins.shown(checkin), "name": matching.name_of(answers)}


def read_request(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> dict[str, Any]:
    """Return a request for a coordinator: its answers and its clock. The reading is for the audit to record."""
    request = load(session, Request, request_id)
    require(actor, Action.READ_REQUEST, subject_of(request))
    return {"queued": _queued(request, now=now), "answers": answers_of(request)}


def record_reading(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> None:
    """Record that a coordinator opened a request."""
    request = load(session, Request, request_id)
    require(actor, Action.READ_REQUEST, subject_of(request))
    audit.record(session, actor, "request read", request, at=now, about=request.user_id)
