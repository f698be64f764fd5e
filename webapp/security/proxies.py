"""Where a request comes from, when a proxy stands in front: the proxy's word is taken only where the operator said so.

Without that word everybody seems to come from one address, and the guesses of one would slow all others down.
"""

import logging

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.config import Settings

SAID_BY_PROXIES = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-Ip", "Forwarded")
ALWAYS = frozenset({"leaving.leave", "public.help_now", "static"})
"""The exit and help need nothing, not even right settings."""
NOT_SET_UP = """<!doctype html><html lang="en"><title>Page</title>
<p>This page cannot be shown yet. <a href="/leave">Leave</a> <a href="/help">Help now</a></p>
<p lang="fr">Cette page ne peut pas encore être affichée. <a href="/leave">Quitter</a> <a href="/help">De l’aide</a></p>
"""
REMEDY = (
    "A request came through a proxy, but PAIRWELL_PROXIES is not set, so everybody would seem to come from one address."
    " Set PAIRWELL_PROXIES=1 (or how many proxies stand in front), or PAIRWELL_PROXIES=0 if there is none, and start"
    " the site again. Until then such requests are answered 503."
)

log = logging.getLogger(__name__)


def init_app(app: Flask, settings: Settings) -> None:
    """Take the word of as many proxies as the operator named; refuse what came through one that nobody named."""
    if settings.proxies is None:
        app.before_request(refuse_unnamed_proxy)
    elif settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign] # Flask says so


def refuse_unnamed_proxy() -> Response | None:
    """Refuse a request that a proxy has passed on, and say in the log what to do."""
    if request.endpoint in ALWAYS or not any(name in request.headers for name in SAID_BY_PROXIES):
        return None
    log.error(REMEDY)
    return Response(NOT_SET_UP, 503, mimetype="text/html", headers={"Cache-Control": "no-store"})
