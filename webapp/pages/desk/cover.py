"""One's own page at the desk: who stands in, and when one is away."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp import clock
from webapp.domain.access import Action
from webapp.extensions import transaction
from webapp.pages.desk.blueprint import page
from webapp.pages.desk.forms import AWAY_TOO_FAR, AWAY_TOO_LATE, AwayForm, DeputyForm
from webapp.pages.desk.queues import beside
from webapp.security.guard import current_actor, declares
from webapp.services.acting import Missing
from webapp.services.desk import frame
from webapp.services.tasks import cover


@page.get("/desk/me")
@declares(Action.SEE_COVER)
def show_me() -> ResponseReturnValue:
    """Show who stands in for one, and when one is away."""
    return _page(AwayForm())


@page.post("/desk/me/deputy")
@declares(Action.CHANGE_COVER)
def choose_deputy() -> ResponseReturnValue:
    """Say who stands in for one."""
    form = DeputyForm()
    try:
        with transaction() as session:
            cover.choose_deputy(session, current_actor(), form.chosen(), now=clock.now())
        flash(_("Kept."))
    except Missing:
        flash(_("She does not work at this desk any more. Please choose another."))
    return redirect(url_for("desk.show_me"), 303)


@page.post("/desk/me/away")
@declares(Action.CHANGE_COVER)
def go_away() -> ResponseReturnValue:
    """Say from when until when one is away; what is in hand goes to the deputy."""
    form = AwayForm()
    if not form.validate():
        return _page(form), 422
    try:
        with transaction() as session:
            count = cover.go_away(session, current_actor(), form.begins.data, form.ends.data, now=clock.now())
    except cover.BadAbsence:
        form.ends.errors = [AWAY_TOO_LATE]
        return _page(form), 422
    except cover.TooFar:
        form.begins.errors = [AWAY_TOO_FAR]
        return _page(form), 422
    if count:
        flash(ngettext("Kept. %(num)s task went on to another.", "Kept. %(num)s tasks went on to another.", count))
    else:
        flash(_("Kept."))
    return redirect(url_for("desk.show_me"), 303)


@page.post("/desk/me/back")
@declares(Action.CHANGE_COVER)
def come_back() -> ResponseReturnValue:
    """Be there again."""
    with transaction() as session:
        cover.come_back(session, current_actor(), now=clock.now())
    flash(_("Welcome back. What is new comes to you again. What your deputy has in hand stays with her."))
    return redirect(url_for("desk.show_me"), 303)


def _page(form: AwayForm) -> str:
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        side = frame.read_side(session, actor, now=now)
        mine = cover.read_cover(session, actor, now=now)
    deputy = DeputyForm.of(mine)
    return render_template("desk/me.html", form=form, deputy=deputy, mine=mine, **beside(side))
