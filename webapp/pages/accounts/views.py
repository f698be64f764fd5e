"""Signing in and out. The other subjects of an account stand beside this module, and are gathered here."""

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.extensions import transaction
from webapp.pages.accounts import account, closing, opening, passphrase, phone, recovery, reset, sign_ins
from webapp.pages.accounts.blueprint import lead_to, page
from webapp.pages.accounts.forms import WRONG, SignInForm
from webapp.security import sessions
from webapp.security.accounts import check
from webapp.security.guard import current_actor, declares
from webapp.services import reset_links
from webapp.ui.dates import say_moment

SUBJECTS = (account, closing, opening, passphrase, phone, recovery, reset, sign_ins)
"""Every module that adds routes to the blueprint."""


@page.get("/sign-in")
@declares(Action.SIGN_IN)
def show_sign_in() -> ResponseReturnValue:
    """Show the form to sign in; whoever is signed in already goes on."""
    if current_actor().id is not None:
        return _go_on()
    return _sign_in_page(SignInForm(), is_late="late" in request.args)


@page.post("/sign-in")
@declares(Action.SIGN_IN)
def sign_in() -> ResponseReturnValue:
    """Sign her in, or say the same whether the name or the passphrase is wrong."""
    form = SignInForm()
    if form.validate():
        user_id = check(form.username.data, form.passphrase.data)
        if user_id is not None:
            sessions.begin(user_id)
            tell_what_happened()
            return _go_on()
        form.username.errors = [WRONG]
    return _sign_in_page(form), 422


@page.post("/sign-out")
@declares(Action.SIGN_OUT)
def sign_out() -> ResponseReturnValue:
    """End this sign-in and let the browser forget."""
    sessions.end_current()
    response = make_response(redirect(url_for("public.home"), 303))
    response.headers["Clear-Site-Data"] = '"cookies", "storage"'
    return response


def tell_what_happened() -> None:
    """Tell whoever has just signed in that her passphrase was chosen by a link, once."""
    with transaction() as session:
        moments = reset_links.tell_resets(session, current_actor(), now=clock.now())
    for moment in moments:
        flash(_("Your passphrase was set anew on %(moment)s, with a code from a coordinator or from those who run this site. If that was not you, call the coordinator.", moment=say_moment(moment)))  # fmt: skip  # noqa: E501


def _sign_in_page(form: SignInForm, *, is_late: bool = False) -> str:
    minutes = current_app.config["SETTINGS"].idle_minutes
    return render_template("accounts/sign_in.html", form=form, late=is_late, idle_minutes=minutes)


def _go_on() -> Response:
    return lead_to("home.show_home")
