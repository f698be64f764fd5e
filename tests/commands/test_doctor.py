"""The doctor sees each thing that is not well, says what to do, and tells monitoring by its exit status."""

import json
import shutil
from collections import namedtuple
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.programme.databases import KEYS
from tests.programme.fixtures import open_account
from webapp import clock
from webapp.commands import checks
from webapp.config import MailSettings
from webapp.content import crisis
from webapp.domain.access import Actor, Role
from webapp.extensions import db, transaction
from webapp.models import AuditRecord, AuditVerification, JobRun, OutboxRow
from webapp.services import work
from webapp.services.threads import talking

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def app(on_either, monkeypatch, tmp_path):
    """A site that is well: its files private, its worker alive, its lines just checked, an approver behind the desk."""
    settings = on_either.config["SETTINGS"]
    settings.instance.chmod(0o700)
    monkeypatch.setenv("PAIRWELL_KEYS", str(tmp_path / "keys.json"))
    KEYS.write(tmp_path / "keys.json")
    clock.move(crisis.load().checked_on - clock.now().date())
    object.__setattr__(settings, "proxies", 1)
    object.__setattr__(settings, "mail", MailSettings(sender="updates@example.org", host="mail.example.org"))
    open_account(on_either, "pat", Role.APPROVER)
    with on_either.app_context(), transaction() as session:
        date_the_audit_back(session)
        work.begin_beat(session, "one", now=clock.now())
        session.add(AuditVerification(at=clock.now(), last_number=1))
    return on_either


