"""The people of the races: two supporters, two coordinators, and women who come anew for each round."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import update

from tests.pages.story import Person, Story
from tests.reliability.servers.fleet import Fleet, Shot, Visitor
from tests.services.worlds import HERS, said
from webapp import clock
from webapp.domain import concerns as concern_rules
from webapp.domain.access import Role
from webapp.domain.holds import HeldFor
from webapp.domain.proposals import OFFER_LASTS
from webapp.domain.tasks import Kind
from webapp.extensions import transaction
from webapp.models import Supporter
from webapp.services import checkins, requests, tasks
from webapp.services.pairs import agreements, meetings
from webapp.services.safety import concerns, handling, holds
from webapp.services.safety.concerns import Told

HOURS = {"dee": "Mon 18:00-22:00", "eve": "Mon 18:00-20:00; Tue 18:00-20:00"}
"""Who wants Dee's hours ranks Dee first, who wants Eve's ranks Eve first: so two approvals meet in opposite order."""
MANY = 1_000


class Cast:
    """Who takes part, with the sign-in of each."""

    def __init__(self, fleet: Fleet, women: int = 3) -> None:
        self.fleet, self.story = fleet, Story(fleet.app)
        self.dee = self.story.supporter("Dee", capacity=MANY, availability=HOURS["dee"])
        self.eve = self.story.supporter("Eve", capacity=MANY, availability=HOURS["eve"])
        self.women = [self.story.woman(f"W{number}") for number in range(women)]
        self._came = women
        other = self.story._person("sam", Role.COORDINATOR)
        self.kim = self.story._person("kim", Role.COORDINATOR)
        self.robin, self.sam = fleet.visitor(self.story.coordinator.id), fleet.visitor(other.id)
        self._visitors: dict[UUID, Visitor] = {}

    def at(self, person: Person) -> Visitor:
        """Return the browser of somebody."""
        assert person.actor.id is not None
        if person.actor.id not in self._visitors:
            self._visitors[person.actor.id] = self.fleet.visitor(person.actor.id)
        return self._visitors[person.actor.id]

    def fresh(self, number: int, hours: str = "dee", *, sent: bool = True) -> Person:
        """Let the woman in this place take back what she has, and another come: nobody is shown whom she met before.

        Her request is sent, or left unsent.
        """
        self._let_go(self.women[number])
        self._let_nobody_rest()
        self._came += 1
        woman = self.women[number] = self._newcomer(f"Woman-{self._came}", sent, {"availability": HOURS[hours]})
        return woman

    def _let_go(self, woman: Person) -> None:
        with self.fleet.app.app_context(), transaction() as session:
            open_ = requests.find_open_request(session, woman.actor)
            if open_ is not None:
                requests.withdraw_request(session, woman.actor, open_.id, now=clock.now())

    def _newcomer(self, name: str, sent: bool, cells: dict[str, str]) -> Person:
        actor, now = self.story._person(name.lower(), Role.REQUESTER), clock.now()
        with self.fleet.app.app_context(), transaction() as session:
            row = requests.start_request(session, actor, time_zone="America/Toronto", now=now)
            session.flush()
            answers = said({**HERS, "name": name, **cells}, "requester")
            requests.answer_questions(session, actor, row.id, answers, now=now)
            if sent:
                requests.send_request(session, actor, row.id, now=now)
            return Person(name.lower(), actor, row.id)

    def _let_nobody_rest(self) -> None:
        """Let a supporter whose pair has just ended be suggested again at once, so that the next round can begin."""
        with self.fleet.app.app_context(), transaction() as session:
            rested = update(Supporter).where(Supporter.rests_why.is_not(None))
            session.execute(rested.values(rests_why=None, rests_until=None, version=Supporter.version + 1))

    def places(self, supporter: Person, capacity: int) -> None:
        """Say how many a supporter can hold."""
        with self.fleet.app.app_context(), transaction() as session:
            wider = update(Supporter).where(Supporter.id == supporter.thing_id)
            session.execute(wider.values(capacity=capacity, version=Supporter.version + 1))

    def offered(self, woman: Person, *people: Person) -> UUID:
        """Show her these; the first is asked."""
        return self.story.offered(woman, *people)

    def offered_until(self, woman: Person, seconds: float, *people: Person) -> UUID:
        """The same, with an offer that ends in so many seconds; returns shortly before that moment."""
        ends = time.monotonic() + seconds
        clock.move(timedelta(seconds=seconds) - OFFER_LASTS)
        offer = self.offered(woman, *people)
        clock.set_right()
        time.sleep(max(0, ends - time.monotonic()))
        return offer

    def held(self, woman: Person, supporter: Person) -> UUID:
        """Introduce two, and let them rest."""
        pair = self.story.introduced(woman, supporter)
        with self.fleet.app.app_context(), transaction() as session:
            holds.hold_pair(session, self.story.coordinator, pair, HeldFor.SAFETY, now=clock.now())
        return pair

    def to_close(self, woman: Person) -> UUID:
        """Let her raise a concern, and a third coordinator propose to close it."""
        with self.fleet.app.app_context(), transaction() as session:
            concern = concerns.raise_concern(session, woman.actor, Told(concern_rules.Kind.OTHER), now=clock.now())
            handling.propose(session, self.kim, concern.id, "It is well.", now=clock.now())
            return concern.id

    def first_start(self, pair: UUID, woman: Person) -> datetime:
        """Return the first time at which two can talk."""
        with self.fleet.app.app_context(), transaction() as session:
            choice = meetings.read_choice(session, woman.actor, pair, now=clock.now())
            return choice.shared.starts("site_messages", 30, choice.zone, now=clock.now())[0]

    def proposed(self, pair: UUID, woman: Person) -> UUID:
        """Let her propose the first time at which the two can talk."""
        how = {"way": "site_messages", "minutes": 30, "starts_at": self.first_start(pair, woman)}
        with self.fleet.app.app_context(), transaction() as session:
            return meetings.propose(session, woman.actor, pair, **how, now=clock.now()).id

    def terms(self, pair: UUID, woman: Person) -> UUID:
        """Let her propose terms."""
        with self.fleet.app.app_context(), transaction() as session:
            return agreements.propose(session, woman.actor, pair, {"weeks": 8}, now=clock.now()).id

    def due(self, pair: UUID, woman: Person) -> UUID:
        """Return a check-in of hers that is due today."""
        with self.fleet.app.app_context(), transaction() as session:
            return checkins.begin_checkin(session, woman.actor, pair, now=clock.now())


def accept(cast: Cast, who: Person, offer: UUID) -> Shot:
    return Shot(cast.at(who), f"/offers/{offer}/accept")


def decline(cast: Cast, who: Person, offer: UUID) -> Shot:
    return Shot(cast.at(who), f"/offers/{offer}/decline")


def withdraw(cast: Cast, who: Person) -> Shot:
    return Shot(cast.at(who), "/questions/withdraw")


def choose(cast: Cast, who: Person) -> Shot:
    return Shot(cast.at(who), "/people", {"instead": "choose_for_me"})


def unask(cast: Cast, who: Person) -> Shot:
    return Shot(cast.at(who), "/people/unask")


def pass_by(cast: Cast, who: Person, card: UUID) -> Shot:
    return Shot(cast.at(who), "/people/passed-by", {"card": str(card)})


def want_none(cast: Cast, who: Person) -> Shot:
    return Shot(cast.at(who), "/people", {"instead": "nobody"})


def bring_back(cast: Cast, who: Person) -> Shot:
    return Shot(cast.at(who), "/people/back")


def take_back(cast: Cast, who: Person) -> Shot:
    return Shot(cast.robin, f"/desk/requests/{who.thing_id}/take-back", {"card": "all", "reason": "mistake"})


def approve(cast: Cast, ranking: UUID, people: Sequence[Person], who: Visitor | None = None) -> Shot:
    fields = {"supporters": [str(one.thing_id) for one in people], "reason": "she_asked", "has_read_names": "y"}
    return Shot(who or cast.robin, f"/desk/rankings/{ranking}/approve", fields)


def write(cast: Cast, who: Person, pair: UUID, body: str) -> Shot:
    return Shot(cast.at(who), f"/together/{pair}/messages", {"body": body, "once": str(uuid4())})


def release(cast: Cast, who: Person, pair: UUID) -> Shot:
    return Shot(cast.at(who), f"/together/{pair}/reach", {"kind": "number", "said": "416 555 0199"})


def propose(cast: Cast, who: Person, pair: UUID, starts: datetime) -> Shot:
    fields = {"way": "site_messages", "minutes": "30", "starts": starts.isoformat()}
    return Shot(cast.at(who), f"/together/{pair}/times", fields)


def decide(cast: Cast, who: Person, pair: UUID, meeting: UUID, what: str) -> Shot:
    return Shot(cast.at(who), f"/together/{pair}/times/{meeting}/{what}")


def say_talked(cast: Cast, who: Person, pair: UUID, talked: str = "yes") -> Shot:
    return Shot(cast.at(who), f"/together/{pair}/talks", {"talked": talked})


def agree(cast: Cast, who: Person, pair: UUID, terms: UUID) -> Shot:
    return Shot(cast.at(who), f"/together/{pair}/agreement/{terms}/agree")


def answer(cast: Cast, who: Person, checkin: UUID) -> Shot:
    return Shot(cast.at(who), f"/check-ins/{checkin}", {"safe": "no"})


def tell(cast: Cast, who: Person, pair: UUID, kind: str = "danger", once: str = "") -> Shot:
    return Shot(cast.at(who), "/tell", {"kind": kind, "pair": str(pair), "once": once})


def hold(cast: Cast, pair: UUID, who: Visitor | None = None) -> Shot:
    return Shot(who or cast.robin, f"/desk/pairs/{pair}/hold", {"reason": "safety"})


def lift(cast: Cast, pair: UUID, who: Visitor | None = None) -> Shot:
    return Shot(who or cast.robin, f"/desk/pairs/{pair}/lift", {"lifted": "safe"})


def confirm(cast: Cast, concern: UUID, who: Visitor) -> Shot:
    return Shot(who, f"/desk/concerns/{concern}/confirm")


def settle(cast: Cast, checkin: UUID, who: Visitor | None = None) -> Shot:
    with cast.fleet.app.app_context():
        task = tasks.id_of(Kind.CHECK_IN, checkin)
    return Shot(who or cast.robin, f"/desk/tasks/{task}", {"act": "talked"})
