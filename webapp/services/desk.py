"""The coordinator's desk: who waits and how long, what is late, which check-ins need somebody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, lazyload

from webapp.domain import introductions, proposals, requests
from webapp.domain.access import Action, Actor, Subject
from webapp.models import CheckIn, Introduction, Proposal, Request, StoredRanking, Supporter, SupporterAnswer
from webapp.services import audit, checkins, matching, names
from webapp.services.acting import Missing, require
from webapp.services.requests import answers_of, subject_of

PROPOSE_WITHIN = timedelta(days=5)
"""A proposal is due five days after she sent her request; then it is late, never red."""
ON_THE_DESK = (requests.State.WAITING, requests.State.PROPOSED)


@dataclass(frozen=True)
class QueuedRequest:
    """One request in a queue, with its clock."""

    id: UUID
    name: str
    state: str
    waiting_since: datetime
    days: int
    is_late: bool


@dataclass(frozen=True)
class OpenOffer:
    """One offer that a supporter has not answered yet."""

    request_id: UUID
    name: str
    supporter: str
    expires_at: datetime


@dataclass(frozen=True)
class LatePair:
    """An introduction without a first word in time."""

    id: UUID
    request_id: UUID
    name: str
    supporter: str
    first_contact_by: datetime


@dataclass(frozen=True)
class Counts:
    """How many stand in each queue."""

    waiting: int
    late: int
    shown: int
    offers: int
    silent: int
    checkins: int


@dataclass(frozen=True)
class Desk:
    """Everything that needs a coordinator."""

    waiting: list[QueuedRequest]
    with_people: list[QueuedRequest]
    offers: list[OpenOffer]
    late_pairs: list[LatePair]
    checkins: list[dict[str, Any]]

    @property
    def counts(self) -> Counts:
        """Count the queues."""
        return Counts(
            waiting=len(self.waiting),
            late=sum(one.is_late for one in self.waiting),
            shown=len(self.with_people),
            offers=len(self.offers),
            silent=len(self.late_pairs),
            checkins=len(self.checkins),
        )


@dataclass(frozen=True)
class ShownSupporter:
    """One supporter who was suggested for a request, and what became of it."""

    name: str
    state: str
    expires_at: datetime | None


def read_desk(session: Session, actor: Actor, *, now: datetime) -> Desk:
    """Return the queues, the longest wait first. What a coordinator is herself a part of is in none of them."""
    require(actor, Action.SEE_DESK, Subject())
    queued = list(session.scalars(_requests(actor).order_by(Request.waiting_since, Request.id)))
    offers, silent = list(session.scalars(_offers(actor))), list(session.scalars(_silent(actor, now)))
    needing = checkins.list_unsettled(session, actor)
    pairs: list[Proposal | Introduction] = [*offers, *silent, *(one.introduction for one in needing)]
    women = names.of_requests(session, {*(one.id for one in queued), *(one.request_id for one in pairs)})
    supporters = names.of_supporters(session, {one.supporter_id for one in pairs})
    lines = [_queued(one, women.get(one.id, ""), now=now) for one in queued]
    return Desk(
        waiting=[one for one in lines if one.state == requests.State.WAITING],
        with_people=[one for one in lines if one.state == requests.State.PROPOSED],
        offers=[_open_offer(one, women, supporters) for one in offers],
        late_pairs=[_late_pair(one, women, supporters) for one in silent],
        checkins=[_needing(one, women, supporters) for one in needing],
    )


def count_queues(session: Session, actor: Actor, *, now: datetime) -> Counts:
    """Count the queues in one statement, for the pages beside which they stand."""
    require(actor, Action.SEE_DESK, Subject())
    late = Request.waiting_since < now - PROPOSE_WITHIN
    queues = (
        _requests(actor).where(Request.state == requests.State.WAITING),
        _requests(actor).where(Request.state == requests.State.WAITING, late),
        _requests(actor).where(Request.state == requests.State.PROPOSED),
        _offers(actor),
        _silent(actor, now),
        checkins.unsettled(actor),
    )
    row = session.execute(select(*(_count(queue) for queue in queues))).one()
    return Counts(*(int(count) for count in row))


def _count(queue: Select[Any]) -> ColumnElement[int]:
    inner = queue.order_by(None).options().with_only_columns(func.count(), maintain_column_froms=True)
    return inner.scalar_subquery()


def _requests(actor: Actor) -> Select[Request]:
    found = select(Request).where(Request.state.in_(ON_THE_DESK), Request.user_id != actor.id)
    return found.options(lazyload(Request.answers))


def _offers(actor: Actor) -> Select[Proposal]:
    query = select(Proposal).join(Proposal.request).join(Proposal.supporter)
    open_ = query.where(Proposal.state == proposals.State.OFFERED, *_not_mine(actor)).order_by(Proposal.expires_at)
    return open_.options(lazyload(Proposal.request), lazyload(Proposal.supporter))


def _silent(actor: Actor, now: datetime) -> Select[Introduction]:
    query = select(Introduction).join(Introduction.request).join(Introduction.supporter)
    late = (Introduction.state == introductions.State.INTRODUCED, Introduction.first_contact_by < now)
    ordered = query.where(*late, *_not_mine(actor)).order_by(Introduction.first_contact_by)
    return ordered.options(lazyload(Introduction.request), lazyload(Introduction.supporter))


def _not_mine(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (Request.user_id != actor.id, Supporter.user_id != actor.id)


def _queued(request: Request, name: str, *, now: datetime) -> QueuedRequest:
    since = request.waiting_since or request.started_at
    is_late = request.state == requests.State.WAITING and now - since > PROPOSE_WITHIN
    return QueuedRequest(request.id, name, request.state, since, max(0, (now - since).days), is_late)


def _open_offer(one: Proposal, women: Mapping[UUID, str], supporters: Mapping[UUID, str]) -> OpenOffer:
    assert one.expires_at is not None
    return OpenOffer(
        one.request_id, women.get(one.request_id, ""), supporters.get(one.supporter_id, ""), one.expires_at
    )


def _late_pair(one: Introduction, women: Mapping[UUID, str], supporters: Mapping[UUID, str]) -> LatePair:
    woman, supporter = women.get(one.request_id, ""), supporters.get(one.supporter_id, "")
    return LatePair(one.id, one.request_id, woman, supporter, one.first_contact_by)


def _needing(one: CheckIn, women: Mapping[UUID, str], supporters: Mapping[UUID, str]) -> dict[str, Any]:
    pair = one.introduction
    both = {"requester": women.get(pair.request_id, ""), "supporter": supporters.get(pair.supporter_id, "")}
    side = checkins.side_of(one)
    (other,) = both.keys() - {side.value}
    return {**checkins.shown(one), "name": both[side], "other": both[other], "side": side.value}


def read_request(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> dict[str, Any]:
    """Return a request for a coordinator: its answers and its clock; a draft is nobody's but hers.

    The reading is for the audit to record.
    """
    last = select(StoredRanking.id).where(StoredRanking.request_id == Request.id).order_by(StoredRanking.made_at.desc())
    query = select(Request, last.limit(1).correlate(Request).scalar_subquery()).where(Request.id == request_id)
    found = session.execute(query).one_or_none()
    if found is None:
        raise Missing
    request, ranking_id = found
    require(actor, Action.READ_REQUEST, subject_of(request))
    if request.state == requests.State.DRAFT:
        raise Missing
    return {
        "queued": _queued(request, matching.name_of(request.answers), now=now),
        "answers": answers_of(request),
        "ranking_id": ranking_id,
        "shown": _shown_to(session, request),
    }


def _shown_to(session: Session, request: Request) -> list[ShownSupporter]:
    is_name = (SupporterAnswer.supporter_id == Proposal.supporter_id) & (SupporterAnswer.question == names.NAME)
    query = select(Proposal.state, Proposal.expires_at, SupporterAnswer).outerjoin(SupporterAnswer, is_name)
    ordered = query.where(Proposal.request_id == request.id).order_by(Proposal.shown_at, Proposal.place)
    rows = session.execute(ordered)
    return [ShownSupporter(name.said["answer"] if name else "", state, until) for state, until, name in rows]


def record_reading(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> None:
    """Record that a coordinator opened a request."""
    request = session.get(Request, request_id, options=[lazyload(Request.answers)])
    if request is None:
        raise Missing
    require(actor, Action.READ_REQUEST, subject_of(request))
    audit.record(session, actor, "request read", request, at=now, about=request.user_id)
