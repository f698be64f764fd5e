"""Signing in and out. The other subjects of an account stand beside this module, and are gathered here."""

from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.domain.access import Action
from webapp.pages.accounts import account, closing, opening, passphrase, phone, recovery, reset, sign_ins
from webapp.pages.accounts.blueprint import lead_to, page
from webapp.pages.accounts.forms import WRONG, SignInForm
from webapp.security import sessions, signing_in
from webapp.security.accounts import check
from webapp.security.guard import current_actor, declares

SUBJECTS = (account, closing, opening, passphrase, phone, recovery, reset, sign_ins)
"""Every module that adds routes to the blueprint."""


@page.get("/sign-in")
@declares(Action.SIGN_IN)
def show_sign_in() -> ResponseReturnValue:
    """Show the form to sign in; whoever is signed in already goes on."""
    if current_actor().id is not None:
        return _go_on()
    return _sign_in_page(SignInForm(), late=request.args.get("late", ""))


@page.post("/sign-in")
@declares(Action.SIGN_IN)
def sign_in() -> ResponseReturnValue:
    """Sign her in, or say the same whether the name or the passphrase is wrong."""
    form = SignInForm()
    if form.validate():
        known = check(form.username.data, form.passphrase.data)
        led_on = signing_in.go_on(known) if known else None
        if led_on is not None:
            return led_on
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


def _sign_in_page(form: SignInForm, *, late: str = "") -> str:
    minutes = current_app.config["SETTINGS"].idle_minutes
    return render_template("accounts/sign_in.html", form=form, late=late, idle_minutes=minutes)


def _go_on() -> Response:
    return lead_to("home.show_home")
