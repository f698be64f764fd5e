"""Notices that say nothing any more: what they tell of was done meanwhile, or is over."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain import checkins, covers, introductions, proposals, requests
from webapp.domain.notices import TOO_OLD, Notice
from webapp.models import CheckIn, Cover, Introduction, NoticeAddress, OutboxRow, Proposal, Request, Task

OVERTAKEN, OLD = "overtaken", "too_old"


def why_stale(session: Session, row: OutboxRow, *, now: datetime) -> str | None:
    """Say by a code why a notice need not be sent any more; None where it must.

    A kind that nothing is known of is always worth telling, until it is too old.
    """
    if row.due_at < now - TOO_OLD:
        return OLD
    if row.kind not in STILL_SO:
        return None
    name, still = STILL_SO[row.kind]
    is_so = name not in row.payload or still(session, UUID(row.payload[name]))
    return None if is_so else OVERTAKEN


def _is_offered(session: Session, proposal_id: UUID) -> bool:
    return session.scalar(select(Proposal.state).where(Proposal.id == proposal_id)) == proposals.State.OFFERED


def _has_cards_to_choose(session: Session, request_id: UUID) -> bool:
    """Say whether she is shown people and nobody is being asked: once she has chosen, she has seen them."""
    mine = select(Proposal.state).where(Proposal.request_id == request_id)
    live = set(session.scalars(mine.where(Proposal.state.in_(sorted(proposals.LIVE)))))
    return proposals.State.SHOWN in live and proposals.State.OFFERED not in live


def _is_cover_offered(session: Session, cover_id: UUID) -> bool:
    return session.scalar(select(Cover.state).where(Cover.id == cover_id)) == covers.State.OFFERED


def _waits(session: Session, request_id: UUID) -> bool:
    return session.scalar(select(Request.state).where(Request.id == request_id)) == requests.State.WAITING


def _is_together(session: Session, introduction_id: UUID) -> bool:
    """Say whether a pair goes on, and is not held: of one that is held nothing leaves."""
    state = session.scalar(select(Introduction.state).where(Introduction.id == introduction_id))
    return state in introductions.LIVE and state != introductions.State.ON_HOLD


def _is_due(session: Session, checkin_id: UUID) -> bool:
    """Say whether a check-in waits for an answer, of two who are not on hold: while they are, she finds none."""
    waits = select(CheckIn.id).join(CheckIn.introduction).where(CheckIn.state == checkins.State.DUE)
    asked = waits.where(CheckIn.id == checkin_id, Introduction.state != introductions.State.ON_HOLD)
    return session.scalar(asked) is not None


def _is_to_be_done(session: Session, task_id: UUID) -> bool:
    return session.scalar(select(Task.id).where(Task.id == task_id, Task.done_at.is_(None))) is not None


def _is_unproved(session: Session, address_id: UUID) -> bool:
    unproved = select(NoticeAddress.id).where(NoticeAddress.id == address_id, NoticeAddress.confirmed_at.is_(None))
    return session.scalar(unproved) is not None


STILL_SO: Mapping[str, tuple[str, Callable[[Session, UUID], bool]]] = {
    Notice.SOMEONE_HOPES_FOR_YOU: ("proposal", _is_offered),
    Notice.SOMEONE_HOPES_MEANWHILE: ("cover", _is_cover_offered),
    Notice.OFFER_STILL_OPEN: ("proposal", _is_offered),
    Notice.PEOPLE_TO_CHOOSE_FROM: ("request", _has_cards_to_choose),
    Notice.REQUEST_WAITS: ("request", _waits),
    Notice.BACK_TO_THE_DESK: ("request", _waits),
    Notice.YOU_ARE_INTRODUCED: ("introduction", _is_together),
    Notice.A_PAUSE_IS_OVER: ("pair", _is_together),
    Notice.LAST_DAY_COMES_NEAR: ("pair", _is_together),
    Notice.IT_HAS_BEEN_QUIET: ("pair", _is_together),
    Notice.YOU_HAVE_A_MESSAGE: ("pair", _is_together),
    Notice.A_TIME_TO_TALK: ("pair", _is_together),
    Notice.SOMETHING_NEEDS_YOU: ("task", _is_to_be_done),
    Notice.A_CHECK_IN_IS_READY: ("checkin", _is_due),
    Notice.CONFIRM_YOUR_ADDRESS: ("address", _is_unproved),
}
"""What stands in the payload of a kind, and what must still be so."""
