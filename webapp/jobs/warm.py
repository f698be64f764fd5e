"""What a process that serves does as it starts, beside its first answers: it gets ready to rank.

Nothing is locked meanwhile: everything is read in a transaction that promises not to write. A ranking that is asked for
before that waits for it. Commands and tests do without.
"""

import logging
import threading

import click
from flask import Flask

from webapp import clock
from webapp.config import Settings
from webapp.extensions import reading
from webapp.services import matching

THREAD = "warming"
log = logging.getLogger(__name__)


def init_app(app: Flask, settings: Settings) -> None:
    """Begin at once in a process that serves; never in a command."""
    if settings.warm and click.get_current_context(silent=True) is None:
        begin(app)


def begin(app: Flask) -> threading.Thread:
    """Get ready in a thread of its own."""
    thread = threading.Thread(target=_get_ready, args=(app,), name=THREAD, daemon=True)
    app.extensions[THREAD] = thread
    thread.start()
    return thread


def is_warm(app: Flask) -> bool:
    """Say whether a process has got ready, or never began to."""
    thread: threading.Thread | None = app.extensions.get(THREAD)
    return thread is None or not thread.is_alive()


def _get_ready(app: Flask) -> None:
    try:
        with app.app_context():
            for name in app.jinja_env.list_templates(extensions=["html"]):
                app.jinja_env.get_template(name)
            with reading() as session:
                matching.keeper.warm(session, now=clock.now())
    except Exception as error:  # the first ranking does it then, and says what is wrong to whoever asked for it
        log.error("not ready to rank: %s", type(error).__name__)
