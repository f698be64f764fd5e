"""What she chooses: an order of up to three cards, nobody, "choose for me"; a card passed by; and changing her mind."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain import proposals, requests
from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.domain.proposals import Event, State
from webapp.models import Proposal
from webapp.services import audit, matching, offers
from webapp.services.acting import TooLate, hold_request, require
from webapp.services.cards import differences
from webapp.services.cards.falling_away import has_fallen
from webapp.services.locking import Held
from webapp.services.requests import subject_of

CHOOSE_FOR_ME = "choose_for_me"
NOBODY = "nobody"


class Why(StrEnum):
    """Why nothing came of what she chose."""

    ALREADY_ASKED = "already asked"
    SAID_YES = "said yes"
    TAKEN_BACK = "taken back"
    CARDS_CHANGED = "cards changed"


class NotAsked(TooLate):
    """Raised where her choice comes too late: nothing was changed, and this is why. `name` is who is being asked."""

    def __init__(self, why: Why, name: str = "") -> None:
        super().__init__(why)
        self.why, self.name = why, name


def choose(
    session: Session, actor: Actor, request_id: UUID, *, ordered: Sequence[UUID], instead: str | None, now: datetime
) -> list[str]:
    """Take her choice: an order of one to three cards, nobody, or "choose for me"; then offer to the first.

    "Choose for me" asks one after another in the order of the coordinator's list. Returns whom it was not possible to
    ask, where that leaves nobody asked. Raises NotAsked.
    """
    held = hold_request(session, request_id)
    require(actor, Action.CHOOSE_CARD, subject_of(held.request))
    if _is_done_already(held, ordered, instead):
        return []
    _require_choosing(held)
    if instead == NOBODY:
        _want_none(session, actor, held, offers.still_shown(held), now=now)
        return []
    picked = _picked(held, ordered, instead)
    for one in offers.still_shown(held):
        one.her_order = picked.index(one) + 1 if one in picked else None
    audit.record(session, actor, Act.PEOPLE_CHOSEN, held.request, at=now, about=held.request.user_id, code=instead)
    return _ask_in_order(session, actor, held, picked, now=now)


def pass_by(session: Session, actor: Actor, request_id: UUID, card_id: UUID, *, now: datetime) -> bool:
    """Let one card go for good, in silence; whether she may know her or not is asked and told nowhere.

    Returns whether that was the last one that she could have asked: then the coordinator looks on. Raises NotAsked.
    """
    held = hold_request(session, request_id)
    require(actor, Action.CHOOSE_CARD, subject_of(held.request))
    _require_choosing(held)
    card = next((one for one in offers.still_shown(held) if one.id == card_id), None)
    if card is None:
        raise NotAsked(Why.CARDS_CHANGED)
    others = [one for one in offers.still_shown(held) if one is not card]
    if any(not has_fallen(held, one, now=now) for one in others):
        offers.end_proposal(session, actor, card, Event.PASSED_BY, now=now)
        return False
    for one in others:
        offers.end_proposal(session, actor, one, Event.FELL_AWAY, now=now)
    _want_none(session, actor, held, [card], now=now)
    return True


def unask(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> None:
    """Withdraw the offer that is open; she is back at the cards, the one who was asked among them. Raises NotAsked."""
    held = hold_request(session, request_id)
    require(actor, Action.CHANGE_CHOICE, subject_of(held.request))
    asked = _asked(held)
    if asked is None:
        raise NotAsked(_why_over(held))
    told = matching.told_of(session, held.request, held.supporters[asked.supporter_id], now=now)
    offers.end_proposal(session, actor, asked, Event.FELL_AWAY if told is None else Event.WITHDRAWN, now=now)
    if told is not None:
        _lay_back(session, actor, held, asked, told, now=now)
    for one in offers.still_shown(held):
        one.her_order = None
    if not offers.still_shown(held):
        offers.back_to_the_desk(session, actor, held, now=now)


def bring_back(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> None:
    """Bring back the cards of "none of these", tapped by mistake: those who can still take her. Raises NotAsked."""
    passed = select(Proposal.supporter_id).where(Proposal.request_id == request_id, Proposal.state == State.PASSED_BY)
    held = hold_request(session, request_id, and_supporters=session.scalars(passed).all())
    require(actor, Action.CHANGE_CHOICE, subject_of(held.request))
    last = differences.find_last(session, held.request)
    if last is None or not differences.may_undo(last, now=now):
        raise NotAsked(Why.CARDS_CHANGED)
    for one in session.scalars(select(Proposal).where(Proposal.request_id == request_id, Proposal.ended_at == last.at)):
        if one.state == State.PASSED_BY and one.supporter_id in held.supporters:
            one.state, one.ended_at = proposals.step(State.PASSED_BY, Event.BROUGHT_BACK), None
            held.proposals.append(one)
    session.flush()  # whom she passed by is ruled out; these are not any more
    _drop_who_cannot(session, actor, held, offers.still_shown(held), now=now)
    if not offers.still_shown(held):
        raise NotAsked(Why.CARDS_CHANGED)
    held.request.state = requests.step(requests.State.WAITING, requests.Event.SHOWN_PEOPLE)
    session.delete(last)
    audit.record(session, actor, Act.PEOPLE_BROUGHT_BACK, held.request, at=now, about=held.request.user_id)


def _asked(held: Held) -> Proposal | None:
    return next((one for one in held.proposals if one.state == State.OFFERED), None)


def _is_done_already(held: Held, ordered: Sequence[UUID], instead: str | None) -> bool:
    """Say whether this is a second tap: what she asks for is how it stands."""
    asked = _asked(held)
    if instead == NOBODY:
        return held.request.state == requests.State.WAITING
    return asked is not None and list(ordered[:1]) == [asked.id]


def _require_choosing(held: Held) -> None:
    """Ask whether she has cards to choose from and nobody is asked. Raises NotAsked."""
    asked = _asked(held)
    if asked is not None:
        raise NotAsked(Why.ALREADY_ASKED, matching.name_of(held.supporters[asked.supporter_id]))
    if held.request.state != requests.State.PROPOSED:
        raise NotAsked(_why_over(held))


def _why_over(held: Held) -> Why:
    return Why.SAID_YES if held.request.state == requests.State.MATCHED else Why.CARDS_CHANGED


def _picked(held: Held, ordered: Sequence[UUID], instead: str | None) -> list[Proposal]:
    """Return the cards in the order in which they are asked. Raises NotAsked where one of them is gone."""
    shown = {one.id: one for one in offers.still_shown(held)}
    wanted = list(shown) if instead == CHOOSE_FOR_ME else list(dict.fromkeys(ordered))
    if not wanted or not set(wanted) <= shown.keys():
        raise NotAsked(Why.CARDS_CHANGED)
    return [shown[one] for one in wanted]


def _ask_in_order(
    session: Session, actor: Actor, held: Held, picked: Sequence[Proposal], *, now: datetime
) -> list[str]:
    """Offer to the first who can take her on; where none of these can, the cards that are left are hers to choose."""
    cannot = _drop_who_cannot(session, actor, held, picked, now=now)
    if len(cannot) == len(picked) and offers.still_shown(held):
        return cannot
    offers.offer_next(session, actor, held, now=now)
    return []


def _drop_who_cannot(
    session: Session, actor: Actor, held: Held, cards: Iterable[Proposal], *, now: datetime
) -> list[str]:
    """Let those fall away whom a gate rules out by now; return their names."""
    cannot = []
    for one in cards:
        supporter = held.supporters[one.supporter_id]
        if matching.told_of(session, held.request, supporter, now=now) is None:
            offers.end_proposal(session, actor, one, Event.FELL_AWAY, now=now)
            cannot.append(matching.name_of(supporter))
    return cannot


def _want_none(session: Session, actor: Actor, held: Held, cards: Iterable[Proposal], *, now: datetime) -> None:
    """Pass these by for good; the coordinator looks on, and it is remembered when."""
    for one in cards:
        offers.end_proposal(session, actor, one, Event.PASSED_BY, now=now)
    differences.remember(session, held.request, now=now)
    offers.back_to_the_desk(session, actor, held, now=now)


def _lay_back(
    session: Session, actor: Actor, held: Held, asked: Proposal, told: matching.Told, *, now: datetime
) -> None:
    """Lay the card of a withdrawn offer among the others again: a new one, because the supporter's is over."""
    again = Proposal(
        request_id=asked.request_id,
        supporter_id=asked.supporter_id,
        ranking_id=asked.ranking_id,
        state=State.SHOWN,
        place=asked.place,
        grains=asked.grains,
        override=asked.override,
        approved_by=asked.approved_by,
        shown_at=asked.shown_at,
    )
    again.told, again.override_note = {"requester": told.requester, "supporter": told.supporter}, asked.override_note
    session.add(again)
    session.flush()
    held.proposals.append(again)
    audit.record(session, actor, Act.PROPOSAL_SHOWN, again, at=now, about=held.request.user_id)
