"""The audit under a thief's hands: whatever is done to the database without the key is found, and where it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.programme.databases import OnSqlite
from tests.proofs.counts import Count
from tests.services.worlds import NOW, World, use_keys
from webapp.crypto import chain
from webapp.domain.access import Actor
from webapp.models import AuditRecord, Programme
from webapp.services import audit
from webapp.services.audit.checks import Break, Kind, find_break, keep_finding, remove_up_to

TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
EDITS = ("action = 'nothing'", "thing = 'x'", "actor_id = 'x'", "at = '2020-01-01 00:00:00.000000'", "code = 'new'")
Tampering = Callable[[Session, int, int], Break]


def edit(session: Session, at: int, _last: int) -> Break:
    """Change one field of a record."""
    session.execute(text(f"UPDATE audit_records SET {EDITS[at % len(EDITS)]} WHERE number = :at"), {"at": at})
    return Break(Kind.CHANGED, at)


def delete(session: Session, at: int, last: int) -> Break:
    """Take a record out."""
    session.execute(text("DELETE FROM audit_records WHERE number = :at"), {"at": at})
    return Break(Kind.CUT if at == last else Kind.MISSING, at)


def delete_and_close_up(session: Session, at: int, last: int) -> Break:
    """Take a record out and number the later ones anew."""
    delete(session, at, last)
    session.execute(text("UPDATE audit_records SET number = number - 1 WHERE number > :at"), {"at": at})
    return Break(Kind.CUT if at == last else Kind.CHANGED, at)


def swap(session: Session, at: int, last: int) -> Break:
    """Let two neighbours change places."""
    first = min(at, last - 1)
    for was, becomes in ((first, 0), (first + 1, first), (0, first + 1)):
        session.execute(text("UPDATE audit_records SET number = :b WHERE number = :w"), {"b": becomes, "w": was})
    return Break(Kind.CHANGED, first)


def insert(session: Session, at: int, _last: int) -> Break:
    """Put a forged record before one, and number the later ones anew."""
    session.execute(text("UPDATE audit_records SET number = -number - 1 WHERE number >= :at"), {"at": at})
    session.execute(text("UPDATE audit_records SET number = -number WHERE number < 0"))
    columns = "at, actor_id, thing, thing_id, about_id, code, hash"
    copy = f"INSERT INTO audit_records (number, action, {columns}) SELECT :at, 'forged', {columns} FROM audit_records"
    session.execute(text(copy + " WHERE number = :next"), {"at": at, "next": at + 1})
    return Break(Kind.CHANGED, at)


def cut_the_tail(session: Session, at: int, _last: int) -> Break:
    """Delete a record and everything after it, and say that the one before is the last."""
    session.execute(text("DELETE FROM audit_records WHERE number >= :at"), {"at": at})
    return Break(Kind.CUT, at)


def make_anew_without_the_key(session: Session, at: int, _last: int) -> Break:
    """Change a record, and write the hashes of all the later ones as somebody would who has no key."""
    session.execute(text("UPDATE audit_records SET action = 'nothing' WHERE number = :at"), {"at": at})
    previous = session.scalar(text("SELECT hash FROM audit_records WHERE number = :n"), {"n": at - 1}) or chain.START
    numbers = session.scalars(text("SELECT number FROM audit_records WHERE number >= :at ORDER BY 1"), {"at": at})
    for number in list(numbers)[:5]:
        previous = sha256(f"{previous}{number}".encode()).hexdigest()
        values = {"hash": previous, "number": number}
        session.execute(text("UPDATE audit_records SET hash = :hash WHERE number = :number"), values)
    return Break(Kind.CHANGED, at)


WAYS = (edit, delete, delete_and_close_up, swap, insert, cut_the_tail, make_anew_without_the_key)


def note(session: Session, times: int) -> None:
    programme = session.scalars(select(Programme)).one()
    for number in range(times):
        moment = NOW + timedelta(minutes=number)
        audit.record(session, Actor(uuid4()), f"act {number}", programme, at=moment, about=uuid4())


@contextmanager
def chain_of(databases: OnSqlite, length: int) -> Iterator[Engine]:
    """Make a chain, in a database whose triggers a thief has taken away."""
    use_keys()
    engine = create_engine(databases.ready())
    with Session(engine) as session, session.begin():
        note(session, length - session.query(AuditRecord).count())
    with Session(engine) as session, session.begin():
        for name in session.scalars(text(TRIGGERS)).all():
            session.execute(text(f"DROP TRIGGER {name}"))
    yield engine
    engine.dispose()


def not_found(engine: Engine, length: int, step: int = 1) -> tuple[int, list[str]]:
    """Tamper in every way at every position; return how many were tried, and which were missed or misplaced."""
    tried, missed = 0, []
    with Session(engine) as session:
        assert find_break(session) is None
        for way in WAYS:
            for at in range(1, length + 1, step):
                expected = way(session, at, length)
                found = find_break(session)
                missed += [f"{way.__name__} at {at}: {found}"] if found != expected else []
                session.rollback()
                tried += 1
    return tried, missed


def prove(*, long: bool) -> Count:
    """Tamper with a chain of 500 records, in every way at every position (in the short run at every fifth)."""
    databases = OnSqlite()
    try:
        with chain_of(databases, 500) as engine:
            tried, missed = not_found(engine, 500, 1 if long else 5)
    finally:
        databases.close()
    return Count(tried, len(missed), f"{len(WAYS)} kinds; {'; '.join(missed[:3]) or 'each found, its place named'}")


def test_whatever_is_tampered_with_is_found_where_it_is(on_sqlite: OnSqlite) -> None:
    with chain_of(on_sqlite, 24) as engine:
        tried, missed = not_found(engine, 24)
    assert missed == []
    assert tried == 24 * len(WAYS)


def test_deleting_all_is_found(on_sqlite: OnSqlite) -> None:
    with chain_of(on_sqlite, 9) as engine, Session(engine) as session:
        session.execute(text("DELETE FROM audit_records"))
        assert find_break(session) == Break(Kind.CUT, 1)


FIFTH = "(SELECT hash FROM audit_records WHERE number = 5)"


@pytest.mark.parametrize("how", ["DELETE FROM audit_heads", f"UPDATE audit_heads SET number = 5, hash = {FIFTH}"])
def test_a_head_that_was_touched_stays_found_though_the_site_goes_on(on_sqlite: OnSqlite, how: str) -> None:
    with chain_of(on_sqlite, 9) as engine, Session(engine) as session:
        session.execute(text("DELETE FROM audit_records WHERE number > 5"))
        session.execute(text(how))
        session.commit()
        assert find_break(session) == Break(Kind.HEAD, 5)
        note(session, 2)
        session.commit()
        assert find_break(session) == Break(Kind.CHANGED, 6)


def test_the_database_itself_refuses_changes(world: World) -> None:
    for change in (
        "UPDATE audit_records SET action = 'nothing'",
        "DELETE FROM audit_records",
        "DELETE FROM audit_records WHERE number = 1",
        "DELETE FROM audit_heads",
    ):
        with world.session() as session, pytest.raises(DBAPIError, match="append-only"):
            session.execute(text(change))
    with world.session() as session:
        if session.get_bind().dialect.name == "postgresql":
            with pytest.raises(DBAPIError, match="append-only"):
                session.execute(text("TRUNCATE audit_records"))


def test_old_records_leave_by_a_checkpoint_and_by_nothing_else(world: World) -> None:
    with world.session() as session, session.begin():
        note(session, 20)
    with world.session() as session, session.begin():
        assert remove_up_to(session, 10, now=NOW) == 10
    with world.session() as session, session.begin():
        assert find_break(session) is None
        assert session.query(AuditRecord.number).order_by(AuditRecord.number).first() == (11,)
        with pytest.raises(LookupError):
            remove_up_to(session, 10, now=NOW)
        note(session, 1)
    with world.session() as session:
        assert find_break(session) is None
        for change in ("UPDATE audit_checkpoints SET number = 12", "DELETE FROM audit_checkpoints"):
            with pytest.raises(DBAPIError, match="append-only"):
                session.execute(text(change))
            session.rollback()
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(text("DELETE FROM audit_records WHERE number = 11"))


def test_a_checkpoint_that_somebody_made_without_the_key_is_found(world: World) -> None:
    with world.session() as session, session.begin():
        note(session, 5)
        forged = (
            "INSERT INTO audit_checkpoints (number, hash, at, mark) SELECT number, hash, at, hash FROM audit_records"
        )
        session.flush()
        session.execute(text(forged + " WHERE number = 2"))
        session.execute(text("DELETE FROM audit_records WHERE number <= 2"))
    with world.session() as session:
        assert find_break(session) == Break(Kind.CHECKPOINT, 2)


def test_the_zone_of_the_database_makes_no_difference(world: World) -> None:
    with world.session() as session, session.begin():
        note(session, 3)
    with world.session() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SET TIME ZONE 'America/St_Johns'"))
        assert find_break(session) is None


def test_what_came_of_a_check_can_be_read_afterwards(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with world.session() as session, session.begin():
        assert audit.last_verification(session) is None
        keep_finding(session, find_break(session), now=NOW)
    with world.session() as session, session.begin():
        last = audit.last_verification(session)
        assert last is not None
        assert (last.at, last.kind, last.break_at) == (NOW, None, None)
        session.execute(text("UPDATE audit_heads SET number = number + 3"))
        keep_finding(session, find_break(session), now=NOW + timedelta(days=1))
    assert "the audit is broken: head at record" in caplog.text
    with world.session() as session:
        last = audit.last_verification(session)
        assert last is not None
        assert last.kind == Kind.HEAD


@pytest.mark.parametrize("code", ["She told me that", "Jane Doe", "x" * 41, "", "é"])
def test_a_code_is_no_text(world: World, code: str) -> None:
    with world.session() as session, pytest.raises(ValueError, match="must not hold a text"):
        audit.record(session, Actor(None), "act", session.scalars(select(Programme)).one(), at=NOW, code=code)
