"""Something is not right: one short form, open to everybody who is signed in. What she told us opens for her alone.

Addresses and titles are neutral: they can stand in a browser's history.
"""

import secrets
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.content import programme
from webapp.domain.access import Action, Role
from webapp.domain.concerns import Kind, State, What
from webapp.extensions import transaction
from webapp.pages.concerns.forms import NOT_YOURS, WHOM, AgainForm, MoreForm, TellForm
from webapp.security import limits, quiet, signing_in
from webapp.security.accounts import check_own
from webapp.security.guard import current_actor, declares
from webapp.services import introductions
from webapp.services.accounts import kept_words
from webapp.services.acting import Missing
from webapp.services.safety import concerns, own_concerns
from webapp.services.safety.own_concerns import OwnConcern
from webapp.ui.concern_words import KINDS, STATES
from webapp.ui.forms import many_at_once

page = Blueprint("concerns", __name__, template_folder="templates")
JUST_TOLD = "just_told"
"""What she has just sent: the page after it opens once, without her passphrase."""


@page.get("/tell")
@declares(Action.RAISE_CONCERN)
def show_new() -> ResponseReturnValue:
    """Show the form; a pair or a message from which she came is filled in."""
    form = TellForm()
    form.once.data = secrets.token_urlsafe()
    if not quiet.has_words_here():
        form.pair.data, form.message.data = request.args.get("about", ""), request.args.get("message", "")
    return _form_page(form)


@page.post("/tell")
@declares(Action.RAISE_CONCERN, keeps="concerns.show_new")
def tell() -> ResponseReturnValue:
    """Take what she tells us, and do at once what must not wait."""
    form, actor = TellForm(), current_actor()
    if not form.validate():
        return _form_page(form), 422
    try:
        limits.count_try(writing=str(actor.id))
        with transaction() as writing:
            told = concerns.raise_concern(writing, actor, _told(form), once=form.once.data or "", now=clock.now())
            kept_words.settle(writing, actor, request.path, now=clock.now())
            session[JUST_TOLD] = str(told.id)
    except concerns.WhomNeeded:
        form.about.errors = [WHOM]
        return _form_page(form), 422
    except limits.TooSoon as wait:
        form.said.errors = [many_at_once(wait.seconds)]
        return _form_page(form), 429, {"Retry-After": str(wait.seconds)}
    return redirect(url_for("concerns.show_received"), 303)


def _told(form: TellForm) -> concerns.Told:
    try:
        return form.told
    except ValueError:
        raise Missing from None


def _form_page(form: TellForm) -> str:
    actor = current_actor()
    with transaction() as reading:
        pairs, staff = introductions.list_pairs(reading, actor), concerns.list_staff(reading)
        message = _message(reading, form)
    form.offer(pairs, staff)
    about = next((one.other_name for one in pairs if str(one.id) == form.pair.data), "")
    if not about:
        form.pair.data = form.message.data = ""
    return render_template("concerns/new.html", form=form, about=about, message=message if about else None)


def _message(reading: Any, form: TellForm) -> str | None:
    """Return the words that she points at; an address that names none of hers shows the form without them."""
    try:
        pair, message = UUID(form.pair.data or ""), UUID(form.message.data or "")
        return own_concerns.read_words_of(reading, current_actor(), pair, message)
    except (ValueError, Missing):
        form.message.data = ""
        return None


@page.get("/tell/received")
@declares(Action.SEE_CONCERN)
def show_received() -> ResponseReturnValue:
    """Say what happens now, once: after that, it opens with her passphrase."""
    told = session.pop(JUST_TOLD, None)
    try:
        with transaction() as reading:
            one = own_concerns.read_own(reading, current_actor(), UUID(told or ""))
    except (ValueError, Missing):  # nothing was sent, or somebody else did on this device
        return redirect(url_for("concerns.list_told"), 303)
    return render_template("concerns/received.html", one=one, **_said_of(one))


def _said_of(one: OwnConcern) -> dict[str, Any]:
    """Put what both pages say into words: the kind, and whether somebody is at the desk now."""
    hours, now = programme.load().staffed, clock.now()
    return {
        "kinds": {kind.value: words for kind, words in KINDS.items()},
        "states": {state.value: words for state, words in STATES.items()},
        "Kind": Kind,
        "State": State,
        "What": What,
        "is_staffed": hours.is_staffed(now),
        "is_late": one.look_by is not None and one.look_by < now,
        "is_peer": Role.SUPPORTER in current_actor().roles,
        "zone": one.time_zone or hours.zone,
    }


@page.get("/told")
@declares(Action.SEE_CONCERN)
def list_told() -> ResponseReturnValue:
    """List what she told us, after her passphrase."""
    if not signing_in.is_fresh():
        return _ask_again(AgainForm())
    with transaction() as reading:
        found = own_concerns.list_own(reading, current_actor())
    return render_template("concerns/told.html", found=found, kinds=KINDS, states=STATES)


@page.get("/told/<uuid:concern_id>")
@declares(Action.SEE_CONCERN)
def show_told(concern_id: UUID) -> ResponseReturnValue:
    """Show one thing that she told us, and what came of it, after her passphrase."""
    return _told_page(concern_id, MoreForm())


@page.post("/told/again")
@declares(Action.SEE_CONCERN)
def prove_again() -> ResponseReturnValue:
    """Take her passphrase once more."""
    form = AgainForm()
    if form.validate():
        if check_own(form.passphrase.data):
            signing_in.prove_again()
            return redirect(url_for("concerns.list_told"), 303)
        form.passphrase.errors = [NOT_YOURS]
    return _ask_again(form), 422


@page.post("/told/<uuid:concern_id>/words")
@declares(Action.ADD_TO_CONCERN, keeps="concerns.show_told")
def add_words(concern_id: UUID) -> ResponseReturnValue:
    """Take more words of hers."""
    form, actor = MoreForm(), current_actor()
    if not form.validate():
        return _told_page(concern_id, form), 422
    try:
        limits.count_try(writing=str(actor.id))
        with transaction() as writing:
            own_concerns.add_words(writing, actor, concern_id, form.said.data, now=clock.now())
            kept_words.settle(writing, actor, request.path, now=clock.now())
    except limits.TooSoon as wait:
        form.said.errors = [many_at_once(wait.seconds)]
        return _told_page(concern_id, form), 429, {"Retry-After": str(wait.seconds)}
    flash(_("We have your words."))
    return redirect(url_for("concerns.show_told", concern_id=concern_id), 303)


@page.post("/told/<uuid:concern_id>/take-back")
@declares(Action.ADD_TO_CONCERN)
def take_back(concern_id: UUID) -> ResponseReturnValue:
    """Note that she takes it back."""
    with transaction() as writing:
        own_concerns.take_back(writing, current_actor(), concern_id, now=clock.now())
    flash(_("We have noted that you take it back. A person still has a look, so that it was your own wish."))
    return redirect(url_for("concerns.show_told", concern_id=concern_id), 303)


def _told_page(concern_id: UUID, form: MoreForm) -> str:
    if not signing_in.is_fresh():
        return _ask_again(AgainForm(), unsent=form.said.data)
    with transaction() as reading:
        one = own_concerns.read_own(reading, current_actor(), concern_id)
    return render_template("concerns/one.html", one=one, form=form, **_said_of(one))


def _ask_again(form: AgainForm, unsent: str | None = None) -> str:
    return render_template("concerns/again.html", form=form, unsent=unsent)
