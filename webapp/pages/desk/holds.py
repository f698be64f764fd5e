"""Holds at the desk: whether contact of a pair rests, why, and the acts that hold it and let it go on."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.holds import HeldFor, LiftedFor
from webapp.domain.lifecycles import WrongStep
from webapp.extensions import aside, transaction
from webapp.pages.desk.blueprint import page
from webapp.pages.desk.concern_forms import HoldForm, LiftForm
from webapp.pages.desk.queues import beside
from webapp.security.guard import current_actor, declares
from webapp.services.accounts import kept_words
from webapp.services.acting import TooLate
from webapp.services.desk import frame
from webapp.services.safety import holds
from webapp.ui.concern_words import HELD_FOR, LIFTED_FOR
from webapp.ui.forms import Form


@page.get("/desk/pairs/<uuid:introduction_id>/hold")
@declares(Action.SEE_HOLD)
def show_hold(introduction_id: UUID) -> ResponseReturnValue:
    """Show whether contact of a pair rests, since when and why."""
    return _page(introduction_id)


@page.post("/desk/pairs/<uuid:introduction_id>/hold")
@declares(Action.HOLD_PAIR, keeps="desk.show_hold")
def hold_pair(introduction_id: UUID) -> ResponseReturnValue:
    """Let a pair rest at once."""
    form = HoldForm()
    if not form.validate():
        return _page(introduction_id, hold=form), 422
    try:
        with transaction() as writing:
            actor, now = current_actor(), clock.now()
            reason, note = HeldFor(form.reason.data), form.note.data or ""
            holds.hold_pair(writing, actor, introduction_id, reason, note=note, now=now)
            kept_words.settle(writing, actor, request.path, now=now)
    except (TooLate, WrongStep):
        return _page(introduction_id, has_moved=True, hold=form), 409
    flash(_("Their contact rests. Both read the same sentence, and neither learns who asked."))
    return _back(introduction_id)


@page.post("/desk/pairs/<uuid:introduction_id>/lift")
@declares(Action.HOLD_PAIR, keeps="desk.show_hold")
def lift_hold(introduction_id: UUID) -> ResponseReturnValue:
    """Let a pair go on."""
    form = LiftForm()
    if not form.validate():
        return _page(introduction_id, lift=form), 422
    try:
        with transaction() as writing:
            actor, now = current_actor(), clock.now()
            reason, note = LiftedFor(form.lifted.data), form.lifted_note.data or ""
            holds.lift(writing, actor, introduction_id, reason, note=note, now=now)
            kept_words.settle(writing, actor, request.path, now=now)
    except TooLate:
        return _page(introduction_id, has_moved=True, lift=form), 409
    except holds.NotLookedAt:
        form.lifted.errors = [
            _("One of the two told us something, and nobody has looked at it yet. Look after it first.")
        ]
        return _page(introduction_id, lift=form), 409
    flash(_("They can write again. Both read so on their page."))
    return _back(introduction_id)


@page.post("/desk/pairs/<uuid:introduction_id>/stand")
@declares(Action.HOLD_PAIR)
def let_hold_stand(introduction_id: UUID) -> ResponseReturnValue:
    """Leave a hold as it is, and be asked again."""
    try:
        with transaction() as writing:
            holds.let_stand(writing, current_actor(), introduction_id, now=clock.now())
        flash(_("It stays as it is. You are asked about it again in three working days."))
    except TooLate:
        flash(_("Somebody has looked after it already."))
    return _back(introduction_id)


def _back(introduction_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("desk.show_hold", introduction_id=introduction_id), 303)


def _page(introduction_id: UUID, *, has_moved: bool = False, **forms: Form) -> str:
    actor, now = current_actor(), clock.now()
    with transaction() as reading:
        side = frame.read_side(reading, actor, now=now)
        pair = holds.read_pair(reading, actor, introduction_id)
    with aside() as writing:
        holds.record_reading(writing, actor, introduction_id, now=now)
    shown: dict[str, Any] = {"hold": HoldForm(), "lift": LiftForm(), **forms}
    return render_template(
        "desk/hold.html",
        **beside(side),
        pair=pair,
        has_moved=has_moved,
        sent=next(iter(forms.values()), None),
        held_for=HELD_FOR,
        lifted_for=LIFTED_FOR,
        **shown,
    )
