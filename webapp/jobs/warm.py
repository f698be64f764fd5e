"""What a process that serves does as it starts, beside its first answers: it gets ready to rank.

Nothing is locked meanwhile: everything is read in a transaction that promises not to write. A ranking that is asked for
before that waits for it. Commands and tests do without.
"""

import logging
import threading
from contextlib import suppress
from uuid import UUID

import click
from flask import Flask
from sqlalchemy.orm import Session

from webapp import clock
from webapp.config import Settings
from webapp.domain.access import Actor, Role
from webapp.extensions import reading
from webapp.security import sessions
from webapp.services import matching, rankings
from webapp.services.acting import Missing
from webapp.services.desk import queues
from webapp.services.tasks import order
from webapp.ui import language

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


def _rehearse(session: Session) -> None:
    """Ask what the desk asks, for a request that nobody has: to write a statement takes longer than to run it."""
    nobody, nothing, now = Actor(UUID(int=0), frozenset({Role.COORDINATOR})), UUID(int=0), clock.now()
    queues.count_queues(session, nobody, now=now)
    order.keeper.order(session)
    with suppress(Missing):
        rankings.work_out(session, nobody, nothing, now=now)
    with suppress(Missing):
        rankings.read_ranking(session, nobody, nothing)


def _get_ready(app: Flask) -> None:
    try:
        with app.app_context():
            for name in app.jinja_env.list_templates(extensions=["html"]):
                app.jinja_env.get_template(name)
            language.warm()
            sessions.warm()
            with reading() as session:
                matching.keeper.warm(session, now=clock.now())
                _rehearse(session)
    except Exception as error:  # the first ranking does it then, and says what is wrong to whoever asked for it
        log.error("not ready to rank: %s", type(error).__name__)
