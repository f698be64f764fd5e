"""Offers: a supporter is asked, says yes or no, or her two days pass; then the next in line, or back to the desk."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import not_, select
from sqlalchemy.orm import Session

from webapp.crypto.keyring import CannotDecrypt
from webapp.domain import proposals, requests
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.domain.notices import Notice
from webapp.domain.places import NoPlaceLeft
from webapp.models import Introduction, Proposal, Request, Supporter
from webapp.services import audit, introductions, matching, outbox
from webapp.services.acting import Missing, TooLate, hold_request, load, require
from webapp.services.cards.manners import manners_of
from webapp.services.locking import Held
from webapp.services.requests import end_live_proposals
from webapp.services.supporters import can_take_on, cannot_take_on

SYSTEM = Actor(None)
ENDED_BY = {
    proposals.Event.ACCEPTED: Act.PROPOSAL_ACCEPTED,
    proposals.Event.DECLINED: Act.PROPOSAL_DECLINED,
    proposals.Event.EXPIRED: Act.PROPOSAL_EXPIRED,
    proposals.Event.PASSED_BY: Act.PROPOSAL_PASSED_BY,
    proposals.Event.FELL_AWAY: Act.PROPOSAL_FELL_AWAY,
    proposals.Event.WITHDRAWN: Act.PROPOSAL_WITHDRAWN,
}


def offer_next(session: Session, actor: Actor, held: Held, *, now: datetime) -> Proposal | None:
    """Offer to the next whom she ranked; where nobody is left, the request goes back to the desk."""
    request = held.request
    ranked = [one for one in still_shown(held) if one.her_order is not None]
    for proposal in sorted(ranked, key=lambda one: one.her_order or 0):
        if matching.told_of(session, request, held.supporters[proposal.supporter_id], now=now) is None:
            end_proposal(session, actor, proposal, proposals.Event.FELL_AWAY, now=now)
            continue
        for event in (proposals.Event.CHOSEN, proposals.Event.OFFERED):
            proposal.state = proposals.step(proposals.State(proposal.state), event)
        proposal.offered_at, proposal.expires_at = now, now + proposals.OFFER_LASTS
        _tell_supporter(session, proposal, now=now)
        audit.record(session, actor, Act.PROPOSAL_OFFERED, proposal, at=now, about=request.user_id)
        return proposal
    back_to_the_desk(session, actor, held, now=now)
    return None


def still_shown(held: Held) -> list[Proposal]:
    """Return the people whom she is shown, as the ranking ordered them."""
    shown = [one for one in held.proposals if one.state == proposals.State.SHOWN]
    return sorted(shown, key=lambda one: one.place)


def back_to_the_desk(session: Session, actor: Actor, held: Held, *, now: datetime) -> None:
    """End what she is shown: she wants nobody of them, or nobody is left. A coordinator looks on."""
    request = held.request
    end_live_proposals(session, held, now=now)
    request.state = requests.step(requests.State(request.state), requests.Event.NOBODY_CHOSEN)
    request.look_from(now)
    audit.record(session, actor, Act.NOBODY_CHOSEN, request, at=now, about=request.user_id)
    outbox.put(
        session, Notice.BACK_TO_THE_DESK, dedupe=f"{request.id}:{now.isoformat()}", due_at=now, request=str(request.id)
    )


def pass_on(session: Session, held: Held, *, now: datetime) -> None:
    """Offer to the next; where her own answers cannot be read, nobody can be checked, and the desk takes over."""
    try:
        offer_next(session, SYSTEM, held, now=now)
    except CannotDecrypt:
        back_to_the_desk(session, SYSTEM, held, now=now)


def _tell_supporter(session: Session, proposal: Proposal, *, now: datetime) -> None:
    to, offer = proposal.supporter.user_id, str(proposal.id)
    later = now + proposals.REMINDER_AFTER
    outbox.put(session, Notice.SOMEONE_HOPES_FOR_YOU, dedupe=offer, due_at=now, to=to, proposal=offer)
    outbox.put(session, Notice.OFFER_STILL_OPEN, dedupe=offer, due_at=later, to=to, proposal=offer)


def end_proposal(session: Session, actor: Actor, proposal: Proposal, event: proposals.Event, *, now: datetime) -> None:
    """End a card or an offer, with its record; its reminder is not sent any more."""
    proposal.state = proposals.step(proposals.State(proposal.state), event)
    proposal.ended_at = now
    outbox.cancel(session, Notice.OFFER_STILL_OPEN, dedupe=str(proposal.id))
    about = proposal.request.user_id
    audit.record(session, actor, ENDED_BY[event], proposal, at=now, about=about)


def subject_of_offer(proposal: Proposal) -> Subject:
    """Say whose an offer is: the supporter's, once she was asked."""
    return Subject(owner=proposal.supporter.user_id if proposal.offered_at is not None else None)


def list_offers(session: Session, actor: Actor, *, now: datetime) -> list[Proposal]:
    """Return the offers that a supporter can still answer: none once she can take nobody on."""
    query = select(Proposal).join(Supporter, Proposal.supporter_id == Supporter.id)
    is_open = (Proposal.state == proposals.State.OFFERED, Proposal.expires_at > now, not_(cannot_take_on(now.date())))
    mine = query.where(Supporter.user_id == actor.id, *is_open)
    return list(session.scalars(mine.order_by(Proposal.expires_at)))


