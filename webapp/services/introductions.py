"""Introductions: both said yes. The place is taken, the first check-ins are planned, both can write."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session, defaultload, lazyload

from webapp.crypto.fields import Unreadable
from webapp.domain import checkins, introductions, places
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.domain.notices import Notice
from webapp.models import CheckIn, Cover, Introduction, Proposal, Request, Supporter
from webapp.services import audit, matching, names, outbox
from webapp.services.acting import Missing, require
from webapp.services.cards.manners import manners_of
from webapp.services.safety.closed_files import closed_to

SHARED = frozenset(
    {"her_shared", "her_further", "her_times", "hoped", "both_free", "safe_times", "never_safe", matching.UNREAD}
)
"""What speaks for a pair; the honest gap has been told before the choice and is not said again."""
Messages = list[dict[str, Any]]
A_PAGE = 50
"""How many that have ended are listed at once."""
WITHOUT_ANSWERS = (
    defaultload(Introduction.request).defer(Request.answers_sealed),
    defaultload(Introduction.supporter).defer(Supporter.answers_sealed),
)
"""Who the two are is enough for most pages; their answers would cost two statements more."""


class FoundPair(NamedTuple):
    """An introduction in a list: where it stands, and who the two are."""

    id: UUID
    state: str
    asker: UUID
    request_id: UUID
    supporter_id: UUID
    covers_id: UUID | None


@dataclass(frozen=True)
class ShownPair:
    """An introduction in a list, as one of the two sees it."""

    id: UUID
    other_name: str
    state: str
    is_cover: bool = False

    @property
    def has_ended(self) -> bool:
        """Say whether their time together is over."""
        return self.state == introductions.State.ENDED


def subject_of(introduction: Introduction) -> Subject:
    """Say who the two are."""
    return Subject(parties=frozenset({introduction.request.user_id, introduction.supporter.user_id}))


def open_for(
    session: Session, actor: Actor, proposal: Proposal, request: Request, supporter: Supporter, *, now: datetime
) -> Introduction:
    """Open the introduction of an accepted proposal. Raises NoPlaceLeft."""
    introduction = _open(session, actor, request, supporter, now=now, proposal_id=proposal.id)
    supporter.last_matched = now.date()
    _plan_checkins(session, introduction)
    return introduction


def open_cover(
    session: Session, actor: Actor, pair: Introduction, request: Request, supporter: Supporter, *, now: datetime
) -> Introduction:
    """Open the conversation of a woman and who covers for her supporter: it has no check-ins. Raises NoPlaceLeft."""
    return _open(session, actor, request, supporter, now=now, covers_id=pair.id)


def _open(
    session: Session, actor: Actor, request: Request, supporter: Supporter, *, now: datetime, **of: UUID
) -> Introduction:
    supporter.taken = places.take_one(supporter.taken, supporter.capacity)
    introduction = Introduction(
        **of,
        request_id=request.id,
        supporter_id=supporter.id,
        state=introductions.State.INTRODUCED,
        introduced_at=now,
        first_contact_by=now + introductions.FIRST_CONTACT_WITHIN,
        until=(now + introductions.LASTS).date(),
    )
    introduction.request, introduction.supporter = request, supporter
    session.add(introduction)
    session.flush()
    audit.record(session, actor, Act.INTRODUCTION_OPENED, introduction, at=now, about=request.user_id)
    for person in (request.user_id, supporter.user_id):
        outbox.put(
            session, Notice.YOU_ARE_INTRODUCED, dedupe=f"{introduction.id}:{person}", due_at=now, to=person,
            introduction=str(introduction.id),
        )  # fmt: skip
    return introduction


def _plan_checkins(session: Session, introduction: Introduction) -> None:
    begun = introduction.introduced_at.date()
    sides = {
        checkins.Side.REQUESTER: introduction.request.user_id,
        checkins.Side.SUPPORTER: introduction.supporter.user_id,
    }
    for side, person in sides.items():
        for day in checkins.due_dates(side, begun):
            session.add(CheckIn(introduction_id=introduction.id, user_id=person, due_on=day, state=checkins.State.DUE))


def me() -> BindParameter[UUID]:
    """Stand for whoever asks, in a statement that is written before it is known; she is told as `me`."""
    return bindparam("me", type_=Request.user_id.type)


def of_one(one: Any, kind: type[Proposal] | type[Introduction]) -> ColumnElement[bool]:
    """Ask for what a person is a part of, on either side."""
    hers, theirs = _sides(one)
    return or_(kind.request_id.in_(hers), kind.supporter_id.in_(theirs))


def not_of(one: Any, kind: type[Proposal] | type[Introduction]) -> tuple[ColumnElement[bool], ...]:
    """Ask for what somebody may look after as staff: no part of it is herself, or one whose file is closed to her."""
    hers, theirs = _not_for(one)
    return (kind.request_id.not_in(hers), kind.supporter_id.not_in(theirs))


def ids_not_for(one: Any) -> Select[UUID]:
    """Ask for the introductions that somebody may not look after as staff."""
    hers, theirs = _not_for(one)
    return select(Introduction.id).where(or_(Introduction.request_id.in_(hers), Introduction.supporter_id.in_(theirs)))


def _not_for(one: Any) -> tuple[Select[UUID], Select[UUID]]:
    closed = closed_to(one)
    hers = select(Request.id).where(or_(Request.user_id == one, Request.user_id.in_(closed)))
    return hers, select(Supporter.id).where(or_(Supporter.user_id == one, Supporter.user_id.in_(closed)))


def ids_of(one: Any) -> Select[UUID]:
    """Ask for the introductions that a person is a part of."""
    return select(Introduction.id).where(of_one(one, Introduction))


def people_of(introduction_id: UUID) -> tuple[Select[UUID], Select[UUID]]:
    """Ask for the two of a pair."""
    woman = select(Request.user_id).join(Introduction, Introduction.request_id == Request.id)
    supporter = select(Supporter.user_id).join(Introduction, Introduction.supporter_id == Supporter.id)
    return woman.where(Introduction.id == introduction_id), supporter.where(Introduction.id == introduction_id)


def _sides(one: Any) -> tuple[Select[UUID], Select[UUID]]:
    hers = select(Request.id).where(Request.user_id == one)
    return hers, select(Supporter.id).where(Supporter.user_id == one)


def find_pairs(session: Session, actor: Actor) -> list[FoundPair]:
    """Find the live introductions of a person, on either side, the first one first."""
    live = Introduction.state.in_(sorted(introductions.LIVE))
    hers, theirs = (select(Introduction.id).where(mine) for mine in _as_either(actor))
    found = _find(session, [hers, theirs.where(live)])  # hers are few; asked for live ones, SQLite goes through all
    return [one for one in reversed(found) if one.state in introductions.LIVE]


def _find_ended(session: Session, actor: Actor, before: UUID | None, most: int) -> list[FoundPair]:
    columns, has_ended = (Introduction.introduced_at, Introduction.id), Introduction.state == introductions.State.ENDED
    last = session.execute(select(*columns).where(Introduction.id == before)).first() if before else None
    seen = (literal(value, column.type) for value, column in zip(last or (), columns, strict=False))
    earlier = (tuple_(*columns) < tuple_(*seen),) if last is not None else ()
    order = (Introduction.introduced_at.desc(), Introduction.id.desc())
    sides = (select(Introduction.id).where(mine, has_ended, *earlier) for mine in _as_either(actor))
    return _find(session, [side.order_by(*order).limit(most) for side in sides])[:most]


def _as_either(actor: Actor) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Ask for each side alone: held together by "or", they would be looked for among everybody's."""
    hers, theirs = _sides(actor.id)
    return Introduction.request_id.in_(hers), Introduction.supporter_id == theirs.scalar_subquery()


