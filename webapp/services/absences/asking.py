"""A cover is asked: first the woman on her page, then the supporter; her yes opens their conversation.

A silent no of either ends it, and another is named. Nothing is asked while the pair rests, or once the first
supporter is back.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.domain import introductions, supporters
from webapp.domain.absences import covers
from webapp.domain.absences.covers import Event, State
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.lifecycles import WrongStep
from webapp.domain.notices import Notice
from webapp.domain.places import NoPlaceLeft
from webapp.models import Cover, Introduction, Supporter
from webapp.services import introductions as introduction_rows
from webapp.services import matching, outbox
from webapp.services.absences import rows
from webapp.services.absences.telling import SYSTEM, find_absence, is_back
from webapp.services.acting import Missing, TooLate, require
from webapp.services.locking import Held
from webapp.services.pairs import endings, silences
from webapp.services.safety.closed_files import require_as_staff
from webapp.services.supporters import can_take_on, cannot_take_on

TALKING = (introductions.State.INTRODUCED, introductions.State.IN_CONTACT)
"""Where a pair takes a pause, rests or parts, nobody is asked whether she would like somebody else."""
Pair = tuple[Held, Introduction, Cover]


# The woman is asked on her page


def list_to_show(session: Session, *, now: datetime) -> list[UUID]:
    """Return the pairs whose woman has to be asked: her supporter is away, and she has not said no to it."""
    asked = select(Introduction).join(Cover, Cover.introduction_id == Introduction.id).join(Introduction.supporter)
    may_be = or_(Supporter.away_since.is_not(None), Introduction.id.in_(silences.list_quiet(session, now=now)))
    found = asked.where(Cover.state == State.NAMED, Introduction.state.in_(TALKING), may_be).order_by(Introduction.id)
    return [one.id for one in session.scalars(found) if _is_to_be_asked(session, one, now=now)]


def _is_to_be_asked(session: Session, pair: Introduction, *, now: datetime) -> bool:
    absence = find_absence(session, pair, now=now)
    if absence is None:
        return False
    no = Cover.state.in_(sorted(covers.NOT_NOW)), Cover.absent_since == absence.since
    return session.scalars(select(Cover.id).where(Cover.introduction_id == pair.id, *no)).first() is None


def show(session: Session, introduction_id: UUID, *, now: datetime) -> bool:
    """Ask the woman on her page whether she would like this one meanwhile; whoever fails a gate by now is not shown."""
    if (found := _hold(session, introduction_id)) is None:
        return False
    held, pair, cover = found
    if cover.state != State.NAMED or pair.state not in TALKING or not _is_to_be_asked(session, pair, now=now):
        return False
    _show(session, SYSTEM, held, pair, cover, now=now)
    return True


def ask_for_someone(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> None:
    """Show her the next after all, once she has said no to one. Raises TooLate where nobody is away or named."""
    held, pair, cover = _hold_hers(session, actor, introduction_id)
    if cover.state in covers.ASKED:
        return
    if pair.state not in TALKING or find_absence(session, pair, now=now) is None:
        raise TooLate
    _show(session, actor, held, pair, cover, now=now)


def _show(session: Session, actor: Actor, held: Held, pair: Introduction, cover: Cover, *, now: datetime) -> None:
    absence = find_absence(session, pair, now=now)
    assert absence is not None
    told = matching.told_of(session, held.request, rows.supporter_of(held, cover), now=now)
    if told is None:
        rows.move(session, actor, cover, Event.FELL_AWAY, about=held.request.user_id, now=now)
        return
    cover.told = {"requester": told.requester, "supporter": told.supporter}
    cover.why, cover.absent_since = absence.why, absence.since
    rows.move(session, actor, cover, Event.SHOWN, about=held.request.user_id, now=now)
    outbox.put(session, Notice.SOMETHING_FOR_YOU, dedupe=f"{cover.id}:shown", due_at=now, to=held.request.user_id)


def want(session: Session, actor: Actor, introduction_id: UUID, cover_id: UUID, *, now: datetime) -> bool:
    """Say yes to who is shown: she is asked. False where she cannot any more. Raises TooLate; twice is once."""
    held, pair, cover = _hold_hers(session, actor, introduction_id)
    if cover.id != cover_id or is_back(session, pair, cover):
        raise TooLate
    if cover.state in (State.OFFERED, State.ACTIVE):
        return True
    if cover.state != State.SHOWN:
        raise TooLate
    supporter = rows.supporter_of(held, cover)
    if matching.told_of(session, held.request, supporter, now=now) is None:
        rows.move(session, actor, cover, Event.FELL_AWAY, about=held.request.user_id, now=now)
        return False
    rows.move(session, actor, cover, Event.WANTED, about=held.request.user_id, now=now)
    cover.offered_at, cover.expires_at = now, now + covers.ANSWERS_WITHIN
    to, dedupe = supporter.user_id, f"{cover.id}:{now.isoformat()}"
    outbox.put(session, Notice.SOMEONE_HOPES_MEANWHILE, dedupe=dedupe, due_at=now, to=to, cover=str(cover.id))
    return True


def say_no(session: Session, actor: Actor, introduction_id: UUID, cover_id: UUID, *, now: datetime) -> None:
    """Let who is shown go for good, also where an older page says it of one who is asked by now; nobody is told why.

    Whether she may know her is asked and told nowhere. Twice is once. Raises TooLate where the two talk already.
    """
    _leave(session, actor, introduction_id, cover_id, Event.PASSED_BY, now=now)


def take_back(session: Session, actor: Actor, introduction_id: UUID, cover_id: UUID, *, now: datetime) -> None:
    """Take back that one was asked; she can be shown again. Twice is once. Raises TooLate, WrongStep."""
    _leave(session, actor, introduction_id, cover_id, Event.TAKEN_BACK, now=now)


def _leave(
    session: Session, actor: Actor, introduction_id: UUID, cover_id: UUID, event: Event, *, now: datetime
) -> None:
    held, _, cover = _hold_hers(session, actor, introduction_id)
    if cover.id != cover_id:
        return
    if cover.state == State.ACTIVE:
        raise TooLate
    rows.move(session, actor, cover, event, about=held.request.user_id, now=now)


# The supporter is asked


def subject_of(session: Session, cover: Cover) -> Subject:
    """Say whose an ask is: the supporter's, once she was asked."""
    whose = select(Supporter.user_id).where(Supporter.id == cover.supporter_id)
    return Subject(owner=session.scalar(whose) if cover.offered_at is not None else None)


