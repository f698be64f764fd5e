"""What she chooses: the cards that she is shown, an order of up to three, nobody, or "choose for me"."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain import proposals
from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.models import Proposal, Request
from webapp.services import audit, matching, names, offers
from webapp.services.acting import TooLate, hold_request, require
from webapp.services.answers import text_of
from webapp.services.requests import subject_of

CHOOSE_FOR_ME = "choose_for_me"
NOBODY = "nobody"


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
    shown = offers.still_shown(held)
    if any(one.state == proposals.State.OFFERED for one in held.proposals):
        raise TooLate
    if instead == NOBODY:
        offers.back_to_the_desk(session, actor, held, now=now)
        return
    picked = [one.id for one in shown] if instead == CHOOSE_FOR_ME else list(dict.fromkeys(ordered))
    if not picked or not set(picked) <= {one.id for one in shown}:
        raise TooLate
    for proposal in shown:
        proposal.her_order = picked.index(proposal.id) + 1 if proposal.id in picked else None
    audit.record(session, actor, Act.PEOPLE_CHOSEN, held.request, at=now, about=held.request.user_id, code=instead)
    offers.offer_next(session, actor, held, now=now)
