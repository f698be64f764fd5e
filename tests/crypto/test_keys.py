"""Keys are proved before they are used: wrong, short, damaged or readable ones start nothing and harm nothing."""

import base64
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import delete, select

from tests.programme.databases import KEYS, settings_for
from tests.programme.fixtures import open_account
from webapp import clock, create_app
from webapp.config import BadKeys, Keys
from webapp.crypto import keyring
from webapp.crypto.keyfile import KeyFile, ring_of
from webapp.crypto.keyring import KeyRing
from webapp.domain.access import Actor, Role
from webapp.extensions import db, transaction
from webapp.models import KeyCheck, Request
from webapp.services import keys, requests
from webapp.services.keys import WrongKeys


@pytest.fixture
def url(database):
    """A database with a programme in it."""
    return database.ready()


STARTED = []


@pytest.fixture(autouse=True)
def everything_put_back():
    yield
    keyring.use(ring_of(KEYS))
    while STARTED:
        with STARTED.pop().app_context():
            db.session.remove()
            db.engine.dispose()


def start(url, folder, kept=KEYS):
    STARTED.append(create_app(settings_for(url, folder, keys=kept)))
    return STARTED[-1]


def write_a_name(app):
    woman = Actor(open_account(app, "zoe"), frozenset({Role.REQUESTER}))
    with app.app_context(), transaction() as session:
        hers = requests.start_request(session, woman, time_zone="America/Toronto", now=clock.now())
        hers.name = "Zoé"


def names_in(app):
    with app.app_context(), transaction() as session:
        return [one.name for one in session.scalars(select(Request))]


def forget_checks(app):
    with app.app_context(), transaction() as session:
        session.execute(delete(KeyCheck))


def test_the_right_keys_start(url, tmp_path):
    app = start(url, tmp_path)
    with app.app_context(), transaction() as session:
        assert {one.name for one in session.scalars(select(KeyCheck))} == {"field key 1", "blind key"}
        assert keys.find_faults(session) == []


