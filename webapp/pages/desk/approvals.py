"""The approver's list: what went to her by the clock, and what a coordinator may not decide alone."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp import clock
from webapp.domain.access import Action
from webapp.extensions import aside, transaction
from webapp.pages.desk.blueprint import page
from webapp.pages.desk.queues import beside
from webapp.pages.desk.task_words import say_why
from webapp.security.guard import current_actor, declares
from webapp.services.desk import approvals, frame


@page.get("/approvals")
@declares(Action.SEE_APPROVALS)
def show_approvals() -> ResponseReturnValue:
    """Show what the approver must look after, what cannot wait first."""
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        side = frame.read_side(session, actor, now=now)
        number, count = request.args.get("page", 1, type=int), side.approvals or 0
        shown = approvals.read_page(session, actor, number, count=count, now=now)
    with aside() as session:
        approvals.record_reading(session, actor, now=now)
    return render_template("desk/approvals.html", shown=shown, say_why=say_why, **beside(side))
