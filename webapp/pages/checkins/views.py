"""Show a check-in, keep its answers, skip it. After it, the same address says who reads it and when."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.checkins import AGREEMENT, STATEMENTS, WORDS, Follows, State, Urgency
from webapp.domain.lifecycles import WrongStep
from webapp.extensions import transaction
from webapp.pages.checkins.forms import CheckInForm, form_for
from webapp.security import limits, quiet
from webapp.security.guard import current_actor, declares
from webapp.services import checkins
from webapp.services.accounts import kept_words
from webapp.ui.checkin_words import ANSWERS, QUESTIONS

page = Blueprint("checkins", __name__, template_folder="templates")


@page.get("/check-ins/<uuid:checkin_id>")
@declares(Action.SEE_CHECKIN)
def show_checkin(checkin_id: UUID) -> ResponseReturnValue:
    """Show the questions; once answered or skipped, what happens next."""
    checkin = _read(checkin_id)
    is_open_again = "again" in request.args or quiet.has_words_here()
    if checkin.state == State.ANSWERED or (checkin.state == State.SKIPPED and not is_open_again):
        return render_template("checkins/after.html", checkin=checkin, State=State, Urgency=Urgency, Follows=Follows)
    return _questions(checkin, _form_of(checkin))


@page.get("/check-ins")
@declares(Action.SEE_OWN_LINES)
def show_lines() -> ResponseReturnValue:
    """Show her how her own answers have been over time."""
    with transaction() as session:
        hers = checkins.read_own_lines(session, current_actor())
    said = [(str(QUESTIONS[line.question]), line.points) for line in hers.lines if line.points]
    shown = {"lines": said, "has_answered": hers.has_answered, "most": len(AGREEMENT) - 1}
    return render_template("checkins/lines.html", say=_say_point, **shown)


def _say_point(point: int) -> str:
    return str(ANSWERS[STATEMENTS[0]][AGREEMENT[point]])


@page.post("/together/<uuid:introduction_id>/check-in")
@declares(Action.BEGIN_CHECKIN)
def begin_checkin(introduction_id: UUID) -> ResponseReturnValue:
    """Open a check-in for whoever has something to tell now."""
    limits.count_try(writing=str(current_actor().id))
    with transaction() as session:
        checkin_id = checkins.begin_checkin(session, current_actor(), introduction_id, now=clock.now())
    return redirect(url_for("checkins.show_checkin", checkin_id=checkin_id, again=1), 303)


@page.post("/check-ins/<uuid:checkin_id>")
@declares(Action.ANSWER_CHECKIN, keeps="checkins.show_checkin")
def answer_checkin(checkin_id: UUID) -> ResponseReturnValue:
    """Keep what was ticked; where nothing is, ask again. A second tap shows what came of the first."""
    checkin = _read(checkin_id)
    form = _form_of(checkin)
    if not form.validate():
        return _questions(checkin, form), 422
    answers = form.answers()
    if not answers:
        form.ask_for_one()
        return _questions(checkin, form), 422
    try:
        with transaction() as session:
            checkins.answer_checkin(session, current_actor(), checkin_id, answers, now=clock.now())
            kept_words.settle(session, current_actor(), request.path, now=clock.now())
    except WrongStep:
        _say_what_stands(checkin_id, answers)
    return redirect(url_for("checkins.show_checkin", checkin_id=checkin_id), 303)


def _say_what_stands(checkin_id: UUID, answers: dict[str, str]) -> None:
    """Say that other answers stand already, as from a second tab; a second tap of the same ones needs no word."""
    with transaction() as session:
        is_said = checkins.was_said(session, current_actor(), checkin_id, answers)
    if not is_said:
        flash(_("You answered this before, and that answer stands. What you sent just now was not kept."))


@page.post("/check-ins/<uuid:checkin_id>/skip")
@declares(Action.ANSWER_CHECKIN)
def skip_checkin(checkin_id: UUID) -> ResponseReturnValue:
    """Skip it; no reason is needed."""
    with transaction() as session:
        checkins.skip_checkin(session, current_actor(), checkin_id, now=clock.now())
        taken = url_for("checkins.answer_checkin", checkin_id=checkin_id)
        kept_words.settle(session, current_actor(), taken, now=clock.now())
    return redirect(url_for("checkins.show_checkin", checkin_id=checkin_id), 303)


def _read(checkin_id: UUID) -> checkins.ShownCheckIn:
    with transaction() as session:
        return checkins.read_checkin(session, current_actor(), checkin_id, now=clock.now())


def _form_of(checkin: checkins.ShownCheckIn) -> CheckInForm:
    return form_for(checkin.side, checkin.kind, is_cover=checkin.covers_id is not None)


def _questions(checkin: checkins.ShownCheckIn, form: CheckInForm) -> str:
    asked = [field for field in form if field.name not in ("csrf_token", WORDS)]
    return render_template("checkins/checkin.html", checkin=checkin, form=form, asked=asked, words=form[WORDS])
