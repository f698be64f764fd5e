"""One page for the two of a pair; what each sees differs by side."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.lifecycles import WrongStep
from webapp.extensions import transaction
from webapp.pages.introductions.forms import MessageForm, many_at_once
from webapp.security import limits
from webapp.security.guard import current_actor, declares
from webapp.services import checkins, conversations, introductions, matching
from webapp.services.accounts import kept_words
from webapp.services.safety import holds
from webapp.ui import language

page = Blueprint("introductions", __name__, template_folder="templates")


@page.get("/together/<uuid:introduction_id>")
@declares(Action.SEE_INTRODUCTION)
def show_introduction(introduction_id: UUID) -> ResponseReturnValue:
    """Show the other, what the two share, and their conversation."""
    return _page(introduction_id, MessageForm())


@page.post("/together/<uuid:introduction_id>/messages")
@declares(Action.WRITE_MESSAGE, keeps="introductions.show_introduction")
def write_message(introduction_id: UUID) -> ResponseReturnValue:
    """Write to the other; where the conversation has closed, or she is very quick, her words are given back."""
    form = MessageForm()
    if not form.validate():
        return _page(introduction_id, form), 422
    try:
        limits.count_try(writing=str(current_actor().id))
        with transaction() as session:
            conversations.write_message(session, current_actor(), introduction_id, form.body.data, now=clock.now())
            kept_words.settle(session, current_actor(), request.path, now=clock.now())
    except WrongStep:
        return _page(introduction_id, form), 409
    except limits.TooSoon as wait:
        form.body.errors = [many_at_once(wait.seconds)]
        return _page(introduction_id, form), 429, {"Retry-After": str(wait.seconds)}
    return redirect(url_for("introductions.show_introduction", introduction_id=introduction_id, _anchor="write"), 303)


def _page(introduction_id: UUID, form: MessageForm) -> str:
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        pair = introductions.read_introduction(session, actor, introduction_id)
        talk = conversations.read_talk(session, actor, introduction_id, before=_asked_before())
        due = checkins.find_due(session, actor, introduction_id, on=now.date())
        went_on = holds.went_on_lately(session, introduction_id, now=now)
    shared = [matching.say(message, language.current()) for message in pair["shared"]]
    return render_template(
        "introductions/introduction.html",
        pair=pair,
        shared=shared,
        talk=talk,
        went_on=went_on,
        is_late=pair["first_contact_by"] < now,
        due=due,
        form=form,
    )


def _asked_before() -> UUID | None:
    """Read before which message she wants to read on; an address that cannot be read shows the latest."""
    try:
        return UUID(request.args.get("before", ""))
    except ValueError:
        return None
