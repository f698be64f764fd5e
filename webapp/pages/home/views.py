"""The one way home: where a person stands decides which page comes next."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.domain import requests as request_rules
from webapp.domain.access import Action, Actor, Role
from webapp.extensions import transaction
from webapp.security import quiet
from webapp.security.guard import current_actor, declares
from webapp.services import introductions, requests

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


def _where_she_stands(actor: Actor) -> ResponseReturnValue:
    with transaction() as session:
        request = requests.find_open_request(session, actor)
        state = request.state if request else None
        pairs = [pair.id for pair in introductions.find_pairs(session, actor)]
    if state == request_rules.State.MATCHED and pairs:
        return redirect(url_for("introductions.show_introduction", introduction_id=pairs[0]), 303)
    if state == request_rules.State.PROPOSED:
        return redirect(url_for("choosing.show_cards"), 303)
    if state in (None, request_rules.State.DRAFT):
        return render_template("home/begin.html", has_begun=state is not None)
    return redirect(url_for("questions.show_sent"), 303)
