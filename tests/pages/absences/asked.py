"""A woman whose supporter is away, and who has asked for somebody meanwhile: for pages that need one."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from tests.pages.story import Story
from webapp import clock
from webapp.extensions import transaction
from webapp.models import Cover
from webapp.services.absences import asking, breaks, naming


class Asked:
    """Gus is on a break, and Rosa has asked for Eve."""

    def __init__(self, story: Story) -> None:
        now = clock.now()
        self.gus, self.eve, self.rosa = story.supporter("Gus"), story.supporter("Eve"), story.woman("Rosa")
        self.pair = story.introduced(self.rosa, self.gus)
        with story.app.app_context(), transaction() as session:
            naming.name_at_desk(session, story.coordinator, self.pair, self.eve.thing_id, has_read_names=True, now=now)
            breaks.begin(session, self.gus.actor, None, now=now)
        with story.app.app_context(), transaction() as session:
            asking.show(session, self.pair, now=now)
            self.cover = session.scalars(select(Cover.id).where(Cover.introduction_id == self.pair)).one()
            asking.want(session, self.rosa.actor, self.pair, self.cover, now=now)

    def paths(self, other_pair: UUID) -> Iterator[tuple[str, str, str]]:
        """List the pages of an absence: the name of each, who opens it, and its address."""
        yield "/break", self.gus.username, "/break"
        yield "/desk/pairs/.../cover", "robin", f"/desk/pairs/{other_pair}/cover"
        yield "/together/... while she is away", self.rosa.username, f"/together/{self.pair}"
        yield "/offers while asked to cover", self.eve.username, "/offers"
        yield "/offers/meanwhile/...", self.eve.username, f"/offers/meanwhile/{self.cover}"
