"""A supporter who can take nobody on any more: her open offers go to the next in line, her cards are taken away.

Each request is done under its own lock, in a transaction of its own: whoever holds a supporter locks no request. It
follows the act that took her last place at once; the worker looks every minute for what was left undone.
"""

import logging
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.domain.proposals import Event, State
from webapp.extensions import transaction
from webapp.models import Proposal, Request, Supporter
from webapp.services import offers
from webapp.services.acting import hold_request
from webapp.services.locking import Held
from webapp.services.supporters import can_take_on, cannot_take_on

OPEN = (State.SHOWN, State.OFFERED)
log = logging.getLogger(__name__)


def pass_on_from(supporter_id: UUID, *, now: datetime) -> None:
    """Let a supporter fall away wherever she is shown or asked, right after the commit that ended her room.

    Her own act is kept by now: what fails here is logged, and the worker does it within a minute.
    """
    try:
        with transaction() as session:
            left = list_left(session, supporter_id=supporter_id, now=now)
        for request_id in left:
            with transaction() as session:
                let_fall_away(session, request_id, now=now)
    except SQLAlchemyError as error:
        log.warning("passing on is left to the worker: %s", type(error).__name__)


def list_left(session: Session, *, supporter_id: UUID | None = None, now: datetime) -> list[UUID]:
    """Return the requests with a card or an offer of somebody who can take nobody on, the longest wait first."""
    asked = select(Request.id).join(Proposal, Proposal.request_id == Request.id).join(Proposal.supporter)
    asked = asked.where(Proposal.state.in_(OPEN), cannot_take_on(now.date()))
    if supporter_id is not None:
        asked = asked.where(Supporter.id == supporter_id)
    return list(dict.fromkeys(session.scalars(asked.order_by(Request.waiting_since, Request.id))))


def let_fall_away(session: Session, request_id: UUID, *, now: datetime) -> bool:
    """End what of a request has come to nothing; the next in line is asked, or the desk looks on. False for nothing."""
    held = hold_request(session, request_id)
    fallen = [one for one in held.proposals if has_fallen(held, one, now=now)]
    was_asked = any(one.state == State.OFFERED for one in fallen)
    for one in fallen:
        offers.end_proposal(session, offers.SYSTEM, one, Event.FELL_AWAY, now=now)
    if was_asked:
        offers.pass_on(session, held, now=now)
    elif fallen and not any(one.state in OPEN for one in held.proposals):
        offers.back_to_the_desk(session, offers.SYSTEM, held, now=now)
    return bool(fallen)


def has_fallen(held: Held, proposal: Proposal, *, now: datetime) -> bool:
    """Say whether an open card or offer has come to nothing, by the supporter as she is under the lock."""
    return proposal.state in OPEN and not can_take_on(held.supporters[proposal.supporter_id], now.date())
