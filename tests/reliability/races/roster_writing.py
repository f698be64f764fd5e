"""A process that changes supporters at random, as others do at the same time: python -m ... URL SEED COUNT."""

import os
import random
import sys
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import create_engine, delete, select, update
from sqlalchemy.orm import Session

from tests.services.worlds import NOW, World, said
from webapp.config import Keys
from webapp.crypto import keyfile, keyring
from webapp.domain.access import Role
from webapp.models import Supporter
from webapp.services import supporters

STATES = ("active", "on a break", "left")


def write(url: str, seed: int, count: int) -> None:
    """Change, add and remove supporters so many times, each in a transaction of its own."""
    keyring.use(keyfile.ring_of(Keys.read(Path(os.environ["PAIRWELL_KEYS"]))))
    world, draw = World(create_engine(url)), random.Random(seed)
    for _ in range(count):
        with world.session() as session, session.begin():
            change_one(world, session, draw, may_change_all=seed == 0)


def change_one(world: World, session: Session, draw: random.Random, *, may_change_all: bool) -> None:
    """Do one of the things that can happen to a supporter, through the session or by a statement."""
    query = select(Supporter.id).order_by(Supporter.id)
    ids = list(session.scalars(query))
    act = draw.choice((state, state, take, take, answer, come, go))
    if may_change_all and draw.random() < 0.1:
        act = all_at_once
    if len(ids) < 5:
        act = come
    act(world, session, draw, draw.choice(ids) if ids else uuid4())


def state(_world: World, session: Session, draw: random.Random, key: UUID) -> None:
    supporter = session.get(Supporter, key, with_for_update=True)
    if supporter is not None:
        supporter.state = draw.choice(STATES)


def take(_world: World, session: Session, draw: random.Random, key: UUID) -> None:
    supporter = session.get(Supporter, key, with_for_update=True)
    if supporter is not None:
        supporter.taken = draw.randint(0, supporter.capacity)


def answer(_world: World, session: Session, draw: random.Random, key: UUID) -> None:
    supporter = session.get(Supporter, key, with_for_update=True)
    if supporter is not None:
        anew = said({"languages": draw.choice(("en", "fr", "en; fr"))}, "supporter")
        kept = {question: one for question, one in supporter.answers.items() if question != "months_steady"}
        supporter.answers = {**kept, **anew}


def come(world: World, session: Session, draw: random.Random, _key: UUID) -> None:
    actor = world.person(session, Role.SUPPORTER)
    answers = said({"languages": "en", "topics": draw.choice(("alcohol", "grief"))}, "supporter")
    supporters.enrol_supporter(session, world.coordinator, actor.id, answers, now=NOW, state="active", capacity=3)  # type: ignore[arg-type]


def go(_world: World, session: Session, draw: random.Random, key: UUID) -> None:
    if draw.random() < 0.5:
        session.execute(delete(Supporter).where(Supporter.id == key))
    elif (supporter := session.get(Supporter, key, with_for_update=True)) is not None:
        session.delete(supporter)


def all_at_once(_world: World, session: Session, draw: random.Random, _key: UUID) -> None:
    """Change many by one statement. It locks them in no order, so one process alone may do it."""
    session.execute(update(Supporter).where(Supporter.capacity == 3).values(strain=draw.randint(0, 9) / 10))


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
