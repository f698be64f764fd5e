"""Deny by default: every route declares its action, and nobody reaches a view whose action her role may not try."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.domain.access import Action, Actor, Standing, may_try
from webapp.security import refused

View = TypeVar("View", bound=Callable[..., Any])
LEADS_TO = {Standing.BETWEEN: "second_step.show_step", Standing.BARE: "factors.show_locks"}
"""Where somebody is led whose sign-in is not whole yet."""


def declares(action: Action, *, keeps: str | None = None) -> Callable[[View], View]:
    """Declare what a route does. It stands below the route's own decorator.

    `keeps` names the page that shows its form, where what was typed must outlive the end of a sign-in: see quiet.py.
    """

    def mark(view: View) -> View:
        view.action, view.keeps = action, keeps  # type: ignore[attr-defined] # a function bears any mark
        return view

    return mark


def current_actor() -> Actor:
    """Return who acts in this request."""
    actor: Actor = g.actor
    return actor


def init_app(app: Flask) -> None:
    """Ask before each request whether this person may try this route."""
    app.before_request(let_through_or_refuse)


def check_every_route(app: Flask) -> None:
    """Refuse to start with a route that declares nothing. Raises RuntimeError naming it."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static" and action_of(app, rule.endpoint) is None:
            raise RuntimeError(f"The route {rule.endpoint} ({rule.rule}) declares no action; see security/guard.py")


def action_of(app: Flask, endpoint: str) -> Action | None:
    """Return the action that an endpoint declares."""
    return getattr(app.view_functions[endpoint], "action", None)


def let_through_or_refuse() -> ResponseReturnValue | None:
    """Send visitors to the sign-in where that can help, and whoever still lacks a second lock to where she sets it up.

    For everything else a refusal is a page that is not there.
    """
    if request.endpoint is None or request.endpoint == "static":
        return None
    action = action_of(current_app, request.endpoint)
    if action is not None and may_try(current_actor(), action):
        return None
    if request.method not in ("GET", "HEAD", "POST"):
        return abort(404)
    if current_actor().standing in LEADS_TO:
        return redirect(url_for(LEADS_TO[current_actor().standing]), 303)
    if current_actor().id is None:
        late = g.get("late") or (1 if g.timed_out else None)
        return redirect(url_for("accounts.show_sign_in", late=late), 303)
    if action is not None:
        refused.record(refused.Why.NOT_ALLOWED)
    return abort(404)
