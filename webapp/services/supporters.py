"""Supporters: opened by a coordinator or the seeds, with their answers and dates; and who can take anyone on."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, not_, or_
from sqlalchemy.orm import Session

from webapp.domain import supporters
from webapp.domain.access import Actor
from webapp.domain.audited import Act
from webapp.models import Supporter
from webapp.services import audit
from webapp.services.answers import keep_answers
from webapp.services.matching import Said


def enrol_supporter(
    session: Session, actor: Actor, user_id: UUID, answers: Mapping[str, Said], *, now: datetime, **facts: Any
) -> Supporter:
    """Take a supporter into the programme with what she answered and what the programme knows of her."""
    supporter = Supporter(user_id=user_id, **facts)
    keep_answers(supporter, answers)
    session.add(supporter)
    audit.record(session, actor, Act.SUPPORTER_ENROLLED, supporter, at=now, about=user_id, code=supporter.state)
    return supporter


def can_take_on(supporter: Supporter, on: date) -> bool:
    """Say whether she can take anyone on: active, a free place, every paper in date."""
    papers = (getattr(supporter, paper) for paper in supporters.PAPERS)
    state = supporters.State(supporter.state)
    return supporters.may_take_on(state, supporter.taken, supporter.capacity, papers, on)


def cannot_take_on(on: date) -> ColumnElement[bool]:
    """Ask for supporters who cannot take anyone on: the same in a statement."""
    columns = [getattr(Supporter, paper) for paper in supporters.PAPERS]
    missing = [or_(column.is_(None), column < on) for column in columns]
    is_full = Supporter.taken >= Supporter.capacity
    return or_(not_(Supporter.state == supporters.State.ACTIVE), is_full, *missing)