def _find(session: Session, sides: Sequence[Select[UUID]]) -> list[FoundPair]:
    ids = union_all(*(select(side.subquery().c.id) for side in sides))
    columns = (
        Introduction.id,
        Introduction.state,
        Request.user_id,
        Introduction.request_id,
        Introduction.supporter_id,
        Introduction.covers_id,
    )
    query = select(*columns).join(Introduction.request).where(Introduction.id.in_(ids))
    rows = session.execute(query.order_by(Introduction.introduced_at.desc(), Introduction.id.desc()))
    return [FoundPair(*row) for row in rows]


def list_pairs(session: Session, actor: Actor, *, before: UUID | None = None, most: int = A_PAGE) -> list[ShownPair]:
    """Return a person's live introductions with the name of the other, then some that have ended, the latest first.

    `before` is the one after which the next of those that have ended begin.
    """
    found = find_pairs(session, actor) + _find_ended(session, actor, before, most)
    asked = {one.id for one in found if one.asker == actor.id}
    supporters = names.of_supporters(session, (one.supporter_id for one in found if one.id in asked)) if asked else {}
    women = names.of_requests(session, (one.request_id for one in found)) if len(found) > len(asked) else {}
    called = {**supporters, **women}
    others = (called.get(one.supporter_id if one.id in asked else one.request_id, "") for one in found)
    return [
        ShownPair(one.id, other, one.state, one.covers_id is not None) for one, other in zip(found, others, strict=True)
    ]


