"""Somebody cannot get in and calls: the desk types her words, and reads out a code of an hour where they are right."""

from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from webapp import clock
from webapp.domain.access import Action
from webapp.extensions import transaction
from webapp.pages.helping.forms import NO_MORE, NOT_HERS, NOT_THESE, NameAndWordsForm, WordsForm
from webapp.security.guard import current_actor, declares
from webapp.services.accounts import phone_words

page = Blueprint("helping", __name__, template_folder="templates")
SHOWN_ONCE = "shown_once"


@page.get("/desk/let-in")
@declares(Action.LET_BACK_IN)
def show_by_name() -> ResponseReturnValue:
    """Ask for a name and words; right after right ones, show the code, once."""
    return render_template("helping/by_name.html", form=NameAndWordsForm(), code=session.pop(SHOWN_ONCE, None))


@page.post("/desk/let-in")
@declares(Action.LET_BACK_IN)
def try_by_name() -> ResponseReturnValue:
    """Try the words of a name; a name that is not there answers like words that are wrong."""
    form = NameAndWordsForm()
    if form.validate():
        name, said = form.username.data, form.words.data
        with transaction() as writing:
            answer = phone_words.let_in_by_name(writing, current_actor(), name, said, now=clock.now())
        if answer.code is not None:
            return _show_once(answer.code, url_for("helping.show_by_name"))
        form.words.errors = [_said(answer, NOT_THESE)]
    return render_template("helping/by_name.html", form=form, code=None), 422


@page.get("/desk/requests/<uuid:request_id>/let-in")
@declares(Action.LET_BACK_IN)
def show_by_request(request_id: UUID) -> ResponseReturnValue:
    """Ask for the words of a woman whose request is known; right after right ones, show the code, once."""
    return _request_page(WordsForm(), request_id, session.pop(SHOWN_ONCE, None))


@page.post("/desk/requests/<uuid:request_id>/let-in")
@declares(Action.LET_BACK_IN)
def try_by_request(request_id: UUID) -> ResponseReturnValue:
    """Try her words."""
    form = WordsForm()
    if form.validate():
        with transaction() as writing:
            answer = phone_words.let_in_by_request(
                writing, current_actor(), request_id, form.words.data, now=clock.now()
            )
        if answer.code is not None:
            return _show_once(answer.code, url_for("helping.show_by_request", request_id=request_id))
        form.words.errors = [_said(answer, NOT_HERS)]
    return _request_page(form, request_id), 422


def _request_page(form: WordsForm, request_id: UUID, code: str | None = None) -> str:
    with transaction() as reading:
        has_words = phone_words.has_phone_words(reading, current_actor(), request_id)
    return render_template("helping/by_request.html", form=form, request_id=request_id, code=code, has_words=has_words)


def _show_once(code: str, where: str) -> Response:
    session[SHOWN_ONCE] = code
    return make_response(redirect(where, 303))


def _said(answer: phone_words.Answer, wrong: str) -> str:
    if not answer.was_tried:
        return str(NO_MORE)
    left = ngettext("%(num)s try is left today.", "%(num)s tries are left today.", answer.left)
    return f"{wrong} {left}"
