"""Signing in and out, opening an account, and the list of one's own sign-ins."""

from uuid import UUID

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock
from webapp.domain.access import VISITOR, Action, Role
from webapp.extensions import transaction
from webapp.pages.accounts.forms import TAKEN, WRONG, OpenAccountForm, SignInForm
from webapp.security import limits, sessions
from webapp.security.accounts import check, hash_passphrase
from webapp.security.guard import current_actor, declares
from webapp.services import accounts
from webapp.ui import language

page = Blueprint("accounts", __name__, template_folder="templates")


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
        user_id = check(form.username.data, form.passphrase.data)
        if user_id is not None:
            sessions.begin(user_id)
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


@page.get("/begin")
@declares(Action.OPEN_ACCOUNT)
def show_open() -> ResponseReturnValue:
    """Show the form to open an account."""
    if current_actor().id is not None:
        return _go_on()
    return render_template("accounts/open.html", form=OpenAccountForm())


@page.post("/begin")
@declares(Action.OPEN_ACCOUNT)
def open_account() -> ResponseReturnValue:
    """Open an account for a woman who asks, and sign her in."""
    form = OpenAccountForm()
    if form.validate():
        limits.count_try(new_account=limits.current_address())
        hashed, said = hash_passphrase(form.passphrase.data), form.username.data
        try:
            with transaction() as session:
                user_id = accounts.create_user(
                    session,
                    VISITOR,
                    username=said,
                    password_hash=hashed,
                    role=Role.REQUESTER,
                    language=language.current(),
                    now=clock.now(),
                ).id
            sessions.begin(user_id)
            return _go_on()
        except accounts.NameTaken:
            form.username.errors = [TAKEN]
    return render_template("accounts/open.html", form=form), 422


@page.get("/setup/<token>")
@declares(Action.USE_SETUP_LINK)
def show_setup(token: str) -> ResponseReturnValue:
    """Show the form of a link that works once."""
    with transaction() as session:
        accounts.find_link(session, token, now=clock.now())
    return render_template("accounts/setup.html", form=OpenAccountForm(), token=token)


@page.post("/setup/<token>")
@declares(Action.USE_SETUP_LINK)
def use_setup(token: str) -> ResponseReturnValue:
    """Open the account that the link is for, and sign her in."""
    form = OpenAccountForm()
    if form.validate():
        hashed, said = hash_passphrase(form.passphrase.data), form.username.data
        try:
            with transaction() as session:
                user_id = accounts.use_link(
                    session,
                    token,
                    username=said,
                    password_hash=hashed,
                    language=language.current(),
                    now=clock.now(),
                ).id
            sessions.begin(user_id)
            return _go_on()
        except accounts.NameTaken:
            form.username.errors = [TAKEN]
    return render_template("accounts/setup.html", form=form, token=token), 422


@page.get("/account")
@declares(Action.SEE_SESSIONS)
def show_sessions() -> ResponseReturnValue:
    """List where she is signed in."""
    with transaction() as session:
        shown = sessions.list_live(session, current_actor(), now=clock.now())
    return render_template("accounts/sessions.html", sign_ins=shown)


@page.post("/account/sessions/<uuid:sign_in_id>/end")
@declares(Action.END_SESSION)
def end_session(sign_in_id: UUID) -> ResponseReturnValue:
    """End one of her sign-ins."""
    with transaction() as session:
        sessions.end(session, current_actor(), sign_in_id, now=clock.now())
    return redirect(url_for("accounts.show_sessions"), 303)


@page.post("/account/sessions/end-others")
@declares(Action.END_SESSION)
def end_others() -> ResponseReturnValue:
    """End all of her sign-ins but this one."""
    with transaction() as session:
        sessions.end_others(session, current_actor(), now=clock.now())
    return redirect(url_for("accounts.show_sessions"), 303)


def _sign_in_page(form: SignInForm, *, late: str = "") -> str:
    minutes = current_app.config["SETTINGS"].idle_minutes
    return render_template("accounts/sign_in.html", form=form, late=late, idle_minutes=minutes)


def _go_on() -> Response:
    return make_response(redirect(url_for("home.show_home"), 303))
