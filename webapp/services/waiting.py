"""What a woman may expect while she waits: by which day somebody answers her, and whether that day has passed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from webapp.domain.access import Action, Actor
from webapp.domain.proposals import State
from webapp.models import Proposal, Request
from webapp.services.acting import require
from webapp.services.requests import subject_of

WORKING_DAYS = 5
SATURDAY = 5


@dataclass(frozen=True)
class Waiting:
    """The day by which there is an answer for her, by her own calendar.

    `nobody_could`: she waits again because those whom she was shown could not.
    """

    come_back_on: date
    is_late: bool
    nobody_could: bool


def read_waiting(session: Session, actor: Actor, request: Request, *, now: datetime) -> Waiting:
    """Say when she should come back. The days count from her sending, or from when people whom she saw fell away."""
    require(actor, Action.ANSWER_QUESTIONS, subject_of(request))
    could_not = case((Proposal.state.in_((State.DECLINED, State.EXPIRED, State.FELL_AWAY)), Proposal.ended_at))
    asked = select(func.max(Proposal.ended_at), func.max(could_not)).where(Proposal.request_id == request.id)
    fell_away, last_no = session.execute(asked).one()
    since = max(filter(None, (request.waiting_since, request.returned_at, fell_away)), default=now)
    zone = ZoneInfo(request.time_zone)
    day = add_working_days(since.astimezone(zone).date(), WORKING_DAYS)
    is_late = now.astimezone(zone).date() > day
    return Waiting(day, is_late, nobody_could=last_no is not None and last_no == fell_away)


def add_working_days(day: date, days: int) -> date:
    """Count working days on from a day; holidays are not known here."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < SATURDAY
    return day
