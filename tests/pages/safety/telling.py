"""Telling us that something is not right, as she does it at the browser; what is kept of it."""

from typing import Any
from uuid import UUID

from tests.pages.story import Story
from tests.programme.browsing import Browser, field_in
from webapp.extensions import transaction
from webapp.models import Concern

RESTS = "Your conversation rests while we look at something. Nothing is expected of you."


def all_of(story: Story, kind: type[Any]) -> list[Any]:
    """Read every row of a kind."""
    with story.app.app_context(), transaction() as session:
        found = session.query(kind).all()
        session.expunge_all()
        return found


def tell(browser: Browser, **fields: str) -> Any:
    """Send the form that says that something is not right."""
    form = browser.get("/tell")
    return browser.send("/tell", once=field_in(form, "once"), **fields)


def concern_of(story: Story) -> UUID:
    """Return the id of the one concern that there is."""
    (concern,) = all_of(story, Concern)
    return concern.id