def date_the_audit_back(session):
    """Let every record be older than the clock of the test; its guards stand aside for that."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ALTER TABLE audit_records DISABLE TRIGGER ALL"))
    else:
        names = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        for name in names:
            session.execute(text(f"DROP TRIGGER {name}"))
    session.execute(text("UPDATE audit_records SET at = '2026-01-01 00:00:00+00'"))


def ask(app, *arguments):
    with app.app_context():
        ran = app.test_cli_runner().invoke(args=["doctor", *arguments])
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    return ran


def state_of(app, part):
    said = json.loads(ask(app, "--json").output)
    return next(one["state"] for one in said["found"] if one["part"] == part)


def test_where_all_is_well_every_part_says_so(app, monkeypatch):
    if db_is(app, "postgresql"):  # its clock is the machine's, and ours was moved
        monkeypatch.setitem(checks.ALL, "clocks", lambda _session, _place: iter(()))
    ran = ask(app)
    assert ran.exit_code == 0, ran.output
    assert len(ran.output.splitlines()) == len(checks.ALL)
    assert all(line.startswith("ok") for line in ran.output.splitlines())
    assert json.loads(ask(app, "--json").output)["state"] == "ok"


def db_is(app, name):
    with app.app_context():
        return db.engine.dialect.name == name


def do(app, act):
    with app.app_context(), transaction() as session:
        act(session)


def test_a_silent_worker_and_what_it_could_not_do(app):
    clock.move(timedelta(minutes=6))
    ran = ask(app)
    assert ran.exit_code == 2
    assert "no worker gave a sign since" in ran.output
    assert "flask --app webapp work" in ran.output


def test_failing_jobs_late_jobs_and_acts_undone(app):
    def act(session):
        now = clock.now()
        session.add(JobRun(job="expire", due_at=now - timedelta(minutes=9), failures=3, last_error="ValueError at x:1"))
        work.note_failure(session, "expire", "one", "ValueError at x:1", now=now)

    do(app, act)
    said = ask(app).output
    assert "the job expire fails: ValueError at x:1" in said
    assert "1 acts could not be done so far" in said
    assert "the job expire is late" in said


def test_a_desk_without_anybody_behind_it_and_what_was_left_there(app):
    def leave(session):
        now, woman = clock.now() - timedelta(days=6), Actor(opened, frozenset({Role.REQUESTER}))
        talking.write(session, woman, "Is anybody there?", "1", now=now)

    do(app, lambda session: session.execute(text("UPDATE users SET active = false")))
    opened = open_account(app, "w-claire")
    do(app, leave)
    ran = ask(app)
    assert ran.exit_code == 2
    assert "nobody could take over a task of the desk" in ran.output
    assert "tasks undone for over a day past their time, which nobody could take: 1" in ran.output
    assert "flask --app webapp link approver" in ran.output


def test_a_database_that_was_not_upgraded(app):
    do(app, lambda session: session.execute(text("UPDATE alembic_version SET version_num = '0001'")))
    ran = ask(app)
    assert "the database is at 0001" in ran.output
    assert "flask --app webapp db upgrade" in ran.output


def test_records_from_the_future_and_clocks_that_differ(app):
    def act(session):
        late = clock.now() + timedelta(days=2)
        session.add(AuditRecord(number=10_000, at=late, action="x", thing="x", hash="x"))

    do(app, act)
    assert "which is still to come" in ask(app).output
    if db_is(app, "postgresql"):
        assert "the database's clock and ours are" in ask(app).output


def test_a_disk_that_is_nearly_full(app, monkeypatch):
    for free, state in ((checks.TOO_LITTLE - 1, "act"), (checks.LITTLE - 1, "look"), (checks.LITTLE, "ok")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, free=free: Usage(0, 0, free))
        assert state_of(app, "disk") == state


def test_files_that_others_may_read(app):
    path = app.config["SETTINGS"].instance / "copy.db"
    path.write_text("")
    path.chmod(0o644)
    assert f"chmod 600 {path}" in ask(app).output
    path.chmod(0o600)
    assert state_of(app, "files") == "ok"


def test_https_without_a_proxy(app):
    object.__setattr__(app.config["SETTINGS"], "proxies", 0)
    assert state_of(app, "proxies") == "look"


def test_crisis_lines_grow_old(app):
    clock.move(timedelta(days=crisis.LOOK_AFTER_DAYS + 1))
    assert state_of(app, "numbers") == "look"
    clock.move(timedelta(days=crisis.OLD_AFTER_DAYS))
    assert state_of(app, "numbers") == "act"


def test_a_lock_that_is_held(app):
    with app.app_context(), db.engine.connect() as other:
        if other.dialect.name == "postgresql":
            other.execute(text("LOCK TABLE job_runs IN ACCESS EXCLUSIVE MODE"))
        else:
            other.execute(text("SELECT 1"))  # whatever begins outside a reading request takes the write lock
        said = json.loads(ask(app, "--json").output)
        other.rollback()
    found = {one["part"]: one for one in said["found"]}
    assert found["locks"]["state"] == "act"
    assert "nothing could be written within a second" in found["locks"]["what"]
    assert state_of(app, "locks") == "ok"


def test_notices_that_are_late_count_only_where_something_sends_them(app):
    def act(session):
        due = clock.now() - timedelta(hours=1)
        session.add(OutboxRow(kind="x", payload={}, dedupe="x", due_at=due))

    do(app, act)
    assert state_of(app, "outbox") == "ok"
    do(app, lambda session: work.add_missing(session, ["deliver"], now=clock.now()))
    assert state_of(app, "outbox") == "act"


def test_a_notice_that_waits_for_her_hours_is_not_late(app):
    now = clock.now()
    waits = {"due_at": now - timedelta(days=1), "not_before": now + timedelta(hours=1)}
    do(app, lambda session: session.add(OutboxRow(kind="x", payload={}, dedupe="x", **waits)))
    do(app, lambda session: work.add_missing(session, ["deliver"], now=now))
    assert state_of(app, "outbox") == "ok"


def test_notices_that_failed_and_mail_settings_that_are_not_there(app, tmp_path):
    row = {"kind": "x", "payload": {}, "dedupe": "x", "due_at": clock.now(), "state": "failed"}
    do(app, lambda session: session.add(OutboxRow(**row)))
    assert "1 notices could not be sent" in ask(app).output
    for mail, said in (
        (MailSettings(), "no mail server is named"),
        (MailSettings(sender="a@example.org", folder=tmp_path), "leaves this machine never"),
    ):
        object.__setattr__(app.config["SETTINGS"], "mail", mail)
        assert said in ask(app).output
        assert state_of(app, "outbox") == "look"


def test_a_database_that_is_gone_is_told_line_by_line_and_the_rest_is_still_looked_at(app, tmp_path):
    with app.app_context():
        db.engine.dispose()
        do(app, lambda session: session.execute(text("ALTER TABLE worker_beats RENAME TO gone")))
    ran = ask(app)
    assert ran.exit_code == 2
    assert "cannot be looked at" in ran.output
    assert "there is room on the disk" in ran.output


def test_a_key_that_is_too_short(app, monkeypatch):
    from dataclasses import replace

    settings = app.config["SETTINGS"]
    object.__setattr__(settings, "keys", replace(KEYS, fields={1: b"short"}))
    assert state_of(app, "keys") == "act"
