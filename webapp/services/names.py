"""The names that people want to be called, for many at once: one statement each, however long the list."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import RequestAnswer, SupporterAnswer

NAME = "name"


def of_requests(session: Session, request_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the name behind each request."""
    asked = RequestAnswer.request_id.in_(set(request_ids))
    rows = session.scalars(select(RequestAnswer).where(RequestAnswer.question == NAME, asked))
    return {row.request_id: row.said["answer"] for row in rows}


def of_supporters(session: Session, supporter_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the name of each supporter."""
    asked = SupporterAnswer.supporter_id.in_(set(supporter_ids))
    rows = session.scalars(select(SupporterAnswer).where(SupporterAnswer.question == NAME, asked))
    return {row.supporter_id: row.said["answer"] for row in rows}
