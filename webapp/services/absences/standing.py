"""How it stands with an absence and a cover, for the woman, for the supporter who is asked, and for the desk."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import not_, select
from sqlalchemy.orm import Session, aliased

from webapp.domain.absences import covers
from webapp.domain.absences.covers import State
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.domain.introductions import State as PairState
from webapp.domain.places import NoPlaceLeft
from webapp.models import Cover, Introduction, Request, Supporter
from webapp.services import audit, matching, names
from webapp.services.absences import asking, rows
from webapp.services.absences.telling import Absence, absence_of, is_back
from webapp.services.acting import Missing, TooLate, require
from webapp.services.answers import text_of
from webapp.services.cards.manners import Manners, manners_of
from webapp.services.introductions import told_of_cover
from webapp.services.supporters import can_take_on, cannot_take_on
from webapp.services.tasks import turns

Messages = list[dict[str, Any]]
COULD_NOT = (State.DECLINED, State.EXPIRED, State.FELL_AWAY)


@dataclass(frozen=True)
class ShownCover:
    """Who is shown to the woman, is asked or talks with her: a card as any other."""

    id: UUID
    state: str
    name: str
    pronouns: str
    hello: str
    messages: Messages
    is_silence: bool
    conversation_id: UUID | None


@dataclass(frozen=True)
class ForHer:
    """What the page of a pair says to the woman. `may_ask`: she said no, and can have somebody after all.

    `could_not` names who was asked last for this absence and could not. `is_silence`: this is the conversation with
    somebody who covers for one of whom nothing is heard. `reader` is who knows of it.
    """

    absence: Absence | None
    cover: ShownCover | None = None
    may_ask: bool = False
    could_not: str = ""
    is_silence: bool = False
    reader: turns.Reader = turns.Reader.COORDINATOR


UNTOLD = Manners("", ())


def read_for_her(session: Session, actor: Actor, pair: Introduction, *, now: datetime) -> ForHer:
    """Return what the woman of a pair reads; nothing to anybody else, and nothing once it has ended."""
    if pair.request.user_id != actor.id or pair.state == PairState.ENDED:
        return ForHer(None)
    found = _read(session, pair, now)
    if found == ForHer(None):
        return found
    return replace(found, reader=turns.reader_for(session, pair.request.user_id))


def _read(session: Session, pair: Introduction, now: datetime) -> ForHer:
    absence = absence_of(pair.supporter, now=now)
    if pair.covers_id is not None:
        why = session.scalar(select(Cover.why).where(Cover.conversation_id == pair.id))
        return ForHer(absence, is_silence=why == covers.Why.SILENCE)
    cover, last = rows.find_open(session, pair.id), _last_for_this_absence(session, pair)
    could_not = _name_if_she_could_not(session, last)
    if cover is None or cover.state == State.NAMED:
        has_said_no = last is not None and last.state in covers.NOT_NOW
        may_ask = cover is not None and has_said_no and pair.state in asking.TALKING
        return ForHer(absence, may_ask=may_ask, could_not=could_not)
    return ForHer(absence, _shown(session, cover), could_not=could_not)


def _last_for_this_absence(session: Session, pair: Introduction) -> Cover | None:
    """Return the cover that came to nothing last, while the absence lasts for which she was shown."""
    ended = Cover.introduction_id == pair.id, Cover.absent_since.is_not(None), Cover.ended_at.is_not(None)
    last = session.scalars(select(Cover).where(*ended).order_by(Cover.ended_at.desc()).limit(1)).first()
    since = pair.supporter.away_since
    if last is None or last.absent_since is None or (since is not None and last.absent_since < since):
        return None
    return None if is_back(session, pair, last) else last


def _name_if_she_could_not(session: Session, last: Cover | None) -> str:
    if last is None or last.offered_at is None or last.state not in COULD_NOT:
        return ""
    return names.of_supporters(session, [last.supporter_id]).get(last.supporter_id, "")


def _shown(session: Session, cover: Cover) -> ShownCover:
    supporter = session.get_one(Supporter, cover.supporter_id)
    return ShownCover(
        cover.id,
        cover.state,
        matching.name_of(supporter),
        text_of(supporter, "pronouns"),
        text_of(supporter, "hello"),
        told_of_cover("requester", cover),
        cover.why == covers.Why.SILENCE,
        cover.conversation_id,
    )


# The supporter who is asked


@dataclass(frozen=True)
class Ask:
    """What a supporter reads who is asked to cover: a name, what is hoped for, until when if there is a day.

    `manners` says how to speak with the woman, where her one page is read.
    """

    id: UUID
    name: str
    messages: Messages
    until: date | None
    expires_at: datetime
    time_zone: str
    manners: Manners = UNTOLD


def list_asks(session: Session, actor: Actor, *, now: datetime) -> list[Ask]:
    """Return what a supporter is asked and can still answer: nothing once she can take nobody on."""
    mine = select(Cover).join(Supporter, Supporter.id == Cover.supporter_id).where(Supporter.user_id == actor.id)
    is_open = (Cover.state == State.OFFERED, Cover.expires_at > now, not_(cannot_take_on(now.date())))
    return _say(session, session.scalars(mine.where(*is_open).order_by(Cover.expires_at, Cover.id)).all())


def read_ask(session: Session, actor: Actor, cover_id: UUID, *, now: datetime) -> Ask:
    """Return one such ask. Raises Missing; TooLate where it is over, NoPlaceLeft where she can take nobody on."""
    cover = session.get(Cover, cover_id)
    if cover is None:
        raise Missing
    require(actor, Action.SEE_OFFER, asking.subject_of(session, cover))
    if cover.state != State.OFFERED or cover.expires_at is None or cover.expires_at <= now:
        raise TooLate
    supporter = session.get_one(Supporter, cover.supporter_id)
    if not can_take_on(supporter, now.date()):
        raise NoPlaceLeft
    (ask,) = _say(session, [cover])
    asked = select(Request).join(Introduction, Introduction.request_id == Request.id)
    hers = session.scalars(asked.where(Introduction.id == cover.introduction_id)).one()
    hours_now = matching.with_hours_now(session, ask.messages, hers, supporter, now=now)
    return replace(ask, messages=hours_now, manners=manners_of(hers))


def _say(session: Session, found: Iterable[Cover]) -> list[Ask]:
    by_pair = {one.introduction_id: one for one in found}
    if not by_pair:
        return []
    asked = aliased(Supporter)
    columns = (Introduction.id, Introduction.request_id, Supporter.away_until, asked.time_zone)
    known = select(*columns).join(Introduction.supporter).join(Cover, Cover.introduction_id == Introduction.id)
    known = known.join(asked, asked.id == Cover.supporter_id).where(Cover.id.in_([one.id for one in by_pair.values()]))
    lines = {row.id: row for row in session.execute(known)}
    called = names.of_requests(session, (row.request_id for row in lines.values()))
    return [
        Ask(
            one.id, called.get(lines[pair].request_id, ""), told_of_cover("supporter", one), lines[pair].away_until,
            one.expires_at, lines[pair].time_zone,
        )
        for pair, one in by_pair.items() if one.expires_at is not None
    ]  # fmt: skip


def record_reading(session: Session, actor: Actor, cover_ids: Iterable[UUID], *, now: datetime) -> None:
    """Record that a supporter saw whom she is asked to cover for: one record for each woman."""
    asked = select(Cover.id, Request.user_id, Supporter.user_id).join(Supporter, Supporter.id == Cover.supporter_id)
    asked = asked.join(Introduction, Introduction.id == Cover.introduction_id).join(Introduction.request)
    for cover_id, woman, supporter in session.execute(asked.where(Cover.id.in_(list(cover_ids)))).all():
        require(actor, Action.SEE_OFFER, Subject(owner=supporter))
        audit.record_by_name(
            session, actor, Act.COVER_READ, Cover.__tablename__, at=now, thing_id=cover_id, about=woman
        )


# The desk


@dataclass(frozen=True)
class AtTheDesk:
    """Who covers a pair, how far it has come, and where the two talk; the name is empty where nobody is named."""

    name: str
    state: str
    is_by_ranking: bool
    conversation_id: UUID | None


def read_for_desk(session: Session, introduction_id: UUID) -> AtTheDesk | None:
    """Return who covers a pair that a coordinator was just given to read; None where nobody is named."""
    cover = rows.find_open(session, introduction_id)
    if cover is None:
        return None
    called = names.of_supporters(session, [cover.supporter_id])
    return AtTheDesk(called.get(cover.supporter_id, ""), cover.state, cover.named_by is None, cover.conversation_id)
