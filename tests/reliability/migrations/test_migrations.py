"""Migrations on both databases: up, down and up again with rows in the tables, and nothing that the models lack."""

import shutil
import tempfile
import uuid
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect, select, text
from sqlalchemy.exc import IntegrityError

from tests.programme.databases import OnSqlite, serve_postgres, settings_for
from tests.proofs.counts import Count
from webapp import MIGRATIONS, create_app
from webapp.crypto.fields import REGISTRY
from webapp.extensions import db, transaction
from webapp.models import CheckIn, Introduction, Request, SignIn, Supporter, User

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EXTRA = '''"""A column on a table that others point to."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("users") as table:
        table.add_column(sa.Column("extra", sa.String(10)))
        table.alter_column("language", existing_type=sa.String(5), type_=sa.String(8))


def downgrade() -> None:
    with op.batch_alter_table("users") as table:
        table.drop_column("extra")
        table.alter_column("language", existing_type=sa.String(8), type_=sa.String(5))
'''


@pytest.fixture
def bare(database, tmp_path):
    """The site on a database without tables."""
    with site_without_tables(database, tmp_path) as app:
        yield app


@contextmanager
def site_without_tables(databases, folder):
    app = create_app(settings_for(databases.empty(), folder))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def revisions(folder=MIGRATIONS):
    return [script.revision for script in ScriptDirectory(str(folder)).walk_revisions()][::-1]


def tables():
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def shape():
    """Return every column and index of every table."""
    there = inspect(db.engine)
    columns = {(table, column["name"]) for table in tables() for column in there.get_columns(table)}
    return columns | {(table, index["name"]) for table in tables() for index in there.get_indexes(table)}


def value_for(column):
    """Return some value that fits a column; what points elsewhere is left to the caller."""
    kind = column.type.python_type if column.type.__class__.__name__ != "UtcTime" else datetime
    known = {
        datetime: NOW,
        date: NOW.date(),
        int: 0,
        bool: True,
        bytes: b"sealed",
        dict: {},
        Decimal: Decimal(0),
        uuid.UUID: uuid.uuid4(),
    }
    text_ = uuid.uuid4().hex
    return known.get(kind, text_[: getattr(column.type, "length", None) or 32])


def first_word_of_check(table, column):
    """Return the first word that the check of a state allows."""
    for check in table.constraints:
        if isinstance(check, CheckConstraint) and str(check.sqltext).startswith(f"{column.name} IN"):
            return str(check.sqltext).split("'")[1]
    return None


def seal_fields(table_name, row):
    """Seal a value into each encrypted field of a row, as the site would."""
    for (of_table, name), field in REGISTRY.items():
        if of_table == table_name:
            place = field.place(SimpleNamespace(**row))
            row[field.column] = field.seal({} if name == "answers" else "none", place)


def fill_every_table():
    """Put one row into every table, each pointing to the rows before it."""
    made = {}
    with transaction() as session:
        for table in db.metadata.sorted_tables:
            row = {column.name: value_for(column) for column in table.columns}
            for column in table.columns:
                for key in column.foreign_keys:
                    row[column.name] = made.get(key.column.table.name, {"id": None})["id"]  # none points to itself
                row[column.name] = first_word_of_check(table, column) or row[column.name]
                if column.name == "state":
                    row["state"] = first_word_of_check(table, column) or "ready"
            if "capacity" in row:
                row |= {"capacity": 1, "taken": 0}
            seal_fields(table.name, row)
            session.execute(table.insert().values(row))
            made[table.name] = row
    return made


def counts():
    with db.engine.connect() as connection:
        return {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar() for name in tables()}


def test_revisions_are_numbered_one_after_the_other():
    assert revisions() == [f"{number:04}" for number in range(1, len(revisions()) + 1)]
    assert [path.name[:4] for path in sorted((MIGRATIONS / "versions").glob("*.py"))] == revisions()


def test_the_migrated_tables_are_those_of_the_models(bare):
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_every_check_and_partial_index_of_the_models_is_in_the_database(bare):
    flask_migrate.upgrade()
    there = inspect(db.engine)
    for table in db.metadata.sorted_tables:
        checks = {check.name for check in table.constraints if isinstance(check, CheckConstraint)}
        assert {check["name"] for check in there.get_check_constraints(table.name)} == checks
        partial = {index.name for index in table.indexes if index.dialect_options["postgresql"]["where"] is not None}
        found = {
            index["name"]
            for index in there.get_indexes(table.name)
            if {"sqlite_where", "postgresql_where"} & index.get("dialect_options", {}).keys()
        }
        assert found == partial


