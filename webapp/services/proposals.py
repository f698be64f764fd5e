"""Proposals from the desk to a yes: approved, shown, chosen, offered, answered, expired, and the next in line."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.crypto.keyring import CannotDecrypt
from webapp.domain import proposals, requests
from webapp.domain.access import Action, Actor, Subject
from webapp.models import Introduction, Proposal, Request, StoredRanking, Supporter
from webapp.services import audit, avoided, introductions, matching, names, outbox
from webapp.services.acting import Missing, TooLate, hold_request, load, require
from webapp.services.answers import answers_of, text_of
from webapp.services.locking import Held
from webapp.services.requests import end_live_proposals, subject_of

CHOOSE_FOR_ME = "choose_for_me"
NOBODY = "nobody"
SYSTEM = Actor(None)


class NeedsReason(Exception):
    """Raised when a coordinator leaves the order of the ranking without saying why."""


class NamesUnread(Exception):
    """Raised when a woman has named people to keep from her, and nobody says that the names were read."""


def approve_proposals(
    session: Session,
    actor: Actor,
    ranking_id: UUID,
    supporter_ids: Sequence[UUID],
    *,
    override: str | None,
    note: str = "",
    has_read_names: bool,
    now: datetime,
) -> list[Proposal]:
    """Show up to three supporters of a ranking to the woman. Gates are asked again: none can be passed over.

    Where she named people whom she does not want to meet, the coordinator says that she has read the names. Raises
    NamesUnread, NeedsReason; TooLate or WrongStep where something has changed.
    """
    ranking = load(session, StoredRanking, ranking_id)
    held = hold_request(session, ranking.request_id, and_supporters=supporter_ids)
    request = held.request
    require(actor, Action.APPROVE_PROPOSALS, subject_of(request))
    order = [candidate["offer"] for candidate in ranking.content["candidates"]]
    chosen = sorted(dict.fromkeys(supporter_ids), key=lambda one: order.index(str(one)) if str(one) in order else 99)
    _check_choice(order, chosen, override)
    if avoided.words_in(answers_of(request)) and not has_read_names:
        raise NamesUnread
    request.state = requests.step(requests.State(request.state), requests.Event.SHOWN_PEOPLE)
    made = [_draft(session, ranking, request, held.supporters[one], order, now=now) for one in chosen]
    for proposal in made:
        proposal.approved_by, proposal.override = actor.id, override or None
        proposal.override_note = note.strip() or None
        for event in (proposals.Event.REVIEWED, proposals.Event.SHOWN):
            proposal.state = proposals.step(proposals.State(proposal.state), event)
        proposal.shown_at = now
        audit.record(session, actor, "proposal shown", proposal, at=now, about=request.user_id, code=override or None)
    outbox.put(
        session,
        "people to choose from",
        dedupe=str(ranking.id),
        due_at=now,
        to=request.user_id,
        request=str(request.id),
    )
    return made


def _check_choice(order: Sequence[str], chosen: Sequence[UUID], override: str | None) -> None:
    if not 1 <= len(chosen) <= proposals.MOST_SHOWN or any(str(one) not in order for one in chosen):
        raise Missing
    is_reason = override in {reason.value for reason in proposals.OverrideReason}
    follows_the_order = [str(one) for one in chosen] == list(order[: len(chosen)])
    if not is_reason and (override or not follows_the_order):
        raise NeedsReason


def _draft(
    session: Session,
    ranking: StoredRanking,
    request: Request,
    supporter: Supporter,
    order: Sequence[str],
    *,
    now: datetime,
) -> Proposal:
    told = matching.told_of(session, request, supporter, now=now)
    if told is None:
        raise TooLate
    place = order.index(str(supporter.id))
    proposal = Proposal(
        request_id=request.id,
        supporter_id=supporter.id,
        ranking_id=ranking.id,
        state=proposals.State.DRAFTED,
        place=place + 1,
        grains=ranking.content["candidates"][place]["grains"],
    )
    proposal.told = {"requester": told.requester, "supporter": told.supporter}
    session.add(proposal)
    session.flush()
    return proposal


# Her choice


def list_cards(session: Session, actor: Actor, request: Request) -> list[dict[str, Any]]:
    """Return the cards that she may see now: a name, a hello, what they share, one gap; no number."""
    require(actor, Action.SEE_CARDS, subject_of(request))
    return [
        {
            "id": proposal.id,
            "name": matching.name_of(proposal.supporter),
            "hello": text_of(proposal.supporter, "hello"),
            "messages": matching.told_to("requester", proposal),
            "state": proposal.state,
            "her_order": proposal.her_order,
            "expires_at": proposal.expires_at,
        }
        for proposal in _of_request(session, request, {proposals.State.SHOWN, proposals.State.OFFERED})
    ]


def list_who_could_not(session: Session, actor: Actor, request: Request) -> list[str]:
    """Name the women of her present choice who were asked and could not: said no, or did not answer in time."""
    require(actor, Action.SEE_CARDS, subject_of(request))
    last = select(Proposal.ranking_id).where(Proposal.request_id == request.id).order_by(Proposal.shown_at.desc())
    mine = select(Proposal.supporter_id).where(
        Proposal.request_id == request.id,
        Proposal.ranking_id == last.limit(1).scalar_subquery(),
        Proposal.state.in_((proposals.State.DECLINED, proposals.State.EXPIRED)),
    )
    asked = list(session.scalars(mine.order_by(Proposal.ended_at)))
    called = names.of_supporters(session, asked) if asked else {}
    return [called[one] for one in asked if one in called]


def _of_request(session: Session, request: Request, states: set[proposals.State]) -> list[Proposal]:
    query = select(Proposal).where(Proposal.request_id == request.id, Proposal.state.in_(sorted(states)))
    return list(session.scalars(query.order_by(Proposal.place)))


def choose(
    session: Session, actor: Actor, request_id: UUID, *, ordered: Sequence[UUID], instead: str | None, now: datetime
) -> None:
    """Take her choice: an order of one to three cards, nobody, or "choose for me"; then offer to the first."""
    held = hold_request(session, request_id)
    require(actor, Action.CHOOSE_CARD, subject_of(held.request))
    shown = _still_shown(held)
    if any(one.state == proposals.State.OFFERED for one in held.proposals):
        raise TooLate
    if instead == NOBODY:
        _choose_nobody(session, actor, held, now=now)
        return
    picked = [one.id for one in shown] if instead == CHOOSE_FOR_ME else list(dict.fromkeys(ordered))
    if not picked or not set(picked) <= {one.id for one in shown}:
        raise TooLate
    for proposal in shown:
        proposal.her_order = picked.index(proposal.id) + 1 if proposal.id in picked else None
    audit.record(session, actor, "people chosen", held.request, at=now, about=held.request.user_id, code=instead)
    offer_next(session, actor, held, now=now)


def _still_shown(held: Held) -> list[Proposal]:
    shown = [one for one in held.proposals if one.state == proposals.State.SHOWN]
    return sorted(shown, key=lambda one: one.place)


def _choose_nobody(session: Session, actor: Actor, held: Held, *, now: datetime) -> None:
    request = held.request
    end_live_proposals(session, held, now=now)
    request.state = requests.step(requests.State(request.state), requests.Event.NOBODY_CHOSEN)
    audit.record(session, actor, "nobody chosen", request, at=now, about=request.user_id)
    outbox.put(
        session, "back to the desk", dedupe=f"{request.id}:{now.isoformat()}", due_at=now, request=str(request.id)
    )


def offer_next(session: Session, actor: Actor, held: Held, *, now: datetime) -> Proposal | None:
    """Offer to the next whom she ranked; where nobody is left, the request goes back to the desk."""
    request = held.request
    ranked = [one for one in _still_shown(held) if one.her_order is not None]
    for proposal in sorted(ranked, key=lambda one: one.her_order or 0):
        if matching.told_of(session, request, held.supporters[proposal.supporter_id], now=now) is None:
            _end(session, actor, proposal, proposals.Event.WITHDRAWN, now=now)
            continue
        for event in (proposals.Event.CHOSEN, proposals.Event.OFFERED):
            proposal.state = proposals.step(proposals.State(proposal.state), event)
        proposal.offered_at, proposal.expires_at = now, now + proposals.OFFER_LASTS
        _tell_supporter(session, proposal, now=now)
        audit.record(session, actor, "proposal offered", proposal, at=now, about=request.user_id)
        return proposal
    _choose_nobody(session, actor, held, now=now)
    return None


def _pass_on(session: Session, held: Held, *, now: datetime) -> None:
    """Offer to the next; where her own answers cannot be read, nobody can be checked, and the desk takes over."""
    try:
        offer_next(session, SYSTEM, held, now=now)
    except CannotDecrypt:
        _choose_nobody(session, SYSTEM, held, now=now)


def _tell_supporter(session: Session, proposal: Proposal, *, now: datetime) -> None:
    to = proposal.supporter.user_id
    outbox.put(session, "someone hopes for you", dedupe=str(proposal.id), due_at=now, to=to, proposal=str(proposal.id))
    outbox.put(
        session,
        "offer still open",
        dedupe=str(proposal.id),
        due_at=now + proposals.REMINDER_AFTER,
        to=to,
        proposal=str(proposal.id),
    )


def _end(session: Session, actor: Actor, proposal: Proposal, event: proposals.Event, *, now: datetime) -> None:
    proposal.state = proposals.step(proposals.State(proposal.state), event)
    proposal.ended_at = now
    outbox.cancel(session, "offer still open", dedupe=str(proposal.id))
    about = proposal.request.user_id
    audit.record(session, actor, f"proposal {event}", proposal, at=now, about=about)


# The supporter's answer


def subject_of_offer(proposal: Proposal) -> Subject:
    """Say whose an offer is: the supporter's, once she was asked."""
    return Subject(owner=proposal.supporter.user_id if proposal.offered_at is not None else None)


