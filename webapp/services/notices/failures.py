"""Notices that could not be sent, as the desk sees them: of what kind, to whom, why; to try again or to give up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from webapp.domain.access import Action, Actor, Subject
from webapp.domain.access import Role as RoleName
from webapp.domain.audited import Act
from webapp.domain.lifecycles import WrongStep
from webapp.domain.notices import Event, State, step
from webapp.domain.requests import State as RequestState
from webapp.models import OutboxRow, Request, Role, Supporter, User
from webapp.services import audit
from webapp.services.acting import TooLate, load_locked
from webapp.services.introductions import me
from webapp.services.safety.closed_files import closed_to, require_as_staff


@dataclass(frozen=True)
class ShownFailure:
    """One notice that could not be sent. A woman or a supporter by the name that she chose; nobody's address."""

    id: UUID
    kind: str
    name: str
    role: str
    tries: int
    code: str
    failed_at: datetime


def failed() -> Select[*tuple[Any, ...]]:
    """Select the notices that failed and are for others than the coordinator, told as `me`; the oldest first."""
    columns = (OutboxRow.id, OutboxRow.kind, OutboxRow.to_user_id, OutboxRow.attempts, OutboxRow.code)
    rows = select(*columns, OutboxRow.settled_at).where(OutboxRow.state == State.FAILED, OutboxRow.to_user_id != me())
    rows = rows.where(OutboxRow.to_user_id.not_in(closed_to(me())))
    return rows.order_by(OutboxRow.settled_at, OutboxRow.id)


def say_failures(session: Session, rows: Sequence[Row[Any]]) -> list[ShownFailure]:
    """Put each failed notice beside the name of her whom it was for."""
    people = {row.to_user_id for row in rows}
    roles, called = _roles(session, people), _called(session, people)
    return [
        ShownFailure(
            row.id, row.kind, called.get(row.to_user_id, ""), _role(roles.get(row.to_user_id, set())),
            row.attempts, row.code or "", row.settled_at,
        )
        for row in rows
    ]  # fmt: skip


def _roles(session: Session, people: set[UUID]) -> dict[UUID, set[str]]:
    held: dict[UUID, set[str]] = {}
    for user_id, role in session.execute(select(User.id, Role.name).join(User.roles).where(User.id.in_(people))):
        held.setdefault(user_id, set()).add(role)
    return held


def _role(held: set[str]) -> str:
    return next((str(role) for role in reversed(RoleName) if role in held), "")


def _called(session: Session, people: set[UUID]) -> dict[UUID, str]:
    """Name each by what she chose as a woman or as a supporter; a draft and a request taken back are nobody's."""
    theirs = (
        (Request, Request.state.not_in((RequestState.DRAFT, RequestState.WITHDRAWN))),
        (Supporter, Supporter.user_id.is_not(None)),
    )
    found: dict[UUID, str] = {}
    for kind, is_known in theirs:
        needed = (getattr(kind, column) for column in kind.name.needs())
        asked = select(*needed).where(kind.user_id.in_(people), is_known)
        found |= {row.user_id: kind.name.shown(row) or "" for row in session.execute(asked)}
    return found


def try_again(session: Session, actor: Actor, notice_id: UUID, *, now: datetime) -> None:
    """Let a failed notice be sent anew, from the first try on. Raises TooLate where somebody else has decided."""
    _decide(session, actor, notice_id, Event.TRIED_AGAIN, Act.NOTICE_TRIED_AGAIN, now=now)


def give_up(session: Session, actor: Actor, notice_id: UUID, *, now: datetime) -> None:
    """Let a failed notice be. Raises TooLate where somebody else has decided."""
    _decide(session, actor, notice_id, Event.GIVEN_UP, Act.NOTICE_GIVEN_UP, now=now)


def _decide(session: Session, actor: Actor, notice_id: UUID, event: Event, act: Act, *, now: datetime) -> None:
    row = load_locked(session, OutboxRow, notice_id)
    require_as_staff(session, actor, Action.SETTLE_NOTICE, Subject(owner=row.to_user_id))
    try:
        row.state = step(State(row.state), event)
    except WrongStep:
        raise TooLate from None
    if event is Event.TRIED_AGAIN:  # it counts as one of today, so that it is not too old at once
        row.attempts, row.not_before, row.due_at, row.settled_at = 0, None, now, None
    audit.record(session, actor, act, row, at=now, about=row.to_user_id)
