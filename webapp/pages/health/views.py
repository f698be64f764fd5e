"""Say in words whether the parts that nobody watches are well. No number, no name; never more than a second."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError

from flask import Blueprint, Flask, Response, current_app

from webapp import clock
from webapp.domain.access import Action
from webapp.extensions import only_reading, transaction
from webapp.security.guard import declares
from webapp.services.health import Part, read_health

page = Blueprint("health", __name__)

LONGEST_LOOK = 0.8
_looking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="health")


@page.get("/health")
@declares(Action.ASK_HEALTH)
def show_health() -> Response:
    """Answer 200 where all is well, 503 where something is late or cannot be asked in time."""
    found = _look_in_time()
    lines = [f"{part} {'ok' if found.get(part) else 'late'}" for part in Part]
    status = 200 if all(found.get(part) for part in Part) else 503
    return Response("\n".join(lines) + "\n", status, mimetype="text/plain")


def _look_in_time() -> Mapping[Part, bool]:
    """Look in a thread of its own: a database that does not answer holds up that one, and no other."""
    app = current_app._get_current_object()  # type: ignore[attr-defined] # every proxy has it
    running: Future[Mapping[Part, bool]] | None = app.extensions.get("health")
    if running is None or running.done():
        running = app.extensions["health"] = _looking.submit(_look, app)
    try:
        return running.result(LONGEST_LOOK)
    except TimeoutError:
        return {}


def _look(app: Flask) -> Mapping[Part, bool]:
    try:
        with app.app_context():
            only_reading.set(True)  # this thread does nothing else
            with transaction() as session:
                return read_health(session, now=clock.now())
    except Exception as error:  # whatever it is, the database cannot be asked
        app.logger.error("health could not be read: %s", type(error).__name__)
        return {}
