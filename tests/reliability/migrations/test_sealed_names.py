"""Names that stood in clear are sealed by the migration, found by their key, and open again on the way back."""

import uuid

import flask_migrate
import pytest
from sqlalchemy import inspect, text

from tests.programme.databases import settings_for
from webapp import create_app
from webapp.extensions import db, transaction
from webapp.models import User
from webapp.services import accounts

BEFORE, AFTER = "0003", "0006"


@pytest.fixture
def bare(database, tmp_path):
    """The site on a database whose names stand in clear."""
    app = create_app(settings_for(database.empty(), tmp_path))
    with app.app_context():
        flask_migrate.upgrade(revision=BEFORE)
        yield app
        db.session.remove()
        db.engine.dispose()


def add(*names):
    columns = "id, username, active, fs_uniquifier, language"
    with db.engine.begin() as connection:
        for name in names:
            key = uuid.uuid4()
            given = key.hex if connection.dialect.name == "sqlite" else key
            values = {"id": given, "name": name, "key": key.hex}
            connection.execute(text(f"INSERT INTO users ({columns}) VALUES (:id, :name, true, :key, 'en')"), values)


def test_names_are_sealed_found_by_their_key_and_open_again(bare):
    add("mara", "rené", "robin")
    flask_migrate.upgrade(revision=AFTER)
    assert "username" not in {column["name"] for column in inspect(db.engine).get_columns("users")}
    with transaction() as session:
        found = [accounts.find_user(session, name) for name in ("MARA", "rene", "robin")]
        assert [user.username for user in found] == ["mara", "rené", "robin"]
        found[0].username = None
        kept: User = found[0]
        assert kept.username_key
    flask_migrate.downgrade(revision=BEFORE)
    with db.engine.connect() as connection:
        names = sorted(connection.scalars(text("SELECT username FROM users")))
    assert names[1:] == ["rené", "robin"]
    assert names[0].startswith("closed-")


def test_two_that_look_alike_stop_it_and_nothing_has_changed(bare, caplog):
    add("marnie", "mamie")
    with pytest.raises(SystemExit):
        flask_migrate.upgrade(revision=AFTER)
    assert "names that look alike" in caplog.text
    with db.engine.connect() as connection:
        assert sorted(connection.scalars(text("SELECT username FROM users"))) == ["mamie", "marnie"]


def test_a_name_that_is_damaged_does_not_stop_the_way_back(bare):
    add("mara")
    flask_migrate.upgrade(revision=AFTER)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE users SET username_sealed = :damaged"), {"damaged": b"damaged beyond reading"})
    flask_migrate.downgrade(revision=BEFORE)
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT username FROM users")).startswith("unreadable-")
