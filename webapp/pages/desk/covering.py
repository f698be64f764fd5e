"""Who covers for the supporter of a pair: named by a coordinator in place of the ranking, and ended by her."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.covers import State
from webapp.extensions import aside, transaction
from webapp.pages.desk.blueprint import page
from webapp.pages.desk.forms import READ_NAMES, CoverForm
from webapp.pages.desk.queues import beside
from webapp.security.guard import current_actor, declares
from webapp.services.absences import asking, naming
from webapp.services.acting import TooLate
from webapp.services.desk import frame

STANDS = {
    State.NAMED: _l("named; she knows nothing of it"),
    State.SHOWN: _l("the woman is asked whether she would like her"),
    State.OFFERED: _l("asked, and has not answered yet"),
    State.ACTIVE: _l("the two can talk"),
}


def say_cover(state: str) -> str:
    """Say how far an open cover has come."""
    return str(STANDS[State(state)])


@page.get("/desk/pairs/<uuid:introduction_id>/cover")
@declares(Action.NAME_COVER)
def show_cover(introduction_id: UUID) -> ResponseReturnValue:
    """Show who could cover, in the order of the ranking."""
    return _page(introduction_id, CoverForm())


@page.post("/desk/pairs/<uuid:introduction_id>/cover")
@declares(Action.NAME_COVER)
def name_cover(introduction_id: UUID) -> ResponseReturnValue:
    """Name who covers. She learns nothing of it."""
    form = CoverForm()
    if (chosen := form.chosen()) is None:
        return _page(introduction_id, form), 422
    actor, now, has_read = current_actor(), clock.now(), form.has_read.data
    try:
        with transaction() as session:
            naming.name_at_desk(session, actor, introduction_id, chosen, has_read_names=has_read, now=now)
        flash(_("Kept. She learns of it only when she is asked."))
    except naming.NamesUnread:
        form.has_read.errors = [READ_NAMES]
        return _page(introduction_id, form), 422
    except TooLate:
        flash(_("This has changed meanwhile. Here is how it stands now."))
    return redirect(url_for("desk.show_pair", introduction_id=introduction_id), 303)


@page.post("/desk/pairs/<uuid:introduction_id>/cover/end")
@declares(Action.NAME_COVER)
def end_cover(introduction_id: UUID) -> ResponseReturnValue:
    """End what was asked of a cover, and her conversation."""
    try:
        with transaction() as session:
            asking.end_at_desk(session, current_actor(), introduction_id, now=clock.now())
        flash(_("It has ended. The ranking names another within minutes, or this desk is asked."))
    except TooLate:
        flash(_("Nobody is asked or covers at the moment."))
    return redirect(url_for("desk.show_pair", introduction_id=introduction_id), 303)


def _page(introduction_id: UUID, form: CoverForm) -> str:
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        side = frame.read_side(session, actor, now=now)
        found = naming.list_candidates(session, actor, introduction_id, now=now)
    with aside() as session:
        naming.record_reading(session, actor, found, now=now)
    form.offer(found.people)
    return render_template("desk/cover.html", **beside(side), found=found, form=form)
