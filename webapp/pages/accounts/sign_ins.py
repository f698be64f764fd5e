"""The list of one's own sign-ins, and the end of any of them."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp import clock
from webapp.domain.access import Action
from webapp.extensions import transaction
from webapp.pages.accounts.blueprint import lead_to, page
from webapp.security import sessions
from webapp.security.guard import current_actor, declares


@page.get("/account/sign-ins")
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
    return lead_to("accounts.show_sessions")


@page.post("/account/sessions/end-others")
@declares(Action.END_SESSION)
def end_others() -> ResponseReturnValue:
    """End all of her sign-ins but this one."""
    with transaction() as session:
        sessions.end_others(session, current_actor(), now=clock.now())
    return lead_to("accounts.show_sessions")
