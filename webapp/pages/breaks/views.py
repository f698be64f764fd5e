"""The page where a supporter begins a break and ends it: one step, and no reason is asked."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.extensions import transaction
from webapp.pages.breaks.forms import BAD_LAST_DAY, BreakForm
from webapp.security.guard import current_actor, declares
from webapp.services.absences import at_once, breaks
from webapp.services.cards import falling_away

page = Blueprint("breaks", __name__, template_folder="templates")


@page.get("/break")
@declares(Action.SEE_BREAK)
def show_break() -> ResponseReturnValue:
    """Show whether she is on a break, and what one does."""
    return _page(BreakForm())


@page.post("/break")
@declares(Action.TAKE_BREAK)
def begin() -> ResponseReturnValue:
    """Begin a break, or name another last day. Her open offers go to the next in line at once."""
    form = BreakForm()
    if not form.validate():
        return _page(form), 422
    try:
        with transaction() as session:
            supporter_id = breaks.begin(session, current_actor(), form.until.data, now=clock.now())
    except breaks.BadDay:
        form.until.errors = [BAD_LAST_DAY]
        return _page(form), 422
    falling_away.pass_on_from(supporter_id, now=clock.now())
    at_once.follow(now=clock.now())
    flash(_("Kept. Rest well. Nobody new is suggested to you until you are back."))
    return redirect(url_for("breaks.show_break"), 303)


@page.post("/break/end")
@declares(Action.TAKE_BREAK)
def come_back() -> ResponseReturnValue:
    """Be there again."""
    with transaction() as session:
        breaks.come_back(session, current_actor(), now=clock.now())
    at_once.follow(now=clock.now())
    flash(_("Welcome back. A short hello to the women you are there for is a good start."))
    return redirect(url_for("offers.show_offers"), 303)


def _page(form: BreakForm) -> str:
    with transaction() as session:
        mine = breaks.read_break(session, current_actor(), now=clock.now())
    return render_template("breaks/break.html", form=form, mine=mine)
