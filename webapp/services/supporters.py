"""Supporters: opened by a coordinator or the seeds, with their answers and dates; and who can take anyone on."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, not_, or_, select
from sqlalchemy.orm import Session

from webapp.domain import supporters
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.models import Introduction, Request, Supporter
from webapp.services import audit
from webapp.services.acting import load_locked
from webapp.services.answers import keep_answers
from webapp.services.matching import Said
from webapp.services.safety.closed_files import require_as_staff


def enrol_supporter(
    session: Session, actor: Actor, user_id: UUID, answers: Mapping[str, Said], *, now: datetime, **facts: Any
) -> Supporter:
    """Take a supporter into the programme with what she answered and what the programme knows of her."""
    supporter = Supporter(user_id=user_id, **facts)
    keep_answers(supporter, answers)
    session.add(supporter)
    audit.record(session, actor, Act.SUPPORTER_ENROLLED, supporter, at=now, about=user_id, code=supporter.state)
    return supporter


def list_rested(session: Session, *, now: datetime) -> list[UUID]:
    """Return the supporters whose days of rest are over."""
    over = (Supporter.rests_why == supporters.Rest.COOL_DOWN, Supporter.rests_until < now.date())
    return list(session.scalars(select(Supporter.id).where(*over).order_by(Supporter.id)))


def end_rest(session: Session, actor: Actor, supporter_id: UUID, *, now: datetime) -> None:
    """Let new women be suggested again to a supporter who has rested."""
    supporter = load_locked(session, Supporter, supporter_id)
    until = supporter.rests_until
    if supporter.rests_why == supporters.Rest.COOL_DOWN and until is not None and until < now.date():
        supporter.rests_why, supporter.rests_until = None, None
        audit.record(session, actor, Act.SUPPORTER_RESTED, supporter, at=now, about=supporter.user_id, code="over")


def lift_rest(session: Session, actor: Actor, supporter_id: UUID, *, now: datetime) -> None:
    """Let a supporter be suggested again, by a coordinator. Twice is once."""
    supporter = load_locked(session, Supporter, supporter_id)
    women = select(Request.user_id).join(Introduction, Introduction.request_id == Request.id)
    hers = frozenset(session.scalars(women.where(Introduction.supporter_id == supporter_id)))
    require_as_staff(session, actor, Action.LIFT_REST, Subject(owner=supporter.user_id, parties=hers))
    if supporter.rests_why is not None:
        supporter.rests_why, supporter.rests_until, supporter.strain = None, None, Decimal(0)
        audit.record(session, actor, Act.SUPPORTER_RESTED, supporter, at=now, about=supporter.user_id, code="lifted")


def can_take_on(supporter: Supporter, on: date) -> bool:
    """Say whether she can take anyone on: active, not at rest, no pair on hold, a free place, papers in date."""
    papers = (getattr(supporter, paper) for paper in supporters.PAPERS)
    state = supporters.State(supporter.state)
    if supporter.rests_why is not None or supporter.held:
        return False
    return supporters.may_take_on(state, supporter.taken, supporter.capacity, papers, on)


def cannot_take_on(on: date) -> ColumnElement[bool]:
    """Ask for supporters who cannot take anyone on: the same in a statement."""
    columns = [getattr(Supporter, paper) for paper in supporters.PAPERS]
    missing = [or_(column.is_(None), column < on) for column in columns]
    is_full = Supporter.taken >= Supporter.capacity
    rests = or_(Supporter.rests_why.is_not(None), Supporter.held > 0)
    return or_(not_(Supporter.state == supporters.State.ACTIVE), is_full, rests, *missing)
