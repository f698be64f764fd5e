"""What a woman may expect while she waits, by the one clock that the desk has too; and on which day is looked again.

A day that was named moves only where somebody acted or the day has passed; each step is recorded.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, defer

from webapp.content import programme
from webapp.crypto.fields import Unreadable
from webapp.domain import requests, waiting
from webapp.domain.access import Action, Actor
from webapp.domain.audited import Act
from webapp.domain.proposals import State
from webapp.domain.tasks import WAITS_TOO_LONG, Desk, Kind, Outcome, Soon
from webapp.models import ClosedFile, Introduction, Proposal, Request, StoredRanking
from webapp.services import audit, tasks
from webapp.services.acting import Missing, TooLate, load_locked, require
from webapp.services.requests import subject_of
from webapp.services.safety.closed_files import require_as_staff
from webapp.services.tasks import owners

LONGEST_WORD = 500
CLOCK = Actor(None)


class Reason(StrEnum):
    """Why it takes longer, as far as it is known."""

    LOOKING = "looking"
    NOBODY_FITS = "nobody fits yet"


class BadDay(Exception):
    """Raised for a day on which nobody can look again: past, no working day, or too far ahead."""


@dataclass(frozen=True)
class Waiting:
    """By which working day somebody has looked, and whether that has passed; then on which day she should come back.

    `come_back_on` is None where the day has passed and nobody has named another yet. `nobody_could`: she waits again
    because those who were asked for her could not. `word` is a coordinator's, to her. `nobody_may`: her file is closed
    to every coordinator there is, so that nobody looks, and no day is named.
    """

    looked_by: date
    come_back_on: date | None
    is_late: bool
    nobody_could: bool
    reason: str = ""
    word: str = ""
    nobody_may: bool = False


def read_waiting(session: Session, actor: Actor, request: Request, *, now: datetime) -> Waiting:
    """Say when she should come back. The days count from her sending, or from when people whom she saw fell away."""
    require(actor, Action.ANSWER_QUESTIONS, subject_of(request))
    hours = programme.load().staffed
    by, today, named = looked_by(request), hours.day_of(now), request.look_again_on
    is_late = today > by
    said = Request.look_again.shown(request)
    said = {} if said is None or isinstance(said, Unreadable) else said
    back = named if named is not None and named >= today else (None if is_late else by)
    could_not = _could_not(session, request)
    if nobody_may(session, request.user_id):
        return Waiting(by, None, is_late, could_not, nobody_may=True)
    return Waiting(by, back, is_late, could_not, said.get("reason", ""), said.get("word", "") if back else "")


def nobody_may(session: Session, woman_id: UUID) -> bool:
    """Say whether a woman's file is closed to somebody, and no coordinator is left who may look for her."""
    is_closed = session.scalar(select(ClosedFile.id).where(ClosedFile.about_id == woman_id).limit(1)) is not None
    return is_closed and not owners.list_who_may(session, woman_id, desk=Desk.COORDINATORS)


def promise_anew(session: Session, request: Request, *, now: datetime) -> Waiting:
    """Say when she should come back who is looked for again from this moment, since nobody whom she saw could."""
    said = programme.load()
    by = waiting.looked_by(now, said.staffed, within=said.first_answer_days)
    is_nobody = nobody_may(session, request.user_id)
    return Waiting(by, None if is_nobody else by, is_late=False, nobody_could=True, nobody_may=is_nobody)


def since_of(request: Any) -> datetime:
    """Return since when somebody looks for her: of a request, or a row with its clocks."""
    since: datetime = request.looking_since or request.waiting_since or request.started_at
    return since


def looked_by(request: Any) -> date:
    """Return the working day by which somebody has looked, as the programme promises it."""
    said = programme.load()
    return waiting.looked_by(since_of(request), said.staffed, within=said.first_answer_days)


def late_before(now: datetime) -> datetime:
    """Return the moment before which one must have begun to wait whose day has passed."""
    said = programme.load()
    return waiting.late_before(said.staffed, within=said.first_answer_days, now=now)


