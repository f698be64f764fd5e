"""The site as it is measured: with a bare page beside its own, and on wish with counts of what each answer read.

Started as `python -m waitress --call tests.growth.site:create_app`; GROWTH_COUNTS=1 turns the counting on.
"""

import os
import sqlite3
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, has_request_context, render_template_string, request
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from webapp import create_app as create_site
from webapp.domain.access import Action
from webapp.extensions import transaction
from webapp.jobs import warm
from webapp.security.guard import declares

BARE = "/bare"
COUNTED = ("statements", "rows", "steps", "records")
"""What an answer says of itself: statements, rows fetched, steps of SQLite, records of the audit."""
_ROWS = text("SELECT id, state, waiting_since FROM requests LIMIT 50")
_PAGE = """<!doctype html><html lang="en"><title>Bare</title><table>
{% for row in rows %}<tr><td>{{ row.id }}</td><td>{{ row.state }}</td><td>{{ row.waiting_since }}</td></tr>
{% endfor %}</table></html>"""


def create_app() -> Flask:
    """Build the site from its environment, with the bare page."""
    app = create_site()
    app.add_url_rule(BARE, "bare", declares(Action.READ_PUBLIC)(show_bare))
    app.add_url_rule("/warm", "warm", declares(Action.READ_PUBLIC)(lambda: "yes" if warm.is_warm(app) else "no"))
    app.add_url_rule("/memory", "memory", declares(Action.READ_PUBLIC)(show_memory))
    if os.environ.get("GROWTH_COUNTS") == "1":
        count_reading(app)
    return app


def show_bare() -> str:
    """Show fifty rows: what a page costs that does nothing else."""
    with transaction() as session:
        rows = session.execute(_ROWS).all()
    return render_template_string(_PAGE, rows=rows)


def show_memory() -> str:
    """Say how many kilobytes this process holds."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]


def count_reading(app: Flask) -> None:
    """Put on every answer how many statements it took, rows it fetched, and steps SQLite went for them."""

    @event.listens_for(Engine, "connect")
    def watch(connection: Any, _record: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.row_factory = lambda _cursor, row: _counted("rows") or row
            connection.set_progress_handler(lambda: _counted("steps"), 1)

    @event.listens_for(Engine, "after_cursor_execute")
    def count(_connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        _counted("statements")
        _counted("records", statement.startswith("INSERT INTO audit_records"))
        if not isinstance(cursor, sqlite3.Cursor) and statement.lstrip()[:6].upper() in ("SELECT", "WITH"):
            _counted("rows", max(0, cursor.rowcount))

    @app.after_request
    def tell(response: Response) -> Response:
        if request.endpoint != "static":
            for what in COUNTED:
                response.headers[f"X-{what}"] = str(g.get(what, 0))
        return response


def _counted(what: str, more: int = 1) -> None:
    if has_request_context():
        setattr(g, what, g.get(what, 0) + more)
