"""The names that people want to be called, for many at once: one statement each, however long the list."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Request, Supporter, User


def of_requests(session: Session, request_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the name behind each request; empty where she gave none, UNREADABLE where it cannot be read."""
    return _names(session, Request, request_ids)


def of_supporters(session: Session, supporter_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the name of each supporter; empty where she gave none, UNREADABLE where it cannot be read."""
    return _names(session, Supporter, supporter_ids)


def to_sign_in(session: Session, people: Iterable[UUID]) -> dict[UUID, str]:
    """Return by which name each of the staff signs in: they have no other."""
    field, ids = User.username, set(people)
    asked = select(*(getattr(User, column) for column in field.needs())).where(User.id.in_(ids))
    return {row.id: field.shown(row) or "" for row in session.execute(asked)} if ids else {}


def of(person: Any) -> str:
    """Return the name of one who is read already: a request, a supporter, or a row with what the field needs."""
    return type(person).name.shown(person) or ""


def _names(session: Session, kind: type[Request] | type[Supporter], ids: Iterable[UUID]) -> dict[UUID, str]:
    field = kind.name
    asked = select(*(getattr(kind, column) for column in field.needs())).where(kind.id.in_(set(ids)))
    return {row.id: field.shown(row) or "" for row in session.execute(asked)}
