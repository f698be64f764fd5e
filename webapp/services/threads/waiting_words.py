"""Whose words wait for an answer: the queue of the desk."""

from typing import Any

from sqlalchemy import Select, select

from webapp.domain.tasks import Desk
from webapp.models import Task, Thread
from webapp.services.introductions import me
from webapp.services.tasks import owners


def unanswered() -> Select[*tuple[Any, ...]]:
    """Select who waits for an answer that a coordinator, told as `me`, can give, the longest wait first."""
    waits = select(Thread.id.label("user_id"), Task.opened_at.label("since")).join(Task, Task.id == Thread.task_id)
    open_ = waits.where(Task.desk == Desk.COORDINATORS, Task.done_at.is_(None))
    mine = open_.where(Thread.id != me(), Thread.id.not_in(owners.closed_to(me())))
    return mine.order_by(Task.opened_at, Task.id)
