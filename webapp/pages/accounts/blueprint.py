"""The one blueprint of accounts; each subject adds its routes in a module of its own, and views.py gathers them."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, url_for

page = Blueprint("accounts", __name__, template_folder="templates")


def lead_to(endpoint: str, **values: Any) -> Response:
    """Lead on to another page, so that a reload sends nothing twice."""
    return make_response(redirect(url_for(endpoint, **values), 303))
