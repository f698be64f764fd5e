"""A day on which is looked again for one who waits, with a word to her."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.extensions import transaction
from webapp.pages.desk.blueprint import page
from webapp.pages.desk.forms import BAD_DAY_TO_LOOK, LookAgainForm
from webapp.pages.desk.queues import beside
from webapp.security.guard import current_actor, declares
from webapp.services import waiting
from webapp.services.accounts import kept_words
from webapp.services.desk import frame


@page.get("/desk/requests/<uuid:request_id>/look-again")
@declares(Action.LOOK_AGAIN)
def show_look_again(request_id: UUID) -> ResponseReturnValue:
    """Ask on which day is looked again."""
    return _page(request_id, LookAgainForm())


@page.post("/desk/requests/<uuid:request_id>/look-again")
@declares(Action.LOOK_AGAIN, keeps="desk.show_look_again")
def look_again(request_id: UUID) -> ResponseReturnValue:
    """Name her a day; her page says it at once."""
    form, actor, now = LookAgainForm(), current_actor(), clock.now()
    if not form.validate() or (day := form.day.data) is None:
        return _page(request_id, form), 422
    try:
        with transaction() as session:
            waiting.look_again_on(session, actor, request_id, day, form.word.data or "", now=now)
            kept_words.settle(session, actor, request.path, now=now)
    except waiting.BadDay:
        form.day.errors = [BAD_DAY_TO_LOOK]
        return _page(request_id, form), 422
    flash(_("Kept. Her page names this day now."))
    return redirect(url_for("desk.show_request", request_id=request_id), 303)


def _page(request_id: UUID, form: LookAgainForm) -> str:
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        side = frame.read_side(session, actor, now=now)
        user_id, named = waiting.read_named(session, actor, request_id)
    return render_template(
        "desk/look_again.html", form=form, request_id=request_id, user_id=user_id, named=named, **beside(side)
    )
