"""A new passphrase for whoever knows the present one. Every other sign-in ends; this one goes on under a new token."""

from flask import flash, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.extensions import transaction
from webapp.pages.accounts.blueprint import lead_to, page
from webapp.pages.accounts.new_passphrase import NewPassphraseForm
from webapp.pages.accounts.present import PresentForm, is_herself
from webapp.security import sessions
from webapp.security.accounts import hash_passphrase, own_name
from webapp.security.guard import current_actor, declares
from webapp.services import accounts


class ChangePassphraseForm(PresentForm, NewPassphraseForm):
    """The present passphrase and the new one."""


@page.get("/account/passphrase")
@declares(Action.CHANGE_PASSPHRASE)
def show_passphrase() -> ResponseReturnValue:
    """Show the form for a new passphrase."""
    return render_template("accounts/passphrase.html", form=ChangePassphraseForm())


@page.post("/account/passphrase")
@declares(Action.CHANGE_PASSPHRASE)
def change_passphrase() -> ResponseReturnValue:
    """Set the new passphrase; the new one is looked at first, because checking the present one costs time."""
    form = ChangePassphraseForm(own_name())
    if not form.validate() or not is_herself(form):
        return render_template("accounts/passphrase.html", form=form), 422
    hashed = hash_passphrase(form.chosen)
    with transaction() as session:
        known = accounts.change_passphrase(session, current_actor(), g.known, hashed, now=clock.now())
    sessions.renew(known)
    flash(_("Your new passphrase is set. Every other sign-in of yours has ended."))
    return lead_to("accounts.show_account")
