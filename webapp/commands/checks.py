"""What the doctor looks at. Each check yields what is not well, with the remedy; nothing means that all is well."""

import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from webapp.config import KEY_BYTES, Settings, key_file
from webapp.content import crisis
from webapp.domain import access
from webapp.models import AuditRecord, Role, User
from webapp.services import audit, health, work
from webapp.services import keys as key_services
from webapp.services.tasks import passing

ROOM = timedelta(minutes=5)
LITTLE, TOO_LITTLE = 1024**3, 200 * 1024**2
LONG_OPEN = timedelta(minutes=5)
UPGRADE = "flask --app webapp db upgrade"


class State(StrEnum):
    """How well something is."""

    OK = "ok"
    LOOK = "look"
    ACT = "act"


@dataclass(frozen=True)
class Finding:
    """One thing: how well it is, what is seen, and what to do."""

    state: State
    what: str
    remedy: str = ""


@dataclass(frozen=True)
class Place:
    """Where and when it is looked."""

    settings: Settings
    now: datetime


def look_at_keys(session: Session, place: Place) -> Iterator[Finding]:
    """Ask whether the keys are whole, and whether what is sealed opens with them."""
    keys = place.settings.keys
    if keys.current not in keys.fields or any(len(key) != KEY_BYTES for key in keys.fields.values()):
        yield Finding(State.ACT, "a key is missing or too short", f"Restore {key_file()} from your backup.")
    for fault in key_services.find_faults(session):
        yield Finding(State.ACT, fault.what, fault.remedy)


def look_at_migrations(session: Session, _place: Place) -> Iterator[Finding]:
    """Compare the database's revision with the program's."""
    folder = current_app.extensions["migrate"].directory
    wanted = ScriptDirectory(str(folder)).get_current_head()
    has = MigrationContext.configure(session.connection()).get_current_revision()
    if has != wanted:
        yield Finding(State.ACT, f"the database is at {has}, the program is made for {wanted}", f"Run: {UPGRADE}")


def look_at_clocks(session: Session, place: Place) -> Iterator[Finding]:
    """Compare our clock with the database's, and with the newest record."""
    remedy = "Set the clocks right (timedatectl set-ntp true): offers end, and sign-ins run out, by them."
    if session.get_bind().dialect.name == "postgresql":
        apart = abs(session.scalar(text("SELECT clock_timestamp()")) - place.now)
        if apart > timedelta(seconds=10):
            state = State.ACT if apart > ROOM else State.LOOK
            yield Finding(state, f"the database's clock and ours are {apart.total_seconds():.0f} s apart", remedy)
    newest = session.scalar(select(func.max(AuditRecord.at)))
    if newest is not None and newest > place.now + ROOM:
        yield Finding(State.ACT, f"the newest record is of {newest:%Y-%m-%d %H:%M} UTC, which is still to come", remedy)


def look_at_worker(session: Session, place: Place) -> Iterator[Finding]:
    """Ask whether somebody works, and what could not be done."""
    beat = work.read_heartbeat(session, now=place.now)
    if beat.silence is not None:
        since = f"since {beat.silence.since:%Y-%m-%d %H:%M} UTC" if beat.silence.since else "yet"
        remedy = "Start it: systemctl start pairwell-worker, or flask --app webapp work. Its log says why it stopped."
        yield Finding(State.ACT, f"no worker gave a sign {since}: offers do not end by themselves", remedy)
    for job, error in beat.failing_jobs:
        yield Finding(
            State.ACT, f"the job {job} fails: {error}", "It is tried again by itself. Its log tells the place."
        )
    if beat.undone:
        remedy = "They are tried again by themselves, more rarely each time. The worker's log tells kind and place."
        yield Finding(State.LOOK, f"{beat.undone} acts could not be done so far", remedy)
    for job in work.list_late_jobs(session, now=place.now) if beat.silence is None else ():
        yield Finding(
            State.LOOK, f"the job {job} is late", "Is the worker busy with a long one? Look again in a minute."
        )


