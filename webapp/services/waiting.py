"""What a woman may expect while she waits: by which day somebody answers her, and whether that day has passed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.access import Action, Actor
from webapp.models import Proposal, Request
from webapp.services.acting import require
from webapp.services.requests import subject_of

WORKING_DAYS = 5
SATURDAY = 5


@dataclass(frozen=True)
class Waiting:
    """The day by which there is an answer for her, by her own calendar."""

    come_back_on: date
    is_late: bool


def read_waiting(session: Session, actor: Actor, request: Request, *, now: datetime) -> Waiting:
    """Say when she should come back. The days count from her sending, or from when people whom she saw fell away."""
    require(actor, Action.ANSWER_QUESTIONS, subject_of(request))
    fell_away = session.scalar(select(func.max(Proposal.ended_at)).where(Proposal.request_id == request.id))
    since = max(filter(None, (request.waiting_since, fell_away)), default=now)
    zone = ZoneInfo(request.time_zone)
    day = add_working_days(since.astimezone(zone).date(), WORKING_DAYS)
    return Waiting(day, is_late=now.astimezone(zone).date() > day)


def add_working_days(day: date, days: int) -> date:
    """Count working days on from a day; holidays are not known here."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < SATURDAY
    return day
