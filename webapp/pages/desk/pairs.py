"""One pair and its check-ins as the desk sees them, ending a pair, and letting a supporter be suggested again."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.introductions import Then, WhyEnded
from webapp.extensions import aside, transaction
from webapp.pages.desk.blueprint import page
from webapp.pages.desk.covering import say_cover
from webapp.pages.desk.forms import EndPairForm
from webapp.pages.desk.pair_words import say_ended_by, say_why_ended
from webapp.pages.desk.queues import beside
from webapp.security.guard import current_actor, declares
from webapp.services import desk, supporters
from webapp.services.accounts import kept_words
from webapp.services.acting import TooLate
from webapp.services.desk import frame, pairs
from webapp.services.pairs import endings
from webapp.ui import checkin_words


@page.get("/desk/pairs/<uuid:introduction_id>")
@declares(Action.READ_PAIR)
def show_pair(introduction_id: UUID) -> ResponseReturnValue:
    """Show one pair and every check-in of it."""
    return _page(introduction_id, EndPairForm())


@page.post("/desk/pairs/<uuid:introduction_id>/end")
@declares(Action.END_PAIR_AT_DESK, keeps="desk.show_pair")
def end_pair(introduction_id: UUID) -> ResponseReturnValue:
    """End a pair at the desk, with a code and a note for the team."""
    form = EndPairForm()
    if not form.validate():
        return _page(introduction_id, form), 422
    why, then, now = WhyEnded(form.why.data), Then(form.then.data), clock.now()
    try:
        with transaction() as session:
            note = form.note.data or ""
            endings.end_at_desk(session, current_actor(), introduction_id, why=why, then=then, note=note, now=now)
            kept_words.settle(session, current_actor(), request.path, now=now)
        flash(_("It has ended, and both can read that it has."))
    except TooLate:
        flash(_("It had ended already."))
    return redirect(url_for("desk.show_pair", introduction_id=introduction_id), 303)


@page.post("/desk/supporters/<uuid:supporter_id>/ready")
@declares(Action.LIFT_REST)
def lift_rest(supporter_id: UUID) -> ResponseReturnValue:
    """Let a supporter be suggested again, after a coordinator has talked with her."""
    with transaction() as session:
        supporters.lift_rest(session, current_actor(), supporter_id, now=clock.now())
    flash(_("She can be suggested to women again."))
    return redirect(url_for("desk.show_desk", queue="tasks"), 303)


@page.get("/desk/check-ins/<uuid:checkin_id>")
@declares(Action.READ_CHECKIN)
def show_checkin(checkin_id: UUID) -> ResponseReturnValue:
    """Show what was ticked in a check-in."""
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        side = frame.read_side(session, actor, now=now)
        shown = desk.read_checkin(session, actor, checkin_id)
    with aside() as session:
        desk.record_reading_of_checkin(session, actor, checkin_id, now=now)
    said = checkin_words.say_checkin(shown.side, shown.kind, shown.said)
    return render_template("desk/checkin.html", **beside(side), one=shown, said=said)


def _page(introduction_id: UUID, form: EndPairForm) -> str:
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        side = frame.read_side(session, actor, now=now)
        pair = pairs.read_pair(session, actor, introduction_id)
    with aside() as session:
        pairs.record_reading(session, actor, pair, now=now)
    return render_template(
        "desk/pair.html",
        **beside(side),
        pair=pair,
        form=form,
        say=lambda one: checkin_words.say_checkin(one.side, one.kind, one.said),
        ended_by=say_ended_by,
        why_ended=say_why_ended,
        say_cover=say_cover,
    )
