"""A coordinator takes back what she showed, one card or all, until the woman has chosen."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.domain import proposals, requests
from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.services import audit, offers
from webapp.services.acting import TooLate, hold_request
from webapp.services.locking import Held
from webapp.services.requests import subject_of
from webapp.services.safety.closed_files import require_as_staff


class NeedsReason(Exception):
    """Raised where a card is taken back without a reason from the list."""


def take_back(
    session: Session,
    actor: Actor,
    request_id: UUID,
    card_id: UUID | None,
    *,
    reason: str,
    note: str = "",
    now: datetime,
) -> None:
    """Take one card back, or all of them; where none is left, she waits again in her place.

    Raises NeedsReason; TooLate once she has chosen, or where the card is gone.
    """
    held = hold_request(session, request_id)
    require_as_staff(session, actor, Action.TAKE_CARD_BACK, subject_of(held.request))
    if reason not in set(proposals.TakeBackReason):
        raise NeedsReason
    shown = offers.still_shown(held)
    taken = [one for one in shown if card_id in (None, one.id)]
    if len(shown) < len(held.proposals) or not taken:
        raise TooLate
    for one in taken:
        one.taken_back_by, one.taken_back_for, one.taken_back_note = actor.id, reason, note.strip() or None
        one.state = proposals.step(proposals.State(one.state), proposals.Event.WITHDRAWN)
        one.ended_at = now
        audit.record(session, actor, Act.PROPOSAL_TAKEN_BACK, one, at=now, about=held.request.user_id, code=reason)
    _end_choosing_where_none_is_left(held, now)


def _end_choosing_where_none_is_left(held: Held, now: datetime) -> None:
    if not offers.still_shown(held):
        state = requests.State(held.request.state)
        held.request.state = requests.step(state, requests.Event.NOBODY_CHOSEN)
        held.request.look_from(now)
