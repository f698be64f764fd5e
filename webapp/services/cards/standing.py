"""How it stands for a woman who has been shown people: whom she can ask, who is asked, who cannot any more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.access import Action, Actor
from webapp.domain.proposals import State
from webapp.models import Proposal, Request
from webapp.services import matching, names, offers
from webapp.services.acting import require
from webapp.services.answers import text_of
from webapp.services.requests import subject_of

COULD_NOT = (State.DECLINED, State.EXPIRED, State.FELL_AWAY)


@dataclass(frozen=True)
class Standing:
    """What every page says of her cards: who is asked, whom she can ask or is next, and who could not.

    `is_over`: the one who is asked cannot answer any more, and it goes on by itself in a minute; `is_late`: her two
    days have passed.
    """

    asked: dict[str, Any] | None
    cards: list[dict[str, Any]]
    could_not: list[str]
    is_over: bool
    is_late: bool = False


def read_standing(session: Session, actor: Actor, request: Request, *, now: datetime) -> Standing:
    """Read her cards as they are now: a name, pronouns, a hello, what the two share, one gap; no number."""
    require(actor, Action.SEE_CARDS, subject_of(request))
    open_ = _open(session, request)
    asked = next((one for one in open_ if one.state == State.OFFERED), None)
    fallen = [one for one in open_ if one is not asked and offers.has_fallen_away(one, now=now)]
    cards = [_card(one) for one in open_ if one is not asked and one not in fallen]
    could_not = _who_could_not(session, request) if open_ else []
    return Standing(
        _card(asked) if asked else None,
        cards,
        [*could_not, *(matching.name_of(one.supporter) for one in fallen)],
        asked is not None and offers.is_dead(asked, now=now),
        asked is not None and asked.expires_at is not None and asked.expires_at <= now,
    )


def _open(session: Session, request: Request) -> list[Proposal]:
    query = select(Proposal).where(Proposal.request_id == request.id, Proposal.state.in_((State.SHOWN, State.OFFERED)))
    return list(session.scalars(query.order_by(Proposal.place)))


def _card(proposal: Proposal) -> dict[str, Any]:
    return {
        "id": proposal.id,
        "name": matching.name_of(proposal.supporter),
        "pronouns": text_of(proposal.supporter, "pronouns"),
        "hello": text_of(proposal.supporter, "hello"),
        "messages": matching.told_to("requester", proposal),
        "her_order": proposal.her_order,
        "expires_at": proposal.expires_at,
    }


def _who_could_not(session: Session, request: Request) -> list[str]:
    """Name the women of her present choice who could not: said no, did not answer in time, or have no place now."""
    last = select(Proposal.ranking_id).where(Proposal.request_id == request.id).order_by(Proposal.shown_at.desc())
    mine = select(Proposal.supporter_id).where(
        Proposal.request_id == request.id,
        Proposal.ranking_id == last.limit(1).scalar_subquery(),
        Proposal.state.in_(COULD_NOT),
    )
    gone = list(dict.fromkeys(session.scalars(mine.order_by(Proposal.ended_at))))
    called = names.of_supporters(session, gone) if gone else {}
    return [called[one] for one in gone if one in called]
