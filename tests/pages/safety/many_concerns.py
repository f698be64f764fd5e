"""Many concerns of one person, with much done about the first: for pages that are counted."""

from uuid import UUID

from tests.pages.story import Story
from webapp import clock
from webapp.domain import concerns as concern_rules
from webapp.domain.access import Actor
from webapp.extensions import transaction
from webapp.models import Concern
from webapp.services.safety.concern_entries import add_entry


def fill_concerns(story: Story, concern_id: UUID, actor: Actor, count: int) -> None:
    """Let somebody tell us so much, and let so much be done about the first of it."""
    with story.app.app_context(), transaction() as session:
        first = session.get_one(Concern, concern_id)
        for _ in range(count):
            one = Concern(by_id=actor.id, raised_at=clock.now(), state=first.state, turn=0, entries=0)
            one.said = first.said
            session.add(one)
            add_entry(session, first, story.coordinator, concern_rules.What.NOTE, words="Called.", now=clock.now())
