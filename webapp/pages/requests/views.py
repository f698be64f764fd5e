"""Where her request stands, with the one next step, and taking it back."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.lifecycles import WrongStep
from webapp.extensions import transaction
from webapp.security.guard import current_actor, declares
from webapp.services import introductions, questions, requests
from webapp.services.cards.where import Place, read_where
from webapp.services.pairs import earlier

page = Blueprint("requests", __name__, template_folder="templates")


@page.get("/questions/state")
@declares(Action.ANSWER_QUESTIONS)
def show_state() -> ResponseReturnValue:
    """Say where her request stands, with the one next step."""
    with transaction() as session:
        where = read_where(session, current_actor(), now=clock.now())
        pairs = introductions.list_pairs(session, current_actor())
        before = earlier.list_earlier(session, current_actor(), on=clock.now().date())
        resume = None
        if where.place is Place.DRAFT and where.request is not None:
            resume = questions.resume_at(requests.read_answers(session, current_actor(), where.request.id))
    return render_template(
        "requests/state.html",
        where=where,
        Place=Place,
        resume_url=_resume_at(resume),
        pairs=[pair for pair in pairs if not pair.has_ended],
        earlier=before,
    )


def _resume_at(screen: str | None) -> str:
    """Return the address of the screen where she left off; of the summary where none is open."""
    return url_for("questions.show_screen", screen=screen) if screen else url_for("questions.show_summary")


@page.post("/questions/rest")
@declares(Action.PAUSE_REQUEST)
def rest() -> ResponseReturnValue:
    """Let her request rest, with everything kept."""
    return _change(requests.pause_request, _("Your request rests. Nobody looks until you say so."))


@page.post("/questions/go-on")
@declares(Action.PAUSE_REQUEST)
def go_on() -> ResponseReturnValue:
    """Go on with a request that rests."""
    return _change(requests.resume_request, _("You are back in your old place. The coordinator looks for someone."))


def _change(act: Callable[..., None], said: str) -> ResponseReturnValue:
    try:
        with transaction() as session:
            hers = requests.find_open_request(session, current_actor())
            if hers is not None:
                act(session, current_actor(), hers.id, now=clock.now())
                flash(said)
    except WrongStep:
        flash(_("This has changed meanwhile. Here is how it stands."))
    return redirect(url_for("requests.show_state"), 303)


@page.get("/questions/withdraw")
@declares(Action.WITHDRAW_REQUEST)
def show_withdraw() -> ResponseReturnValue:
    """Ask once whether she wants to take her request back. No reason is asked."""
    with transaction() as session:
        hers = requests.find_open_request(session, current_actor())
        if hers is None:
            return redirect(url_for("requests.show_state"), 303)
        return render_template("requests/withdraw.html", state=hers.state)


@page.post("/questions/withdraw")
@declares(Action.WITHDRAW_REQUEST)
def withdraw() -> ResponseReturnValue:
    """Take her request back. A second tap finds it taken back."""
    with transaction() as session:
        hers = requests.find_open_request(session, current_actor())
        if hers is None:
            flash(_("There is no request to take back: it is taken back already."))
            return redirect(url_for("requests.show_state"), 303)
        requests.withdraw_request(session, current_actor(), hers.id, now=clock.now())
    flash(_("Your request is taken back. Nobody will ask you why. You can begin again whenever you like."))
    return redirect(url_for("requests.show_state"), 303)
