"""Whom the desk shows to a woman: up to three of a ranking, approved. What she makes of it is in choices and offers."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.domain import proposals, requests
from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.domain.notices import Notice
from webapp.models import Proposal, Request, StoredRanking, Supporter
from webapp.services import audit, avoided, matching, outbox, rankings
from webapp.services.acting import Missing, TooLate, hold_request, load
from webapp.services.answers import answers_of
from webapp.services.cards import room
from webapp.services.locking import Held
from webapp.services.requests import stop_looking, subject_of
from webapp.services.safety.closed_files import require_as_staff


class NeedsReason(Exception):
    """Raised when a coordinator leaves the order of the ranking without saying why."""


class ShownEnough(NeedsReason):
    """Raised when she shows somebody, without saying why, who stands on as many open cards as she has room for."""


class Outdated(Exception):
    """Raised when the woman has changed her answers since the ranking was made: rank again."""


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
    NamesUnread, NeedsReason, ShownEnough, Outdated; TooLate or WrongStep where something has changed.
    """
    ranking = load(session, StoredRanking, ranking_id)
    held = hold_request(session, ranking.request_id, and_supporters=supporter_ids)
    request = held.request
    require_as_staff(session, actor, Action.APPROVE_PROPOSALS, subject_of(request))
    state = requests.step(requests.State(request.state), requests.Event.SHOWN_PEOPLE)
    if rankings.is_outdated(ranking.content, request):
        raise Outdated
    order = [candidate["offer"] for candidate in ranking.content["candidates"]]
    closed = rankings.closed_among(session, actor, order)
    chosen = sorted(dict.fromkeys(supporter_ids), key=lambda one: order.index(str(one)) if str(one) in order else 99)
    open_ = [one for one in order if one not in closed]
    _check_choice(open_, chosen)
    if not _is_reason(override):
        _check_order(session, held, open_, chosen, override, now=now)
    if avoided.words_in(answers_of(request)) and not has_read_names:
        raise NamesUnread
    request.state = state
    made = [_draft(session, ranking, request, held.supporters[one], order, now=now) for one in chosen]
    for proposal in made:
        proposal.approved_by, proposal.override = actor.id, override or None
        proposal.override_note = note.strip() or None
        for event in (proposals.Event.REVIEWED, proposals.Event.SHOWN):
            proposal.state = proposals.step(proposals.State(proposal.state), event)
        proposal.shown_at = now
        audit.record(session, actor, Act.PROPOSAL_SHOWN, proposal, at=now, about=request.user_id, code=override or None)
    stop_looking(session, actor, request, now=now)
    outbox.put(
        session,
        Notice.PEOPLE_TO_CHOOSE_FROM,
        dedupe=str(ranking.id),
        due_at=now,
        to=request.user_id,
        request=str(request.id),
    )
    return made


def _check_choice(order: Sequence[str], chosen: Sequence[UUID]) -> None:
    if not 1 <= len(chosen) <= proposals.MOST_SHOWN or any(str(one) not in order for one in chosen):
        raise Missing


def _is_reason(override: str | None) -> bool:
    return override in {reason.value for reason in proposals.OverrideReason}


def _check_order(
    session: Session, held: Held, order: Sequence[str], chosen: Sequence[UUID], override: str | None, *, now: datetime
) -> None:
    """Let the first be shown without a reason; who has no place, or is shown to enough others, is passed over so too.

    Raises NeedsReason, ShownEnough.
    """
    elsewhere = room.look_elsewhere(session, map(UUID, order), held.request.id, now=now)
    free, wanted = room.read_free(session, map(UUID, order)), {str(one) for one in chosen}
    enough = {one for one in order if elsewhere.get(UUID(one), room.NOWHERE).is_enough(free.get(UUID(one), 0))}
    if wanted & enough:
        raise ShownEnough
    passed_over = enough | {one for one in order if free.get(UUID(one), 0) <= 0}
    expected = [one for one in order if one in wanted or one not in passed_over]
    if override or [str(one) for one in chosen] != expected[: len(chosen)]:
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
