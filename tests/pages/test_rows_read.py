"""No page reads rows that it does not show, however long its list: rows fetched, and what SQLite went through."""

import sqlite3
from uuid import UUID

import pytest
from sqlalchemy import event

from tests.growth.filling import Filling
from tests.pages.statements import Pages
from tests.pages.story import Story
from tests.programme.browsing import Browser
from webapp.extensions import db
from webapp.services.desk import queues
from webapp.services.tasks import order

FEW, MANY = 60, 240
MOST_STEPS_A_ROW = 20
"""What SQLite does for one entry that a queue counts; the queues alone may grow, up to MOST_COUNTED."""


@pytest.fixture
def counted(app):
    """Count what each statement reads: rows that are fetched and steps."""
    counts = {"rows": 0, "steps": 0}

    def row(_cursor, values):
        counts["rows"] += 1
        return values

    def step() -> int:
        counts["steps"] += 1
        return 0

    def watch(connection, _record) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.row_factory = row
            connection.set_progress_handler(step, 1)

    with app.app_context():
        db.engine.dispose()
        event.listen(db.engine, "connect", watch)
    return counts


def read_by_each(pages: Pages, counts, browsers) -> dict[str, tuple[int, int]]:
    ranking, seen = pages.story.ranked(pages.asking), {}
    for name, username, path in pages.paths(ranking):
        browser = browsers.get(username) or browsers.setdefault(username, pages.story.browser(username))
        assert browser.get(path).status_code == 200
        counts.update(rows=0, steps=0)
        browser.get(path)
        seen[name] = (counts["rows"], counts["steps"])
    return seen


def fill(pages: Pages, other: UUID, count: int) -> None:
    filling = Filling(pages)
    filling.keep(filling.asking("waiting", n) for n in range(count))
    filling.keep(filling.open_offer(other, n) for n in range(count))
    filling.keep(filling.silent_pair(other, n) for n in range(count))
    filling.keep(filling.ended_pair(n) for n in range(count))
    filling.keep(filling.message(n) for n in range(count))
    filling.keep(filling.old_sign_in(n) for n in range(count))
    order.keeper.forget()  # what is filled in leaves no record that it could follow


def test_no_page_reads_rows_that_it_does_not_show(app, counted):
    pages = Pages(Story(app))
    other = pages.story.supporter("Other").thing_id
    fill(pages, other, FEW)
    browsers: dict[str, Browser] = {}
    few = read_by_each(pages, counted, browsers)
    fill(pages, other, MANY - FEW)
    many = read_by_each(pages, counted, browsers)
    counted_more = len(queues.Queue) * (MANY - FEW) * MOST_STEPS_A_ROW
    for page, (rows, steps) in many.items():
        assert (page, rows, rows <= few[page][0]) == (page, rows, True), few[page]
        allowed = counted_more if page.startswith("/desk") else 100
        assert (page, steps, steps <= few[page][1] + allowed) == (page, steps, True), few[page]
