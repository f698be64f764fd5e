"""What a coordinator reads of one request, and the record that she did. The queues are in queues."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, defaultload, defer, lazyload

from webapp.crypto.keyring import CannotDecrypt
from webapp.domain import introductions, requests
from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.domain.checkins import Urgency
from webapp.models import CheckIn, Introduction, Proposal, Request, StoredRanking, Supporter
from webapp.services import audit, checkins, matching, names
from webapp.services.acting import Missing
from webapp.services.answers import answers_of
from webapp.services.desk import queues
from webapp.services.matching import Said
from webapp.services.requests import subject_of
from webapp.services.safety.closed_files import closed_to, require_as_staff

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ShownSupporter:
    """One supporter who was suggested for a request, and what became of it."""

    name: str
    state: str
    expires_at: datetime | None
    override: str | None
    note: str


def read_request(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> dict[str, Any]:
    """Return a request for a coordinator: its answers and its clock; a draft is nobody's but hers.

    A request that was taken back is closed: nobody reads its answers any more.

    The reading is for the audit to record.
    """
    last = select(StoredRanking.id).where(StoredRanking.request_id == Request.id).order_by(StoredRanking.made_at.desc())
    live = Introduction.request_id == Request.id, Introduction.state.in_(sorted(introductions.LIVE))
    pair = select(Introduction.id).where(*live).correlate(Request).scalar_subquery()
    query = select(Request, last.limit(1).correlate(Request).scalar_subquery(), pair).where(Request.id == request_id)
    found = session.execute(query).one_or_none()
    if found is None:
        raise Missing
    request, ranking_id, pair_id = found
    require_as_staff(session, actor, Action.READ_REQUEST, subject_of(request))
    if request.state == requests.State.DRAFT:
        raise Missing
    is_closed = request.state == requests.State.WITHDRAWN
    answers = {} if is_closed else _readable_answers(request)
    return {
        "queued": queues.queued(request, "" if is_closed else matching.name_of(request), now=now),
        "is_closed": is_closed,
        "answers": answers or {},
        "is_unread": answers is None,
        "ranking_id": ranking_id,
        "pair_id": pair_id,
        "shown": [] if is_closed else _shown_to(session, actor, request),
    }


def _readable_answers(request: Request) -> dict[str, Said] | None:
    try:
        return answers_of(request)
    except CannotDecrypt as damaged:
        log.error("a field cannot be read: %s", damaged)
        return None


def _shown_to(session: Session, actor: Actor, request: Request) -> list[ShownSupporter]:
    closed = select(Supporter.id).where(Supporter.user_id.in_(closed_to(actor.id)))
    query = select(Proposal).where(Proposal.request_id == request.id, Proposal.supporter_id.not_in(closed))
    query = query.order_by(Proposal.shown_at, Proposal.place)
    supporter = defaultload(Proposal.supporter).defer(Supporter.answers_sealed)
    found = session.scalars(query.options(lazyload(Proposal.request), supporter))
    return [_shown_supporter(one) for one in found]


def _shown_supporter(one: Proposal) -> ShownSupporter:
    note = Proposal.override_note.shown(one) or ""
    return ShownSupporter(matching.name_of(one.supporter), one.state, one.expires_at, one.override, note)


def record_reading(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> None:
    """Record that a coordinator opened a request."""
    request = session.get(Request, request_id, options=[defer(Request.answers_sealed)])
    if request is None:
        raise Missing
    require_as_staff(session, actor, Action.READ_REQUEST, subject_of(request))
    audit.record(session, actor, Act.REQUEST_READ, request, at=now, about=request.user_id)


def read_checkin(session: Session, actor: Actor, checkin_id: UUID) -> dict[str, Any]:
    """Return an answered check-in that somebody must look at, with what was ticked. Raises Missing.

    The reading is for the audit to record.
    """
    checkin = _answered(session, actor, checkin_id)
    found = checkins.on_the_desk(checkin)
    women = names.of_requests(session, [found.request_id])
    supporters = names.of_supporters(session, [found.supporter_id])
    line = queues.needing(found, women.get(found.request_id, ""), supporters.get(found.supporter_id, ""))
    return {**line, "said": CheckIn.said.shown(checkin), "is_settled": checkin.settled_at is not None}


def record_reading_of_checkin(session: Session, actor: Actor, checkin_id: UUID, *, now: datetime) -> None:
    """Record that a coordinator opened a check-in."""
    checkin = _answered(session, actor, checkin_id)
    audit.record(session, actor, Act.CHECK_IN_READ, checkin, at=now, about=checkin.user_id)


def _answered(session: Session, actor: Actor, checkin_id: UUID) -> CheckIn:
    checkin = session.get(CheckIn, checkin_id, options=checkins.WITHOUT_ANSWERS)
    if checkin is None:
        raise Missing
    require_as_staff(session, actor, Action.READ_CHECKIN, checkins.subject_of(checkin))
    if checkin.answered_at is None or CheckIn.urgency.shown(checkin) == Urgency.NONE:
        raise Missing
    return checkin