def _could_not(session: Session, request: Request) -> bool:
    could_not = case((Proposal.state.in_((State.DECLINED, State.EXPIRED, State.FELL_AWAY)), Proposal.ended_at))
    asked = select(func.max(Proposal.ended_at), func.max(could_not)).where(Proposal.request_id == request.id)
    fell_away, last_no = session.execute(asked).one()
    return last_no is not None and last_no == fell_away


# The day on which is looked again


def look_again_on(
    session: Session, actor: Actor, request_id: UUID, day: date, word: str = "", *, now: datetime
) -> None:
    """Name her a day, with a word to her or without. Raises BadDay; TooLate for one who does not wait any more."""
    request = load_locked(session, Request, request_id)
    require_as_staff(session, actor, Action.LOOK_AGAIN, subject_of(request))
    if request.state != requests.State.WAITING:
        raise TooLate
    if not waiting.may_name(day, programme.load().staffed, now=now):
        raise BadDay
    _name(session, actor, request, day, word.strip()[:LONGEST_WORD], now)
    tasks.close_kinds(session, actor, request.user_id, WAITS_TOO_LONG, act=Outcome.CHANGED, now=now)


def list_passed(session: Session, *, now: datetime) -> list[UUID]:
    """Return whoever waits past the day that her page named, the longest wait first."""
    hours = programme.load().staffed
    first = and_(Request.look_again_on.is_(None), Request.looking_since < late_before(now))
    passed = or_(Request.look_again_on < hours.day_of(now), first)
    query = select(Request.id).where(Request.state == requests.State.WAITING, passed)
    return list(session.scalars(query.order_by(Request.looking_since, Request.id)))


def pass_the_day(session: Session, request_id: UUID, *, now: datetime) -> bool:
    """Tell a person that a day has passed, and name her another. False where somebody was quicker."""
    request, hours = load_locked(session, Request, request_id), programme.load().staffed
    named = request.look_again_on or looked_by(request)
    if request.state != requests.State.WAITING or named >= hours.day_of(now):
        return False
    kind = _kind_of(session, request)
    if tasks.find_open(session, request.user_id, kind) is None:
        tasks.open_task(
            session, CLOCK, kind, about=request.user_id, thing=request.id, soon=Soon.NEXT_DAY,
            count=named.toordinal(), now=now,
        )  # fmt: skip
    _name(session, CLOCK, request, waiting.next_day_to_look(hours, now=now), "", now)
    return True


def _kind_of(session: Session, request: Request) -> Kind:
    """Tell one who stands without her supporter, after an ending, from one who waits for her first."""
    met = select(Introduction.id).where(Introduction.request_id == request.id).limit(1)
    return Kind.WITHOUT_SUPPORTER if session.scalar(met) is not None else Kind.REQUEST_LATE


def read_named(session: Session, actor: Actor, request_id: UUID) -> tuple[UUID, date | None]:
    """Return for the desk whose a waiting request is, and which day its page names. Raises Missing."""
    request = session.get(Request, request_id, options=[defer(Request.answers_sealed)])
    if request is None:
        raise Missing
    require_as_staff(session, actor, Action.LOOK_AGAIN, subject_of(request))
    if request.state != requests.State.WAITING:
        raise TooLate
    return request.user_id, request.look_again_on


def _name(session: Session, actor: Actor, request: Request, day: date, word: str, now: datetime) -> None:
    request.look_again_on = day
    request.look_again = {"reason": _reason(session, request), "word": word}
    audit.record(session, actor, Act.LOOK_AGAIN_SET, request, at=now, about=request.user_id)


def _reason(session: Session, request: Request) -> Reason:
    """Say what is known: whether the last ranking since somebody looks for her found anybody who is free."""
    made = (StoredRanking.request_id == request.id, StoredRanking.made_at >= since_of(request))
    last = session.scalar(select(StoredRanking).where(*made).order_by(StoredRanking.made_at.desc()).limit(1))
    content = StoredRanking.content.shown(last) if last is not None else None
    found = content["candidates"] if isinstance(content, dict) else True
    return Reason.LOOKING if found else Reason.NOBODY_FITS
