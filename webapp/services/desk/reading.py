"""What a coordinator reads of one request, and the record that she did. The queues are in queues."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, defaultload, defer, lazyload

from webapp.crypto.keyring import CannotDecrypt
from webapp.domain import introductions, requests
from webapp.domain.access import Action, Actor, Role
from webapp.domain.audited import Act
from webapp.domain.checkins import Side
from webapp.domain.proposals import State
from webapp.domain.tasks import Kind
from webapp.models import CheckIn, Introduction, Proposal, Request, StoredRanking, Supporter
from webapp.services import audit, checkins, matching, names, tasks
from webapp.services.acting import Missing, Refused
from webapp.services.answers import answers_of
from webapp.services.cards import differences
from webapp.services.desk import queues
from webapp.services.matching import Said
from webapp.services.requests import subject_of
from webapp.services.safety.asked import without_contact
from webapp.services.safety.closed_files import closed_to, require_as_staff
from webapp.services.tasks import turns

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ShownSupporter:
    """One supporter who was suggested for a request: who showed her when and why, and what became of it.

    `taken_back_by` is a coordinator, where one took the card back. `is_open`: she is on the table, to be chosen.
    """

    id: UUID
    name: str
    state: str
    was_asked: bool
    shown_at: datetime | None
    approved_by: str
    expires_at: datetime | None
    override: str | None
    note: str
    taken_back_by: str
    taken_back_for: str | None
    taken_back_note: str

    @property
    def is_open(self) -> bool:
        """Say whether her card is on the table, to be chosen."""
        return self.state == State.SHOWN


def read_request(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> dict[str, Any]:
    """Return a request for a coordinator: its answers and its clock; a draft is nobody's but hers.

    A request that was taken back is closed: nobody reads its answers any more.

    The reading is for the audit to record.
    """
    last = select(StoredRanking.id).where(StoredRanking.request_id == Request.id).order_by(StoredRanking.made_at.desc())
    live = (
        Introduction.request_id == Request.id,
        Introduction.covers_id.is_(None),
        Introduction.state.in_(sorted(introductions.LIVE)),
    )
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
    shown = [] if is_closed else _shown_to(session, actor, request)
    return {
        "user_id": request.user_id,
        "queued": queues.queued(request, "" if is_closed else matching.name_of(request), now=now),
        "is_closed": is_closed,
        "answers": answers or {},
        "is_unread": answers is None,
        "ranking_id": ranking_id,
        "pair_id": pair_id,
        "shown": shown,
        "may_take_back": any(one.is_open for one in shown) and not any(one.state == State.OFFERED for one in shown),
        "differs": [] if is_closed else differences.list_said(session, request),
    }


def _readable_answers(request: Request) -> dict[str, Said] | None:
    """Return her answers without those on reaching her: of that, her record alone is true."""
    try:
        return without_contact(answers_of(request))
    except CannotDecrypt as damaged:
        log.error("a field cannot be read: %s", damaged)
        return None


def _shown_to(session: Session, actor: Actor, request: Request) -> list[ShownSupporter]:
    closed = select(Supporter.id).where(Supporter.user_id.in_(closed_to(actor.id)))
    query = select(Proposal).where(Proposal.request_id == request.id, Proposal.supporter_id.not_in(closed))
    query = query.order_by(Proposal.shown_at, Proposal.place)
    supporter = defaultload(Proposal.supporter).defer(Supporter.answers_sealed)
    found = session.scalars(query.options(lazyload(Proposal.request), supporter)).all()
    staff = names.of_staff(session, (who for one in found for who in (one.approved_by, one.taken_back_by)))
    return [_shown_supporter(one, staff) for one in found]


def _shown_supporter(one: Proposal, staff: Mapping[Any, str]) -> ShownSupporter:
    return ShownSupporter(
        id=one.id,
        name=matching.name_of(one.supporter),
        state=one.state,
        was_asked=one.offered_at is not None,
        shown_at=one.shown_at,
        approved_by=staff.get(one.approved_by, ""),
        expires_at=one.expires_at,
        override=one.override,
        note=Proposal.override_note.shown(one) or "",
        taken_back_by=staff.get(one.taken_back_by, ""),
        taken_back_for=one.taken_back_for,
        taken_back_note=Proposal.taken_back_note.shown(one) or "",
    )


def record_reading(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> None:
    """Record that a coordinator opened a request."""
    request = session.get(Request, request_id, options=[defer(Request.answers_sealed)])
    if request is None:
        raise Missing
    require_as_staff(session, actor, Action.READ_REQUEST, subject_of(request))
    audit.record(session, actor, Act.REQUEST_READ, request, at=now, about=request.user_id)


@dataclass(frozen=True)
class ReadCheckIn:
    """An answered check-in as the desk reads it; `task_id` is the task that it opened, if one."""

    id: UUID
    introduction_id: UUID
    side: Side
    kind: str
    name: str
    other: str
    answered_at: datetime
    said: Any
    task_id: UUID | None
    user_id: UUID


def read_checkin(session: Session, actor: Actor, checkin_id: UUID) -> ReadCheckIn:
    """Return an answered check-in with what was ticked. Raises Missing. The reading is for the audit to record."""
    checkin = _answered(session, actor, checkin_id)
    pair, side = checkin.introduction, checkins.side_of(checkin)
    women, supporters = (
        names.of_requests(session, [pair.request_id]),
        names.of_supporters(session, [pair.supporter_id]),
    )
    hers, theirs = women.get(pair.request_id, ""), supporters.get(pair.supporter_id, "")
    name, other = (hers, theirs) if side is Side.REQUESTER else (theirs, hers)
    assert checkin.answered_at is not None
    task_id = tasks.id_of(Kind.CHECK_IN, checkin.id)
    return ReadCheckIn(
        checkin.id, pair.id, side, checkin.kind, name, other, checkin.answered_at, CheckIn.said.shown(checkin),
        task_id if tasks.find_opened(session, [task_id]) else None, checkin.user_id,
    )  # fmt: skip


def record_reading_of_checkin(session: Session, actor: Actor, checkin_id: UUID, *, now: datetime) -> None:
    """Record that somebody at the desk opened a check-in."""
    checkin = _answered(session, actor, checkin_id)
    audit.record(session, actor, Act.CHECK_IN_READ, checkin, at=now, about=checkin.user_id)


def _answered(session: Session, actor: Actor, checkin_id: UUID) -> CheckIn:
    """Return it for a coordinator; for the approver only while it is left to her."""
    checkin = session.get(CheckIn, checkin_id, options=checkins.WITHOUT_ANSWERS)
    if checkin is None:
        raise Missing
    require_as_staff(session, actor, Action.READ_CHECKIN, checkins.subject_of(checkin))
    is_coordinator = Role.COORDINATOR in actor.roles
    if not is_coordinator and not turns.is_left_to_the_approver(session, Kind.CHECK_IN, checkin.id):
        raise Refused(checkin.user_id)
    if checkin.answered_at is None:
        raise Missing
    return checkin
