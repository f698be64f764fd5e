"""Where a form comes from: what a browser says of it must be this site. The hidden field is asked for in any case.

Browsers that are told to say nothing (privacy settings take the Referer away) are not refused for it: the hidden field
is signed and bound to a cookie that no other site can send or set (decision 14).
"""

from urllib.parse import urlsplit

from flask import Flask, current_app, request
from flask_wtf.csrf import CSRFError

from webapp.config import Settings

READING = frozenset({"GET", "HEAD", "OPTIONS"})
BY_HAND = "none"
"""What browsers say of a form that is sent again by reloading or from their own pages."""


def init_app(app: Flask, settings: Settings) -> None:
    """Ask before each form. `hosts` are the names under which the site is asked for."""
    app.config["WTF_CSRF_SSL_STRICT"] = False  # it refuses whoever sends no Referer; this asks more, and of more
    app.config["TRUSTED_HOSTS"] = list(settings.hosts) or None
    app.url_map.merge_slashes = False  # a redirect for a doubled slash would repeat whatever name was asked for
    app.before_request(refuse_foreign_forms)


def refuse_foreign_forms() -> None:
    """Refuse a form that says it comes from elsewhere. Raises CSRFError."""
    if request.method not in READING and is_foreign():
        raise CSRFError("The form came from another site.")


def is_foreign() -> bool:
    """Say whether a form comes from another site, by the best that the browser says of it."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", BY_HAND)
    said = request.headers.get("Origin") or request.headers.get("Referer")
    return bool(said) and not _is_ours(str(said))


def _is_ours(said: str) -> bool:
    try:
        parts = urlsplit(said)
        scheme = "https" if current_app.config["SETTINGS"].https else request.scheme
        return (parts.scheme, parts.netloc) == (scheme, request.host)
    except ValueError:
        return False
