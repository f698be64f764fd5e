"""Leaving: a plain link that ends her sign-in, clears what the browser keeps for us, and goes to a neutral page."""

from flask import Blueprint, current_app, redirect
from werkzeug.wrappers import Response

from webapp.domain.access import Action
from webapp.security.guard import declares
from webapp.security.sessions import leave_at_once

page = Blueprint("leaving", __name__, template_folder="templates")

CLEARED = '"cookies", "storage"'
"""Not "cache": Chrome can then hold the next page back for seconds; our pages are never cached anyway (decision 6)."""


@page.get("/leave")
@declares(Action.LEAVE)
def leave() -> Response:
    """End the visit at once; safe for visitors too. Nothing here reads or writes the database before the answer."""
    leave_at_once()
    response = redirect(current_app.config["SETTINGS"].neutral_site, 303)
    response.headers["Clear-Site-Data"] = CLEARED
    response.headers["Cache-Control"] = "no-store"
    return response
