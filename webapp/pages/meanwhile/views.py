"""A woman says whether she would like somebody meanwhile; a supporter who is asked to cover answers in one step."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.lifecycles import WrongStep
from webapp.domain.places import NoPlaceLeft
from webapp.extensions import aside, transaction
from webapp.security.guard import current_actor, declares
from webapp.services import matching
from webapp.services.absences import asking, standing
from webapp.services.acting import TooLate
from webapp.services.cards import falling_away
from webapp.ui import language
from webapp.ui.forms import read_id

page = Blueprint("meanwhile", __name__, template_folder="templates")

ANSWERS = ("yes", "no", "back")


@page.post("/together/<uuid:introduction_id>/meanwhile")
@declares(Action.ANSWER_ABSENCE)
def answer(introduction_id: UUID) -> ResponseReturnValue:
    """Take her yes or her no to whom she is shown; or show her somebody after all."""
    actor, now, cover_id = current_actor(), clock.now(), read_id(request.form.get("cover"))
    to = url_for("introductions.show_introduction", introduction_id=introduction_id, _anchor="away")
    if cover_id is not None and request.form.get("answer") not in ANSWERS:
        flash(_("Press one of the buttons below."))
        return redirect(to, 303)
    could = True
    try:
        with transaction() as session:
            if cover_id is None:
                asking.ask_for_someone(session, actor, introduction_id, now=now)
            elif request.form.get("answer") == "yes":
                could = asking.want(session, actor, introduction_id, cover_id, now=now)
            else:
                leave = asking.take_back if request.form.get("answer") == "back" else asking.say_no
                leave(session, actor, introduction_id, cover_id, now=now)
    except (TooLate, WrongStep):
        flash(_("This has changed meanwhile. Here is how it stands now."))
    if not could:
        flash(_("She cannot take on someone right now. We look for somebody else for you."))
    return redirect(to, 303)


@page.get("/offers/meanwhile/<uuid:cover_id>")
@declares(Action.SEE_OFFER)
def show_ask(cover_id: UUID) -> ResponseReturnValue:
    """Show a supporter whom she is asked to be there for: a name, what is hoped for, until when."""
    actor, now = current_actor(), clock.now()
    try:
        with transaction() as session:
            ask = standing.read_ask(session, actor, cover_id, now=now)
    except (TooLate, NoPlaceLeft) as late:
        return _is_over(late)
    with aside() as session:
        standing.record_reading(session, actor, [cover_id], now=now)
    hopes = [matching.say(message, language.current()) for message in ask.messages]
    return render_template("meanwhile/ask.html", ask=ask, hopes=hopes)


@page.post("/offers/meanwhile/<uuid:cover_id>/accept")
@declares(Action.ANSWER_OFFER)
def accept(cover_id: UUID) -> ResponseReturnValue:
    """Say yes; the two can talk at once. Where that takes her last place, her open offers go on to the next."""
    try:
        with transaction() as session:
            talk = asking.accept(session, current_actor(), cover_id, now=clock.now())
            talk_id, supporter_id = talk.id, talk.supporter_id
    except (TooLate, WrongStep, NoPlaceLeft) as late:
        return _is_over(late)
    falling_away.pass_on_from(supporter_id, now=clock.now())
    return redirect(url_for("introductions.show_introduction", introduction_id=talk_id), 303)


@page.post("/offers/meanwhile/<uuid:cover_id>/decline")
@declares(Action.ANSWER_OFFER)
def decline(cover_id: UUID) -> ResponseReturnValue:
    """Say not this time. Knowing her is the same silent answer: nothing here tells the two apart."""
    try:
        with transaction() as session:
            asking.decline(session, current_actor(), cover_id, now=clock.now())
    except TooLate as late:
        return _is_over(late)
    flash(_("Thank you for answering. Nobody is told why, and it changes nothing for your next offer."))
    return redirect(url_for("offers.show_offers"), 303)


def _is_over(late: Exception) -> ResponseReturnValue:
    """Say kindly that nothing is needed from her any more, or that she has no room now."""
    return render_template("meanwhile/over.html", has_no_room=isinstance(late, NoPlaceLeft)), 409
