"""Tasks as the desk says them: about whom by the name that she chose, who looks after it, and whether it is late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from webapp.domain.access import Actor
from webapp.models import Request, Supporter, Task
from webapp.services import names, tasks
from webapp.services.tasks import FoundTask


@dataclass(frozen=True)
class Duty:
    """One task with the names that the desk needs; `request_id` is her latest request, if she asks."""

    task: FoundTask
    name: str
    owner: str
    is_mine: bool
    is_late: bool
    request_id: UUID | None


def say_all(session: Session, found: Sequence[FoundTask], *, now: datetime, me: UUID | None = None) -> list[Duty]:
    """Put names to tasks, for many at once."""
    about = {one.about_id for one in found}
    women, supporters = _of(session, Request, about), _of(session, Supporter, about)
    owners = names.of_staff(session, {one.owner_id for one in found if one.owner_id})
    return [
        Duty(
            one,
            (women.get(one.about_id) or supporters.get(one.about_id) or NOBODY).name,
            owners.get(one.owner_id, "") if one.owner_id else "",
            one.owner_id is not None and one.owner_id == me,
            one.due_at < now and not one.is_done,
            women.get(one.about_id, NOBODY).id,
        )
        for one in found
    ]


def read_duty(session: Session, actor: Actor, task_id: UUID, *, now: datetime) -> dict[str, Any]:
    """Return one task with what was done, where somebody has acted. Raises Missing."""
    found = tasks.read_task(session, actor, task_id)
    (duty,) = say_all(session, [found], now=now, me=actor.id)
    task = session.get_one(Task, task_id)
    by = names.of_staff(session, {task.done_by}) if task.done_by else {}
    done = Task.done.shown(task) if found.is_done else None
    return {"duty": duty, "done": done, "done_at": task.done_at, "done_by": next(iter(by.values()), "")}


def name_of(session: Session, user_id: UUID) -> tuple[str, UUID | None]:
    """Return the name that somebody chose, and her latest request if she asks."""
    if (woman := _of(session, Request, [user_id]).get(user_id)) is not None:
        return woman.name, woman.id
    return _of(session, Supporter, [user_id]).get(user_id, NOBODY).name, None


@dataclass(frozen=True)
class Unanswered:
    """Somebody whose words wait for an answer, since when."""

    user_id: UUID
    name: str
    since: datetime


def name_all(session: Session, rows: Sequence[Row[Any]]) -> list[Unanswered]:
    """Put names to those whose words wait for an answer."""
    people = {row.user_id for row in rows}
    women, supporters = _of(session, Request, people), _of(session, Supporter, people)
    called = {**supporters, **women}
    return [Unanswered(row.user_id, called.get(row.user_id, NOBODY).name, row.since) for row in rows]


class _Named(NamedTuple):
    name: str
    id: UUID | None


NOBODY = _Named("", None)


def _of(session: Session, kind: type[Request] | type[Supporter], people: Iterable[UUID]) -> dict[UUID, _Named]:
    """Find by account what somebody is: her latest request, or what she is as a supporter; with the name she chose."""
    asked = select(*(getattr(kind, column) for column in kind.name.needs())).where(kind.user_id.in_(set(people)))
    rows = session.execute(asked.order_by(Request.started_at) if kind is Request else asked)
    return {row.user_id: _Named(kind.name.shown(row) or "", row.id) for row in rows}
