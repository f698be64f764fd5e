"""A small programme in a database: a coordinator, supporters and women, each with answers that let them meet."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.programme.databases import KEYS
from webapp.crypto import keyring
from webapp.crypto.keyring import KeyRing
from webapp.domain import proposals as proposal_rules
from webapp.domain import supporters as supporter_rules
from webapp.domain.access import Actor, Role
from webapp.models import Proposal, Request, Supporter, User
from webapp.services import choices, matching, proposals, rankings, requests, supporters

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
MEETING = {"name": "Dee", "languages": "en", "modes": "site_messages", "availability": "Mon 18:00-22:00"}
HERS = {**MEETING, "name": "Claire", "adult": "yes", "device_safe": "yes", "reach": "in_site", "topics": "alcohol*"}
THEIRS = {**MEETING, "topics": "alcohol", "months_steady": "alcohol=36"}
IN_DATE = date(2027, 6, 1)


def use_keys() -> None:
    keyring.use(KeyRing(KEYS.fields, KEYS.current, KEYS.blind))
    matching.keeper.forget()


@dataclass
class World:
    """What a test acts on: the database and the people in it."""

    engine: Engine
    coordinator: Actor = field(default_factory=lambda: Actor(uuid4(), frozenset({Role.COORDINATOR})))

    def session(self) -> Session:
        return Session(self.engine)

    def person(self, session: Session, role: Role, actor: Actor | None = None) -> Actor:
        actor = actor or Actor(uuid4(), frozenset({role}))
        key = uuid4().hex
        session.add(User(id=actor.id, username=key, fs_uniquifier=key, active=True, language="en"))
        session.flush()
        return actor

    def supporter(self, session: Session, *, capacity: int = 1, **cells: str) -> tuple[Actor, UUID]:
        actor = self.person(session, Role.SUPPORTER)
        answers = said({**THEIRS, **cells}, "supporter")
        until = dict.fromkeys(("trained_until", "cleared_until", "agreed_until", "supervised_until"), IN_DATE)
        facts = {"state": supporter_rules.State.ACTIVE, "capacity": capacity, "time_zone": "America/Toronto", **until}
        enrolled = supporters.enrol_supporter(session, self.coordinator, actor.id, answers, now=NOW, **facts)
        session.flush()
        return actor, enrolled.id

    def request(self, session: Session, **cells: str) -> tuple[Actor, UUID]:
        actor = self.person(session, Role.REQUESTER)
        request = requests.start_request(session, actor, time_zone="America/Toronto", now=NOW)
        requests.answer_questions(session, actor, request.id, said({**HERS, **cells}, "requester"), now=NOW)
        requests.send_request(session, actor, request.id, now=NOW)
        session.flush()
        return actor, request.id

    def shown(self, session: Session, request_id: UUID, most: int = 3) -> list[Proposal]:
        ranking = rankings.rank_request(session, self.coordinator, request_id, now=NOW)
        session.flush()
        chosen = [UUID(one["offer"]) for one in ranking.content["candidates"][:most]]
        return proposals.approve_proposals(
            session, self.coordinator, ranking.id, chosen, override="she_asked", has_read_names=True, now=NOW
        )

    def offered(self, session: Session, woman: Actor, request_id: UUID) -> UUID:
        shown = self.shown(session, request_id)
        order = [one.id for one in shown]
        choices.choose(session, woman, request_id, ordered=order, instead=None, now=NOW)
        session.flush()
        return next(one.id for one in shown if one.state == proposal_rules.State.OFFERED)


def said(cells: dict[str, str], side: str) -> dict[str, matching.Said]:
    read = {question: matching.read_cell(question, cell, side) for question, cell in cells.items()}  # type: ignore[arg-type]
    return {question: one for question, one in read.items() if one is not None}


def begin(engine: Engine) -> World:
    use_keys()
    world = World(engine)
    with world.session() as session, session.begin():
        world.person(session, Role.COORDINATOR, world.coordinator)
    return world


def states(session: Session, request_id: UUID) -> tuple[str, list[str], list[int]]:
    request = session.get(Request, request_id)
    assert request is not None
    found = session.query(Proposal).filter_by(request_id=request_id).order_by(Proposal.place)
    return request.state, [one.state for one in found], [one.taken for one in session.query(Supporter)]
