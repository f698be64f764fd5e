"""The names that people want to be called, for many at once: one statement each, however long the list."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp.models import Request, Supporter, User


def of_requests(session: Session, request_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the name behind each request; empty where she gave none, UNREADABLE where it cannot be read."""
    return _names(session, Request, request_ids)


def of_supporters(session: Session, supporter_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the name of each supporter; empty where she gave none, UNREADABLE where it cannot be read."""
    return _names(session, Supporter, supporter_ids)


def of_staff(session: Session, user_ids: Iterable[UUID | None] | Select[UUID]) -> dict[UUID, str]:
    """Return by which name each of the staff signs in: they have no other, and colleagues know her by it."""
    field = User.username
    wanted = user_ids if isinstance(user_ids, Select) else {one for one in user_ids if one is not None}
    asked = select(*(getattr(User, column) for column in field.needs())).where(User.id.in_(wanted))
    return {row.id: field.shown(row) or "" for row in session.execute(asked)}


def of(person: Any) -> str:
    """Return the name of one who is read already: a request, a supporter, or a row with what the field needs."""
    return type(person).name.shown(person) or ""


def _names(session: Session, kind: type[Request] | type[Supporter], ids: Iterable[UUID]) -> dict[UUID, str]:
    field = kind.name
    asked = select(*(getattr(kind, column) for column in field.needs())).where(kind.id.in_(set(ids)))
    return {row.id: field.shown(row) or "" for row in session.execute(asked)}