def look_at_outbox(session: Session, place: Place) -> Iterator[Finding]:
    """Ask whether notices are late."""
    if unsent := health.count_unsent(session, now=place.now):
        yield Finding(
            State.ACT,
            f"{unsent} notices are late",
            "Look at the worker's log: can it reach the mail server? Try: flask --app webapp send-test ADDRESS",
        )
    if failed := health.count_failed(session):
        remedy = "A coordinator finds them on the desk, each with its reason, and can try again or give up."
        yield Finding(State.LOOK, f"{failed} notices could not be sent", remedy)
    if not place.settings.mail.is_there:
        remedy = "See docs/runbook.md, Mail. Then try it: flask --app webapp send-test ADDRESS"
        yield Finding(State.LOOK, "no mail server is named, so nothing leaves this site", remedy)
    elif place.settings.mail.folder is not None:
        seen = f"mail is written into files in {place.settings.mail.folder} and leaves this machine never"
        yield Finding(State.LOOK, seen, "That is for demonstrations: see docs/runbook.md, Mail.")


def look_at_disk(_session: Session, place: Place) -> Iterator[Finding]:
    """Ask how much room is left where the data lies."""
    free = shutil.disk_usage(place.settings.instance).free
    if free < LITTLE:
        state = State.ACT if free < TOO_LITTLE else State.LOOK
        yield Finding(state, f"{free // 1024**2} MB are left on the disk", "Make room: on a full disk nothing is kept.")


def look_at_modes(_session: Session, place: Place) -> Iterator[Finding]:
    """Ask whether anybody but the site's own user may read its files."""
    here = place.settings.instance
    for path in sorted({here, *here.rglob("*"), key_file()}):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            mode = "700" if path.is_dir() else "600"
            seen = f"{path} can be read by others ({stat.S_IMODE(path.stat().st_mode):o})"
            yield Finding(State.ACT, seen, f"Run: chmod {mode} {path}")


def look_at_proxies(_session: Session, place: Place) -> Iterator[Finding]:
    """Ask whether somebody said how many proxies stand in front; a request through one is refused until then."""
    if place.settings.https and not place.settings.proxies:
        remedy = "Set PAIRWELL_PROXIES to how many proxies stand in front: else all visitors count as one address."
        yield Finding(State.LOOK, "HTTPS is on and no proxy is named, but the site itself speaks no HTTPS", remedy)


def look_at_numbers(_session: Session, place: Place) -> Iterator[Finding]:
    """Ask when the crisis lines were last checked."""
    today = place.now.date()
    lines = crisis.load()
    old = lines.list_old(today)
    soon = [line for line in lines if line.age_in_days(today) > crisis.LOOK_AFTER_DAYS and line not in old]
    for state, aged in ((State.ACT, old), (State.LOOK, soon)):
        if aged:
            names = ", ".join(line.id for line in aged)
            remedy = f"Look at the source of each, call it if you can, and write the day into {crisis.FILE}."
            yield Finding(state, f"{len(aged)} crisis lines were checked long ago: {names}", remedy)


