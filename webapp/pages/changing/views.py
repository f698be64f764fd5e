"""The page where one of a pair pauses it, ends it or goes on; each is one step, and no reason is asked."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.introductions import State, Then, Wish
from webapp.domain.lifecycles import WrongStep
from webapp.extensions import transaction
from webapp.pages.changing.forms import GoodbyeForm, PauseForm
from webapp.security.guard import current_actor, declares
from webapp.services import introductions
from webapp.services.accounts import kept_words
from webapp.services.acting import TooLate
from webapp.services.pairs import endings, last_days, pauses

page = Blueprint("changing", __name__, template_folder="templates")


@page.get("/together/<uuid:introduction_id>/change")
@declares(Action.CHANGE_PAIR)
def show_change(introduction_id: UUID) -> ResponseReturnValue:
    """Show what she can change; where the pair has ended, her page of it."""
    if _read(introduction_id)["state"] == State.ENDED:
        return _back(introduction_id)
    return _page(introduction_id, GoodbyeForm(), PauseForm())


@page.post("/together/<uuid:introduction_id>/end")
@declares(Action.CHANGE_PAIR, keeps="changing.show_change")
def end(introduction_id: UUID) -> ResponseReturnValue:
    """End the pair now; what she would like next is the button that she pressed."""
    form = GoodbyeForm()
    if not form.validate():
        return _page(introduction_id, form, PauseForm()), 422
    said, words, now = request.form.get("then"), form.goodbye.data or "", clock.now()
    if said not in set(Then):
        form.goodbye.errors = [_("Press one of the buttons below.")]
        return _page(introduction_id, form, PauseForm()), 422
    try:
        with transaction() as session:
            is_left = endings.end_pair(
                session, current_actor(), introduction_id, then=Then(said), goodbye=words, now=now
            )
            kept_words.settle(session, current_actor(), request.path, now=now)
    except TooLate:
        flash(_("Your time together had ended already."))
        return _give_back(introduction_id, words)
    flash(_("Your time together has ended. Nobody is asked why."))
    if said == Then.DONE:
        flash(_("Thank you for being here. If you ever come back, your answers are there to start from."))
    return redirect(url_for("home.show_home"), 303) if is_left else _give_back(introduction_id, words)


@page.post("/together/<uuid:introduction_id>/goodbye")
@declares(Action.CHANGE_PAIR, keeps="introductions.show_introduction")
def say_goodbye(introduction_id: UUID) -> ResponseReturnValue:
    """Leave a last word after the end."""
    _read(introduction_id)
    form = GoodbyeForm()
    if not form.goodbye.data:
        flash(_("Write something before you send it."))
        return _back(introduction_id)
    if not form.validate():
        flash(form.goodbye.errors[0])
        return _give_back(introduction_id, form.goodbye.data)
    try:
        with transaction() as session:
            endings.say_goodbye(session, current_actor(), introduction_id, form.goodbye.data, now=clock.now())
            kept_words.settle(session, current_actor(), request.path, now=clock.now())
    except TooLate:
        flash(_("Your last word is said already, or its two weeks are over."))
        return _give_back(introduction_id, form.goodbye.data)
    return _back(introduction_id)


@page.post("/together/<uuid:introduction_id>/pause")
@declares(Action.CHANGE_PAIR)
def pause(introduction_id: UUID) -> ResponseReturnValue:
    """Take a pause."""
    form = PauseForm()
    if not form.validate():
        return _page(introduction_id, GoodbyeForm(), form), 422
    try:
        with transaction() as session:
            until = _last_day(int(form.weeks.data))
            pauses.pause(session, current_actor(), introduction_id, until=until, now=clock.now())
        flash(_("You two take a pause now. Nothing is expected of you."))
    except (TooLate, WrongStep):
        flash(_("There was nothing to pause: the other was quicker, or it has ended."))
    return _back(introduction_id)


@page.post("/together/<uuid:introduction_id>/go-on")
@declares(Action.CHANGE_PAIR)
def resume(introduction_id: UUID) -> ResponseReturnValue:
    """Go on after her own pause."""
    try:
        with transaction() as session:
            pauses.resume(session, current_actor(), introduction_id, now=clock.now())
        flash(_("You two go on. A short hello is a good start."))
    except TooLate:
        flash(_("The other took this pause, and ends it when she is ready."))
    except WrongStep:
        flash(_("There is no pause to end."))
    return _back(introduction_id)


@page.post("/together/<uuid:introduction_id>/last-day")
@declares(Action.CHANGE_PAIR)
def say_wish(introduction_id: UUID) -> ResponseReturnValue:
    """Say whether to go on or to part when their last day comes."""
    said = request.form.get("wish")
    _read(introduction_id)
    if said not in set(Wish):
        flash(_("Press one of the buttons below."))
        return _back(introduction_id)
    try:
        with transaction() as session:
            last_days.say_wish(session, current_actor(), introduction_id, Wish(said), now=clock.now())
        flash(_("Kept. You can change it until that day."))
    except (TooLate, WrongStep):
        flash(_("This has been settled meanwhile."))
    return _back(introduction_id)


def _give_back(introduction_id: UUID, words: str) -> ResponseReturnValue:
    """Give last words back that were not left; a form that was sent twice has left them, so nothing needs saying."""
    with transaction() as session:
        is_said = not words.strip() or endings.was_said(session, current_actor(), introduction_id, words)
    if is_said:
        return _back(introduction_id)
    return render_template("changing/not_sent.html", introduction_id=introduction_id, words=words), 409


def _last_day(weeks: int) -> date | None:
    return clock.now().date() + timedelta(weeks=weeks) if weeks else None


def _back(introduction_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("introductions.show_introduction", introduction_id=introduction_id), 303)


def _read(introduction_id: UUID) -> dict[str, Any]:
    with transaction() as session:
        return introductions.read_introduction(session, current_actor(), introduction_id)


def _page(introduction_id: UUID, goodbye: GoodbyeForm, how_long: PauseForm) -> str:
    pair = _read(introduction_id)
    return render_template("changing/change.html", pair=pair, goodbye=goodbye, how_long=how_long)
