"""Refusals as pages: what is missing, late, too large or broken is answered in plain words. Nothing half-done stays."""

import logging
import traceback
from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError, TimeoutError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, TooManyRequests

from webapp.config import Settings
from webapp.crypto.keyring import CannotDecrypt
from webapp.domain.access import VISITOR, Role
from webapp.domain.lifecycles import WrongStep
from webapp.domain.places import NoPlaceLeft
from webapp.extensions import db
from webapp.security import refused, retries
from webapp.security.guard import current_actor
from webapp.security.quiet import NEVER_KEPT, SECRETS
from webapp.services.acting import Gone, Missing, TooLate
from webapp.ui.unread import name_field

CODES = (400, 404, 405, 409, 413, 429, 500, 503)
SOMEONE_WAS_QUICKER = (TooLate, WrongStep, NoPlaceLeft, IntegrityError, StaleDataError)
TRY_AGAIN_IN = 10
"""Seconds that a client should wait where the database is locked, full, gone or cut off."""
BROKEN, PLAIN = "page of a failure", "page without anything"
PLAIN_TEXT = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Page</title>
<p><a href="/leave" rel="nofollow noreferrer">Leave this site / <span lang="fr">Quitter ce site</span></a>
<p>This page cannot be shown. <a href="/">Start again</a>.
<p lang="fr">Cette page ne peut pas s’afficher. <a href="/">Recommencer</a>.
<p>If nothing answers: / <span lang="fr">Si rien ne répond :</span> <a href="{neutral}" rel="noreferrer">{neutral}</a>
"""
"""What is shown where even the page of a refusal fails. Its exit comes first, and one that needs no answer of ours."""

log = logging.getLogger(__name__)


def init_app(app: Flask, settings: Settings) -> None:
    """Answer every refusal with its page. The pages of last resort are written now, while everything works."""
    app.config[PLAIN] = PLAIN_TEXT.format(neutral=escape(settings.neutral_site))
    app.config[BROKEN] = app.jinja_env.get_template("errors/500.html").render(neutral=settings.neutral_site)
    app.register_error_handler(Missing, lambda _refusal: page(404))
    app.register_error_handler(Gone, lambda _refusal: page(410))
    app.register_error_handler(CSRFError, lambda _refusal: page(400))
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(500, lambda _error: page(500))
    for kind in (DBAPIError, TimeoutError):
        app.register_error_handler(kind, answer_busy)
    app.register_error_handler(CannotDecrypt, answer_unreadable)
    for refusal in SOMEONE_WAS_QUICKER:
        app.register_error_handler(refusal, answer_conflict)
    app.log_exception = log_without_content  # type: ignore[method-assign] # Flask calls it by this name


def answer_http(refusal: HTTPException) -> Response:
    """Answer an HTTP refusal with our page, keeping what its protocol needs."""
    if refusal.response is not None:
        return make_response(refusal.get_response())
    response = page(refusal.code if refusal.code in CODES else 404, wait=seconds_of(refusal))
    for name, value in refusal.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def seconds_of(refusal: HTTPException) -> int | None:
    """Return how long a refusal asks to wait."""
    waits = refusal.retry_after if isinstance(refusal, TooManyRequests) else None
    return waits if isinstance(waits, int) else None


def answer_conflict(refusal: Exception) -> Response:
    """Take everything back and say that someone was quicker."""
    log.info("conflict in %s: %s", request.endpoint, type(refusal).__name__)
    if request.method == "POST" and isinstance(refusal, (IntegrityError, StaleDataError)):
        refused.record(refused.Why.SOMEONE_WAS_QUICKER)
    return page(409)


def answer_busy(refusal: Exception) -> Response:
    """Say that the database could not be asked, or that nobody knows whether it kept her act. Raises what is ours."""
    if retries.is_unsure(refusal):
        log.warning("a commit was cut off in %s", request.endpoint)
        return page(503, template="unsure", unsent=what_she_sent())
    if not retries.is_busy(refusal) and not isinstance(refusal, (OperationalError, InterfaceError)):
        raise refusal
    log.warning("no records in %s: %s", request.endpoint, type(refusal).__name__)
    response = page(503, unsent=what_she_sent())
    response.headers["Retry-After"] = str(TRY_AGAIN_IN)
    return response


def what_she_sent() -> list[tuple[str, str]] | None:
    """Return the fields of her form, so that the page can hold them until she sends them again; none with a secret."""
    if request.method != "POST" or SECRETS & request.form.keys():
        return None
    return [(name, said) for name, said in request.form.items(multi=True) if name not in NEVER_KEPT]


def answer_unreadable(damaged: CannotDecrypt) -> Response:
    """Say which part cannot be read and whom to tell; what is there is left as it is, to be restored."""
    log.error("a field cannot be read: %s", damaged)
    to_her = Role.REQUESTER in current_actor().roles
    return page(409, template="unreadable", field=name_field(str(damaged).split("|")[0], to_her=to_her))


def page(code: int, template: str = "", **values: Any) -> Response:
    """Render the page of a refusal; where even that fails, a plain one.

    It is the same whether or not somebody was looked up, so that what is not hers looks like what is not there.
    """
    _take_back()
    g.actor, g.is_looked_up, g.quiet_left, g.kept_words = VISITOR, False, None, None
    if code == 500:
        return make_response(current_app.config[BROKEN], code)
    try:
        text = render_template(f"errors/{template or code}.html", **values)
    except Exception as error:  # the page of a failure must not fail itself
        log.error("no page for %s: %s", code, type(error).__name__)
        text = current_app.config[PLAIN]
    return make_response(text, code)


def _take_back() -> None:
    try:
        db.session.rollback()
    except SQLAlchemyError as error:  # a line that was cut takes everything back by itself
        log.info("nothing to take back: %s", type(error).__name__)
        db.session.remove()


def log_without_content(exc_info: Any) -> None:
    """Log where a request failed and how, but no message, address or body: they could hold what a woman wrote."""
    kind, _, frames = exc_info
    where = "".join(traceback.format_tb(frames))
    current_app.logger.error("%s in %s\n%s", kind.__name__, request.endpoint, where)
