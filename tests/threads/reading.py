"""What the tests of threads look at: rows, open tasks, the address of a thread, an answer through its page."""

from datetime import UTC, datetime

from sqlalchemy import select

from tests.programme.browsing import field_in
from webapp.extensions import reading, transaction
from webapp.models import Task
from webapp.services.tasks.order import place_of

WORDS = "I moved to my sister's, can we begin a week later?"
ANSWER = "Of course. Take the week."
MONDAY, SATURDAY = datetime(2026, 11, 23, 15, tzinfo=UTC), datetime(2026, 11, 28, 15, tzinfo=UTC)


def all_of(story, kind):
    with story.app.app_context(), reading() as session:
        found = session.scalars(select(kind)).all()
        session.expunge_all()
        return found


def open_kinds(story):
    with story.app.app_context(), transaction() as session:
        return [place_of(task).kind for task in session.scalars(select(Task).where(Task.done_at.is_(None)))]


def thread_of(person):
    return f"/desk/people/{person.actor.id}/thread"


def answer(browser, person, words=ANSWER):
    page = browser.get(thread_of(person))
    return browser.send(thread_of(person), body=words, once=field_in(page, "once"), seen=field_in(page, "seen"))
