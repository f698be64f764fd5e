"""Check-ins: what is due for a person, her answer, and what a coordinator must look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, defaultload

from webapp.crypto.fields import UNREADABLE
from webapp.domain import checkins
from webapp.domain import introductions as rules
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.domain.notices import Notice
from webapp.models import CheckIn, Introduction, Request, Supporter
from webapp.services import audit, checkin_order, introductions, names, outbox
from webapp.services.acting import Missing, TooLate, load_locked, require
from webapp.services.checkin_order import Place, place_of
from webapp.services.safety.closed_files import require_as_staff

_PAIR = defaultload(CheckIn.introduction)
WITHOUT_ANSWERS = (
    _PAIR.defaultload(Introduction.request).defer(Request.answers_sealed),
    _PAIR.defaultload(Introduction.supporter).defer(Supporter.answers_sealed),
)


@dataclass(frozen=True)
class ShownCheckIn:
    """A check-in as its owner sees it: about whom it is and where it stands."""

    id: UUID
    introduction_id: UUID
    side: checkins.Side
    other_name: str
    state: str
    urgency: str


@dataclass(frozen=True)
class OnTheDesk:
    """A check-in in the desk's list: which side was asked, who the two are, how urgent it is. No answer."""

    id: UUID
    side: checkins.Side
    request_id: UUID
    supporter_id: UUID
    urgency: checkins.Urgency
    answered_at: datetime


def subject_of(checkin: CheckIn) -> Subject:
    """Say whose a check-in is, and who the pair are: neither of them may look at it as staff."""
    return Subject(checkin.user_id, introductions.subject_of(checkin.introduction).parties)


def side_of(checkin: CheckIn) -> checkins.Side:
    """Say which side of the pair is asked."""
    asks = checkin.user_id == checkin.introduction.request.user_id
    return checkins.Side.REQUESTER if asks else checkins.Side.SUPPORTER


def list_due(session: Session, actor: Actor, *, on: date) -> list[CheckIn]:
    """Return the check-ins of a person that are due. Those of a pair on hold rest with it."""
    mine = select(CheckIn).where(CheckIn.user_id == actor.id, CheckIn.state == checkins.State.DUE, CheckIn.due_on <= on)
    mine = mine.where(CheckIn.introduction_id.not_in(_on_hold(actor)))
    return list(session.scalars(mine.order_by(CheckIn.due_on, CheckIn.id).options(*WITHOUT_ANSWERS)))


def find_due(session: Session, actor: Actor, introduction_id: UUID, *, on: date) -> UUID | None:
    """Find the first check-in of a person about one pair that is due."""
    about = (CheckIn.user_id == actor.id, CheckIn.introduction_id == introduction_id)
    due = select(CheckIn.id).where(*about, CheckIn.state == checkins.State.DUE, CheckIn.due_on <= on)
    due = due.where(CheckIn.introduction_id.not_in(_on_hold(actor)))
    return session.scalars(due.order_by(CheckIn.due_on, CheckIn.id).limit(1)).first()


def _on_hold(actor: Actor) -> Select[UUID]:
    return introductions.ids_of(actor.id).where(Introduction.state == rules.State.ON_HOLD)


def list_mine(session: Session, actor: Actor, *, on: date) -> list[ShownCheckIn]:
    """Return the check-ins of a person that are due, with the name of the other."""
    return _shown_to_owner(session, list_due(session, actor, on=on))


def read_checkin(session: Session, actor: Actor, checkin_id: UUID, *, on: date) -> ShownCheckIn:
    """Return a check-in whose day has come. Raises Missing before its day."""
    checkin = session.get(CheckIn, checkin_id, options=WITHOUT_ANSWERS)
    if checkin is None:
        raise Missing
    require(actor, Action.SEE_CHECKIN, subject_of(checkin))
    if checkin.due_on > on:
        raise Missing
    (shown,) = _shown_to_owner(session, [checkin])
    return shown


def _shown_to_owner(session: Session, found: list[CheckIn]) -> list[ShownCheckIn]:
    pairs = [one.introduction for one in found]
    women = names.of_requests(session, (pair.request_id for pair in pairs)) if pairs else {}
    supporters = names.of_supporters(session, (pair.supporter_id for pair in pairs)) if pairs else {}
    shown = []
    for one in found:
        side, pair = side_of(one), one.introduction
        other = supporters.get(pair.supporter_id) if side is checkins.Side.REQUESTER else women.get(pair.request_id)
        shown.append(ShownCheckIn(one.id, pair.id, side, other or "", one.state, _urgency_for_owner(one)))
    return shown


def _urgency_for_owner(checkin: CheckIn) -> str:
    """Say how soon somebody looks; of a damaged one, that it is today: so the desk takes it."""
    urgency = CheckIn.urgency.shown(checkin) or checkins.Urgency.NONE
    return checkins.Urgency.TODAY if urgency is UNREADABLE else checkins.Urgency(urgency)


