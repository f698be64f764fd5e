"""Rows are locked by id, and read as they are once the lock is held."""

import threading
import time

from sqlalchemy import event

from tests.services.worlds import NOW, World, states
from webapp.models import Request, Supporter
from webapp.services import offers, requests
from webapp.services.acting import load_locked
from webapp.services.locking import lock_rows

A_MOMENT = 0.3


def let_others_write(session):
    """SQLite has one writer, who would wait for us: there, what was read before is given up."""
    if session.get_bind().dialect.name == "sqlite":
        session.rollback()


def test_a_row_that_was_read_before_is_read_again_once_it_is_locked(world: World):
    with world.session() as session, session.begin():
        woman, request_id = world.request(session)
    with world.session() as session:
        kept = session.get_one(Request, request_id)
        assert kept.time_zone == "America/Toronto"
        let_others_write(session)
        with world.session() as other, other.begin():
            other.get_one(Request, request_id).time_zone = "Europe/Paris"
        assert load_locked(session, Request, request_id) is kept
        assert kept.time_zone == "Europe/Paris"
        requests.withdraw_request(session, woman, request_id, now=NOW)
        session.commit()
    with world.session() as session:
        assert states(session, request_id)[0] == "withdrawn"


def test_answers_that_hang_on_a_row_are_read_again_too(world: World):
    with world.session() as session, session.begin():
        _, supporter_id = world.supporter(session)
    with world.session() as session:
        kept = session.get_one(Supporter, supporter_id)
        count = len(kept.answers)
        let_others_write(session)
        with world.session() as other, other.begin():
            there = other.get_one(Supporter, supporter_id)
            there.answers = dict(list(there.answers.items())[1:])
        assert len(load_locked(session, Supporter, supporter_id).answers) == count - 1


def test_whoever_comes_second_waits_and_reads_what_the_first_left(world: World):
    with world.session() as session, session.begin():
        _, request_id = world.request(session)
    seen = []

    def second():
        with world.session() as session, session.begin():
            session.get(Request, request_id) if session.get_bind().dialect.name == "postgresql" else None
            seen.append(load_locked(session, Request, request_id).time_zone)

    with world.session() as session, session.begin():
        first = load_locked(session, Request, request_id)
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(A_MOMENT)
        first.time_zone = "Europe/Paris"
    thread.join()
    assert seen == ["Europe/Paris"]


def test_rows_of_a_kind_are_locked_by_id(world: World):
    with world.session() as session, session.begin():
        ids = [world.supporter(session)[1] for _ in range(6)]
    said = []
    event.listen(world.engine, "before_cursor_execute", lambda *seen: said.append(seen[2]))
    with world.session() as session, session.begin():
        found = [one.id for one in lock_rows(session, Supporter, Supporter.id.in_(ids[::-1]))]
    assert found == sorted(ids)
    assert any("ORDER BY supporters.id" in one for one in said)


def test_a_yes_after_a_withdrawal_is_too_late_and_a_withdrawal_after_a_yes_ends_the_pair(world: World):
    with world.session() as session, session.begin():
        supporter, _ = world.supporter(session)
        woman, request_id = world.request(session)
        offer = world.offered(session, woman, request_id)
    with world.session() as session, session.begin():
        offers.accept_proposal(session, supporter, offer, now=NOW)
    for _ in range(2):
        with world.session() as session, session.begin():
            requests.withdraw_request(session, woman, request_id, now=NOW)
    with world.session() as session:
        assert states(session, request_id) == ("withdrawn", ["accepted"], [0])
