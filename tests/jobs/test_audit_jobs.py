"""The daily anchor and the daily check: a tail that is cut, or an audit that is rolled back, is found by the file."""

import json
import shutil
import stat

import pytest
from flask import Flask
from sqlalchemy import text

from tests.programme.fixtures import open_account
from webapp import clock
from webapp.extensions import db, transaction
from webapp.jobs import anchor, verify
from webapp.services import audit


@pytest.fixture
def here(app: Flask):
    with app.app_context():
        yield app


def anchors_of(app: Flask):
    return [json.loads(line) for line in app.config["SETTINGS"].anchor_file.read_text().splitlines()]


def outcome(app: Flask, *options: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["verify-audit", *options])
    return result.exit_code, result.output


def file_of() -> str:
    return str(db.engine.url.database)


def thief(*statements: str) -> None:
    """Write to the database without the site, past its triggers."""
    with transaction() as session:
        for name in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            session.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            session.execute(text(statement))


def test_the_head_is_written_daily_and_only_its_owner_may_read_it(here):
    assert anchor.run(clock.now()) == 1
    open_account(here, "mara")
    assert anchor.run(clock.now()) == 1
    first, second = anchors_of(here)
    assert second["number"] == first["number"] + 1
    assert stat.S_IMODE(here.config["SETTINGS"].anchor_file.stat().st_mode) == 0o600
    assert verify.run(clock.now()) == 0
    assert outcome(here)[0] == 0


def test_an_older_copy_of_the_database_is_found_by_the_anchor(here, tmp_path):
    shutil.copy(file_of(), tmp_path / "older.db")
    open_account(here, "mara")
    anchor.run(clock.now())
    db.engine.dispose()
    for end in ("-wal", "-shm"):
        (here.config["SETTINGS"].instance / (file_of() + end)).unlink(missing_ok=True)
    shutil.copy(tmp_path / "older.db", file_of())
    code, said = outcome(here)
    assert code == 1
    assert "broken at record 3 (cut)" in said
    assert "What to do" in said
    open_account(here, "another")
    assert "broken at record 3 (replaced)" in outcome(here)[1]
    code, said = outcome(here, "--after-restore")
    assert code == 0
    assert "audit-anchor-until-" in said
    assert verify.run(clock.now()) == 0


def test_an_audit_that_was_deleted_whole_is_found(here):
    anchor.run(clock.now())
    thief("DELETE FROM audit_records", "DELETE FROM audit_heads")
    assert "broken at record 1 (cut)" in outcome(here)[1]
    open_account(here, "mara")
    assert outcome(here)[0] == 1


@pytest.mark.parametrize("line", ['{"number": 1, "hash": "x", "at": "y", "mark": "z"}', "nonsense", "[]", "\x00\xff"])
def test_a_line_that_this_site_did_not_write_is_found(here, line):
    anchor.run(clock.now())
    with here.config["SETTINGS"].anchor_file.open("a") as file:
        file.write(line + "\n")
    code, said = outcome(here)
    assert code == 1
    assert "(anchor)" in said


def test_a_head_that_is_not_ours_is_not_anchored(here, caplog):
    thief("UPDATE audit_heads SET number = 1")
    assert anchor.run(clock.now()) == 0
    assert "no head to anchor" in caplog.text
    assert verify.run(clock.now()) == 1
    with transaction() as session:
        last = audit.last_verification(session)
        assert last is not None
        assert (last.kind, last.break_at) == ("head", 1)