WRONG = {
    "another field key": lambda: replace(KEYS, fields=Keys.fresh().fields),
    "another blind key": lambda: replace(KEYS, blind=Keys.fresh().blind),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_wrong_keys_start_nothing_and_are_told_in_one_line(url, tmp_path, wrong):
    with pytest.raises(WrongKeys) as refused:
        start(url, tmp_path, wrong())
    said = str(refused.value)
    assert "is not the one of this database" in said
    assert "keys.json" in said
    assert "flask --app webapp doctor" in said
    assert "\n" not in said


def test_a_key_that_is_missing_is_missed_only_where_something_is_sealed_with_it(url, tmp_path):
    new = KEYS.with_new_key(clock.now())
    without_old = new.without(1)
    app = start(url, tmp_path, new)
    write_a_name(app)
    assert start(url, tmp_path, without_old)
    keyring.use(ring_of(KEYS))
    with app.app_context(), transaction() as session:
        session.scalars(select(Request)).one().name = "Ada"
    with pytest.raises(WrongKeys, match="field key 1 is missing"):
        start(url, tmp_path, without_old)


def test_an_older_database_keeps_checks_of_keys_that_open_what_is_in_it(url, tmp_path):
    app = start(url, tmp_path)
    write_a_name(app)
    forget_checks(app)
    with pytest.raises(WrongKeys, match="opens nothing that is sealed"):
        start(url, tmp_path, WRONG["another field key"]())
    with app.app_context(), transaction() as session:
        assert session.scalars(select(KeyCheck)).all() == []
    assert names_in(start(url, tmp_path)) == ["Zoé"]
    with app.app_context(), transaction() as session:
        assert len(session.scalars(select(KeyCheck)).all()) == 2


def test_a_database_that_is_gone_stops_no_start_and_wrong_keys_no_later(on_sqlite, tmp_path):
    path = Path(on_sqlite.ready().removeprefix("sqlite:///"))
    held = tmp_path / "held.db"
    held.mkdir()
    app = start(f"sqlite:///{held}", tmp_path, WRONG["another field key"]())
    held.rmdir()
    shutil.copy(path, held)
    with app.app_context(), transaction() as session, pytest.raises(WrongKeys):
        session.add(Request(user_id=uuid4(), name="Zoé"))


def test_to_start_makes_no_database(tmp_path):
    start(f"sqlite:///{tmp_path / 'none.db'}", tmp_path)
    assert not (tmp_path / "none.db").exists()


# The key file


@pytest.fixture
def key_path(tmp_path):
    path = tmp_path / "safe" / "keys.json"
    KEYS.write(path)
    return path


def changed(path, **values):
    said = json.loads(path.read_text())
    path.write_text(json.dumps({**said, **values}))


def text(key):
    return base64.b64encode(key).decode()


SPOILT = {
    "16 bytes": lambda path: changed(path, fields={"1": text(b"k" * 16)}),
    "a short blind key": lambda path: changed(path, blind=text(b"b" * 8)),
    "no base64": lambda path: changed(path, fields={"1": "*" * 44}),
    "an unknown current number": lambda path: changed(path, current=7),
    "a number above 255": lambda path: changed(path, fields={"1": text(b"k" * 32), "256": text(b"k" * 32)}),
    "a short session key": lambda path: changed(path, session=""),
    "no field keys": lambda path: changed(path, fields={}),
    "no object": lambda path: path.write_text("[]"),
    "half a file": lambda path: path.write_text(path.read_text()[:80]),
    "readable by the group": lambda path: path.chmod(0o640),
    "readable by all": lambda path: path.chmod(0o604),
    "a folder open to all": lambda path: path.parent.chmod(0o755),
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_spoilt_key_file_is_refused_with_the_remedy(key_path, spoil):
    assert Keys.read(key_path) == KEYS
    spoil(key_path)
    with pytest.raises(BadKeys) as refused:
        Keys.read(key_path)
    said = str(refused.value)
    assert str(key_path.parent) in said
    assert any(remedy in said for remedy in ("Restore it from your backup", "chmod", "flask --app webapp setup"))
    assert "\n" not in said


def test_a_server_does_not_start_with_a_spoilt_key_file(tmp_path):
    settings = {**os.environ, "PAIRWELL_INSTANCE": str(tmp_path / "site"), "PYTHONPATH": "."}
    flask = [sys.executable, "-m", "flask", "--app", "webapp"]
    subprocess.run([*flask, "setup", "--name", "Riverside"], env=settings, check=True, capture_output=True)
    (tmp_path / "site" / "keys.json").chmod(0o644)
    ran = subprocess.run(
        [sys.executable, "-c", "import webapp; webapp.create_app()"],
        env=settings, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode != 0
    assert ran.stderr.splitlines()[-1].endswith(f"Run: chmod 600 {tmp_path / 'site' / 'keys.json'}")


# The file while the site runs


def test_a_new_key_is_taken_up_without_a_restart(key_path):
    keyring.use(ring_of(KEYS), newer=KeyFile(key_path, KEYS).newer)
    old = keyring.ring().encrypt(b"before", "t.f|1")
    new = KEYS.with_new_key(clock.now())
    new.write_over(key_path)
    assert keyring.ring().encrypt(b"after", "t.f|1")[1] == 2
    assert keyring.ring().decrypt(old, "t.f|1") == b"before"
    new.without(1).write_over(key_path)
    assert keyring.ring().numbers == [2]


@pytest.mark.parametrize(
    "spoil", [SPOILT["half a file"], SPOILT["gone"], lambda p: changed(p, fields={"1": text(b"x" * 32)})]
)
def test_a_key_file_that_is_spoilt_while_the_site_runs_is_not_taken_up(key_path, spoil, caplog):
    keyring.use(ring_of(KEYS), newer=KeyFile(key_path, KEYS).newer)
    sealed = keyring.ring().encrypt(b"before", "t.f|1")
    spoil(key_path)
    assert keyring.ring().decrypt(sealed, "t.f|1") == b"before"
    assert "is not taken up" in caplog.text


def test_a_named_secret_is_proved_like_the_others():
    ring = KeyRing({1: b"1" * 32}, 1, b"b" * 32, {"audit": b"a" * 32})
    value = ring.check_value("audit key")
    assert list(ring.check_names()) == ["field key 1", "blind key", "audit key"]
    assert ring.is_proved_by("audit key", value)
    assert not KeyRing({1: b"1" * 32}, 1, b"b" * 32, {"audit": b"x" * 32}).is_proved_by("audit key", value)
