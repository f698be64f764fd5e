"""Notices that say nothing any more: what they tell of was done meanwhile, or is over."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.domain import checkins, introductions, proposals, requests
from webapp.domain.notices import TOO_OLD, Notice
from webapp.models import CheckIn, Introduction, NoticeAddress, OutboxRow, Proposal, Request

Column = InstrumentedAttribute[Any]
Still = tuple[str, Column, Column, Callable[[Any], bool]]
"""What stands in the payload, the id that it is, the column that is looked at, and what it must say."""

STILL_SO: Mapping[str, Still] = {
    Notice.SOMEONE_HOPES_FOR_YOU: ("proposal", Proposal.id, Proposal.state, proposals.State.OFFERED.__eq__),
    Notice.OFFER_STILL_OPEN: ("proposal", Proposal.id, Proposal.state, proposals.State.OFFERED.__eq__),
    Notice.PEOPLE_TO_CHOOSE_FROM: ("request", Request.id, Request.state, requests.State.PROPOSED.__eq__),
    Notice.REQUEST_WAITS: ("request", Request.id, Request.state, requests.State.WAITING.__eq__),
    Notice.BACK_TO_THE_DESK: ("request", Request.id, Request.state, requests.State.WAITING.__eq__),
    Notice.YOU_ARE_INTRODUCED: ("introduction", Introduction.id, Introduction.state, introductions.LIVE.__contains__),
    Notice.A_CHECK_IN_NEEDS_YOU: ("checkin", CheckIn.id, CheckIn.needs_look, bool),
    Notice.A_CHECK_IN_IS_READY: ("checkin", CheckIn.id, CheckIn.state, checkins.State.DUE.__eq__),
    Notice.CONFIRM_YOUR_ADDRESS: ("address", NoticeAddress.id, NoticeAddress.confirmed_at, lambda at: at is None),
}
"""A kind that is not here is always worth telling, until it is too old."""
OVERTAKEN, OLD = "overtaken", "too_old"


def why_stale(session: Session, row: OutboxRow, *, now: datetime) -> str | None:
    """Say by a code why a notice need not be sent any more; None where it must."""
    if row.due_at < now - TOO_OLD:
        return OLD
    if row.kind not in STILL_SO:
        return None
    name, key, column, holds = STILL_SO[row.kind]
    if name not in row.payload:
        return None
    found = session.execute(select(column).where(key == UUID(row.payload[name]))).one_or_none()
    return None if found is not None and holds(found[0]) else OVERTAKEN