def accept(session: Session, actor: Actor, cover_id: UUID, *, now: datetime) -> Introduction:
    """Let a supporter say yes: the two can talk at once. A second yes finds the conversation of the first.

    Raises TooLate where her time is over or nobody is away any more, NoPlaceLeft where she can take nobody on.
    """
    held, pair, cover = _hold_asked(session, actor, cover_id)
    if cover.state == State.ACTIVE:
        return session.get_one(Introduction, cover.conversation_id)
    if cover.state != State.OFFERED or _is_over(cover, now) or is_back(session, pair, cover):
        raise TooLate
    supporter = rows.supporter_of(held, cover)
    if matching.told_of(session, held.request, supporter, now=now) is None:
        raise NoPlaceLeft
    conversation = introduction_rows.open_cover(session, actor, pair, held.request, supporter, now=now)
    cover.conversation_id = conversation.id
    rows.move(session, actor, cover, Event.ACCEPTED, about=held.request.user_id, now=now)
    cover.expires_at = None
    return conversation


def decline(session: Session, actor: Actor, cover_id: UUID, *, now: datetime) -> None:
    """Let a supporter say no without a reason. Twice is once. Raises TooLate where it is over otherwise."""
    held, _, cover = _hold_asked(session, actor, cover_id)
    if cover.state == State.DECLINED:
        return
    try:
        rows.move(session, actor, cover, Event.DECLINED, about=held.request.user_id, now=now)
    except WrongStep:
        raise TooLate from None


def _is_over(cover: Cover, now: datetime) -> bool:
    return cover.expires_at is not None and cover.expires_at <= now


# What the worker does