def list_offers(session: Session, actor: Actor, *, now: datetime) -> list[Proposal]:
    """Return the offers that a supporter can still answer."""
    query = select(Proposal).join(Supporter, Proposal.supporter_id == Supporter.id)
    is_open = (Proposal.state == proposals.State.OFFERED, Proposal.expires_at > now)
    mine = query.where(Supporter.user_id == actor.id, *is_open)
    return list(session.scalars(mine.order_by(Proposal.expires_at)))


def read_offer(session: Session, actor: Actor, proposal_id: UUID, *, now: datetime) -> dict[str, Any]:
    """Return the small card of an offer: a name, what is hoped for; no contact, no score. Raises TooLate."""
    proposal = load(session, Proposal, proposal_id)
    require(actor, Action.SEE_OFFER, subject_of_offer(proposal))
    if proposal.state != proposals.State.OFFERED or _is_over(proposal, now):
        raise TooLate
    return _small_card(proposal)


def record_reading_of_offers(session: Session, actor: Actor, proposal_ids: Sequence[UUID], *, now: datetime) -> None:
    """Record that a supporter saw the cards of offers: one record for each woman."""
    asked = select(Proposal.id, Request.user_id, Supporter.user_id).join(Proposal.request).join(Proposal.supporter)
    for proposal_id, woman, supporter in session.execute(asked.where(Proposal.id.in_(proposal_ids))).all():
        require(actor, Action.SEE_OFFER, Subject(owner=supporter))
        audit.record_by_name(session, actor, "offer read", "proposals", at=now, thing_id=proposal_id, about=woman)


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
    if proposal.state == proposals.State.OFFERED and _is_over(proposal, now):
        raise TooLate
    request = held.request
    _end(session, actor, proposal, proposals.Event.ACCEPTED, now=now)
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
    _end(session, actor, proposal, proposals.Event.DECLINED, now=now)
    _pass_on(session, held, now=now)


def list_over(session: Session, *, now: datetime) -> list[UUID]:
    """Return the open offers whose time is over, the longest over first."""
    over = select(Proposal.id).where(Proposal.state == proposals.State.OFFERED, Proposal.expires_at <= now)
    return list(session.scalars(over.order_by(Proposal.expires_at, Proposal.id)))


def expire_offer(session: Session, proposal_id: UUID, *, now: datetime) -> bool:
    """End one offer whose time is over, and offer to the next without anyone's help. False where it ended meanwhile."""
    held, proposal = _hold_offer(session, proposal_id)
    if proposal.state != proposals.State.OFFERED or not _is_over(proposal, now):
        return False
    _end(session, SYSTEM, proposal, proposals.Event.EXPIRED, now=now)
    _pass_on(session, held, now=now)
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
