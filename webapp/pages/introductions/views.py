"""One page for the two of a pair; what each sees differs by side. What they arrange stands beside this module."""

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.lifecycles import WrongStep
from webapp.extensions import transaction
from webapp.pages.introductions import agreement, folding, reach, talked, times
from webapp.pages.introductions.blueprint import lead_back, page
from webapp.pages.introductions.forms import MessageForm
from webapp.pages.introductions.pair_page import pair_page
from webapp.security import limits
from webapp.security.guard import current_actor, declares
from webapp.services import conversations
from webapp.services.accounts import kept_words
from webapp.ui.forms import many_at_once

SUBJECTS = (agreement, folding, reach, talked, times)
"""Every module that adds routes to the blueprint."""


@page.get("/together/<uuid:introduction_id>")
@declares(Action.SEE_INTRODUCTION)
def show_introduction(introduction_id: UUID) -> ResponseReturnValue:
    """Show the other, what the two share, their conversation and what they arrange."""
    return pair_page(introduction_id)


@page.post("/together/<uuid:introduction_id>/messages")
@declares(Action.WRITE_MESSAGE, keeps="introductions.show_introduction")
def write_message(introduction_id: UUID) -> ResponseReturnValue:
    """Write to the other; where the conversation has closed, or she is very quick, her words are given back."""
    form = MessageForm()
    if not form.validate():
        return pair_page(introduction_id, form), 422
    actor, now = current_actor(), clock.now()
    try:
        limits.count_try(writing=str(current_actor().id))
        with transaction() as session:
            conversations.write_message(session, actor, introduction_id, form.body.data, once=form.token, now=now)
            kept_words.settle(session, actor, request.path, now=now)
    except WrongStep:
        return pair_page(introduction_id, form), 409
    except limits.TooSoon as wait:
        form.body.errors = [many_at_once(wait.seconds)]
        return pair_page(introduction_id, form), 429, {"Retry-After": str(wait.seconds)}
    return lead_back(introduction_id, "latest")
