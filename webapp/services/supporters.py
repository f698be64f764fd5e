"""Supporters: opened by a coordinator or the seeds, with their answers and dates."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

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
