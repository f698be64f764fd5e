"""A pair with somebody named to cover, and what tests ask about it."""

from dataclasses import dataclass
from types import SimpleNamespace
from uuid import UUID

from sqlalchemy import select

from tests.pages.story import Person, Story
from webapp import clock
from webapp.extensions import reading
from webapp.jobs import absences as job
from webapp.models import Cover, Introduction, Supporter, Task
from webapp.services.tasks.order import place_of


@dataclass
class Away:
    """Dee walks with Claire, and Eve may cover."""

    story: Story
    pair: UUID
    claire: Person
    dee: Person
    eve: Person

    @property
    def page(self) -> str:
        return f"/together/{self.pair}"

    def browser(self, person: Person):
        return self.story.browser(person.username)

    def begin(self, until: str = "") -> None:
        assert self.browser(self.dee).send("/break", until=until).status_code == 303

    def end(self) -> None:
        assert self.browser(self.dee).send("/break/end").status_code == 303

    def answer(self, said: str) -> int:
        form = {"cover": str(self.covers()[-1].id), "answer": said}
        return self.browser(self.claire).send(f"{self.page}/meanwhile", **form).status_code

    def yes(self, person: Person | None = None):
        """Let who is asked say yes; return the answer."""
        offered = next(one for one in self.covers() if one.state == "offered")
        return self.browser(person or self.eve).send(f"/offers/meanwhile/{offered.id}/accept")

    def work(self) -> int:
        return work(self.story)

    def covers(self) -> list[SimpleNamespace]:
        with self.story.app.app_context(), reading() as session:
            found = select(Cover).where(Cover.introduction_id == self.pair).order_by(Cover.named_at, Cover.state)
            return [row_of(one) for one in session.scalars(found)]

    def states(self) -> list[str]:
        return [one.state for one in self.covers()]

    def taken(self, person: Person) -> int:
        with self.story.app.app_context(), reading() as session:
            return session.get_one(Supporter, person.thing_id).taken

    def talk(self) -> SimpleNamespace:
        with self.story.app.app_context(), reading() as session:
            found = select(Introduction).where(Introduction.covers_id == self.pair)
            return row_of(session.scalars(found.order_by(Introduction.introduced_at.desc())).first())

    def talk_count(self) -> int:
        with self.story.app.app_context(), reading() as session:
            return len(session.scalars(select(Introduction.id).where(Introduction.covers_id == self.pair)).all())


def row_of(row: Cover | Introduction) -> SimpleNamespace:
    """Keep what stands in the columns of a row."""
    return SimpleNamespace(**{column.name: getattr(row, column.name) for column in row.__table__.columns})


def begun(story: Story, **eve: object) -> Away:
    """Introduce the two, and let the worker name who covers."""
    dee, claire = story.supporter("Dee"), story.woman("Claire")
    pair = story.introduced(claire, dee)
    away = Away(story, pair, claire, dee, story.supporter("Eve", **eve))
    work(story)
    return away


def work(story: Story) -> int:
    with story.app.app_context():
        return job.run(clock.now())


def open_tasks(story: Story, kind: str) -> list[tuple[UUID, UUID | None]]:
    """Return the open tasks of a kind: about whom, and who looks after each."""
    with story.app.app_context(), reading() as session:
        found = session.scalars(select(Task).where(Task.done_at.is_(None)))
        return [(one.about_id, one.owner_id) for one in found if place_of(one).kind == kind]