def look_at_locks(session: Session, _place: Place) -> Iterator[Finding]:
    """Ask whether something can be written within a second, and whether somebody holds a lock for long."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    try:
        with session.get_bind().engine.connect() as connection:
            if is_sqlite:
                _begin_to_write(connection.connection.driver_connection)
            else:
                connection.execute(text("SET LOCAL lock_timeout = '1s'"))
                connection.execute(text("SET LOCAL statement_timeout = '1s'"))
                connection.execute(text("LOCK TABLE job_runs IN ROW EXCLUSIVE MODE"))
            connection.rollback()
    except (DBAPIError, OSError) as error:
        yield _locked(type(error).__name__)
    except Exception as error:  # sqlite3's own, asked without SQLAlchemy between
        if not type(error).__module__.startswith("sqlite3"):
            raise
        yield _locked(type(error).__name__)
    if not is_sqlite:
        yield from _long_open(session)


def _locked(kind: str) -> Finding:
    remedy = "Is a backup or another program at the database? Stop it; a restart of the site and the worker frees ours."
    return Finding(State.ACT, f"nothing could be written within a second ({kind})", remedy)


def _begin_to_write(connection: Any) -> None:
    """Take the write lock of SQLite as an act would, but wait for a second only, and let it go."""
    (waits,) = connection.execute("PRAGMA busy_timeout").fetchone()
    if connection.in_transaction:
        connection.execute("ROLLBACK")
    connection.execute("PRAGMA busy_timeout = 1000")
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    finally:
        connection.execute(f"PRAGMA busy_timeout = {waits}")


def _long_open(session: Session) -> Iterator[Finding]:
    asked = "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()"
    idle = session.scalar(text(f"{asked} AND now() - state_change > :long"), {"long": LONG_OPEN})
    if idle:
        remedy = "See pg_stat_activity; pg_terminate_backend(pid) ends one, and what it began is taken back."
        yield Finding(State.LOOK, f"{idle} connections have had a transaction open for long", remedy)


def look_at_audit(session: Session, place: Place) -> Iterator[Finding]:
    """Ask what came of the audit's last verification."""
    last = audit.last_verification(session)
    if last is None:
        yield Finding(State.LOOK, "the audit was never verified", "Run: flask --app webapp verify-audit")
    elif last.kind is not None:
        yield Finding(State.ACT, f"the audit is broken ({last.kind})", "Run: flask --app webapp verify-audit")
    elif place.now - last.at > timedelta(days=2):
        yield Finding(State.LOOK, f"the audit was last verified on {last.at:%Y-%m-%d}", "Is the worker running?")


def look_at_approver(session: Session, _place: Place) -> Iterator[Finding]:
    """Ask whether somebody is there who reads a concern about a coordinator, and is the second to close another."""
    who = select(Role.name).join(User.roles).where(User.active.is_(True)).distinct()
    names = set(session.scalars(who))
    if access.Role.COORDINATOR in names and access.Role.APPROVER not in names:
        remedy = "Run: flask --app webapp link approver, and give it to somebody who is no coordinator."
        yield Finding(State.LOOK, "nobody is approver: a concern about a coordinator is read by nobody", remedy)


def look_at_tasks(session: Session, place: Place) -> Iterator[Finding]:
    """Ask whether tasks that stay undone can go to another person, and whether any could not."""
    remedy = "Let another open an account: flask --app webapp link coordinator, or flask --app webapp link approver."
    if not passing.is_anybody_left(session, now=place.now):
        yield Finding(
            State.LOOK,
            "nobody could take over a task of the desk: no second coordinator is there, and no approver",
            remedy,
        )
    if count := passing.count_left_behind(session, now=place.now):
        what = f"tasks undone for over a day past their time, which nobody could take: {count}"
        yield Finding(State.ACT, what, f"Tell a coordinator. {remedy}")


ALL: dict[str, Callable[[Session, Place], Iterator[Finding]]] = {
    "keys": look_at_keys,
    "tables": look_at_migrations,
    "clocks": look_at_clocks,
    "worker": look_at_worker,
    "outbox": look_at_outbox,
    "disk": look_at_disk,
    "files": look_at_modes,
    "proxies": look_at_proxies,
    "numbers": look_at_numbers,
    "locks": look_at_locks,
    "audit": look_at_audit,
    "tasks": look_at_tasks,
    "approver": look_at_approver,
}
WELL = {
    "keys": "the keys are whole",
    "tables": "the database is what the program is made for",
    "clocks": "the clocks agree",
    "worker": "the worker works, and every job goes well",
    "outbox": "no notice is late",
    "disk": "there is room on the disk",
    "files": "nobody else may read the site's files",
    "proxies": "the proxies are as the settings say",
    "numbers": "every crisis line was checked within three months",
    "locks": "a write takes less than a second",
    "audit": "the audit was verified, and is whole",
    "tasks": "what the desk does not get to can go to another person",
    "approver": "somebody reads concerns about coordinators",
}
