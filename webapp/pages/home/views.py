"""The one way home: where a person stands decides which page comes next."""

from flask import Blueprint, redirect, render_template, url_for
from flask import request as asked
from flask.typing import ResponseReturnValue

from webapp import clock
from webapp.domain import requests as request_rules
from webapp.domain.access import Action, Actor, Role
from webapp.extensions import Session, transaction
from webapp.security import quiet
from webapp.security.guard import current_actor, declares
from webapp.services import introductions, requests
from webapp.services.pairs import earlier
from webapp.services.safety import changing

page = Blueprint("home", __name__, template_folder="templates")


@page.get("/next")
@declares(Action.SEE_HOME)
def show_home() -> ResponseReturnValue:
    """Lead her to what is next: words that she could not send, the desk, the offers, or where her request stands."""
    unsent = quiet.page_to_go_back_to()
    if unsent is not None:
        return redirect(unsent, 303)
    roles = current_actor().roles
    if Role.COORDINATOR in roles:
        return redirect(url_for("desk.show_desk"), 303)
    if Role.APPROVER in roles:
        return redirect(url_for("desk.show_approvals"), 303)
    if Role.SUPPORTER in roles:
        return redirect(url_for("offers.show_offers"), 303)
    return _where_she_stands(current_actor())


def _is_to_be_asked(session: Session, actor: Actor) -> bool:
    """Say whether the way we reach her is asked first; she may put it off, and nothing leaves until she answers."""
    return "later" not in asked.args and changing.is_to_be_asked(session, actor, now=clock.now())


def _where_she_stands(actor: Actor) -> ResponseReturnValue:
    with transaction() as session:
        request = requests.find_open_request(session, actor)
        state = request.state if request else None
        if state not in (None, request_rules.State.DRAFT) and _is_to_be_asked(session, actor):
            return redirect(url_for("safe_contact.show_contact"), 303)
        pairs = [pair.id for pair in introductions.find_pairs(session, actor)]
        before = earlier.list_earlier(session, actor, on=clock.now().date()) if state is None else []
    if state == request_rules.State.MATCHED and pairs:
        return redirect(url_for("introductions.show_introduction", introduction_id=pairs[0]), 303)
    if state == request_rules.State.PROPOSED:
        return redirect(url_for("choosing.show_cards"), 303)
    if state in (None, request_rules.State.DRAFT):
        return render_template("home/begin.html", has_begun=state is not None, earlier=before)
    return redirect(url_for("questions.show_sent"), 303)
