"""The thread with one woman or one supporter, as the staff read and answer it."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.extensions import aside, transaction
from webapp.pages.desk.blueprint import page
from webapp.pages.desk.queues import beside
from webapp.security import limits
from webapp.security.guard import current_actor, declares
from webapp.services.accounts import kept_words
from webapp.services.acting import TooLate
from webapp.services.desk import frame
from webapp.services.threads import talking
from webapp.ui.thread_forms import WordsForm, asked_before, many_at_once


@page.get("/desk/people/<uuid:user_id>/thread")
@declares(Action.READ_THREAD)
def show_thread(user_id: UUID) -> ResponseReturnValue:
    """Show what she and the coordinators wrote. That it was opened is recorded."""
    return _page(user_id, WordsForm())


@page.post("/desk/people/<uuid:user_id>/thread")
@declares(Action.ANSWER_THREAD, keeps="desk.show_thread")
def answer(user_id: UUID) -> ResponseReturnValue:
    """Write to her for the coordinators; where she wrote meanwhile, that is said, and her task stays."""
    form = WordsForm()
    if not form.validate():
        return _page(user_id, form), 422
    actor, now = current_actor(), clock.now()
    try:
        limits.count_try(writing=str(actor.id))
        with transaction() as session:
            words, seen = form.body.data, form.seen_word()
            has_read_all = talking.answer(session, actor, user_id, words, form.token(), seen=seen, now=now)
            kept_words.settle(session, actor, request.path, now=now)
    except limits.TooSoon as wait:
        form.body.errors = [many_at_once(wait.seconds)]
        return _page(user_id, form), 429, {"Retry-After": str(wait.seconds)}
    except TooLate:
        form.body.errors = [_("Her account is closed. Nobody would read this.")]
        return _page(user_id, form), 409
    if has_read_all:
        flash(_("Sent. She finds it on her page."))
    else:
        flash(_("Sent. She wrote again while you wrote: please read on. It stays on the desk until then."))
    return redirect(url_for("desk.show_thread", user_id=user_id, _anchor="talk"), 303)


def _page(user_id: UUID, form: WordsForm) -> str:
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        side = frame.read_side(session, actor, now=now)
        helped, talk = talking.read_of(session, actor, user_id, before=asked_before())
    with aside() as session:
        talking.record_reading(session, actor, helped, now=now)
    form.token()
    form.seen.data = str(talk.hers or "")
    return render_template(
        "desk/thread.html", form=form, helped=helped, talk=talk, now=now, How=talking.How, **beside(side)
    )  # fmt: skip
