"""Closing one's own account: what will happen, said exactly, and then done."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.extensions import transaction
from webapp.pages.accounts.blueprint import lead_to, page
from webapp.pages.accounts.present import PresentForm, is_herself
from webapp.security import sessions
from webapp.security.guard import current_actor, declares
from webapp.services.accounts import closing
from webapp.services.cards import falling_away


@page.get("/account/close")
@declares(Action.CLOSE_ACCOUNT)
def show_close() -> ResponseReturnValue:
    """Say what closing would do, or what stands against it."""
    return _close_page(PresentForm())


@page.post("/account/close")
@declares(Action.CLOSE_ACCOUNT)
def close_account() -> ResponseReturnValue:
    """Close her account; where something stands against it, the page says what."""
    form = PresentForm()
    if not is_herself(form):
        return _close_page(form), 422
    try:
        with transaction() as session:
            supporter_id = closing.close_account(session, current_actor(), now=clock.now())
    except (closing.StillCountedOn, closing.SoleCoordinator):
        return _close_page(form), 409
    if supporter_id is not None:
        falling_away.pass_on_from(supporter_id, now=clock.now())
    sessions.end_current()
    response = lead_to("accounts.show_closed")
    response.headers["Clear-Site-Data"] = '"cookies", "storage"'
    return response


@page.post("/account/leaving")
@declares(Action.ASK_TO_LEAVE)
def ask_to_leave() -> ResponseReturnValue:
    """Put a supporter's wish to leave on the desk."""
    with transaction() as session:
        supporter_id = closing.ask_to_leave(session, current_actor(), now=clock.now())
    if supporter_id is not None:
        falling_away.pass_on_from(supporter_id, now=clock.now())
    flash(_("Your wish to leave is on the coordinator's desk. Nobody new is suggested to you from now on."))
    return lead_to("accounts.show_close")


@page.get("/closed")
@declares(Action.READ_PUBLIC)
def show_closed() -> ResponseReturnValue:
    """Say that an account is closed, to nobody in particular."""
    return render_template("accounts/closed.html")


def _close_page(form: PresentForm) -> str:
    with transaction() as session:
        outlook = closing.look_ahead(session, current_actor(), now=clock.now())
    return render_template("accounts/close.html", form=form, outlook=outlook)
