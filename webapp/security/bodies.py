"""A form arrives whole or not at all: too large is refused before it is read, shorter than announced after it.

A server that buffers requests never hands over a cut one; this holds under every other server too.
"""

from io import BytesIO
from typing import IO

from flask import Flask, Request, abort, request
from werkzeug.exceptions import ClientDisconnected


class WithoutFiles(Request):
    """A request of a site that takes no files: one that is sent all the same is never written to a disk."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()


def init_app(app: Flask) -> None:
    """Look at what was sent before anybody reads a field of it."""
    app.request_class = WithoutFiles
    app.before_request(refuse_what_is_not_whole)


def refuse_what_is_not_whole() -> None:
    """Refuse a body that is too large (413) or shorter than its sender announced (400); nothing of it is kept."""
    announced, comes_in_pieces = request.content_length, request.environ.get("wsgi.input_terminated")
    if not announced and not comes_in_pieces:
        return
    try:
        arrived = len(request.get_data(cache=True))  # where too much is announced, this refuses without reading: 413
    except (ClientDisconnected, OSError):
        abort(400)
    if announced and arrived != announced:
        abort(400)
