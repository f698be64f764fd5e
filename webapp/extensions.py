"""The database and the other extensions, made once; and the one transaction in which every act happens.

SQLite is told to begin by hand: reading requests begin lazily, everything else takes the write lock at once, so that no
read-then-write is ever lost. PostgreSQL waits for nothing for ever, and a connection that was cut is replaced.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from enum import Enum, auto
from typing import Any

from flask_babel import Babel
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, Engine, MetaData, event, text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Session as Session  # pages name it by this module

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
LOCK_WAIT = 5000
"""How long an act waits for SQLite's write lock, in milliseconds."""
READERS_WAIT = timedelta(seconds=2)
"""How long a page that is only read may wait to leave its record; then it is refused rather than shown unrecorded."""
PRAGMAS = (
    *("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"),
    f"busy_timeout={LOCK_WAIT}",
)


class Base(DeclarativeBase):
    """The base of every table; constraints are named by meaning."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
babel = Babel()
csrf = CSRFProtect()

only_reading: ContextVar[bool] = ContextVar("only_reading", default=False)
"""Whether this request has promised not to write."""


class Kept(Enum):
    """How far the writing of this request has come: nothing yet, a commit that was sent, one that was confirmed."""

    NOTHING = auto()
    ASKED_FOR = auto()
    SURELY = auto()


kept: ContextVar[Kept] = ContextVar("kept", default=Kept.NOTHING)
"""What this request has written for good. While it is nothing, the request can be tried again from the start."""

SECONDS = {"lock_timeout": 5, "statement_timeout": 30, "idle_in_transaction_session_timeout": 60}
"""The longest that PostgreSQL waits for a row, works at a statement, and holds rows for a process that hangs."""
CONNECT_WITHIN = 2
NOTICED_SOON = {"keepalives_idle": 10, "tcp_user_timeout": 5000}
"""Seconds, and milliseconds, after which a server that says nothing counts as gone."""
IN_THE_POOL, BEYOND_IT, WAIT_FOR_ONE = 8, 24, 3
"""A request uses two connections at most: together these serve sixteen threads, and a request waits three seconds."""


def engine_options(url: str) -> dict[str, Any]:
    """Return how the database is connected to: one that is gone or mute is noticed soon, a cut line replaced."""
    options: dict[str, Any] = {
        "hide_parameters": True,
        "pool_size": IN_THE_POOL,
        "max_overflow": BEYOND_IT,
        "pool_timeout": WAIT_FOR_ONE,
    }
    if url.startswith("postgresql"):
        limits = " ".join(f"-c {name}={seconds}s" for name, seconds in SECONDS.items())
        options |= {
            "pool_pre_ping": True,
            "connect_args": {"connect_timeout": CONNECT_WITHIN, "options": limits, **NOTICED_SOON},
        }
    return options


@event.listens_for(Engine, "connect")
def _set_sqlite_up(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_by_hand(connection: Connection) -> None:
    connection.info.pop(WRITES, None)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if only_reading.get() else "BEGIN IMMEDIATE")


WRITES = "has written in this transaction"
READS = ("SELECT", "BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK", "SHOW", "SET", "WITH")


@event.listens_for(Engine, "before_cursor_execute")
def _note_a_write(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
    if not statement.lstrip().upper().startswith(READS):
        connection.info[WRITES] = True


@event.listens_for(Engine, "commit")
def _note_that_a_commit_is_sent(connection: Connection) -> None:
    if connection.info.pop(WRITES, False):
        kept.set(Kept.ASKED_FOR)


@event.listens_for(Session, "after_commit")
def _note_that_it_came_back(_session: Session) -> None:
    if kept.get() is Kept.ASKED_FOR:
        kept.set(Kept.SURELY)


when_refused: list[Callable[[BaseException], None]] = []
"""What is told of an act that ended in an exception, after everything was taken back: the record of refusals."""


@contextmanager
def transaction() -> Iterator[Session]:
    """Do everything inside in one transaction: all of it is kept, or none."""
    session: Session = db.session()
    try:
        yield session
        session.commit()
    except BaseException as error:
        session.rollback()
        for tell in when_refused:
            tell(error)
        raise


@contextmanager
def reading() -> Iterator[Session]:
    """Read in a transaction of its own that promises not to write, also in a request that will."""
    token = only_reading.set(True)
    try:
        with Session(db.engine) as session, session.begin():
            yield session
    except BaseException as error:
        only_reading.reset(token)
        for tell in when_refused:
            tell(error)
        raise
    only_reading.reset(token)


@contextmanager
def aside(*, patience: timedelta | None = None) -> Iterator[Session]:
    """Write something small of a reading request (its session, its read record) in a short transaction of its own.

    A reading request waits no longer than READERS_WAIT for a lock, or than the `patience` that is asked for.
    """
    patience = patience or (READERS_WAIT if only_reading.get() else None)
    token = only_reading.set(False)
    try:
        with (
            db.engine.connect() as connection,
            _waiting_at_most(connection, patience),
            Session(connection) as session,
            session.begin(),
        ):
            if patience is not None and connection.dialect.name == "postgresql":
                session.execute(text(f"SET LOCAL lock_timeout = {_milliseconds(patience)}"))
            yield session
    finally:
        only_reading.reset(token)


@contextmanager
def _waiting_at_most(connection: Connection, patience: timedelta | None) -> Iterator[None]:
    """Let SQLite wait for its lock no longer than this; it must be told before the transaction begins."""
    if patience is None or connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    raw.execute(f"PRAGMA busy_timeout={_milliseconds(patience)}")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA busy_timeout={LOCK_WAIT}")


def _milliseconds(patience: timedelta) -> int:
    return int(patience.total_seconds() * 1000)
