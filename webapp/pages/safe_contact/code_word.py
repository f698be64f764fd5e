"""The code word of a woman, on a page of its own: whoever opens it is recorded as having read it."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp import clock
from webapp.domain.access import Action
from webapp.extensions import aside, transaction
from webapp.pages.safe_contact.blueprint import page
from webapp.security.guard import current_actor, declares
from webapp.services.safety import for_the_desk


@page.get("/desk/requests/<uuid:request_id>/code-word")
@declares(Action.READ_CODE_WORD)
def show_code_word(request_id: UUID) -> ResponseReturnValue:
    """Show the word that is said first when somebody calls her."""
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        word = for_the_desk.read_code_word(session, actor, request_id, now=now)
    with aside() as session:
        for_the_desk.record_reading_of_code_word(session, actor, request_id, now=now)
    return render_template("safe_contact/code_word.html", word=word, request_id=request_id)
