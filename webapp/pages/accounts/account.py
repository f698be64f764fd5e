"""The page of one's own account: the way to each of its parts."""

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp import clock
from webapp.domain.access import Action
from webapp.extensions import transaction
from webapp.pages.accounts.blueprint import page
from webapp.security import sessions
from webapp.security.accounts import own_name
from webapp.security.guard import current_actor, declares
from webapp.services.accounts import recovery
from webapp.ui.reset_words import say_reset_link


@page.get("/account")
@declares(Action.SEE_ACCOUNT)
def show_account() -> ResponseReturnValue:
    """Show her name, what she has set up, and where each can be changed."""
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        ways = recovery.read_ways(session, actor, now=now)
        open_here = len(sessions.list_live(session, actor, now=now))
    return render_template(
        "accounts/account.html", name=own_name(), ways=ways, open_here=open_here, say_reset_link=say_reset_link
    )
