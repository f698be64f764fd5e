"""When the last day of a pair comes near: each says whether to go on or to part, and what follows then.

Both go on: twelve weeks more. One parts: they say goodbye until that day. Neither says anything: four weeks more, and
they are asked again; nobody is parted in silence.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain import introductions
from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.domain.introductions import Side, Then, Wish
from webapp.domain.notices import Notice
from webapp.domain.tasks import Kind, Soon
from webapp.models import Introduction
from webapp.services import audit, outbox, tasks
from webapp.services.acting import TooLate, load_locked, require
from webapp.services.introductions import load_pair, subject_of
from webapp.services.pairs import endings
from webapp.services.pairs.endings import Ending

IS_A_PAIR = Introduction.covers_id.is_(None)
"""Whoever stands in for somebody does so until she is back: such a conversation has no last day."""
GOING_ON = (introductions.State.INTRODUCED, introductions.State.IN_CONTACT, introductions.State.ENDING)


@dataclass(frozen=True)
class LastDay:
    """What one of the two is asked when the last day comes near, and what she has said."""

    is_near: bool
    wish: Wish | None


def read(session: Session, actor: Actor, introduction_id: UUID, *, on: date) -> LastDay:
    """Return what one of the two is asked about the last day."""
    introduction = load_pair(session, actor, introduction_id)
    return LastDay(is_near(introduction, on), wish_of(introduction, actor))


def is_near(introduction: Introduction, on: date) -> bool:
    """Say whether the two are asked by now whether they go on."""
    in_time = introduction.until - on <= introductions.ASKED_BEFORE_THE_END
    return in_time and introduction.state in GOING_ON and introduction.covers_id is None


def wish_of(introduction: Introduction, actor: Actor) -> Wish | None:
    """Return what one of the two has said for this last day."""
    said = _wishes(introduction).get(side_of(introduction, actor))
    return Wish(said) if said else None


def side_of(introduction: Introduction, actor: Actor) -> Side:
    """Say on which side of a pair somebody stands."""
    return Side.REQUESTER if introduction.request.user_id == actor.id else Side.SUPPORTER


def say_wish(session: Session, actor: Actor, introduction_id: UUID, wish: Wish, *, now: datetime) -> None:
    """Say whether to go on or to part on the last day; said anew, the later word counts. Raises TooLate."""
    introduction = load_locked(session, Introduction, introduction_id)
    require(actor, Action.CHANGE_PAIR, subject_of(introduction))
    if not is_near(introduction, now.date()):
        raise TooLate
    introduction.wishes = {**_wishes(introduction), side_of(introduction, actor).value: wish.value}
    audit.record(session, actor, Act.WISH_SAID, introduction, at=now, about=introduction.request.user_id)
    _follow(session, actor, introduction, now=now)


def _follow(session: Session, actor: Actor, introduction: Introduction, *, now: datetime) -> None:
    wishes = set(_wishes(introduction).values())
    if Wish.PART in wishes and introduction.state != introductions.State.ENDING:
        _step(introduction, introductions.Event.GOODBYE_BEGUN)
        audit.record(session, actor, Act.GOODBYE_BEGUN, introduction, at=now, about=introduction.request.user_id)
    elif Wish.PART not in wishes and introduction.state == introductions.State.ENDING:
        _step(introduction, introductions.Event.RESUMED)
    if wishes == {Wish.GO_ON} and len(_wishes(introduction)) == len((Side.REQUESTER, Side.SUPPORTER)):
        _renew(session, actor, introduction, introductions.GOES_ON_FOR, now=now)


def _renew(session: Session, actor: Actor, introduction: Introduction, by: timedelta, *, now: datetime) -> None:
    introduction.until += by
    introduction.wishes = None
    audit.record(session, actor, Act.INTRODUCTION_RENEWED, introduction, at=now, about=introduction.request.user_id)


def _step(introduction: Introduction, event: introductions.Event) -> None:
    introduction.state = introductions.step(introductions.State(introduction.state), event)


def _wishes(introduction: Introduction) -> dict[str, str]:
    said = Introduction.wishes.shown(introduction)
    return said if isinstance(said, dict) else {}


# What the worker does


def list_near(session: Session, *, now: datetime) -> list[UUID]:
    """Return the pairs whose last day comes near and who were not told yet."""
    last = (now + introductions.ASKED_BEFORE_THE_END).date()
    soon = (Introduction.until <= last, Introduction.until >= now.date())
    near = (IS_A_PAIR, Introduction.state.in_(sorted(GOING_ON)), *soon)
    rows = session.execute(select(Introduction.id, Introduction.until).where(*near).order_by(Introduction.until))
    by_task = {tasks.id_of(Kind.ENDS_SOON, id_, until.toordinal()): id_ for id_, until in rows}
    told = tasks.find_opened(session, by_task)
    return [id_ for task, id_ in by_task.items() if task not in told]


def remind(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> bool:
    """Tell both that the day comes near, and lay it on the desk; once for each last day. False where that was done."""
    introduction = load_locked(session, Introduction, introduction_id)
    count = introduction.until.toordinal()
    if not is_near(introduction, now.date()) or tasks.was_opened(session, Kind.ENDS_SOON, introduction_id, count):
        return False
    for person in subject_of(introduction).parties:
        dedupe = f"{introduction_id}:{person}:{introduction.until}"
        outbox.put(session, Notice.LAST_DAY_COMES_NEAR, dedupe=dedupe, due_at=now, to=person, pair=str(introduction_id))
    tasks.open_task(
        session, actor, Kind.ENDS_SOON, about=introduction.request.user_id, thing=introduction_id, soon=Soon.NEXT_DAY,
        introduction_id=introduction_id, count=count, now=now,
    )  # fmt: skip
    return True


def list_over(session: Session, *, now: datetime) -> list[UUID]:
    """Return the pairs whose last day has passed."""
    over = (IS_A_PAIR, Introduction.state.in_(sorted(GOING_ON)), Introduction.until < now.date())
    return list(session.scalars(select(Introduction.id).where(*over).order_by(Introduction.until, Introduction.id)))


def come_to_the_end(session: Session, actor: Actor, introduction_id: UUID, *, now: datetime) -> bool:
    """End a pair on its last day where one wanted to part, and let every other one go on. False where it moved."""
    held, introduction = endings.hold_pair(session, introduction_id)
    if introduction.state not in GOING_ON or introduction.until >= now.date():
        return False
    if introduction.state == introductions.State.ENDING:
        endings.end(session, actor, held, introduction, Ending(Side.TIME, Then.REST), now=now)
    else:
        introduction.until = max(introduction.until, now.date())
        _renew(session, actor, introduction, introductions.GOES_ON_UNASKED_FOR, now=now)
    return True