def test_up_with_rows_down_and_up_again(bare):
    flask_migrate.upgrade()
    fill_every_table()
    assert set(counts().values()) == {1}
    flask_migrate.downgrade(revision="base")
    assert tables() == set()
    flask_migrate.upgrade()
    assert tables() == {table.name for table in db.metadata.sorted_tables}
    assert set(counts().values()) == {0}


def test_each_step_goes_up_and_down_alone(bare):
    for revision in revisions():
        flask_migrate.upgrade(revision=revision)
        before = shape()
        flask_migrate.downgrade(revision="-1")
        assert shape() != before
        flask_migrate.upgrade(revision=revision)
        assert shape() == before


def test_a_later_change_of_a_table_keeps_the_rows_that_point_to_it(bare, tmp_path):
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_extra.py").write_text(EXTRA.format(head=revisions()[-1]), encoding="utf-8")
    flask_migrate.upgrade()
    fill_every_table()
    flask_migrate.upgrade(directory=str(folder))
    assert set(counts().values()) == {1}
    flask_migrate.downgrade(directory=str(folder), revision="-1")
    assert set(counts().values()) == {1}
    with db.engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text("UPDATE sign_ins SET user_id = '00000000000040008000000000000000'"))


def test_a_step_that_fails_changes_nothing(bare, tmp_path):
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    broken = EXTRA.format(head=revisions()[-1]).replace(
        "def downgrade", '    op.drop_table("outbox")\n    raise ValueError("power cut")\n\n\ndef downgrade'
    )
    (folder / "versions" / "9999_broken.py").write_text(broken, encoding="utf-8")
    flask_migrate.upgrade()
    fill_every_table()
    with pytest.raises(ValueError, match="power cut"):
        flask_migrate.upgrade(directory=str(folder))
    assert set(counts().values()) == {1}
    assert "extra" not in {column["name"] for column in inspect(db.engine).get_columns("users")}


def refuse(row):
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(row)


def twin(kind, **changed):
    """Return a second row like the first of its kind."""
    with transaction() as session:
        first = session.scalars(select(kind)).first()
        values = {column.key: getattr(first, column.key) for column in kind.__table__.columns if column.key != "id"}
    return kind(**{**values, **changed})


def test_the_database_itself_holds_the_promises(bare):
    flask_migrate.upgrade()
    made = fill_every_table()
    user = made["users"]["id"]
    refuse(twin(Request, state="draft"))
    refuse(twin(Request, state="lost", user_id=user))
    refuse(twin(Introduction))
    refuse(twin(CheckIn))
    refuse(twin(SignIn))
    refuse(twin(User, fs_uniquifier="other", email=None))
    with pytest.raises(IntegrityError), transaction() as session:
        session.scalars(select(Supporter)).one().taken = 2


def test_a_closed_request_makes_room_for_another(bare):
    flask_migrate.upgrade()
    fill_every_table()
    with transaction() as session:
        session.scalars(select(Request)).one().state = "closed"
    with transaction() as session:
        session.add(twin(Request, state="draft"))


def test_erasing_an_account_erases_what_hangs_on_it_alone(bare):
    flask_migrate.upgrade()
    made = fill_every_table()
    with transaction() as session:
        session.add(twin(User, username_key="gone", fs_uniquifier="gone", email=None))
    with transaction() as session:
        user = session.scalars(select(User).where(User.fs_uniquifier == "gone")).one()
        session.add(twin(SignIn, user_id=user.id, token_hash="gone"))
    with transaction() as session:
        session.execute(text("DELETE FROM users WHERE fs_uniquifier = 'gone'"))
    with transaction() as session:
        assert [row.user_id for row in session.scalars(select(SignIn))] == [made["users"]["id"]]


def test_the_folder_needs_no_configuration_file():
    assert not (Path(MIGRATIONS) / "alembic.ini").exists()


TRIED = (
    test_the_migrated_tables_are_those_of_the_models,
    test_every_check_and_partial_index_of_the_models_is_in_the_database,
    test_up_with_rows_down_and_up_again,
    test_each_step_goes_up_and_down_alone,
)


def prove(*, long: bool) -> Count:
    """Take every revision up with rows, down and up again, on both databases; the last one equals the models (C6)."""
    server, failed = serve_postgres(), []
    for databases in (OnSqlite(), next(server)):
        for tried in TRIED:
            with tempfile.TemporaryDirectory() as folder, site_without_tables(databases, Path(folder)) as app:
                try:
                    tried(app)
                except AssertionError:
                    failed.append(tried.__name__)
    server.close()
    return Count(2 * len(TRIED), len(failed), ", ".join(failed) or f"{len(revisions())} revisions, 2 databases")