def read_offer(session: Session, actor: Actor, proposal_id: UUID, *, now: datetime) -> dict[str, Any]:
    """Return the small card of an offer: a name, how to speak with her, what is hoped for; no contact, no score.

    Raises TooLate; NoPlaceLeft where she can take nobody on now.
    """
    proposal = load(session, Proposal, proposal_id)
    require(actor, Action.SEE_OFFER, subject_of_offer(proposal))
    if has_fallen_away(proposal, now=now):
        raise NoPlaceLeft
    if proposal.state != proposals.State.OFFERED or _is_over(proposal, now):
        raise TooLate
    card, request = _small_card(proposal), proposal.request
    hours_now = matching.with_hours_now(session, card["messages"], request, proposal.supporter, now=now)
    return {**card, "messages": hours_now, "manners": manners_of(request)}


def record_reading_of_offers(session: Session, actor: Actor, proposal_ids: Sequence[UUID], *, now: datetime) -> None:
    """Record that a supporter saw the cards of offers: one record for each woman."""
    asked = select(Proposal.id, Request.user_id, Supporter.user_id).join(Proposal.request).join(Proposal.supporter)
    for proposal_id, woman, supporter in session.execute(asked.where(Proposal.id.in_(proposal_ids))).all():
        require(actor, Action.SEE_OFFER, Subject(owner=supporter))
        audit.record_by_name(session, actor, Act.OFFER_READ, "proposals", at=now, thing_id=proposal_id, about=woman)


def has_fallen_away(proposal: Proposal, *, now: datetime) -> bool:
    """Say whether a card or an offer has come to nothing because the supporter can take nobody on, noted or not yet."""
    is_open = proposal.state in (proposals.State.SHOWN, proposals.State.OFFERED)
    return proposal.state == proposals.State.FELL_AWAY or (is_open and not can_take_on(proposal.supporter, now.date()))


def is_dead(offer: Proposal, *, now: datetime) -> bool:
    """Say whether an open offer cannot be answered any more: its time is over, or she can take nobody on."""
    return _is_over(offer, now) or has_fallen_away(offer, now=now)


def _is_over(proposal: Proposal, now: datetime) -> bool:
    return proposal.expires_at is not None and proposal.expires_at <= now


def list_offer_cards(session: Session, actor: Actor, *, now: datetime) -> list[dict[str, Any]]:
    """Return the small cards of the offers that a supporter can still answer."""
    return [_small_card(proposal) for proposal in list_offers(session, actor, now=now)]


def _small_card(proposal: Proposal) -> dict[str, Any]:
    return {
        "id": proposal.id,
        "name": matching.name_of(proposal.request),
        "messages": matching.told_to("supporter", proposal),
        "expires_at": proposal.expires_at,
        "time_zone": proposal.supporter.time_zone,
    }


def accept_proposal(session: Session, actor: Actor, proposal_id: UUID, *, now: datetime) -> Introduction:
    """Let a supporter take on the woman she was offered; a second yes finds the pair of the first.

    Raises TooLate, WrongStep, NoPlaceLeft.
    """
    held, proposal = _hold_offer(session, proposal_id)
    require(actor, Action.ANSWER_OFFER, subject_of_offer(proposal))
    if proposal.state == proposals.State.ACCEPTED:
        return session.scalars(select(Introduction).where(Introduction.proposal_id == proposal.id)).one()
    if has_fallen_away(proposal, now=now):
        raise NoPlaceLeft
    if proposal.state == proposals.State.OFFERED and _is_over(proposal, now):
        raise TooLate
    request = held.request
    end_proposal(session, actor, proposal, proposals.Event.ACCEPTED, now=now)
    request.state = requests.step(requests.State(request.state), requests.Event.INTRODUCED)
    supporter = held.supporters[proposal.supporter_id]
    introduction = introductions.open_for(session, actor, proposal, request, supporter, now=now)
    end_live_proposals(session, held, now=now)
    return introduction


def decline_proposal(session: Session, actor: Actor, proposal_id: UUID, *, now: datetime) -> None:
    """Let a supporter say no without a reason; the next whom the woman ranked is offered at once."""
    held, proposal = _hold_offer(session, proposal_id)
    require(actor, Action.ANSWER_OFFER, subject_of_offer(proposal))
    if proposal.state == proposals.State.DECLINED:
        return
    end_proposal(session, actor, proposal, proposals.Event.DECLINED, now=now)
    pass_on(session, held, now=now)


def list_over(session: Session, *, now: datetime) -> list[UUID]:
    """Return the open offers whose time is over, the longest over first."""
    over = select(Proposal.id).where(Proposal.state == proposals.State.OFFERED, Proposal.expires_at <= now)
    return list(session.scalars(over.order_by(Proposal.expires_at, Proposal.id)))


def expire_offer(session: Session, proposal_id: UUID, *, now: datetime) -> bool:
    """End one offer whose time is over, and offer to the next without anyone's help. False where it ended meanwhile."""
    held, proposal = _hold_offer(session, proposal_id)
    if proposal.state != proposals.State.OFFERED or not _is_over(proposal, now):
        return False
    end_proposal(session, SYSTEM, proposal, proposals.Event.EXPIRED, now=now)
    pass_on(session, held, now=now)
    return True


def _hold_offer(session: Session, proposal_id: UUID) -> tuple[Held, Proposal]:
    """Lock the request of an offer and all that hangs on it; the offer itself may be over. Raises Missing."""
    request_id = session.scalar(select(Proposal.request_id).where(Proposal.id == proposal_id))
    if request_id is None:
        raise Missing
    held = hold_request(session, request_id)
    is_live = next((one for one in held.proposals if one.id == proposal_id), None)
    return held, is_live or _read_again(session, proposal_id)


def _read_again(session: Session, proposal_id: UUID) -> Proposal:
    """Read an offer that is over, as it is now: whoever holds its request is alone with it."""
    return session.get_one(Proposal, proposal_id, populate_existing=True)
