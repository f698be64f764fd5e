"""The roster of a process is never behind what is committed, whoever else writes at the same time."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, select, update
from sqlalchemy.orm import Session

from tests.programme.databases import KEYS, Databases
from tests.services.worlds import NOW, World, begin, said
from webapp.models import Programme, RosterFit, Supporter, User
from webapp.services import matching
from webapp.services.engine.people import read_offers

WRITERS, CHANGES = 2, 50


@contextmanager
def snapshot(world: World) -> Iterator[Session]:
    """Read in one snapshot, so that the roster and the rows can be compared to the letter."""
    with world.session() as session:
        if world.engine.dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


def is_behind(world: World) -> bool:
    """Say whether the roster differs from what the same snapshot holds."""
    with snapshot(world) as session, matching.keeper.roster(session, now=NOW) as roster:
        return {one.id: one for one in roster.columns_.offers} != {one.id: one for one in read_offers(session)}


def looks_while_others_write(database: Databases, changes: int) -> tuple[int, int]:
    """Let two processes write, look all the while and once more at the end. Returns looks and how many were behind."""
    url = database.ready()
    world = begin(create_engine(url))
    with world.session() as session, session.begin():
        for _ in range(10):
            world.supporter(session, capacity=3)
        matching.fit_anew(session, now=NOW)
    command = [sys.executable, "-m", "tests.reliability.races.roster_writing", url]
    with tempfile.TemporaryDirectory() as folder:
        KEYS.write(keys := Path(folder) / "keys.json")
        known = {**os.environ, "PAIRWELL_KEYS": str(keys)}
        writers = [subprocess.Popen([*command, str(seed), str(changes)], env=known) for seed in range(WRITERS)]
        looks = _look_meanwhile(world, writers)
    assert [writer.returncode for writer in writers] == [0] * WRITERS
    world.engine.dispose()
    return len(looks), sum(looks)


def _look_meanwhile(world: World, writers: list[subprocess.Popen[bytes]]) -> list[bool]:
    looks = []
    while any(writer.poll() is None for writer in writers):
        looks.append(is_behind(world))
    return [*looks, is_behind(world)]


def test_no_look_is_behind_two_processes_that_write(database: Databases):
    looks, behind = looks_while_others_write(database, CHANGES)
    assert looks > 10
    assert behind == 0


def number(session: Session) -> int:
    return session.scalars(select(Programme.roster_version)).one()


def answer_anew(session: Session) -> None:
    (supporter, *_) = session.scalars(select(Supporter).order_by(Supporter.id)).all()
    supporter.answers = {**supporter.answers, **said({"languages": "fr"}, "supporter")}


def take_an_answer_back(session: Session) -> None:
    (supporter, *_) = session.scalars(select(Supporter).order_by(Supporter.id)).all()
    supporter.answers = dict(list(supporter.answers.items())[:-1])


def test_every_way_to_change_a_supporter_raises_the_number_once(world: World):
    with world.session() as session, session.begin():
        _, key = world.supporter(session)
        _, other = world.supporter(session)
    acts = {
        "a column": lambda s: setattr(s.get_one(Supporter, key), "taken", 1),
        "an answer": answer_anew,
        "an answer gone": take_an_answer_back,
        "a statement": lambda s: s.execute(update(Supporter).where(Supporter.id == key).values(strain=0.5)),
        "two at once": lambda s: [setattr(s.get_one(Supporter, one), "capacity", 4) for one in (key, other)],
        "an account": lambda s: s.delete(s.get_one(User, s.get_one(Supporter, other).user_id)),
    }
    for what, act in acts.items():
        with world.session() as session, session.begin():
            before = number(session)
            act(session)
        with world.session() as session:
            assert (what, number(session)) == (what, before + 1)
            changed = select(Supporter.id).where(Supporter.roster_version > before)
            assert what == "an account" or list(session.scalars(changed))


def test_what_the_engine_does_not_read_raises_nothing(world: World):
    with world.session() as session, session.begin():
        actor, _ = world.supporter(session)
    with world.session() as session, session.begin():
        before = number(session)
        session.get_one(User, actor.id).language = "fr"
        world.request(session)
    with world.session() as session:
        assert number(session) == before


def test_what_was_taken_back_raises_nothing_and_reaches_no_one(world: World):
    with world.session() as session, session.begin():
        _, key = world.supporter(session)
    assert not is_behind(world)
    with world.session() as session:
        before = number(session)
        session.get_one(Supporter, key).state = "left"
        session.flush()
        with matching.keeper.roster(session, now=NOW) as mine:
            assert mine.offer(str(key)).status == "left"
        session.rollback()
    with world.session() as session, session.begin():
        assert number(session) == before
    assert not is_behind(world)


def test_another_fit_is_taken_up_by_a_process_that_has_a_roster(world: World):
    with world.session() as session, session.begin():
        world.supporter(session)
        matching.fit_anew(session, now=NOW)
    assert not is_behind(world)
    with world.session() as session, session.begin():
        world.supporter(session, topics="grief", months_steady="grief=40")
        matching.fit_anew(session, now=NOW.replace(hour=20))
    with world.session() as session, matching.keeper.roster(session, now=NOW) as roster:
        newest = session.scalars(select(RosterFit.hash).order_by(RosterFit.fitted_at.desc())).first()
        assert roster.learned_.hash == newest
