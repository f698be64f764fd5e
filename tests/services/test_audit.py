"""The audit: records join the chain at the end of the act, all of them or none."""

import threading
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.services.worlds import NOW, World
from webapp.domain.access import Actor
from webapp.models import AuditRecord, Programme
from webapp.services import audit

ACTOR = Actor(uuid4())


def note(session: Session, action: str) -> None:
    audit.record(session, ACTOR, action, session.scalars(select(Programme)).one(), at=NOW)


def actions(world: World) -> list[str]:
    """Return what was recorded since the programme began."""
    with world.session() as session:
        assert audit.find_break(session) is None
        mine = select(AuditRecord.action).where(AuditRecord.actor_id == ACTOR.id)
        return list(session.scalars(mine.order_by(AuditRecord.number)))


def test_records_stand_in_the_order_of_the_acts(world: World) -> None:
    with world.session() as session, session.begin():
        note(session, "one")
        note(session, "two")
    with world.session() as session:
        note(session, "three")
        session.commit()
    assert actions(world) == ["one", "two", "three"]


def test_an_act_that_is_taken_back_leaves_no_record(world: World) -> None:
    with world.session() as session:
        note(session, "taken back")
        session.rollback()
        note(session, "kept")
        session.commit()
    with world.session() as session:
        note(session, "never ended")
    assert actions(world) == ["kept"]


def test_a_savepoint_that_is_taken_back_takes_its_records_along(world: World) -> None:
    with world.session() as session, session.begin():
        note(session, "before")
        outer = session.begin_nested()
        note(session, "outer")
        with session.begin_nested():
            note(session, "inner")
        outer.rollback()
        with session.begin_nested():
            note(session, "kept")
            inner = session.begin_nested()
            note(session, "inner again")
            inner.rollback()
        note(session, "after")
    assert actions(world) == ["before", "kept", "after"]


def test_nobody_waits_for_the_chain_before_the_end(world: World) -> None:
    """An act that has recorded something and goes on does not hold up another; only its commit does."""
    with world.session() as slow:
        if slow.get_bind().dialect.name == "sqlite":
            pytest.skip("one writer at a time anyway")
        note(slow, "slow")
        with world.session() as quick, quick.begin():
            quick.execute(text("SET LOCAL lock_timeout = '2s'"))
            note(quick, "quick")
        slow.commit()
    assert actions(world) == ["quick", "slow"]


def test_many_at_once_make_one_chain(world: World) -> None:
    barrier = threading.Barrier(20)

    def act() -> None:
        barrier.wait()
        with world.session() as session, session.begin():
            note(session, "at once")
            note(session, "and again")

    threads = [threading.Thread(target=act) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(actions(world)) == ["and again"] * 20 + ["at once"] * 20
    with world.session() as session:
        last, count = session.execute(select(func.max(AuditRecord.number), func.count(AuditRecord.number))).one()
        assert last == count
