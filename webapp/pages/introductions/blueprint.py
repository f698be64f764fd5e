"""The one blueprint of a pair; each subject adds its routes in a module of its own, and views.py gathers them."""

from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, url_for

page = Blueprint("introductions", __name__, template_folder="templates")


def lead_back(introduction_id: UUID, anchor: str | None = None) -> Response:
    """Lead back to the page of the pair, to the part of it that has changed."""
    to = url_for("introductions.show_introduction", introduction_id=introduction_id, _anchor=anchor)
    return make_response(redirect(to, 303))
