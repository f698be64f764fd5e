"""Opening an account: a woman takes a name that is offered; whoever works here comes by a link and chooses hers."""

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp import clock
from webapp.domain.access import VISITOR, Action, Role
from webapp.extensions import transaction
from webapp.pages.accounts.blueprint import lead_to, page
from webapp.pages.accounts.forms import GIVEN_AWAY, TAKEN, ChooseNameForm, OpenAccountForm
from webapp.security import limits, offered_names, sessions
from webapp.security.accounts import hash_passphrase
from webapp.security.guard import current_actor, declares
from webapp.services import accounts
from webapp.ui import language


@page.get("/begin")
@declares(Action.OPEN_ACCOUNT)
def show_open() -> ResponseReturnValue:
    """Show the form to open an account, with a name to take."""
    if current_actor().id is not None:
        return lead_to("home.show_home")
    return _open_page(OpenAccountForm(), is_new=True)


@page.post("/begin")
@declares(Action.OPEN_ACCOUNT)
def open_account() -> ResponseReturnValue:
    """Open an account for a woman who asks, and sign her in."""
    form = OpenAccountForm()
    name = offered_names.read(form.offered.data or "")
    if name is None:
        form.passphrase.errors = [GIVEN_AWAY]
        return _open_page(form, is_new=True), 422
    form = OpenAccountForm(name)
    if not form.validate():
        return _open_page(form), 422
    limits.count_try(new_account=limits.current_address())
    hashed, now = hash_passphrase(form.chosen), clock.now()
    try:
        with transaction() as session:
            user = accounts.create_user(
                session, VISITOR, username=name, password_hash=hashed, role=Role.REQUESTER,
                language=language.current(), now=now,
            )  # fmt: skip
            known = accounts.know(user)
    except accounts.NameTaken:
        form.passphrase.errors = [GIVEN_AWAY]
        return _open_page(form, is_new=True), 422
    sessions.begin(known)
    return lead_to("accounts.show_code")


@page.get("/setup/<token>")
@declares(Action.USE_SETUP_LINK)
def show_setup(token: str) -> ResponseReturnValue:
    """Show the form of a link that works once."""
    _look_for(token)
    return render_template("accounts/setup.html", form=ChooseNameForm(), token=token)


@page.post("/setup/<token>")
@declares(Action.USE_SETUP_LINK)
def use_setup(token: str) -> ResponseReturnValue:
    """Open the account that the link is for, and sign her in. The link is looked for before anything costs time."""
    _look_for(token)
    form = ChooseNameForm()
    if form.validate():
        hashed, said = hash_passphrase(form.chosen), form.username.data
        try:
            with transaction() as session:
                user = accounts.use_link(
                    session, token, username=said, password_hash=hashed, language=language.current(), now=clock.now()
                )
                known = accounts.know(user)
            sessions.begin(known)
            return lead_to("accounts.show_code")
        except accounts.NameTaken:
            form.username.errors = [TAKEN]
    return render_template("accounts/setup.html", form=form, token=token), 422


def _look_for(token: str) -> None:
    with transaction() as session:
        accounts.find_link(session, token, now=clock.now())


def _open_page(form: OpenAccountForm, *, is_new: bool = False) -> str:
    if is_new:
        with transaction() as session:
            form.offered.data = offered_names.offer(session, language.current())
    return render_template("accounts/open.html", form=form, name=offered_names.read(form.offered.data))
