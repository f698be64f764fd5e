"""How Alembic runs here: on the site's own engine, in one transaction, and never with foreign keys on in SQLite.

Batch mode copies a table and drops the old one; with foreign keys on, SQLite would delete the child rows along with it.
"""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from webapp.extensions import db


def run() -> None:
    """Bring the database to the revision that was asked for."""
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            switch_foreign_keys(connection, "OFF")
        else:
            connection.exec_driver_sql("SET statement_timeout = 0")  # a step may take as long as it needs
            connection.commit()
        try:
            migrate(connection)
        finally:
            connection.rollback()
            if is_sqlite:
                switch_foreign_keys(connection, "ON")
            else:
                connection.invalidate()


def migrate(connection: Connection) -> None:
    """Run the revisions in one transaction. Raises RuntimeError where a row would lose what it points to."""
    arguments = current_app.extensions["migrate"].configure_args
    context.configure(connection=connection, target_metadata=db.metadata, **arguments)
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"a migration broke foreign keys: {broken}")


def switch_foreign_keys(connection: Connection, to: str) -> None:
    """Switch foreign keys on the raw connection: inside a transaction the pragma does nothing."""
    connection.connection.driver_connection.execute(f"PRAGMA foreign_keys={to}")  # type: ignore[union-attr]


run()
