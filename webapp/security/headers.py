"""What every response carries, errors too: nothing from elsewhere, nothing kept, nothing told to other sites."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, request

from webapp.config import Settings

LARGEST_REQUEST = 256 * 1024
ONE_YEAR = 365 * 24 * 60 * 60
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
NEVER = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "microphone", "payment", "usb")
ALWAYS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{power}=()" for power in NEVER),
}


def init_app(app: Flask, settings: Settings) -> None:
    """Put the headers on every response, and the hash of its content into the address of every static file."""
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_REQUEST, MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST)

    @app.after_request
    def carry(response: Response) -> Response:
        response.headers.update(ALWAYS)
        if settings.https:
            response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}"
        response.headers["Cache-Control"] = how_long(app, response)
        leave_names_out(response, settings.neutral_site)
        return response

    @app.url_defaults
    def with_hash(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values and "v" not in values:
            values["v"] = content_hash(Path(app.static_folder or "") / values["filename"])


def leave_names_out(response: Response, neutral_site: str) -> None:
    """Let a redirect name a path alone, but for the one to the neutral site: the name in a request may be anybody's."""
    parts = urlsplit(response.location or "")
    if (parts.scheme or parts.netloc) and response.location != neutral_site:
        response.location = f"/{parts.path.lstrip('/')}" + (f"?{parts.query}" if parts.query else "")
        response.set_data(b"")


def how_long(app: Flask, response: Response) -> str:
    """Say how long a response may be kept: a year for a static file asked for by its hash, not at all for a page."""
    if request.endpoint != "static" or response.status_code >= 400:
        return "no-store"
    path = Path(app.static_folder or "") / (request.view_args or {}).get("filename", "")
    if request.args.get("v") == content_hash(path):
        return f"public, max-age={ONE_YEAR}, immutable"
    return "public, max-age=3600"


def content_hash(path: Path) -> str | None:
    """Return a short hash of a file's content; None where there is no such file."""
    try:
        return _hash_of(path, path.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=256)
def _hash_of(path: Path, _changed_at: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]