def begin_checkin(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> UUID:
    """Open a check-in today for whoever has something to tell; the one of today, where there is one already."""
    introduction = introductions.load_pair(session, actor, introduction_id)
    require(actor, Action.BEGIN_CHECKIN, introductions.subject_of(introduction))
    mine = select(CheckIn).where(CheckIn.introduction_id == introduction_id, CheckIn.user_id == actor.id)
    open_ = or_(CheckIn.state == checkins.State.DUE, CheckIn.due_on == now.date())
    found = session.scalars(
        mine.where(open_, CheckIn.due_on <= now.date()).order_by(CheckIn.due_on.desc()).options(*WITHOUT_ANSWERS)
    ).first()
    if found is not None:
        return found.id
    opened = CheckIn(introduction_id=introduction_id, user_id=actor.id, due_on=now.date(), state=checkins.State.DUE)
    session.add(opened)
    session.flush()
    audit.record(session, actor, Act.CHECK_IN_BEGUN, opened, at=now, about=actor.id)
    return opened.id


def answer_checkin(
    session: Session, actor: Actor, checkin_id: UUID, answers: Mapping[str, str], *, now: datetime
) -> checkins.Urgency:
    """Keep the answers of a check-in, and lay it on the desk where somebody must look. Raises BadAnswer, WrongStep."""
    checkin = load_locked(session, CheckIn, checkin_id)
    require(actor, Action.ANSWER_CHECKIN, subject_of(checkin))
    if checkin.due_on > now.date():
        raise Missing
    checkins.check_answers(side_of(checkin), answers)
    checkin.state = checkins.step(checkins.State(checkin.state), checkins.Event.ANSWERED)
    checkin.said, checkin.answered_at = dict(answers), now
    urgency = checkins.urgency(dict(answers))
    checkin.urgency, checkin.needs_look = urgency, urgency is not checkins.Urgency.NONE
    audit.record(session, actor, Act.CHECK_IN_ANSWERED, checkin, at=now, about=actor.id)
    if checkin.needs_look:
        outbox.put(session, Notice.A_CHECK_IN_NEEDS_YOU, dedupe=str(checkin.id), due_at=now, checkin=str(checkin.id))
    return urgency


def skip_checkin(session: Session, actor: Actor, checkin_id: UUID, *, now: datetime) -> None:
    """Skip a check-in; no reason is needed. Skipped twice is skipped once."""
    checkin = load_locked(session, CheckIn, checkin_id)
    require(actor, Action.ANSWER_CHECKIN, subject_of(checkin))
    if checkin.due_on > now.date():
        raise Missing
    if checkin.state == checkins.State.SKIPPED:
        return
    checkin.state = checkins.step(checkins.State(checkin.state), checkins.Event.SKIPPED)
    audit.record(session, actor, Act.CHECK_IN_SKIPPED, checkin, at=now, about=actor.id)


def settle_checkin(session: Session, actor: Actor, checkin_id: UUID, *, now: datetime) -> None:
    """Take a check-in off the desk: a coordinator has looked at it and acted. Raises TooLate if another has."""
    checkin = load_locked(session, CheckIn, checkin_id)
    require_as_staff(session, actor, Action.SETTLE_CHECKIN, subject_of(checkin))
    if checkin.settled_at is not None:
        raise TooLate
    if not checkin.needs_look:
        raise Missing
    checkin.needs_look, checkin.settled_at, checkin.settled_by = False, now, actor.id
    audit.record(session, actor, Act.CHECK_IN_SETTLED, checkin, at=now, about=checkin.user_id)


def unsettled() -> Select[CheckIn]:
    """Ask for the answered check-ins that somebody must look at, of pairs that `me` may look after."""
    not_hers = introductions.ids_not_for(introductions.me())
    return select(CheckIn).where(CheckIn.needs_look, CheckIn.introduction_id.not_in(not_hers))


def read_page(session: Session, actor: Actor, start: int, size: int) -> list[OnTheDesk]:
    """Return one page of the unsettled check-ins, the most urgent first, of pairs that the reader may look after."""
    not_hers = set(session.scalars(introductions.ids_not_for(actor.id)))
    order = (place for place in checkin_order.keeper.order(session) if place.introduction_id not in not_hers)
    here = {place.id: place for place in islice(order, start, start + size)}
    columns = (CheckIn.id, CheckIn.user_id, Introduction.request_id, Introduction.supporter_id, Request.user_id)
    query = select(*columns).join(CheckIn.introduction).join(Introduction.request)
    rows = {row[0]: row for row in session.execute(query.where(CheckIn.id.in_(here)))}
    return [_on_the_desk(place, *rows[place.id][1:]) for place in here.values() if place.id in rows]


def _on_the_desk(place: Place, asked: UUID, request_id: UUID, supporter_id: UUID, asker: UUID) -> OnTheDesk:
    side = checkins.Side.REQUESTER if asked == asker else checkins.Side.SUPPORTER
    return OnTheDesk(place.id, side, request_id, supporter_id, place.urgency, place.answered_at)


def on_the_desk(checkin: CheckIn) -> OnTheDesk:
    """Return an answered check-in as the desk lists it: nothing of what was answered."""
    pair = checkin.introduction
    return _on_the_desk(place_of(checkin), checkin.user_id, pair.request_id, pair.supporter_id, pair.request.user_id)
