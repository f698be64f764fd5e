"""What is checked again when a woman's record changes: who no longer fits falls away, and the next in line is asked."""

import logging
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.crypto.keyring import CannotDecrypt
from webapp.domain import proposals, requests
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.safe_contact import Contact
from webapp.models import Proposal, Request, User
from webapp.services import matching, offers
from webapp.services.acting import Missing, hold_request, load_locked, require
from webapp.services.accounts import phone_words
from webapp.services.locking import Held
from webapp.services.safety import reading, records

log = logging.getLogger(__name__)


class IsPhoneWords(Exception):
    """Raised for a code word that is also her words for the phone: the desk reads the one and must not know the other."""


def keep(session: Session, actor: Actor, contact: Contact, *, time_zone: str | None = None, now: datetime) -> None:
    """Keep what she says, at every hour and wherever her request stands. Raises IsPhoneWords."""
    require(actor, Action.CHANGE_SAFE_CONTACT, Subject(owner=actor.id))
    if actor.id is None:
        raise Missing
    held = _hold_open_request(session, actor.id)
    load_locked(session, User, actor.id)
    if contact.code_word and phone_words.are_hers(session, actor.id, contact.code_word):
        raise IsPhoneWords
    records.write(session, actor, actor.id, contact, now=now).looked_at = now
    if held is not None:
        if time_zone is not None:
            held.request.time_zone = time_zone
        look_again(session, actor, held, now=now)


def close(session: Session, actor: Actor, *, now: datetime) -> None:
    """Let her close every way that leaves the site; one without a record closes what would have been."""
    require(actor, Action.CHANGE_SAFE_CONTACT, Subject(owner=actor.id))
    if actor.id is None:
        raise Missing
    held = _hold_open_request(session, actor.id)
    records.close_outside(session, actor.id, actor=actor, now=now, code="by_her")
    if held is not None:
        look_again(session, actor, held, now=now)


def look_after(session: Session, woman_id: UUID, *, now: datetime) -> bool:
    """Hold what is on its way against a record that was closed or has run out."""
    held = _hold_open_request(session, woman_id)
    row = reading.find(session, woman_id)
    if row is None:
        return False
    row.looked_at = now
    if held is not None:
        look_again(session, offers.SYSTEM, held, now=now)
    return True


def _hold_open_request(session: Session, user_id: UUID) -> Held | None:
    open_ = select(Request.id).where(Request.user_id == user_id, Request.state.in_(sorted(requests.OPEN)))
    request_id = session.scalar(open_)
    return hold_request(session, request_id) if request_id is not None else None


def look_again(session: Session, actor: Actor, held: Held, *, now: datetime) -> None:
    """Ask every gate again for those who are on their way to her. Where her answers cannot be read, nobody is asked."""
    session.flush()
    asked = [one for one in held.proposals if one.state == proposals.State.OFFERED]
    try:
        for proposal in held.proposals:
            if proposal.state in proposals.LIVE:
                _hold_against_gates(session, actor, held, proposal, now=now)
    except CannotDecrypt as damaged:
        log.error("what is on its way cannot be checked: %s", damaged)
        return
    if held.request.state != requests.State.PROPOSED:
        return
    if any(one.state == proposals.State.WITHDRAWN for one in asked):
        offers.offer_next(session, offers.SYSTEM, held, now=now)
    elif not any(one.state in proposals.LIVE for one in held.proposals):
        offers.back_to_the_desk(session, offers.SYSTEM, held, now=now)


def _hold_against_gates(session: Session, actor: Actor, held: Held, proposal: Proposal, *, now: datetime) -> None:
    told = matching.told_of(session, held.request, held.supporters[proposal.supporter_id], now=now)
    if told is None:
        offers.withdraw(session, actor, proposal, now=now)
    else:
        proposal.told = {"requester": told.requester, "supporter": told.supporter}
