"""What a page asks by script (ui/static/quiet.js) while nobody does anything: to stay, or to keep words at the end."""

from flask import Blueprint, Response, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.domain.access import Action
from webapp.extensions import transaction
from webapp.security import quiet, sessions
from webapp.security.guard import current_actor, declares
from webapp.services.accounts import kept_words

page = Blueprint("quiet", __name__, template_folder="templates")


@page.post("/stay")
@declares(Action.STAY)
def stay() -> ResponseReturnValue:
    """Note that she is still here. Answers with how many seconds her sign-in lives on."""
    return _said(str(int(sessions.stay().total_seconds())))


@page.post("/stay/end")
@declares(Action.KEEP_WORDS)
def end() -> ResponseReturnValue:
    """Keep what was typed, and say where to turn; where another window went on, say how many seconds there are."""
    if current_actor().id is not None:
        return _said(f"stay {int(g.quiet_left.total_seconds())}")
    late = quiet.keep_words(request.form.get("to_keep_for", ""), request.form.items(multi=True))
    return _said(url_for("accounts.show_sign_in", late=late))


@page.post("/stay/forget")
@declares(Action.FORGET_WORDS)
def forget() -> ResponseReturnValue:
    """Throw the kept words away."""
    actor = current_actor()
    with transaction() as session:
        if actor.id is not None:
            kept_words.forget(session, actor.id)
    return redirect(url_for("home.show_home"), 303)


def _said(text: str) -> Response:
    response = make_response(text)
    response.mimetype = "text/plain"
    return response
