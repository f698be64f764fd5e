"""One task: why somebody must act, where, by when; and what was done."""

from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action, may_try
from webapp.domain.tasks import ENDS_WITH_ITS_THING, Outcome
from webapp.extensions import Session, aside, transaction
from webapp.pages.desk.blueprint import page
from webapp.pages.desk.forms import DoneForm
from webapp.pages.desk.queues import beside
from webapp.pages.desk.task_words import look_after_at, say_done, say_why
from webapp.security.guard import current_actor, declares
from webapp.services import tasks
from webapp.services.accounts import kept_words
from webapp.services.acting import TooLate
from webapp.services.desk import duties, frame, pairs
from webapp.services.tasks import FoundTask
from webapp.ui.absence_words import say_away


@page.get("/desk/tasks/<uuid:task_id>")
@declares(Action.FINISH_TASK)
def show_task(task_id: UUID) -> ResponseReturnValue:
    """Show one task."""
    return _page(task_id, DoneForm())


@page.post("/desk/tasks/<uuid:task_id>")
@declares(Action.FINISH_TASK, keeps="desk.show_task")
def finish_task(task_id: UUID) -> ResponseReturnValue:
    """Take a task off the desk, with what was done."""
    form = DoneForm()
    if not form.validate():
        return _page(task_id, form), 422
    try:
        with transaction() as session:
            act, note = Outcome(form.act.data), form.note.data or ""
            tasks.finish(session, current_actor(), task_id, act=act, note=note, now=clock.now())
            kept_words.settle(session, current_actor(), request.path, now=clock.now())
        flash(_("Kept. It is off the desk."))
    except TooLate:
        flash(_("Somebody has looked after it already."))
    return redirect(url_for("desk.show_task", task_id=task_id), 303)


def _page(task_id: UUID, form: DoneForm) -> str:
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        side = frame.read_side(session, actor, now=now)
        shown = duties.read_duty(session, actor, task_id, now=now)
        two = _two_of(session, shown["duty"].task, now)
    with aside() as session:
        tasks.record_reading(session, actor, shown["duty"].task, now=now)
    return render_template(
        "desk/task.html",
        **beside(side),
        form=form,
        say_why=say_why,
        say_done=say_done,
        there=look_after_at(shown["duty"].task),
        ends_there=shown["duty"].task.kind in ENDS_WITH_ITS_THING,
        two=two,
        say_away=say_away,
        **shown,
    )


def _two_of(session: Session, task: FoundTask, now: datetime) -> pairs.TwoOfATask | None:
    """Return the two whom an open task is about, for who may not open their page."""
    if task.introduction_id is None or task.is_done or may_try(current_actor(), Action.READ_PAIR):
        return None
    return pairs.read_two(session, current_actor(), task.introduction_id, now=now)
