"""The public pages. They read nothing from the database."""

import re

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from webapp import clock
from webapp.domain.access import Action
from webapp.pages.public.forms import SampleForm
from webapp.pages.public.samples import samples
from webapp.security.guard import declares
from webapp.ui import language

page = Blueprint("public", __name__, template_folder="templates")

OWN_PATH = re.compile(r"/[\w.~/-]{0,300}", re.ASCII)
"""What the address of a page of ours can look like: no sign that a browser could read as the name of another site."""


@page.get("/")
@declares(Action.READ_PUBLIC)
def home() -> str:
    """Say what this is, behind two doors."""
    return render_template("public/home.html")


@page.get("/before")
@declares(Action.READ_PUBLIC)
def before() -> str:
    """Say what to know before the first question."""
    return render_template("public/before.html")


@page.get("/about")
@declares(Action.READ_PUBLIC)
def about() -> str:
    """Say who does what, and what we promise."""
    return render_template("public/about.html")


@page.get("/help")
@declares(Action.READ_PUBLIC)
def help_now() -> str:
    """List every number to call."""
    return render_template("public/help.html", today=clock.now().date())


@page.get("/private-browsing")
@declares(Action.READ_PUBLIC)
def safety() -> str:
    """Say how to keep a visit private, and what nothing can hide."""
    return render_template("public/private-browsing.html", idle_minutes=current_app.config["SETTINGS"].idle_minutes)


@page.get("/components")
@declares(Action.READ_PUBLIC)
def components() -> str:
    """Show every piece of the pages, for those who build them."""
    if not current_app.config["SETTINGS"].components:
        abort(404)
    form = SampleForm(data={"topics": ["alcohol", "loneliness"], "topics_star": ["alcohol"]})
    form.validate()
    return render_template("public/components.html", form=form, samples=samples())


@page.post("/language")
@declares(Action.CHOOSE_LANGUAGE)
def choose_language() -> Response:
    """Keep the language and go back to the page she was on."""
    language.choose(request.form.get("language", ""))
    return redirect(_page_to_go_back_to(request.form.get("back", "")), 303)


def _page_to_go_back_to(path: str) -> str:
    """Return the path if it is a page of ours that can be read; else home. Nothing foreign is followed."""
    if not OWN_PATH.fullmatch(path) or "//" in path:
        return url_for("public.home")
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return url_for("public.home")
    return path
