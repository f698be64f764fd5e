"""Choosing a new passphrase by a code of an hour that a coordinator read out, or that the operator made."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.recovery import LINK_SIGNS, neat_code, show_code
from webapp.extensions import transaction
from webapp.pages.accounts.blueprint import lead_to, page
from webapp.pages.accounts.new_passphrase import NewPassphraseForm
from webapp.security import limits, sessions
from webapp.security.accounts import hash_passphrase
from webapp.security.guard import current_actor, declares
from webapp.services.accounts import reset_links
from webapp.ui.forms import Form

BAD_SIGNS = _l("The code has %(signs)s letters and numbers. Check it with the coordinator.", signs=LINK_SIGNS)


class HourCodeForm(Form):
    """The code that was read out."""

    code = StringField(_l("The code from the coordinator"))


@page.get("/reset")
@declares(Action.USE_WAY_BACK)
def show_enter_code() -> ResponseReturnValue:
    """Ask for the code that was read out."""
    return render_template("accounts/enter_code.html", form=HourCodeForm())


@page.post("/reset")
@declares(Action.USE_WAY_BACK)
def enter_code() -> ResponseReturnValue:
    """Lead on to the page of the code."""
    form = HourCodeForm()
    neat = neat_code(form.code.data or "")
    if form.validate() and len(neat) == LINK_SIGNS:
        return lead_to("accounts.show_reset", token=show_code(neat))
    form.code.errors = [BAD_SIGNS]
    return render_template("accounts/enter_code.html", form=form), 422


@page.get("/reset/<token>")
@declares(Action.USE_WAY_BACK)
def show_reset(token: str) -> ResponseReturnValue:
    """Show whose code this is, and ask for a new passphrase."""
    return render_template("accounts/reset.html", form=NewPassphraseForm(), token=token, name=_name_behind(token))


@page.post("/reset/<token>")
@declares(Action.USE_WAY_BACK)
def use_reset(token: str) -> ResponseReturnValue:
    """Set the new passphrase. The code is looked for before anything costs time."""
    name = _name_behind(token)
    form = NewPassphraseForm(name)
    if not form.validate():
        return render_template("accounts/reset.html", form=form, token=token, name=name), 422
    limits.count_try(way_back=limits.current_address())
    hashed = hash_passphrase(form.chosen)
    with transaction() as session:
        reset_links.use_link(session, current_actor(), token, hashed, now=clock.now())
    sessions.end_current()
    return lead_to("accounts.show_come_back")


def _name_behind(token: str) -> str:
    with transaction() as session:
        return reset_links.name_behind(session, current_actor(), token, now=clock.now())