def list_over(session: Session, *, now: datetime) -> list[UUID]:
    """Return the pairs whose cover let her time pass, or cannot cover any more."""
    asked = select(Cover.introduction_id).join(Supporter, Supporter.id == Cover.supporter_id)
    unanswered = (Cover.state == State.OFFERED) & (Cover.expires_at <= now)
    cannot = Cover.state.in_((State.SHOWN, State.OFFERED)) & cannot_take_on(now.date())
    gone = (Cover.state == State.NAMED) & (Supporter.state == supporters.State.LEFT)
    return list(session.scalars(asked.where(unanswered | cannot | gone).order_by(Cover.id)))


def let_go(session: Session, introduction_id: UUID, *, now: datetime) -> bool:
    """End a cover that cannot come to anything; another is named. False where it moved meanwhile."""
    if (found := _hold(session, introduction_id)) is None:
        return False
    held, _, cover = found
    if not _is_gone(cover, rows.supporter_of(held, cover), now):
        return False
    event = Event.EXPIRED if cover.state == State.OFFERED and _is_over(cover, now) else Event.FELL_AWAY
    rows.move(session, SYSTEM, cover, event, about=held.request.user_id, now=now)
    return True


def _is_gone(cover: Cover, supporter: Supporter, now: datetime) -> bool:
    if cover.state == State.NAMED:
        return supporter.state == supporters.State.LEFT
    is_asked = cover.state in (State.SHOWN, State.OFFERED)
    return is_asked and (_is_over(cover, now) or not can_take_on(supporter, now.date()))


def list_back(session: Session, *, now: datetime) -> list[UUID]:
    """Return the pairs whose supporter is back while somebody covers, or is asked to."""
    asked = select(Introduction, Cover).join(Cover, Cover.introduction_id == Introduction.id)
    found = session.execute(asked.where(Cover.state.in_(sorted(covers.ASKED))).order_by(Introduction.id)).all()
    return [pair.id for pair, cover in found if is_back(session, pair, cover)]


def go_back(session: Session, introduction_id: UUID, *, now: datetime) -> bool:
    """End what was asked of a cover because the first supporter is back; who only was shown stays named."""
    if (found := _hold(session, introduction_id)) is None:
        return False
    held, pair, cover = found
    if cover.state not in covers.ASKED or not is_back(session, pair, cover):
        return False
    _end_open(session, SYSTEM, held, pair, Event.BACK, now=now)
    return True


def end_at_desk(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> None:
    """End a cover by a coordinator, who talks or was asked; another is named. Raises TooLate where none is open."""
    held, pair = rows.hold_pair(session, introduction_id)
    require_as_staff(session, actor, Action.NAME_COVER, introduction_rows.subject_of(pair))
    if not _end_open(session, actor, held, pair, Event.WITHDRAWN, now=now):
        raise TooLate


def _end_open(session: Session, actor: Actor, held: Held, pair: Introduction, event: Event, *, now: datetime) -> bool:
    cover = rows.lock_open(session, pair.id)
    if cover is None or cover.state == State.NAMED:
        return False
    endings.end_cover(session, actor, held, cover, event, now=now)
    return True


# Who is held


def _hold(session: Session, introduction_id: UUID) -> Pair | None:
    """Lock for an act of the worker; None where there is nothing to do any more."""
    try:
        held, pair = rows.hold_pair(session, introduction_id)
    except Missing:
        return None
    cover = rows.lock_open(session, pair.id)
    return (held, pair, cover) if cover is not None else None


def _hold_hers(session: Session, actor: Actor, introduction_id: UUID) -> Pair:
    """Lock for an act of the woman. Raises Missing, and TooLate where nobody is named any more."""
    held, pair = rows.hold_pair(session, introduction_id)
    require(actor, Action.ANSWER_ABSENCE, Subject(owner=held.request.user_id))
    cover = rows.lock_open(session, pair.id)
    if cover is None:
        raise TooLate
    return held, pair, cover


def _hold_asked(session: Session, actor: Actor, cover_id: UUID) -> Pair:
    """Lock for an act of the supporter who is asked; what she was asked may be over. Raises Missing, TooLate."""
    found = session.get(Cover, cover_id)
    if found is None:
        raise Missing
    require(actor, Action.ANSWER_OFFER, subject_of(session, found))
    try:
        held, pair = rows.hold_pair(session, found.introduction_id)
    except Missing:
        raise TooLate from None
    rows.lock_open(session, pair.id)
    session.refresh(found)
    return held, pair, found
