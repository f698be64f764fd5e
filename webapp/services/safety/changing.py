"""What is checked again when a woman's record changes: who no longer fits falls away, and the next in line is asked."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.crypto.keyring import CannotDecrypt
from webapp.domain import proposals
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.requests import OPEN, State
from webapp.domain.safe_contact import Contact, Standing
from webapp.models import Proposal, Request, User
from webapp.services import matching, offers, requests
from webapp.services.accounts import phone_words
from webapp.services.acting import Missing, hold_request, load_locked, require
from webapp.services.answers import answers_of
from webapp.services.locking import Held
from webapp.services.matching import Said
from webapp.services.pairs import calling_off
from webapp.services.safety import reading, records
from webapp.services.safety.reading import Known

log = logging.getLogger(__name__)


class IsPhoneWords(Exception):
    """Raised for a code word that is also her words for the phone: the desk reads the one, and never the other."""


@dataclass(frozen=True)
class Own:
    """What her page shows: what she said, on record or in answers that she has not sent; by which clock she lives."""

    known: Known
    contact: Contact
    time_zone: str | None
    is_draft: bool
    marked: Mapping[str, Said]


def read_own(session: Session, actor: Actor, *, now: datetime) -> Own:
    """Return how a woman may be reached, for herself. Raises CannotDecrypt for answers that stand in for a record."""
    require(actor, Action.SEE_SAFE_CONTACT, Subject(owner=actor.id))
    request, known = requests.find_open_request(session, actor), reading.read(session, her_id(actor), now=now)
    answers = answers_of(request) if request is not None else {}
    contact = known.contact or (records.contact_in(answers) if known is reading.NOBODY_SAID else Contact())
    is_draft = request is not None and request.state == State.DRAFT
    return Own(known, contact, request.time_zone if request else None, is_draft, answers)


def is_to_be_asked(session: Session, actor: Actor, *, now: datetime) -> bool:
    """Say whether a woman whose request is sent is asked first: what she said has run out, or was never kept.

    Whoever named nothing that leaves the site has nothing to confirm.
    """
    try:
        own = read_own(session, actor, now=now)
    except CannotDecrypt:
        return False
    is_unsaid = own.known.standing in (Standing.EXPIRED, Standing.NONE)
    return is_unsaid and own.time_zone is not None and not own.is_draft and own.contact.leaves_the_site


def keep(session: Session, actor: Actor, contact: Contact, *, time_zone: str | None = None, now: datetime) -> None:
    """Keep what she says, at every hour and wherever her request stands. Raises IsPhoneWords."""
    require(actor, Action.CHANGE_SAFE_CONTACT, Subject(owner=actor.id))
    held = _hold(session, her_id(actor))
    if contact.code_word and phone_words.are_hers(session, her_id(actor), contact.code_word):
        raise IsPhoneWords
    records.write(session, actor, her_id(actor), contact, now=now).looked_at = now
    if held is not None:
        held.request.time_zone = time_zone or held.request.time_zone
        look_again(session, actor, held, now=now)
    calling_off.call_off_unsafe(session, actor, her_id(actor), now=now)


def confirm(session: Session, actor: Actor, *, now: datetime) -> None:
    """Let her say that all of it is right as it stands: it counts for another while, a closed one too."""
    require(actor, Action.CHANGE_SAFE_CONTACT, Subject(owner=actor.id))
    _hold(session, her_id(actor))
    row = reading.find(session, her_id(actor))
    if row is None:
        contact = read_own(session, actor, now=now).contact
        row = records.write(session, actor, her_id(actor), contact, now=now)
    records.open_again(session, actor, row, now=now)


def close(session: Session, actor: Actor, *, now: datetime) -> None:
    """Let her close every way that leaves the site; what she said stays, so that she can open it again."""
    require(actor, Action.CHANGE_SAFE_CONTACT, Subject(owner=actor.id))
    held = _hold(session, her_id(actor))
    if reading.find(session, her_id(actor)) is None:
        records.write(session, actor, her_id(actor), read_own(session, actor, now=now).contact, now=now)
        session.flush()
    records.close_outside(session, her_id(actor), actor=actor, now=now, code="by_her")
    if held is not None:
        look_again(session, actor, held, now=now)


def her_id(actor: Actor) -> UUID:
    """Return who acts. Raises Missing for a visitor."""
    if actor.id is None:
        raise Missing
    return actor.id


def _hold(session: Session, user_id: UUID) -> Held | None:
    """Lock her open request and all that hangs on it, then herself, so that two changes of hers never cross."""
    held = _hold_open_request(session, user_id)
    load_locked(session, User, user_id)
    return held


def look_after(session: Session, woman_id: UUID, *, now: datetime) -> bool:
    """Hold what is on its way, and what was arranged, against a record that was closed or has run out."""
    held = _hold_open_request(session, woman_id)
    row = reading.find(session, woman_id)
    if row is None:
        return False
    row.looked_at = now
    if held is not None:
        look_again(session, offers.SYSTEM, held, now=now)
    calling_off.call_off_unsafe(session, offers.SYSTEM, woman_id, now=now)
    return True


def _hold_open_request(session: Session, user_id: UUID) -> Held | None:
    open_ = select(Request.id).where(Request.user_id == user_id, Request.state.in_(sorted(OPEN)))
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
    if held.request.state != State.PROPOSED:
        return
    if any(one.state == proposals.State.WITHDRAWN for one in asked):
        offers.offer_next(session, offers.SYSTEM, held, now=now)
    elif not any(one.state in proposals.LIVE for one in held.proposals):
        offers.back_to_the_desk(session, offers.SYSTEM, held, now=now)


def _hold_against_gates(session: Session, actor: Actor, held: Held, proposal: Proposal, *, now: datetime) -> None:
    told = matching.told_of(session, held.request, held.supporters[proposal.supporter_id], now=now)
    if told is None:
        offers.end_proposal(session, actor, proposal, proposals.Event.WITHDRAWN, now=now)
    else:
        proposal.told = {"requester": told.requester, "supporter": told.supporter}