def zone_of(session: Session, actor: Actor) -> str | None:
    """Return by which clock somebody lives, as she said when she asked or offered; None where she did neither."""
    asked = select(Request.time_zone).where(Request.user_id == actor.id).order_by(Request.started_at.desc()).limit(1)
    offered = select(Supporter.time_zone).where(Supporter.user_id == actor.id)
    return session.scalar(asked) or session.scalar(offered)


def load_pair(
    session: Session, actor: Actor, introduction_id: UUID, action: Action = Action.SEE_INTRODUCTION
) -> Introduction:
    """Read an introduction for one of the two who may do this to it, without their answers. Raises Missing."""
    introduction = session.get(Introduction, introduction_id, options=WITHOUT_ANSWERS)
    if introduction is None:
        raise Missing
    require(actor, action, subject_of(introduction))
    return introduction


def read_introduction(session: Session, actor: Actor, introduction_id: UUID) -> dict[str, Any]:
    """Return what a party may see: the other's chosen name, how to speak with her, until when."""
    introduction = load_pair(session, actor, introduction_id)
    asks = introduction.request.user_id == actor.id
    supporter_id, request_id = introduction.supporter_id, introduction.request_id
    called = names.of_supporters(session, [supporter_id]) if asks else names.of_requests(session, [request_id])
    return {
        "id": introduction.id,
        "asks": asks,
        "other_name": called.get(supporter_id if asks else request_id, ""),
        "manners": manners_of(introduction.supporter if asks else introduction.request),
        "covers_id": introduction.covers_id,
        "state": introduction.state,
        "first_contact_by": introduction.first_contact_by,
        "until": introduction.until,
        "until_is_suggested": introduction.until == (introduction.introduced_at + introductions.LASTS).date(),
        "is_my_pause": introduction.paused_by == actor.id,
        "paused_until": introduction.paused_until,
        "readable_until": introductions.readable_until(introduction.ended_at) if introduction.ended_at else None,
        "time_zone": introduction.request.time_zone if asks else introduction.supporter.time_zone,
        "may_write": introduction.state in introductions.OPEN_FOR_WRITING,
    }


def read_what_they_share(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> Messages:
    """Return what one of the two was told for the pair; of the woman's safe hours, what her record says now."""
    introduction = load_pair(session, actor, introduction_id)
    asks = introduction.request.user_id == actor.id
    told = [one for one in _told(session, introduction, asks=asks) if one["key"] in SHARED]
    if asks:
        return told
    return matching.with_hours_now(session, told, introduction.request, introduction.supporter, now=now)


def _told(session: Session, introduction: Introduction, *, asks: bool) -> Messages:
    """Return what one of the two was told of the other before both said yes."""
    side: Literal["requester", "supporter"] = "requester" if asks else "supporter"
    if introduction.covers_id is None:
        lone = (lazyload(Proposal.request), lazyload(Proposal.supporter))
        return matching.told_to(side, session.get_one(Proposal, introduction.proposal_id, options=lone))
    cover = session.scalars(select(Cover).where(Cover.conversation_id == introduction.id)).first()
    return told_of_cover(side, cover) if cover is not None else []


def told_of_cover(side: str, cover: Cover) -> Messages:
    """Return what was told one side of a cover; one message that says so where it cannot be read."""
    told = Cover.told.shown(cover)
    if isinstance(told, Unreadable):
        return [{"key": matching.UNREAD, "values": {}}]
    return told[side] if told else []
