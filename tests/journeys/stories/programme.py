"""The programme in which a story happens: its people, the served site, the worker, the mail, and the days that pass."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import select

from tests.journeys.conftest import NewPage
from tests.journeys.stories.album import Album
from tests.journeys.stories.person import Person
from tests.pages.story import Story
from tests.programme.fixtures import id_of
from tests.services.worlds import NOW
from webapp import clock
from webapp.domain.access import Actor, Role
from webapp.extensions import transaction
from webapp.jobs.worker import Worker, find_jobs
from webapp.models import OutboxRow, User
from webapp.services.notices import addresses

Somebody = TypeVar("Somebody", bound=Person)
TORONTO = ZoneInfo("America/Toronto")
MORNING, EVENING = time(9, 30), time(19, 15)
EVERY = 3
PATIENCE = 30_000
"""Milliseconds: the first ranking of a process takes its time on a busy machine."""


@dataclass
class Programme:
    """One small programme on its own database. The clock is that of the site; the worker runs by it each morning."""

    app: Flask
    site: str
    new_page: NewPage
    language: str
    has_script: bool
    album: Album
    story: Story = field(init=False)
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        clock.set_right()
        clock.move(NOW - clock.now())
        self.story = Story(self.app)
        self.worker = Worker(find_jobs())
        self.works()

    def meet(self, kind: type[Somebody], name: str, **known: str) -> Somebody:
        """Give somebody a phone of her own, in her language; an account that she has already speaks it too."""
        if "username" in known:
            with self.app.app_context(), transaction() as session:
                session.get_one(User, id_of(self.app, known["username"])).language = self.language
        page = self.new_page(java_script_enabled=self.has_script, locale=f"{self.language}-CA")
        page.set_default_timeout(PATIENCE)
        return kind(page, self.site, self.language, self.album, name, **known)

    def supporter(self, kind: type[Somebody], name: str, **cells: str) -> Somebody:
        """Enrol a supporter, and give her a phone; her notices go to an address of her own."""
        enrolled = self.story.supporter(name, languages="en;fr", **cells)
        self._give_address(enrolled.actor, f"{name.lower()}@example.org")
        return self.meet(kind, name, username=enrolled.username)

    def approver(self, kind: type[Somebody], name: str) -> Somebody:
        self.story._person(name.lower(), Role.APPROVER)
        return self.meet(kind, name, username=name.lower())

    def _give_address(self, person: Actor, address: str) -> None:
        with self.app.app_context(), transaction() as session:
            addresses.give_address(session, person, address, "America/Toronto", now=clock.now())
            row = addresses._find(session, person.id)
            addresses.try_code(session, person, row.said["code"], now=clock.now())

    # Time

    def works(self) -> None:
        """Let the worker do whatever is due by now."""
        with self.app.app_context():
            self.worker.run_due()
        assert not self.worker.errors, self.worker.last_error

    def days_pass(self, days: int, *, until: time = MORNING) -> None:
        """Let days go by; the worker works every third morning, and at the hour at which the story goes on."""
        start = clock.now().astimezone(TORONTO).date()
        for passed in range(EVERY, days, EVERY):
            self._be_it(datetime.combine(start + timedelta(days=passed), MORNING, TORONTO))
        self._be_it(datetime.combine(start + timedelta(days=days), until, TORONTO))

    def _be_it(self, moment: datetime) -> None:
        if moment > clock.now():
            clock.move(moment - clock.now())
        self.works()

    # Mail

    @property
    def mails(self) -> list[str]:
        """All that has left the site."""
        folder = self.app.config["SETTINGS"].mail.folder
        return [one.read_text() for one in folder.iterdir()] if folder.is_dir() else []

    def told_outside(self, username: str) -> list[OutboxRow]:
        """Return every notice to somebody that has left the site."""
        with self.app.app_context(), transaction() as session:
            hers = select(OutboxRow).where(OutboxRow.to_user_id == id_of(self.app, username), OutboxRow.state == "sent")
            return list(session.scalars(hers))
