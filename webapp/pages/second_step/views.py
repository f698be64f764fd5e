"""The second step of a sign-in: a code or a passkey; and the sign-in by a passkey alone."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from webapp.domain.access import Action
from webapp.extensions import transaction
from webapp.pages.second_step.forms import KEY_NOT_TAKEN, NOT_TAKEN, CodeForm
from webapp.security import passkeys, signing_in
from webapp.security.guard import current_actor, declares
from webapp.services.accounts import factors
from webapp.services.accounts.passkeys import keys_of

page = Blueprint("second_step", __name__, template_folder="templates")


@page.get("/second-step")
@declares(Action.FINISH_SIGN_IN)
def show_step() -> str:
    """Ask for the second step."""
    return _step_page(CodeForm())


@page.post("/second-step")
@declares(Action.FINISH_SIGN_IN)
def finish_with_code() -> ResponseReturnValue:
    """Take a code of her app, or a recovery code."""
    form = CodeForm()
    if form.validate():
        if signing_in.finish_with_code(form.code.data):
            return _go_on()
        form.code.errors = [NOT_TAKEN]
        form.code.data = None
    return _step_page(form), 422


@page.post("/second-step/passkey")
@declares(Action.FINISH_SIGN_IN)
def finish_with_passkey() -> Response:
    """Take a passkey of the one whose passphrase it was."""
    if signing_in.finish_with_passkey(request.form.get("credential", "")):
        return _go_on()
    flash(KEY_NOT_TAKEN)
    return redirect(url_for("second_step.show_step"), 303)


@page.get("/passkey")
@declares(Action.SIGN_IN)
def show_passkey() -> ResponseReturnValue:
    """Offer the sign-in by a passkey alone."""
    if current_actor().id is not None:
        return _go_on()
    return render_template("second_step/passkey.html", possible=passkeys.are_possible())


@page.post("/passkey")
@declares(Action.SIGN_IN)
def begin_with_passkey() -> Response:
    """Sign her in by a passkey alone."""
    if signing_in.begin_with_passkey(request.form.get("credential", "")):
        return _go_on()
    flash(KEY_NOT_TAKEN)
    return redirect(url_for("second_step.show_passkey"), 303)


@page.app_template_global("ask_for_passkey")
def ask_for_passkey() -> str | None:
    """Return what the button "Sign in with a passkey" needs; None where the site has no name to make passkeys for."""
    return passkeys.ask(passkeys.SIGN_IN) if passkeys.are_possible() else None


def _step_page(form: CodeForm) -> str:
    pending = g.pending
    with transaction() as session:
        locks, known = factors.locks_of(session, pending.user_id), list(keys_of(session, pending.user_id))
        asked = None
        if known and passkeys.are_possible():
            asked = passkeys.ask(passkeys.SECOND_STEP, str(pending.id), known)
    return render_template("second_step/step.html", form=form, locks=locks, asked=asked)


def _go_on() -> Response:
    return redirect(url_for("home.show_home"), 303)
