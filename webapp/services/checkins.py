"""Check-ins: what is due for a person, her answer, and what a coordinator must look at."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain import checkins
from webapp.domain.access import Action, Actor, Subject
from webapp.models import CheckIn
from webapp.services import audit, outbox
from webapp.services.acting import Missing, load, load_locked, require


def subject_of(checkin: CheckIn) -> Subject:
    """Say whose a check-in is."""
    return Subject(owner=checkin.user_id)


def list_due(session: Session, actor: Actor, *, on: date) -> list[CheckIn]:
    """Return the check-ins of a person that are due."""
    mine = select(CheckIn).where(CheckIn.user_id == actor.id, CheckIn.state == checkins.State.DUE, CheckIn.due_on <= on)
    return list(session.scalars(mine.order_by(CheckIn.due_on)))


def read_checkin(session: Session, actor: Actor, checkin_id: UUID, *, on: date) -> CheckIn:
    """Return a check-in that is due. Raises Missing before its day."""
    checkin = load(session, CheckIn, checkin_id)
    require(actor, Action.SEE_CHECKIN, subject_of(checkin))
    if checkin.due_on > on:
        raise Missing
    return checkin


def answer_checkin(
    session: Session, actor: Actor, checkin_id: UUID, answers: Mapping[str, str], *, now: datetime
) -> checkins.Urgency:
    """Keep the answers of a check-in, and lay it on the desk where somebody must look."""
    checkin = load_locked(session, CheckIn, checkin_id)
    require(actor, Action.ANSWER_CHECKIN, subject_of(checkin))
    if checkin.due_on > now.date():
        raise Missing
    checkin.state = checkins.step(checkins.State(checkin.state), checkins.Event.ANSWERED)
    checkin.said, checkin.answered_at = dict(answers), now
    urgency = checkins.urgency(dict(answers))
    checkin.urgency = urgency
    audit.record(session, actor, "check-in answered", checkin, at=now, about=actor.id, code=urgency)
    if urgency is not checkins.Urgency.NONE:
        outbox.put(session, "a check-in needs you", dedupe=str(checkin.id), due_at=now, checkin=str(checkin.id))
    return urgency


def skip_checkin(session: Session, actor: Actor, checkin_id: UUID, *, now: datetime) -> None:
    """Skip a check-in; no reason is needed."""
    checkin = load_locked(session, CheckIn, checkin_id)
    require(actor, Action.ANSWER_CHECKIN, subject_of(checkin))
    checkin.state = checkins.step(checkins.State(checkin.state), checkins.Event.SKIPPED)
    audit.record(session, actor, "check-in skipped", checkin, at=now, about=actor.id)


def settle_checkin(session: Session, actor: Actor, checkin_id: UUID, *, now: datetime) -> None:
    """Take a check-in off the desk: a coordinator has looked at it and acted."""
    checkin = load_locked(session, CheckIn, checkin_id)
    require(actor, Action.SETTLE_CHECKIN, subject_of(checkin))
    checkin.settled_at, checkin.settled_by = now, actor.id
    audit.record(session, actor, "check-in settled", checkin, at=now, about=checkin.user_id)


def list_unsettled(session: Session) -> list[CheckIn]:
    """Return the answered check-ins that somebody must look at, the most urgent first."""
    urgent = [checkins.Urgency.TODAY.value, checkins.Urgency.NEXT_DAY.value]
    query = select(CheckIn).where(CheckIn.urgency.in_(urgent), CheckIn.settled_at.is_(None))
    return sorted(session.scalars(query), key=lambda one: (urgent.index(one.urgency), one.answered_at))


def shown(checkin: CheckIn) -> dict[str, Any]:
    """Return what the desk shows of an answered check-in."""
    return {"id": checkin.id, "urgency": checkin.urgency, "answered_at": checkin.answered_at, "said": checkin.said}
