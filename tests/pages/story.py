"""People of a small programme on a running site: each act goes through the services, each person has her browser."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Flask

from tests.programme.browsing import Browser
from tests.programme.fixtures import browser_of, open_account
from tests.services.worlds import HERS, THEIRS, said
from webapp import clock
from webapp.domain import supporters as supporter_rules
from webapp.domain.access import Actor, Role
from webapp.extensions import transaction
from webapp.services import choices, matching, offers, proposals, rankings, requests, supporters

IN_DATE = date(2099, 1, 1)


@dataclass(frozen=True)
class Person:
    """Somebody with an account; `thing_id` is her request, or what she is as a supporter."""

    username: str
    actor: Actor
    thing_id: UUID


class Story:
    """What has happened so far, on one site."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        matching.keeper.forget()
        self.coordinator = self._person("robin", Role.COORDINATOR)

    def _person(self, username: str, role: Role) -> Actor:
        return Actor(open_account(self.app, username, role), frozenset({role}))

    def browser(self, username: str = "robin") -> Browser:
        return browser_of(self.app, username=username)

    def supporter(self, name: str = "Dee", *, capacity: int = 2, **cells: str) -> Person:
        username = f"s-{name}".lower()
        actor = self._person(username, Role.SUPPORTER)
        answers = said({**THEIRS, "name": name, **cells}, "supporter")
        until = dict.fromkeys(("trained_until", "cleared_until", "agreed_until", "supervised_until"), IN_DATE)
        facts = {"state": supporter_rules.State.ACTIVE, "capacity": capacity, "time_zone": "America/Toronto", **until}
        with self.app.app_context(), transaction() as session:
            row = supporters.enrol_supporter(session, self.coordinator, actor.id, answers, now=clock.now(), **facts)
            return Person(username, actor, row.id)

    def woman(self, name: str = "Claire", **cells: str) -> Person:
        username = f"w-{name}".lower()
        actor = self._person(username, Role.REQUESTER)
        with self.app.app_context(), transaction() as session:
            row = requests.start_request(session, actor, time_zone="America/Toronto", now=clock.now())
            answers = said({**HERS, "name": name, **cells}, "requester")
            requests.answer_questions(session, actor, row.id, answers, now=clock.now())
            requests.send_request(session, actor, row.id, now=clock.now())
            return Person(username, actor, row.id)

    def ranked(self, woman: Person) -> UUID:
        with self.app.app_context(), transaction() as session:
            return rankings.rank_request(session, self.coordinator, woman.thing_id, now=clock.now()).id

    def shown(self, woman: Person, *people: Person) -> list[UUID]:
        ranking_id = self.ranked(woman)
        with self.app.app_context(), transaction() as session:
            chosen = [one.thing_id for one in people]
            made = proposals.approve_proposals(
                session,
                self.coordinator,
                ranking_id,
                chosen,
                override="she_asked",
                has_read_names=True,
                now=clock.now(),
            )
            ids = {one.supporter_id: one.id for one in made}
            return [ids[person.thing_id] for person in people]

    def offered(self, woman: Person, *people: Person) -> UUID:
        """Show her these and let her rank them in the order of the list. Returns the first proposal."""
        made = self.shown(woman, *people)
        with self.app.app_context(), transaction() as session:
            choices.choose(session, woman.actor, woman.thing_id, ordered=made, instead=None, now=clock.now())
        return made[0]

    def introduced(self, woman: Person, supporter: Person) -> UUID:
        proposal_id = self.offered(woman, supporter)
        with self.app.app_context(), transaction() as session:
            return offers.accept_proposal(session, supporter.actor, proposal_id, now=clock.now()).id

    def pair(self) -> tuple[UUID, Person, Person]:
        """Introduce a woman and a supporter: the pair, and the two."""
        dee, woman = self.supporter(), self.woman()
        return self.introduced(woman, dee), woman, dee
