"""The database and the other extensions, made once; and the one transaction in which every act happens.

SQLite is told to begin by hand: reading requests begin lazily, everything else takes the write lock at once, so that no
read-then-write is ever lost.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask_babel import Babel
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase, Session

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
PRAGMAS = ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "secure_delete=ON")


class Base(DeclarativeBase):
    """The base of every table; constraints are named by meaning."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
babel = Babel()
csrf = CSRFProtect()

only_reading: ContextVar[bool] = ContextVar("only_reading", default=False)
"""Whether this request has promised not to write."""


@event.listens_for(Engine, "connect")
def _set_sqlite_up(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_by_hand(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if only_reading.get() else "BEGIN IMMEDIATE")


@contextmanager
def transaction() -> Iterator[Session]:
    """Do everything inside in one transaction: all of it is kept, or none."""
    session: Session = db.session()
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def reading() -> Iterator[Session]:
    """Read in a transaction of its own that promises not to write, also in a request that will."""
    token = only_reading.set(True)
    try:
        with Session(db.engine) as session, session.begin():
            yield session
    finally:
        only_reading.reset(token)


@contextmanager
def aside() -> Iterator[Session]:
    """Write something small of a reading request (its session, its read record) in a short transaction of its own."""
    token = only_reading.set(False)
    try:
        with Session(db.engine) as session, session.begin():
            yield session
    finally:
        only_reading.reset(token)
